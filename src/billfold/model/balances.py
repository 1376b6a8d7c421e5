"""Balances, what moved them, and what a day cost."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from attrs import field, frozen

from billfold.makers import maker
from billfold.money import Money


class BalanceKind(StrEnum):
    """Whether a balance was paid in before (prepaid) or granted or credited (credit)."""

    PREPAID = "prepaid"
    CREDIT = "credit"


class DayPart(StrEnum):
    """Which part of a day's cost the provider gives."""

    ALL = "all"
    AUTOSCALING = "autoscaling"


@frozen
class Balance:
    """Prepaid money or credit.

    ``amount`` may be negative and keeps the provider's sign. ``scope`` is what shares it.
    """

    provider: str = field(default="", kw_only=True)
    account: str = field(default="", kw_only=True)
    amount: Money
    kind: BalanceKind
    scope: str
    as_of: datetime
    scope_name: str | None = None
    billing_account_id: str | None = None


@frozen
class DailyCost:
    """The cost of one UTC day, or of the ``part`` of it that the provider gives."""

    provider: str = field(default="", kw_only=True)
    account: str = field(default="", kw_only=True)
    date: date
    cost: Money
    part: DayPart = DayPart.ALL
    billing_account_id: str | None = None


@frozen
class LedgerEntry:
    """A signed movement on a prepaid balance.

    Credit positive, debit negative. ``kind`` is the provider's word.

    ``for_usage`` marks what pays for the charges that ``usage`` tells of: the same money, seen from
    the balance. The description may hold a coupon's code and stays out of the repr.
    """

    provider: str = field(default="", kw_only=True)
    account: str = field(default="", kw_only=True)
    id: str
    at: datetime
    amount: Money
    kind: str
    description: str | None = field(default=None, repr=False)
    billing_account_id: str | None = None
    for_usage: bool = False


# For entries that come by the thousand.
make_entry = maker(LedgerEntry)
