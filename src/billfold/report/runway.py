"""How long a balance lasts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Context

from attrs import frozen

from billfold.model import Balance, BalanceKind, Usage
from billfold.money import Money, sum_by_currency
from billfold.period import merged

_SECOND = timedelta(seconds=1)
_SECONDS_PER_DAY = 86_400
_MOST_DAYS = 36_500  # a date a hundred years ahead is still one
_WIDE = Context(prec=200)


@frozen
class Runway:
    """A balance, and how many days it lasts at the period's average cost, until which date.

    Both are None where nothing is used up: without costs, for credit, and for an empty balance.
    """

    balance: Balance
    days: int | None
    until: date | None

    @property
    def overdrawn(self) -> bool:
        """Whether prepaid money is below zero."""
        return self.balance.amount.amount < 0 and self.balance.kind is BalanceKind.PREPAID

    @classmethod
    def of(cls, balance: Balance, usages: Iterable[Usage]) -> Runway:
        """Divide a balance by the average cost of a day of the usages' periods that has passed."""
        paid_from_it = [
            usage
            for usage in usages
            if usage.account == balance.account and _is_paid_from(usage, balance)
        ]
        costs = sum_by_currency(
            total for usage in paid_from_it for total in usage.totals().values()
        )
        passed = timedelta()
        for period in merged(usage.covers for usage in paid_from_it):
            passed += max(min(period.end, balance.as_of) - period.start, timedelta())
        days = _days(balance, costs.get(balance.amount.currency), passed)
        if days is None:
            return cls(balance, None, None)
        return cls(balance, days, balance.as_of.date() + timedelta(days=min(days, _MOST_DAYS)))


def _is_paid_from(usage: Usage, balance: Balance) -> bool:
    return usage.billing_account_id in (balance.scope_name, balance.scope.partition(":")[2])


def _days(balance: Balance, cost: Money | None, passed: timedelta) -> int | None:
    if balance.kind is not BalanceKind.PREPAID or balance.amount.amount <= 0:
        return None
    if cost is None or cost.amount <= 0 or passed <= timedelta():
        return None
    balance_seconds = _WIDE.multiply(balance.amount.amount, passed // _SECOND)
    return int(_WIDE.divide(balance_seconds, _WIDE.multiply(cost.amount, _SECONDS_PER_DAY)))
