"""What changed since the period before, for every output of costs."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from billfold.answer import Answer
from billfold.costs import CostChange, Line, changes
from billfold.model import ANSWERED, Usage
from billfold.period import Period

EFFECTS = ("usage", "price", "exchange", "mixed")


@frozen
class PeriodChanges:
    """What changed since the period that ``earlier`` is of.

    Only of accounts that answered for both: what nobody knows of a period is not zero.
    ``not_compared`` are the names of the others.
    """

    earlier: Answer[Usage]
    changes: Sequence[CostChange]
    not_compared: tuple[str, ...] = ()

    @property
    def before(self) -> Period:
        """The period that is compared with."""
        assert self.earlier.requested is not None
        return self.earlier.requested

    @property
    def complete(self) -> bool:
        """Whether the period before was answered in full."""
        return self.earlier.complete


def compare_periods(
    earlier: Answer[Usage],
    lines_before: Sequence[Line],
    answer: Answer[Usage],
    lines: Sequence[Line],
    by: Sequence[str],
) -> PeriodChanges:
    """Compare in the currency converted to, or each native currency by itself."""
    answered = [
        {row.account for row in each.coverage if row.state in ANSWERED}
        for each in (earlier, answer)
    ]
    both = answered[0] & answered[1]
    differences: list[CostChange] = []
    for currency in sorted({line.amount.currency for line in (*lines_before, *lines)}):
        sides = [
            [
                line
                for line in side
                if line.amount.currency == currency and line.charge.account in both
            ]
            for side in (lines_before, lines)
        ]
        differences += changes(*sides, by=by, currency=currency)
    others = sorted((answered[0] | answered[1]) - both)
    return PeriodChanges(earlier, differences, tuple(others))
