"""Do the providers' own numbers agree: views of the same money compared, and the cause of each gap.

>>> from billfold import reconcile
>>> result = await reconcile.ask(fold, Period.month(2026, 10))
>>> [identity.name for identity in result.identities if not identity.holds]

Only :func:`ask` and :func:`ask_views` read anything, from the source they are given; the rest are
pure functions of answers. docs/costs.md lists the identities and the causes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Protocol

from billfold.answer import Answer
from billfold.model import Balance, DailyCost, Invoice, LedgerEntry, Usage
from billfold.period import Period, PeriodLike, requested_period
from billfold.reconcile.identity import Identity, NotCompared
from billfold.reconcile.reconciliation import Reconciliation, compare
from billfold.reconcile.views import AccountViews, Views

__all__ = [
    "AccountViews",
    "Identity",
    "NotCompared",
    "Reconciliation",
    "ViewSource",
    "Views",
    "ask",
    "ask_views",
    "compare",
]

Names = Iterable[str] | None


class ViewSource(Protocol):
    """What the views are read from: a :class:`~billfold.Billfold`, or whatever answers like one."""

    async def usage(
        self, period: Period | None = None, *, accounts: Names = None, deadline: float | None = None
    ) -> Answer[Usage]:
        """Return what was used and what it costs."""
        ...

    async def daily(
        self, period: Period | None = None, *, accounts: Names = None, deadline: float | None = None
    ) -> Answer[DailyCost]:
        """Return the cost of each UTC day."""
        ...

    async def ledger(
        self, period: Period | None = None, *, accounts: Names = None, deadline: float | None = None
    ) -> Answer[LedgerEntry]:
        """Return the movements on prepaid balances; of all time without a period."""
        ...

    async def balances(
        self, *, accounts: Names = None, deadline: float | None = None
    ) -> Answer[Balance]:
        """Return prepaid money and credit as of now."""
        ...

    async def invoices(
        self, period: Period | None = None, *, accounts: Names = None, deadline: float | None = None
    ) -> Answer[Invoice]:
        """Return invoices of both kinds; of all time without a period."""
        ...


async def ask_views(
    source: ViewSource,
    period: PeriodLike = None,
    *,
    accounts: Names = None,
    deadline: float | None = None,
) -> Views:
    """Return usage and days of the period, and the ledger, balances and invoices of all time.

    All are read at once, each within ``deadline`` seconds. An error of the call itself, like an
    unknown account, is raised as it is.
    """
    requested = requested_period(period)
    if isinstance(accounts, Iterator):
        accounts = tuple(accounts)  # an iterator would be used up by the first of the five
    try:
        async with asyncio.TaskGroup() as group:
            usage = group.create_task(source.usage(requested, accounts=accounts, deadline=deadline))
            daily = group.create_task(source.daily(requested, accounts=accounts, deadline=deadline))
            # A balance is the sum of every entry, and an invoice is written after its period.
            ledger = group.create_task(source.ledger(accounts=accounts, deadline=deadline))
            balances = group.create_task(source.balances(accounts=accounts, deadline=deadline))
            invoices = group.create_task(source.invoices(accounts=accounts, deadline=deadline))
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from errors
    return Views(
        usage.result(), daily.result(), ledger.result(), balances.result(), invoices.result()
    )


async def ask(
    source: ViewSource,
    period: PeriodLike = None,
    *,
    accounts: Names = None,
    deadline: float | None = None,
) -> Reconciliation:
    """Return every view of the same money compared, with the cause of each gap.

    What could not be compared is named, and is not agreement (law 12).
    """
    requested = requested_period(period)
    views = await ask_views(source, requested, accounts=accounts, deadline=deadline)
    return compare(requested, views)
