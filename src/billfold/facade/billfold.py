"""Billfold: ask every account at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from os import PathLike
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import aiohttp

from billfold.accounts.account import Account
from billfold.accounts.selection import select, select_by_key
from billfold.answer import Answer
from billfold.errors import ConfigError
from billfold.facade.collecting import collect_items
from billfold.facade.connections import connect, require_token
from billfold.facade.one_account import OneAccount
from billfold.facade.overlap import Claims
from billfold.facade.source import Source, open_source
from billfold.facade.streaming import Charges, Flow
from billfold.http.bounds import require_count, require_seconds
from billfold.http.client import Client
from billfold.http.deadline import NO_DEADLINE, Deadline, DeadlineLike
from billfold.http.proxies import require_proxy
from billfold.http.retry import RetryPolicy
from billfold.http.transport import MAX_BODY, REQUEST_TIMEOUT, Transport, utc_now
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

    Use it as an async context manager. ``session`` is borrowed and never closed; without one,
    billfold opens its own. ``concurrency`` bounds the requests under way at once over all accounts.
    Places are shared by origin first, so that a provider that hangs takes no other's, then by
    account: each has an equal share of its origin's, at least one and at most ``per_account``.
    One request may take ``request_timeout`` seconds, body included, and never longer than the
    deadline of its call; a body may have ``max_body`` bytes. ``proxy`` is a URL that comes before
    what the environment names, or ``none``; an account's own proxy and time-out come first.
    ``left_out`` names configured accounts that are not among ``accounts``; answers list them as
    ``left_out``.
    Every asking method takes ``accounts`` (names or providers; None: all), ``deadline`` in seconds
    for the whole call, and ``strict=True``, which raises an ExceptionGroup of the failures instead
    of returning them.
    """

    def __init__(
        self,
        accounts: Iterable[Account],
        *,
        session: aiohttp.ClientSession | None = None,
        left_out: Iterable[str] = (),
        concurrency: int = 64,
        per_account: int = 8,
        retry: RetryPolicy | None = None,
        clock: Callable[[], datetime] = utc_now,
        request_timeout: float = REQUEST_TIMEOUT,
        max_body: int = MAX_BODY,
        proxy: str | None = None,
    ) -> None:
        self.accounts = tuple(accounts)
        names = [account.name for account in self.accounts]
        for name, count in Counter(names).items():
            if count > 1:
                raise ConfigError(f"two accounts are named {name!r}; names are unique")
        self._left_out = tuple(left_out)
        self._session = session
        self._per_account = require_count(per_account, "per_account")
        self._transport_options: dict[str, Any] = {
            "concurrency": require_count(concurrency, "concurrency"),
            "policy": retry or RetryPolicy(),
            "clock": clock,
            "request_timeout": require_seconds(request_timeout, "request_timeout"),
            "max_body": require_count(max_body, "max_body"),
        }
        self._clock = clock
        self._proxy = proxy
        if proxy is not None:
            require_proxy(proxy, "proxy")
        self._transport: Transport | None = None
        self._clients: dict[str, Client] = {}
        self._entered = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    @classmethod
    def open(cls, config: str | PathLike[str] | None = None, **options: Any) -> Self:
        """Return a Billfold over ``billfold.toml``, or over what the environment names.

        The README says where the file is looked for; ``options`` are those of the class. Tokens are
        read when they are first needed. Raises ConfigError.
        """
        from billfold.accounts.config import load

        return cls(load(config), **options)

    async def __aenter__(self) -> Self:
        """Open the session, or join who has entered already: the last one to leave closes it.

        Raises ConfigError while another event loop is in it, and for a proxy in the environment
        that cannot be used.
        """
        loop = asyncio.get_running_loop()
        if self._transport is None:
            transport = Transport.over(self._session, **self._transport_options)
            try:
                self._clients = connect(self.accounts, transport, self._per_account, self._proxy)
            except ConfigError:
                await transport.__aexit__(None, None, None)
                raise
            self._transport, self._loop = transport, loop
        elif self._loop is not loop:
            raise ConfigError("this Billfold is open in another event loop; make one for each loop")
        self._entered += 1
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._entered = max(self._entered - 1, 0)
        if self._entered == 0 and self._transport is not None:
            transport, self._transport, self._clients = self._transport, None, {}
            await transport.__aexit__(kind, error, trace)

    async def balances(
        self, *, accounts: Names = None, deadline: DeadlineLike = None, strict: bool = False
    ) -> Answer[Balance]:
        """Ask for prepaid money and credit as it stands now."""
        return await self._ask(Stream.BALANCES, None, (), accounts, deadline, strict)

    async def usage(
        self,
        period: Period | None = None,
        *,
        accounts: Names = None,
        deadline: DeadlineLike = None,
        strict: bool = False,
    ) -> Answer[Usage]:
        """Ask what was used and what it costs.

        A long window may come as several Usages that touch.
        """
        return await self._ask(Stream.USAGE, period, (period,), accounts, deadline, strict)

    async def daily(
        self,
        period: Period | None = None,
        *,
        accounts: Names = None,
        deadline: DeadlineLike = None,
        strict: bool = False,
    ) -> Answer[DailyCost]:
        """Ask for the cost of each UTC day, days without cost included."""
        return await self._ask(Stream.DAILY, period, (period,), accounts, deadline, strict)

    async def ledger(
        self,
        period: Period | None = None,
        *,
        accounts: Names = None,
        deadline: DeadlineLike = None,
        strict: bool = False,
    ) -> Answer[LedgerEntry]:
        """Ask for the movements on prepaid balances, newest first.

        ``period`` None is all of them.
        """
        return await self._ask(
            Stream.LEDGER,
            period,
            (period,),
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
        deadline: DeadlineLike = None,
        strict: bool = False,
    ) -> Answer[Invoice]:
        """Ask for invoices of one kind or both.

        The two kinds tell the same money twice. ``period`` None is all of them.

        Raises ConfigError for a kind that is neither.
        """
        wanted = None if kind is None else _invoice_kind(kind)
        return await self._ask(
            Stream.INVOICES,
            period,
            (period, wanted),
            accounts,
            deadline,
            strict,
        )

    async def subscriptions(
        self, *, accounts: Names = None, deadline: DeadlineLike = None, strict: bool = False
    ) -> Answer[Subscription]:
        """Ask for standing orders."""
        return await self._ask(
            Stream.SUBSCRIPTIONS,
            None,
            (),
            accounts,
            deadline,
            strict,
        )

    async def payment_methods(
        self, *, accounts: Names = None, deadline: DeadlineLike = None, strict: bool = False
    ) -> Answer[PaymentMethod]:
        """Ask for stored payment methods.

        Changing them is on ``fold.account(name).payment_methods``.
        """
        return await self._ask(
            Stream.PAYMENT_METHODS,
            None,
            (),
            accounts,
            deadline,
            strict,
        )

    async def check(
        self, *, accounts: Names = None, deadline: DeadlineLike = None, strict: bool = False
    ) -> Answer[Credential]:
        """Try every credential with the provider's cheapest call."""
        return await self._ask(Stream.CHECK, None, (), accounts, deadline, strict)

    def charges(
        self,
        period: Period | None = None,
        *,
        accounts: Names = None,
        deadline: DeadlineLike = None,
        partial: bool = False,
    ) -> Charges:
        """Iterate over usage charges as they arrive, in bounded memory.

        After the last one IncompleteError is raised over a hole, unless ``partial=True``; see
        :class:`.Charges`.
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
        deadline: DeadlineLike = None,
    ) -> Flow[Any]:
        """Iterate over ``usage``, ``daily`` or ``ledger`` as its items arrive, in bounded memory.

        See :class:`.Flow`.

        Raises ConfigError for any other stream.
        """
        if stream not in _FLOWING:
            offered = f"{', '.join(_FLOWING[:-1])} or {_FLOWING[-1]}"
            raise ConfigError(f"a flow is of {offered}, not of {str(stream)!r}")
        selected, limit = select_by_key(self.accounts, accounts), Deadline.after(deadline)
        sources = self._sources(
            selected, Stream(stream), (period,), lambda one: self._client(one, limit).flowing()
        )
        return Flow(sources, limit, self._require_token(selected, sources, limit))

    async def costs(
        self,
        period: Period | None = None,
        *,
        by: str | Sequence[str] = ("provider", "service"),
        currency: str | None = None,
        exchange: Exchange | None = None,
        rules: Rules | None = None,
        spread: bool = False,
        partial: bool = False,
        accounts: Names = None,
        deadline: float | None = None,
    ) -> CostView:
        """Return usage costs, grouped by provider, account, service, day, ``tag:KEY`` ...

        ``currency`` converts by ``exchange`` (the ECB's reference rates of each charge's day,
        unless given), ``rules`` allocate to cost centres, ``spread`` spreads fees over their days.
        Raises IncompleteError over a hole unless ``partial``, RateError for a missing rate,
        ConfigError for an unknown dimension.
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
        self,
        period: Period | None = None,
        *,
        accounts: Names = None,
        deadline: float | None = None,
    ) -> Views:
        """Return every view of the same money: usage, days, ledger, balances and invoices."""
        from billfold import reconcile

        return await reconcile.ask_views(self, period, accounts=accounts, deadline=deadline)

    async def reconcile(
        self,
        period: Period | None = None,
        *,
        accounts: Names = None,
        deadline: float | None = None,
    ) -> Reconciliation:
        """Compare what the providers say of the same money; name the cause of each gap."""
        from billfold import reconcile

        return await reconcile.ask(self, period, accounts=accounts, deadline=deadline)

    async def invoice(
        self, account: str, invoice_id: str, *, deadline: DeadlineLike = None
    ) -> Invoice:
        """Get one invoice with its lines.

        Raises NotFoundError, or UnsupportedError where the provider has no invoices.
        """
        return await self.account(account).invoice(invoice_id, deadline=deadline)

    def document(
        self, account: str, invoice_id: str, *, deadline: DeadlineLike = None
    ) -> AsyncIterator[bytes]:
        """Iterate over the bytes of an invoice's PDF.

        Raises what went wrong, DeadlineError included; nothing is swallowed.
        """
        return self.account(account).document(invoice_id, deadline=deadline)

    def left_out(self, accounts: Names = None) -> tuple[str, ...]:
        """Return the names of the configured accounts that a call for ``accounts`` does not ask."""
        asked = {account.name for account in select_by_key(self.accounts, accounts)}
        others = [account.name for account in self.accounts if account.name not in asked]
        return (*others, *self._left_out)

    def account(self, name: str) -> OneAccount:
        """Return one account, for what is done by name.

        Raises ConfigError for a name that is not configured.
        """
        (account,) = select(self.accounts, names=(name,))
        return OneAccount(account, self._client(account, NO_DEADLINE))

    async def _ask(
        self,
        stream: Stream,
        period: Period | None,
        arguments: tuple[Any, ...],
        accounts: Names,
        deadline: DeadlineLike,
        strict: bool,
    ) -> Answer[Any]:
        """Ask the chosen accounts at once for a stream.

        ``arguments`` are those of the adapters' method.
        """
        limit = Deadline.after(deadline)
        selected = select_by_key(self.accounts, accounts)
        client_of = partial(self._client, deadline=limit)
        sources = self._sources(selected, stream, arguments, client_of)
        ask_for_token = self._require_token(selected, sources, limit)
        async with asyncio.TaskGroup() as group:
            tasks = {
                source: group.create_task(collect_items(source.collector, source.readings, limit))
                for source in sources
                if source.readings is not None
            }
        await ask_for_token()
        failures = tuple(error for source in sources for error in source.collector.failures)
        if strict and failures:
            raise ExceptionGroup(f"{len(failures)} failures while asking for {stream}", failures)
        claims = Claims(sources)
        kept = [claims.keep(source, task.result()) for source, task in tasks.items()]
        items = tuple(chain.from_iterable(kept))
        coverage = tuple(row for source in sources for row in source.coverage())
        names = tuple(account.name for account in selected)
        left_out = self.left_out(accounts)
        return Answer(stream, period, items, coverage, failures, names, left_out)

    def _sources(
        self,
        accounts: Iterable[Account],
        stream: Stream,
        arguments: tuple[Any, ...],
        client_of: Callable[[Account], Client],
    ) -> list[Source]:
        """Return what reads and collects each account's stream, all as of now."""
        now = self._clock()
        return [
            open_source(account, number, stream, arguments, now, client_of)
            for number, account in enumerate(accounts)
        ]

    def _require_token(
        self, accounts: Iterable[Account], sources: Iterable[Source], deadline: Deadline
    ) -> Callable[[], Awaitable[None]]:
        """Return what raises, after all was asked, where no account has a token."""
        clients = {account.name: self._client(account, deadline) for account in accounts}
        return partial(require_token, [source.collector for source in sources], clients)

    def _client(self, account: Account, deadline: Deadline) -> Client:
        if self._transport is None:
            raise RuntimeError("a Billfold is used inside 'async with'")
        return self._clients[account.name].within(deadline)


def _invoice_kind(kind: str) -> InvoiceKind:
    try:
        return InvoiceKind(kind)
    except ValueError:
        known = " or ".join(map(repr, map(str, InvoiceKind)))
        raise ConfigError(f"an invoice is of the kind {known}, not {kind!r}") from None
