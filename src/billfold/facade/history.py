"""History: what was read, answered as the providers answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from os import PathLike
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from billfold.answer import Answer
from billfold.facade.billfold import Billfold
from billfold.facade.once import Once
from billfold.http.transport import utc_now
from billfold.model import (
    Balance,
    DailyCost,
    Invoice,
    InvoiceKind,
    LedgerEntry,
    Subscription,
    Usage,
)
from billfold.period import PeriodLike, utc
from billfold.store.book import Book
from billfold.store.location import store_url
from billfold.store.stored_accounts import stored_accounts

if TYPE_CHECKING:
    from billfold.costs import CostView, Trend
    from billfold.reconcile import Reconciliation


class History:
    """A store, read like a :class:`.Billfold`; nothing is asked of any provider.

    ``url`` is a folder or a bucket's URL (None: where ``billfold sync`` keeps it). ``as_of`` is
    the moment whose knowledge is answered, None for what is known now; every method takes one of
    its own. A window read last up to ``tolerance`` before its end counts as complete. Use it as an
    async context manager. Raises StoreError for a store that cannot be read.
    """

    def __init__(
        self,
        url: str | PathLike[str] | None = None,
        *,
        as_of: datetime | None = None,
        tolerance: timedelta = timedelta(0),
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.book = Book(store_url(url))
        self._as_of = as_of
        self._tolerance = tolerance
        self._clock = clock
        self._folds: dict[datetime | None, Billfold] = {}
        self._once = Once("History")

    async def __aenter__(self) -> Self:
        self._once.enter()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._once.leave()
        folds, self._folds = self._folds, {}
        for fold in folds.values():
            await fold.__aexit__(kind, error, trace)

    async def at(self, as_of: datetime | None = None) -> Billfold:
        """Return a Billfold over what was known at a moment (None: the history's own, or now)."""
        if not self._once.is_open:
            raise self._once.not_open()
        moment = self._as_of if as_of is None else utc(as_of)
        if moment not in self._folds:
            accounts = await asyncio.to_thread(
                stored_accounts,
                self.book,
                clock=self._clock,
                as_of=moment,
                tolerance=self._tolerance,
            )
            # Nobody is asked, so no account waits for a place: many are read by one query.
            fold = Billfold(accounts, clock=self._clock, concurrency=max(len(accounts), 1))
            self._folds[moment] = await fold.__aenter__()
        return self._folds[moment]

    async def balances(self, *, as_of: datetime | None = None, **options: Any) -> Answer[Balance]:
        """Return balances as they were last read; ``options`` as those of :class:`.Billfold`."""
        return await (await self.at(as_of)).balances(**options)

    async def usage(
        self, period: PeriodLike = None, *, as_of: datetime | None = None, **options: Any
    ) -> Answer[Usage]:
        """Return what was used and what it costs."""
        return await (await self.at(as_of)).usage(period, **options)

    async def daily(
        self, period: PeriodLike = None, *, as_of: datetime | None = None, **options: Any
    ) -> Answer[DailyCost]:
        """Return the cost of each UTC day."""
        return await (await self.at(as_of)).daily(period, **options)

    async def ledger(
        self, period: PeriodLike = None, *, as_of: datetime | None = None, **options: Any
    ) -> Answer[LedgerEntry]:
        """Return the movements on prepaid balances, newest first."""
        return await (await self.at(as_of)).ledger(period, **options)

    async def invoices(
        self,
        period: PeriodLike = None,
        kind: InvoiceKind | str | None = None,
        *,
        as_of: datetime | None = None,
        **options: Any,
    ) -> Answer[Invoice]:
        """Return invoices of one kind or both."""
        return await (await self.at(as_of)).invoices(period, kind, **options)

    async def subscriptions(
        self, *, as_of: datetime | None = None, **options: Any
    ) -> Answer[Subscription]:
        """Return standing orders as they were last read."""
        return await (await self.at(as_of)).subscriptions(**options)

    async def costs(
        self, period: PeriodLike = None, *, as_of: datetime | None = None, **options: Any
    ) -> CostView:
        """Return usage costs, as :meth:`.Billfold.costs` does."""
        return await (await self.at(as_of)).costs(period, **options)

    async def trend(
        self, months: int = 12, *, as_of: datetime | None = None, **options: Any
    ) -> Trend:
        """Return months side by side, as :meth:`.Billfold.trend` does, up to the one of as_of."""
        now = as_of or self._as_of or self._clock()
        return await (await self.at(as_of)).trend(months, **{"now": now, **options})

    async def reconcile(
        self, period: PeriodLike = None, *, as_of: datetime | None = None, **options: Any
    ) -> Reconciliation:
        """Return what the views of the same money say, as :meth:`.Billfold.reconcile` does."""
        return await (await self.at(as_of)).reconcile(period, **options)
