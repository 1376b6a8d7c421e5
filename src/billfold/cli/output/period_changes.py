"""What changed since the period before, for every output of costs."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from billfold.answer import Answer
from billfold.costs import CostChange, Line, changes
from billfold.model import Usage
from billfold.period import Period

EFFECTS = ("usage", "price", "exchange", "mixed")


@frozen
class PeriodChanges:
    """What changed since the period before; ``complete`` is whether that was answered in full."""

    before: Period
    complete: bool
    changes: Sequence[CostChange]


def compare_periods(
    earlier: Answer[Usage], lines_before: Sequence[Line], lines: Sequence[Line], by: Sequence[str]
) -> PeriodChanges:
    """Compare in the currency converted to, or each native currency by itself."""
    assert earlier.requested is not None
    differences: list[CostChange] = []
    for currency in sorted({line.amount.currency for line in (*lines_before, *lines)}):
        sides = [
            [line for line in side if line.amount.currency == currency]
            for side in (lines_before, lines)
        ]
        differences += changes(*sides, by=by, currency=currency)
    return PeriodChanges(earlier.requested, earlier.complete, differences)
