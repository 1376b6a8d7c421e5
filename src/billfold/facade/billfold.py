"""Billfold: ask every account at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime
from os import PathLike
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import aiohttp

from billfold.accounts.account import Account
from billfold.adapter.contract import Readings
from billfold.answer import Answer
from billfold.errors import ConfigError
from billfold.facade.collecting import Gathering, drained, unsupported
from billfold.facade.connections import linked, read_tokens
from billfold.facade.one_account import OneAccount
from billfold.facade.streaming import Charges, Flow
from billfold.http.client import Link, Transport, utc_now
from billfold.http.retry import RetryPolicy
from billfold.model import (
    Balance,
    Credential,
    DailyCost,
    Invoice,
    InvoiceKind,
    LedgerEntry,
    PaymentMethod,
    Stream,
    Subscription,
    Usage,
)
from billfold.period import Period

if TYPE_CHECKING:
    from billfold.costs import CostView, Exchange, Rules
    from billfold.reconcile import Reconciliation, Views

T = TypeVar("T")
Names = Iterable[str] | None

_FLOWING = (Stream.USAGE, Stream.DAILY, Stream.LEDGER)


class Billfold:
    """Several accounts behind one view.

    Use it as an async context manager. ``session`` is borrowed and never closed; without one, billfold opens its own.
    ``concurrency`` bounds the requests under way at once over all accounts. Each account has an equal share of that, at least
    one and at most ``per_account``, so that accounts that hang do not take the others' places, unless there are more accounts
    than places. Every asking method takes ``accounts`` (names or providers; None: all), ``deadline`` in seconds for the whole
    call, and ``strict=True``, which raises an ExceptionGroup of the failures instead of returning them.
    """

    def __init__(
        self,
        accounts: Iterable[Account],
        *,
        session: aiohttp.ClientSession | None = None,
        concurrency: int = 64,
        per_account: int = 8,
        retry: RetryPolicy | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.accounts = tuple(accounts)
        names = [account.name for account in self.accounts]
        if twice := next((name for name, count in Counter(names).items() if count > 1), None):
            raise ConfigError(f"two accounts are named {twice!r}; names are unique")
        self._session = session
        self._concurrency = concurrency
        self._per_account = per_account
        self._policy = retry or RetryPolicy()
        self._clock = clock
        self._transport: Transport | None = None
        self._links: dict[str, Link] = {}

    @classmethod
    def open(cls, config: str | PathLike[str] | None = None, **options: Any) -> Self:
        """Read ``billfold.toml`` (see the README for where it is looked for), or the environment; options as for the class.

        Raises ConfigError; tokens are read when the context is entered.
        """
        from billfold.accounts.config import load

        return cls(load(config), **options)

    async def __aenter__(self) -> Self:
        tokens = await read_tokens(self.accounts)
        self._transport = Transport.over(
            self._session, concurrency=self._concurrency, policy=self._policy, clock=self._clock
        )
        share = max(1, min(self._per_account, self._concurrency // max(1, len(self.accounts))))
        self._links = linked(self.accounts, tokens, self._transport, share)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._links = {}
        if self._transport is not None:
            await self._transport.__aexit__(kind, error, trace)
            self._transport = None

    async def balances(
        self, *, accounts: Names = None, deadline: float | None = None, strict: bool = False
    ) -> Answer[Balance]:
        """Ask for prepaid money and credit as it stands now."""
        return await self._ask(
            Stream.BALANCES, None, lambda a, link: a.balances(link), accounts, deadline, strict
        )

    async def usage(
        self,
        period: Period | None = None,
        *,
        accounts: Names = None,
        deadline: float | None = None,
        strict: bool = False,
    ) -> Answer[Usage]:
        """Ask what was used and what it costs; a long window may come as several Usages that touch."""
        return await self._ask(
            Stream.USAGE, period, lambda a, link: a.usage(link, period), accounts, deadline, strict
        )

    async def daily(
        self,
        period: Period | None = None,
        *,
        accounts: Names = None,
        deadline: float | None = None,
        strict: bool = False,
    ) -> Answer[DailyCost]:
        """Ask for the cost of each UTC day, days without cost included."""
        return await self._ask(
            Stream.DAILY, period, lambda a, link: a.daily(link, period), accounts, deadline, strict
        )

    async def ledger(
        self,
        period: Period | None = None,
        *,
        accounts: Names = None,
        deadline: float | None = None,
        strict: bool = False,
    ) -> Answer[LedgerEntry]:
        """Ask for the movements on prepaid balances, newest first; ``period`` None is all of them."""
        return await self._ask(
            Stream.LEDGER,
            period,
            lambda a, link: a.ledger(link, period),
            accounts,
            deadline,
            strict,
        )

    async def invoices(
        self,
        period: Period | None = None,
        kind: InvoiceKind | str | None = None,
        *,
        accounts: Names = None,
        deadline: float | None = None,
        strict: bool = False,
    ) -> Answer[Invoice]:
        """Ask for invoices of one kind or both; the two kinds tell the same money twice. ``period`` None is all of them.

        Raises ValueError for a kind that is neither.
        """
        wanted = None if kind is None else InvoiceKind(kind)
        return await self._ask(
            Stream.INVOICES,
            period,
            lambda a, link: a.invoices(link, period, wanted),
            accounts,
            deadline,
            strict,
        )

    async def subscriptions(
        self, *, accounts: Names = None, deadline: float | None = None, strict: bool = False
    ) -> Answer[Subscription]:
        """Ask for standing orders."""
        return await self._ask(
            Stream.SUBSCRIPTIONS,
            None,
            lambda a, link: a.subscriptions(link),
            accounts,
            deadline,
            strict,
        )

    async def payment_methods(
        self, *, accounts: Names = None, deadline: float | None = None, strict: bool = False
    ) -> Answer[PaymentMethod]:
        """Ask for stored payment methods; changing them is on ``fold.account(name).payment_methods``."""
        return await self._ask(
            Stream.PAYMENT_METHODS,
            None,
            lambda a, link: a.payment_methods(link),
            accounts,
            deadline,
            strict,
        )

    async def check(
        self, *, accounts: Names = None, deadline: float | None = None, strict: bool = False
    ) -> Answer[Credential]:
        """Try every credential with the provider's cheapest call."""
        return await self._ask(
            Stream.CHECK, None, lambda a, link: a.check(link), accounts, deadline, strict
        )

    def charges(
        self,
        period: Period | None = None,
        *,
        accounts: Names = None,
        deadline: float | None = None,
        partial: bool = False,
    ) -> Charges:
        """Iterate over usage charges as they arrive, in bounded memory.

        After the last one IncompleteError is raised over a hole, unless ``partial=True``; see :class:`.Charges`.
        """
        return Charges(
            self.flow(Stream.USAGE, period, accounts=accounts, deadline=deadline), partial
        )

    def flow(
        self,
        stream: Stream | str,
        period: Period | None = None,
        *,
        accounts: Names = None,
        deadline: float | None = None,
    ) -> Flow[Any]:
        """Iterate over ``usage``, ``daily`` or ``ledger`` as its items arrive, in bounded memory; see :class:`.Flow`.

        Raises ConfigError for any other stream.
        """
        if stream not in _FLOWING:
            raise ConfigError(
                f"a flow is of {_FLOWING[0]}, {_FLOWING[1]} or {_FLOWING[2]}, not of {str(stream)!r}"
            )
        one_of, asked, until = Stream(stream), self._selected(accounts), self._until(deadline)
        return Flow(
            [
                (self._gathering(one, one_of), self._read(one, one_of, period, until))
                for one in asked
            ],
            until,
        )

    async def costs(
        self,
        period: Period | None = None,
        *,
        by: Sequence[str] = ("provider", "service"),
        currency: str | None = None,
        exchange: Exchange | None = None,
        rules: Rules | None = None,
        spread: bool = False,
        partial: bool = False,
        accounts: Names = None,
        deadline: float | None = None,
    ) -> CostView:
        """Ask for usage and group what it costs by provider, account, service, day, ``tag:KEY`` ...; see ``billfold.costs``.

        ``currency`` converts by ``exchange`` (the ECB's reference rates of each charge's day, unless given), ``rules`` allocate
        to cost centres, ``spread`` spreads fees over their days. Raises IncompleteError over a hole unless ``partial``,
        RateError for a missing rate, ConfigError for an unknown dimension.
        """
        from billfold import costs

        return await costs.ask(
            self,
            period,
            by=by,
            currency=currency,
            exchange=exchange,
            rules=rules,
            spread=spread,
            partial=partial,
            accounts=accounts,
            deadline=deadline,
            now=self._clock(),
        )

    async def views(
        self, period: Period | None = None, *, accounts: Names = None, deadline: float | None = None
    ) -> Views:
        """Ask for everything that tells of the same money at once: usage, days, ledger, balances and invoices."""
        from billfold import reconcile

        return await reconcile.ask_views(self, period, accounts=accounts, deadline=deadline)

    async def reconcile(
        self, period: Period | None = None, *, accounts: Names = None, deadline: float | None = None
    ) -> Reconciliation:
        """Compare every view that the providers give of the same money, and name the cause of each gap."""
        from billfold import reconcile

        return await reconcile.ask(self, period, accounts=accounts, deadline=deadline)

    async def invoice(
        self, account: str, invoice_id: str, *, deadline: float | None = None
    ) -> Invoice:
        """Get one invoice with its lines. Raises NotFoundError, or UnsupportedError where the provider has no invoices."""
        return await self.account(account).invoice(invoice_id, deadline=deadline)

    def document(
        self, account: str, invoice_id: str, *, deadline: float | None = None
    ) -> AsyncIterator[bytes]:
        """Iterate over the bytes of an invoice's PDF. Raises what went wrong, DeadlineError included; nothing is swallowed."""
        return self.account(account).document(invoice_id, deadline=deadline)

    def account(self, name: str) -> OneAccount:
        """Return one account, for what is done by name. Raises ConfigError for a name that is not configured."""
        for account in self.accounts:
            if account.name == name:
                return OneAccount(account, self._link(account, None))
        raise ConfigError(
            f"no account is named {name!r}; there are: {', '.join(a.name for a in self.accounts) or 'none'}"
        )

    async def _ask(
        self,
        stream: Stream,
        period: Period | None,
        call: Callable[[Any, Link], Readings[T]],
        accounts: Names,
        deadline: float | None,
        strict: bool,
    ) -> Answer[T]:
        asked, until = self._selected(accounts), self._until(deadline)
        gatherings = [self._gathering(account, stream) for account in asked]
        links = [self._link(account, until) for account in asked]
        reads = [
            drained(gathering, call(account.adapter, link), until)
            if _has(account, stream)
            else _nothing()
            for account, gathering, link in zip(asked, gatherings, links, strict=True)
        ]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(read) for read in reads]
        failures = tuple(error for gathering in gatherings for error in gathering.failures)
        if strict and failures:
            raise ExceptionGroup(f"{len(failures)} failures while asking for {stream}", failures)
        coverage = [
            gathering.coverage() if _has(account, stream) else unsupported(gathering)
            for account, gathering in zip(asked, gatherings, strict=True)
        ]
        items = tuple(item for task in tasks for item in task.result())
        return Answer(
            stream, period, items, tuple(row for rows in coverage for row in rows), failures
        )

    def _read(
        self, account: Account, stream: Stream, period: Period | None, until: float | None
    ) -> Readings[Any] | None:
        if not _has(account, stream):
            return None
        readings: Readings[Any] = getattr(account.adapter, stream.value)(
            self._link(account, until), period
        )
        return readings

    @staticmethod
    def _gathering(account: Account, stream: Stream) -> Gathering[Any]:
        return Gathering(account.provider, account.name, stream)

    @staticmethod
    def _until(deadline: float | None) -> float | None:
        return None if deadline is None else asyncio.get_running_loop().time() + deadline

    def _link(self, account: Account, until: float | None) -> Link:
        if self._transport is None:
            raise RuntimeError("a Billfold is used inside 'async with'")
        return self._links[account.name].until(until)

    def _selected(self, names: Names) -> Sequence[Account]:
        if names is None:
            return self.accounts
        wanted = [names] if isinstance(names, str) else list(names)
        known = {key for account in self.accounts for key in (account.name, account.provider)}
        if unknown := [name for name in wanted if name not in known]:
            raise ConfigError(
                f"no account or provider is named {unknown[0]!r}; there are: {', '.join(sorted(known)) or 'none'}"
            )
        return [
            account
            for account in self.accounts
            if account.name in wanted or account.provider in wanted
        ]


def _has(account: Account, stream: Stream) -> bool:
    return callable(getattr(account.adapter, stream.value, None))


async def _nothing() -> list[Any]:
    return []
