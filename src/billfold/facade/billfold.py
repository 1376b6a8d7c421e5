"""Billfold: ask every account at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from os import PathLike
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

import aiohttp

from billfold.accounts.account import Account
from billfold.accounts.selection import select, select_by_key
from billfold.adapter.methods import offers
from billfold.answer import Answer
from billfold.counted import counted
from billfold.facade.call import Call, require_flowing, require_kind
from billfold.facade.one_account import OneAccount
from billfold.facade.session import Session, require_accounts
from billfold.facade.streaming import Charges, Flow
from billfold.facade.trend import ask_trend
from billfold.http.bounds import require_count, require_seconds
from billfold.http.deadline import NO_DEADLINE, Deadline, DeadlineLike
from billfold.http.proxies import require_proxy
from billfold.http.retry import RetryPolicy
from billfold.http.transport import MAX_BODY, REQUEST_TIMEOUT, Transport, utc_now
from billfold.model import (
    WINDOWED,
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
from billfold.one_line import one_line
from billfold.period import PeriodLike, requested_period

if TYPE_CHECKING:
    from billfold.costs import CostView, Exchange, Rules, Trend
    from billfold.reconcile import Reconciliation, Views

Names = Iterable[str] | None


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
    ``stored="missing"`` takes from a store what providers cannot answer any more, and says so;
    ``store`` is where that is (None: where ``billfold sync`` keeps it), and a window read last up
    to ``tolerance`` before its end counts as complete.
    A ``period`` is a Period, text like ``2026-10``, ``2026-Q3`` or ``last-month``, or None for each
    provider's current one.
    Every asking method takes ``accounts`` (names or providers; None: all), ``deadline`` in seconds
    for the whole call, and ``strict=True``, which raises an ExceptionGroup over any hole: of the
    failures, and of one IncompleteError about the accounts that did not fail and are not complete.
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
        stored: Literal["missing"] | None = None,
        store: str | PathLike[str] | None = None,
        tolerance: timedelta = timedelta(0),
    ) -> None:
        self.accounts = require_accounts(accounts)
        if stored is not None:
            from billfold.store.filled import filled, require_missing

            require_missing(stored)
            self.accounts = filled(self.accounts, store, clock=clock, tolerance=tolerance)
        self._left_out = tuple(left_out)
        self._clock = clock
        if proxy is not None:
            require_proxy(proxy, "proxy")
        open_transport = partial(
            Transport.over,
            session,
            concurrency=require_count(concurrency, "concurrency"),
            policy=retry or RetryPolicy(),
            clock=clock,
            request_timeout=require_seconds(request_timeout, "request_timeout"),
            max_body=require_count(max_body, "max_body"),
        )
        places = require_count(per_account, "per_account")
        self._session = Session(self.accounts, open_transport, places, proxy)

    @classmethod
    def open(cls, config: str | PathLike[str] | None = None, **options: Any) -> Self:
        """Return a Billfold over ``billfold.toml``, or over what the environment names.

        The README says where the file is looked for; ``options`` are those of the class. Tokens are
        read when they are first needed. With ``stored="missing"`` the store is that of the
        configuration unless one is given. Raises ConfigError.
        """
        from billfold.accounts.config import load

        if options.get("stored") is not None:
            from billfold.accounts.store_settings import store_settings
            from billfold.store.location import store_url

            settings = store_settings(config)
            place = store_url(options.get("store"), settings.url)
            options = {"tolerance": settings.tolerance, **options, "store": place}
        return cls(load(config), **options)

    def __repr__(self) -> str:
        return one_line("Billfold", counted(len(self.accounts), "account"))

    async def __aenter__(self) -> Self:
        """Open the session, once.

        Raises ConfigError for a Billfold that was entered before, open or closed, and for a proxy
        in the environment that cannot be used.
        """
        await self._session.enter()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.leave()

    async def balances(
        self, *, accounts: Names = None, deadline: DeadlineLike = None, strict: bool = False
    ) -> Answer[Balance]:
        """Ask for prepaid money and credit as it stands now."""
        return await self._ask(Stream.BALANCES, (), accounts, deadline, strict)

    async def usage(
        self,
        period: PeriodLike = None,
        *,
        accounts: Names = None,
        deadline: DeadlineLike = None,
        strict: bool = False,
    ) -> Answer[Usage]:
        """Ask what was used and what it costs.

        A long window may come as several Usages that touch.
        """
        return await self._ask(Stream.USAGE, (period,), accounts, deadline, strict)

    async def daily(
        self,
        period: PeriodLike = None,
        *,
        accounts: Names = None,
        deadline: DeadlineLike = None,
        strict: bool = False,
    ) -> Answer[DailyCost]:
        """Ask for the cost of each UTC day, days without cost included."""
        return await self._ask(Stream.DAILY, (period,), accounts, deadline, strict)

    async def ledger(
        self,
        period: PeriodLike = None,
        *,
        accounts: Names = None,
        deadline: DeadlineLike = None,
        strict: bool = False,
    ) -> Answer[LedgerEntry]:
        """Ask for the movements on prepaid balances, newest first.

        ``period`` None is all of them.
        """
        return await self._ask(Stream.LEDGER, (period,), accounts, deadline, strict)

    async def invoices(
        self,
        period: PeriodLike = None,
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
        arguments = period, require_kind(kind)
        return await self._ask(Stream.INVOICES, arguments, accounts, deadline, strict)

    async def subscriptions(
        self, *, accounts: Names = None, deadline: DeadlineLike = None, strict: bool = False
    ) -> Answer[Subscription]:
        """Ask for standing orders."""
        return await self._ask(Stream.SUBSCRIPTIONS, (), accounts, deadline, strict)

    async def payment_methods(
        self, *, accounts: Names = None, deadline: DeadlineLike = None, strict: bool = False
    ) -> Answer[PaymentMethod]:
        """Ask for stored payment methods.

        Changing them is on ``fold.account(name).payment_methods``.
        """
        return await self._ask(Stream.PAYMENT_METHODS, (), accounts, deadline, strict)

    async def check(
        self, *, accounts: Names = None, deadline: DeadlineLike = None, strict: bool = False
    ) -> Answer[Credential]:
        """Try every credential with the provider's cheapest call."""
        return await self._ask(Stream.CHECK, (), accounts, deadline, strict)

    def charges(
        self,
        period: PeriodLike = None,
        *,
        accounts: Names = None,
        deadline: DeadlineLike = None,
        partial: bool = False,
    ) -> Charges:
        """Iterate over usage charges as they arrive, in bounded memory.

        After the last one IncompleteError is raised over a hole, unless ``partial=True``; see
        :class:`.Charges`.
        """
        usages = self.flow(Stream.USAGE, period, accounts=accounts, deadline=deadline)
        return Charges(usages, partial)

    def flow(
        self,
        stream: Stream | str,
        period: PeriodLike = None,
        *,
        accounts: Names = None,
        deadline: DeadlineLike = None,
    ) -> Flow[Any]:
        """Iterate over ``usage``, ``daily`` or ``ledger`` as its items arrive, in bounded memory.

        See :class:`.Flow`.

        Raises ConfigError for any other stream.
        """
        return self._call(require_flowing(stream), (period,), accounts, deadline).flow()

    async def costs(
        self,
        period: PeriodLike = None,
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
            requested_period(period, self._clock()),
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

    async def trend(
        self,
        months: int = 12,
        *,
        by: str | Sequence[str] = ("provider", "service"),
        currency: str | None = None,
        exchange: Exchange | None = None,
        rules: Rules | None = None,
        spread: bool = False,
        accounts: Names = None,
        deadline: float | None = None,
        now: datetime | None = None,
    ) -> Trend:
        """Return what each of the last UTC months cost, the one of ``now`` as far as it has come.

        The options are those of :meth:`costs`. No hole is refused: each month says how complete
        it is. Raises RateError for a missing rate, ConfigError for an unknown dimension.
        """
        return await ask_trend(
            self,
            months,
            by=by,
            currency=currency,
            exchange=exchange,
            rules=rules,
            spread=spread,
            accounts=accounts,
            deadline=deadline,
            now=self._clock() if now is None else now,
        )

    async def views(
        self,
        period: PeriodLike = None,
        *,
        accounts: Names = None,
        deadline: float | None = None,
    ) -> Views:
        """Return every view of the same money: usage, days, ledger, balances and invoices."""
        from billfold import reconcile

        return await reconcile.ask_views(
            self, requested_period(period, self._clock()), accounts=accounts, deadline=deadline
        )

    async def reconcile(
        self,
        period: PeriodLike = None,
        *,
        accounts: Names = None,
        deadline: float | None = None,
    ) -> Reconciliation:
        """Compare what the providers say of the same money; name the cause of each gap."""
        from billfold import reconcile

        return await reconcile.ask(
            self, requested_period(period, self._clock()), accounts=accounts, deadline=deadline
        )

    async def invoice(
        self, account: str, invoice_id: str, *, deadline: DeadlineLike = None
    ) -> Answer[Invoice]:
        """Ask for one invoice with its lines, named by its id or number.

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

    def offers(self, accounts: Names = None) -> dict[str, dict[Stream, str]]:
        """Return what each account can answer: its streams, and in a few words their windows.

        By the account's name, from the adapters' declarations; no request is made. Raises
        ConfigError for a name that is not configured.
        """
        chosen = select_by_key(self.accounts, accounts)
        return {account.name: offers(account.adapter) for account in chosen}

    def left_out(self, accounts: Names = None) -> tuple[str, ...]:
        """Return the names of the configured accounts that a call for ``accounts`` does not ask."""
        return self._others(select_by_key(self.accounts, accounts))

    def account(self, name: str) -> OneAccount:
        """Return one account, for what is done by name.

        Raises ConfigError for a name that is not configured.
        """
        (account,) = select(self.accounts, names=(name,))
        others = tuple(each.name for each in self.accounts if each is not account)
        return OneAccount(account, self._session.client(account, NO_DEADLINE), others)

    def _call(
        self,
        stream: Stream,
        arguments: tuple[Any, ...],
        accounts: Names,
        deadline: DeadlineLike,
    ) -> Call:
        limit, now = Deadline.after(deadline), self._clock()
        if stream in WINDOWED:
            arguments = requested_period(arguments[0], now), *arguments[1:]
        chosen = select_by_key(self.accounts, accounts)
        clients = {account.name: self._session.client(account, limit) for account in chosen}
        others = self._others(chosen)
        return Call(stream, arguments, chosen, others, clients, limit, now)

    async def _ask(
        self,
        stream: Stream,
        arguments: tuple[Any, ...],
        accounts: Names,
        deadline: DeadlineLike,
        strict: bool,
    ) -> Answer[Any]:
        return await self._call(stream, arguments, accounts, deadline).answer(strict=strict)

    def _others(self, chosen: Sequence[Account]) -> tuple[str, ...]:
        """Return the names of the configured accounts that are not among the chosen ones."""
        names = {account.name for account in chosen}
        return (*(each.name for each in self.accounts if each.name not in names), *self._left_out)
