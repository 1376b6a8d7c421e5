"""Whether days that were computed again differ as a change of prices makes them differ."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal

from attrs import frozen

from billfold.errors import CurrencyError
from billfold.money import Money, exponent

_WIDE = Context(prec=60)
_ANY = Decimal("Infinity")
_FEWEST_DAYS = 2  # one day's ratio is common to all days, whatever the cause


@frozen
class DayCosts:
    """What a day cost as stated by day, as charged, and how many charges that were."""

    stated: Money
    charged: Money
    charges: int

    @property
    def gap(self) -> Money:
        """What the day has more than its charges."""
        return self.stated - self.charged


def is_rate_change(days: Sequence[DayCosts]) -> bool:
    """Return whether the days up to a date all differ by one ratio, and none after it.

    Each charge may have lost a part of the smallest unit to rounding, on both sides, so a ratio is
    known within bounds only. All of the days' bounds must share a ratio, and it must not be one.
    """
    differing = [index for index, day in enumerate(days) if day.gap.amount]
    if len(differing) < _FEWEST_DAYS:
        return False
    before = [day for day in days[: differing[-1] + 1] if day.charges or day.stated.amount]
    if any(day.charged.amount < 0 or day.stated.amount < 0 or not day.charges for day in before):
        return False  # no ratio makes a cost of nothing
    if not any(day.stated.amount for day in before):
        return False  # days that are not there have no price
    bounds = [_ratios(day) for day in before]
    low, high = max(low for low, _ in bounds), min(high for _, high in bounds)
    return low <= high and (low > 1 or high < 1)


def _ratios(day: DayCosts) -> tuple[Decimal, Decimal]:
    """Return the least and the most that a day's ratio of stated to charged can be."""
    lost = _WIDE.multiply(day.charges, _unit(day.charged.currency))
    stated, charged = day.stated.amount, day.charged.amount
    least = _WIDE.divide(stated, _WIDE.add(charged, lost)) if charged or lost else _ANY
    most = _WIDE.divide(_WIDE.add(stated, lost), charged) if charged else _ANY
    return least, most


def _unit(currency: str) -> Decimal:
    try:
        return Decimal(1).scaleb(-exponent(currency))
    except CurrencyError:
        return Decimal(0)
