"""How long a balance lasts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Context
from enum import StrEnum

from msgspec import Struct

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

    def is_enough(self, days: int) -> bool:
        """Return whether prepaid money is known to last so many days; credit is not asked."""
        if self.outlook is Outlook.LASTS:
            return self.days is not None and self.days >= days
        return self.outlook in (Outlook.UNUSED, Outlook.CREDIT)

    @classmethod
    def of(
        cls, balance: Balance, spending: Iterable[Spending], *, read_in_full: bool = True
    ) -> Runway:
        """Divide a balance by the average cost of a day of the spending that has passed.

        Of spending that was not ``read_in_full`` nothing follows: what is missing costs, too.
        """
        if balance.kind is not BalanceKind.PREPAID:
            return cls(balance, Outlook.CREDIT)
        if balance.amount.amount <= 0:
            return cls(balance, Outlook.USED_UP)
        paid_from_it = [each for each in spending if _is_paid_from(each, balance)]
        passed = timedelta()
        for period in merged(map(_period, paid_from_it)):
            passed += max(min(period.end, balance.as_of) - period.start, timedelta())
        costs = sum_by_currency(cost for each in paid_from_it for cost in _costs(each))
        used = [cost for cost in costs.values() if cost.amount > 0]
        currency = balance.amount.currency
        is_of_another = any(cost.currency != currency for cost in used)
        if not read_in_full or passed <= timedelta() or is_of_another:
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


def _period(spending: Spending) -> Period:
    return spending.covers if isinstance(spending, Usage) else Period.day(spending.date)


def _costs(spending: Spending) -> Iterable[Money]:
    return spending.totals().values() if isinstance(spending, Usage) else (spending.cost,)


def _days(balance: Money, cost: Money, passed: timedelta) -> int:
    balance_seconds = _WIDE.multiply(balance.amount, passed // _SECOND)
    return int(_WIDE.divide(balance_seconds, _WIDE.multiply(cost.amount, _SECONDS_PER_DAY)))
