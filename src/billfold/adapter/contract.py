"""What an adapter is, and finding the installed ones.

An adapter is a frozen attrs class. Its class variables say who it is (``provider``, ``declares``), its fields are the
settings it takes from an account's configuration, and it has one method per stream it supports. What is not a method is
*unsupported*; nobody writes a stub. The package registers the class under the entry-point group ``billfold.adapters``.

A stream method is an async generator: given the account's :class:`~billfold.http.client.Link` it yields a :class:`Reading`
for every reply understood, so that whatever was read before a failure or a deadline is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, ClassVar, Generic, Protocol, TypeVar, runtime_checkable

from attrs import field, frozen

from billfold.adapter.catalogue import Catalogue
from billfold.adapter.pagination import Paging
from billfold.errors import BillfoldError, ConfigError, DriftError
from billfold.http.client import Link
from billfold.model import (
    Balance,
    Credential,
    DailyCost,
    Invoice,
    InvoiceKind,
    LedgerEntry,
    PaymentMethod,
    State,
    Stream,
    Subscription,
    Usage,
)
from billfold.period import Period
from billfold.secret import Secret
from billfold.wire import Problem

T = TypeVar("T")
S = TypeVar("S")
T_co = TypeVar("T_co", covariant=True)

GROUP = "billfold.adapters"


@frozen
class Declaration:
    """What an adapter says about its provider without asking it.

    ``requests_per_minute`` is the provider's limit per credential (None: none known). ``token_env`` and ``url_env`` name the
    environment variables of an account without a file, ``settings_env`` those of settings; ``required`` names the settings
    nobody can discover. ``offers`` says in a few words, for people, what each stream answers. ``problem`` reads error bodies.
    ``catalogue`` is what the provider sells, in the words of FOCUS exports (None: not declared).
    """

    title: str
    base_url: str
    token_env: str
    url_env: str
    problem: Callable[[bytes], Problem]
    settings_env: Mapping[str, str] = field(factory=dict)
    required: tuple[str, ...] = ()
    requests_per_minute: int | None = None
    headers: Mapping[str, str] = field(factory=dict)
    offers: Mapping[Stream, str] = field(factory=dict)
    catalogue: Catalogue | None = None


@frozen
class Reading(Generic[T_co]):
    """What one reply, or a part of an account, gave: items, the window they cover, and how well.

    ``error`` makes it a part that failed: its items are kept, the account's answer becomes partial.
    """

    items: tuple[T_co, ...] = ()
    covers: Period | None = None
    state: State = State.COMPLETE
    detail: str | None = None
    error: BillfoldError | None = None


Readings = AsyncGenerator[Reading[T], None]


@runtime_checkable
class Adapter(Protocol):
    """The least an adapter is; see the ``Offers...`` protocols for the streams."""

    provider: ClassVar[str]
    declares: ClassVar[Declaration]


@runtime_checkable
class OffersBalances(Protocol):
    """Answers ``balances``."""

    def balances(self, link: Link) -> Readings[Balance]: ...


@runtime_checkable
class OffersUsage(Protocol):
    """Answers ``usage``; ``period`` None is the provider's current one."""

    def usage(self, link: Link, period: Period | None) -> Readings[Usage]: ...


@runtime_checkable
class OffersDaily(Protocol):
    """Answers ``daily``."""

    def daily(self, link: Link, period: Period | None) -> Readings[DailyCost]: ...


@runtime_checkable
class OffersLedger(Protocol):
    """Answers ``ledger``, newest first."""

    def ledger(self, link: Link, period: Period | None) -> Readings[LedgerEntry]: ...


@runtime_checkable
class OffersInvoices(Protocol):
    """Answers ``invoices`` of both or one kind, and a single ``invoice`` with its lines."""

    def invoices(
        self, link: Link, period: Period | None, kind: InvoiceKind | None
    ) -> Readings[Invoice]: ...
    def invoice(self, link: Link, invoice_id: str) -> Coroutine[Any, Any, Invoice]: ...


@runtime_checkable
class OffersDocuments(Protocol):
    """Streams an invoice's document."""

    def document(self, link: Link, invoice_id: str) -> AsyncGenerator[bytes, None]: ...


