"""How long a balance lasts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Context
from enum import StrEnum

from msgspec import Struct

from billfold.coverage import Coverage, known_until
from billfold.model import Balance, BalanceKind, DailyCost, DayPart, Usage
from billfold.money import Money, sum_by_currency
from billfold.period import Period, merged

_SECOND = timedelta(seconds=1)
_SECONDS_PER_DAY = 86_400
_WIDE = Context(prec=200)

Spending = Usage | DailyCost  # either view of the money that is taken from balances


class Outlook(StrEnum):
    """What is known of how long a balance lasts.

    ``lasts`` has a number of days. ``unused``: nothing was charged. ``used_up``: there is none
    left. ``unknown``: what it pays for was not read in full, or is in another currency. ``credit``
    is not used up as prepaid money is.
    """

    LASTS = "lasts"
    UNUSED = "unused"
    USED_UP = "used_up"
    UNKNOWN = "unknown"
    CREDIT = "credit"


_WORDS = {
    Outlook.UNUSED: "nothing charged",
    Outlook.USED_UP: "used up",
    Outlook.UNKNOWN: "unknown",
    Outlook.CREDIT: "not estimated",
}


class Runway(Struct, frozen=True):
    """A balance, and how many days it lasts at the period's average cost, until which date.

    Both are None where the outlook is another than ``lasts``, and the date is where no calendar has
    one: after the year 9999.
    """

    balance: Balance
    outlook: Outlook
    days: int | None = None
    until: date | None = None

    @property
    def overdrawn(self) -> bool:
        """Whether prepaid money is below zero."""
        return self.balance.amount.amount < 0 and self.balance.kind is BalanceKind.PREPAID

    @property
    def words(self) -> str | None:
        """What is said in place of a number of days, None where there is one."""
        return "overdrawn" if self.overdrawn else _WORDS.get(self.outlook)

    def is_enough(self, days: int) -> bool:
        """Return whether prepaid money is known to last so many days; credit is not asked."""
        if self.outlook is Outlook.LASTS:
            return self.days is not None and self.days >= days
        return self.outlook in (Outlook.UNUSED, Outlook.CREDIT)

    @classmethod
    def of(
        cls, balance: Balance, spending: Iterable[Spending], coverage: Iterable[Coverage]
    ) -> Runway:
        """Divide a balance by the average cost of a day of the spending that is known.

        ``coverage`` is the spending's, and says until when that is. Where it has a hole of the
        account nothing follows: what is missing costs, too.
        """
        if balance.kind is not BalanceKind.PREPAID:
            return cls(balance, Outlook.CREDIT)
        if balance.amount.amount <= 0:
            return cls(balance, Outlook.USED_UP)
        paid_from_it = [each for each in spending if _is_paid_from(each, balance)]
        own = [row for row in coverage if row.account == balance.account]
        known = (_known(each, own) for each in paid_from_it)
        passed = sum(
            (period.end - period.start for period in merged(filter(None, known))), timedelta()
        )
        costs = sum_by_currency(cost for each in paid_from_it for cost in _costs(each))
        used = [cost for cost in costs.values() if cost.amount > 0]
        currency = balance.amount.currency
        is_of_another = any(cost.currency != currency for cost in used)
        if any(row.is_hole for row in own) or not passed or is_of_another:
            return cls(balance, Outlook.UNKNOWN)
        if not used:
            return cls(balance, Outlook.UNUSED)
        days = _days(balance.amount, costs[currency], passed)
        today = balance.as_of.date()
        until = today + timedelta(days=days) if days <= (date.max - today).days else None
        return cls(balance, Outlook.LASTS, days, until)


def _is_paid_from(spending: Spending, balance: Balance) -> bool:
    if isinstance(spending, DailyCost) and spending.part is not DayPart.ALL:
        return False
    payer = (balance.billing_account_id, balance.scope_name, balance.scope.partition(":")[2])
    return spending.account == balance.account and spending.billing_account_id in payer


def _known(spending: Spending, coverage: Iterable[Coverage]) -> Period | None:
    """Return the time of which the costs are known: of one that runs, what an answer covers."""
    parts = {spending.billing_account_id} - {None}
    if isinstance(spending, Usage):
        period = spending.covers
        parts |= {spending.sub_account_id} - {None}
    else:
        period = Period.day(spending.date)
    own = [row for row in coverage if row.part in parts]
    until = known_until(own or [row for row in coverage if row.part is None])
    if until is None or until >= period.end:
        return period
    return Period(period.start, until) if until > period.start else None


def _costs(spending: Spending) -> Iterable[Money]:
    return spending.totals().values() if isinstance(spending, Usage) else (spending.cost,)


def _days(balance: Money, cost: Money, passed: timedelta) -> int:
    balance_seconds = _WIDE.multiply(balance.amount, passed // _SECOND)
    return int(_WIDE.divide(balance_seconds, _WIDE.multiply(cost.amount, _SECONDS_PER_DAY)))