@runtime_checkable
class OffersSubscriptions(Protocol):
    """Answers ``subscriptions``."""

    def subscriptions(self, link: Link) -> Readings[Subscription]: ...


@runtime_checkable
class OffersPaymentMethods(Protocol):
    """Answers ``payment_methods``."""

    def payment_methods(self, link: Link) -> Readings[PaymentMethod]: ...


@runtime_checkable
class WritesPaymentMethods(Protocol):
    """Changes payment methods; each call is sent once."""

    def attach_payment_method(
        self, link: Link, payment_method_id: str
    ) -> Coroutine[Any, Any, PaymentMethod | None]: ...
    def set_default_payment_method(
        self, link: Link, payment_method_id: str
    ) -> Coroutine[Any, Any, None]: ...
    def remove_payment_method(
        self, link: Link, payment_method_id: str
    ) -> Coroutine[Any, Any, None]: ...
    def setup_intent(self, link: Link) -> Coroutine[Any, Any, Secret]: ...


@runtime_checkable
class Checks(Protocol):
    """Tries the credential with the cheapest call."""

    def check(self, link: Link) -> Readings[Credential]: ...


def streams(adapter: type[Adapter] | Adapter) -> tuple[Stream, ...]:
    """List the streams an adapter has a method for."""
    return tuple(
        stream
        for stream in Stream
        if stream is not Stream.CHECK and callable(getattr(adapter, stream.value, None))
    )


@cache
def _installed() -> Mapping[str, EntryPoint]:
    return {
        entry.name: entry
        for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
    }


def installed() -> tuple[str, ...]:
    """List the providers whose adapters are installed, sorted."""
    return tuple(_installed())


def find(provider: str) -> type[Adapter]:
    """Import an installed adapter's class. Raises ConfigError for a provider that no installed package offers."""
    try:
        entry = _installed()[provider]
    except KeyError:
        raise ConfigError(
            f"no adapter is installed for provider {provider!r}; installed: {', '.join(installed()) or 'none'}"
        ) from None
    kind: type[Adapter] = entry.load()
    return kind


async def both(one: Coroutine[Any, Any, T], other: Coroutine[Any, Any, S]) -> tuple[T, S]:
    """Await two replies at once; when one fails, the other is cancelled and the failure raised as it is, a bug before all."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = group.create_task(one), group.create_task(other)
    except BaseExceptionGroup as failures:
        bugs = [
            failure for failure in failures.exceptions if not isinstance(failure, BillfoldError)
        ]
        raise (bugs or failures.exceptions)[0] from None
    return tasks[0].result(), tasks[1].result()


def doubts(pages: Paging[Any, Any, Any], what: str) -> tuple[Reading[Any], ...]:
    """Give what makes an answer partial when the list of its parts, read to its end, may not be whole; else nothing.

    A part that was renamed between two pages is still asked.
    """
    if not pages.gaps:
        return ()
    return (
        Reading(
            state=State.FAILED,
            error=DriftError(f"the list of {what} may not be whole: {pages.note}"),
        ),
    )


async def side_by_side(
    reads: Iterable[Callable[[], Coroutine[Any, Any, Reading[T]]]], *, ahead: int = 8
) -> AsyncGenerator[Reading[T], None]:
    """Run the reads of an account's parts (projects, months) concurrently, at most ``ahead`` at once, and yield them in order.

    One that fails becomes a Reading with its error, and the others go on; a bug is raised. Nothing is left running afterwards.
    """

    async def guarded(read: Callable[[], Coroutine[Any, Any, Reading[T]]]) -> Reading[T]:
        try:
            return await read()
        except BillfoldError as error:
            return Reading(state=State.FAILED, error=error)

    reads = list(reads)
    if len(reads) == 1:  # as most accounts have it: a task would only cost
        yield await guarded(reads[0])
        return
    waiting = iter(reads)
    running: list[asyncio.Task[Reading[T]]] = []
    try:
        while True:
            while len(running) < ahead and (read := next(waiting, None)) is not None:
                running.append(asyncio.create_task(guarded(read)))
            if not running:
                return
            yield await running[0]
            del running[0]
    finally:
        bugs = [
            bug
            for task in running
            if task.done() and not task.cancelled() and (bug := task.exception())
        ]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        if bugs:
            raise bugs[0]
