"""What changed since the period before, for every output of costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from attrs import evolve, frozen

from billfold.answer import Answer
from billfold.cli.output._cells import period_text
from billfold.costs import CostChange, Line, changes, counted_stretch, within_stretch
from billfold.costs.dimensions import group_lines
from billfold.model import ANSWERED, Charge, State, Usage, is_unstated
from billfold.money import Money
from billfold.period import Period, utc_text

EFFECTS = ("usage", "price", "exchange", "mixed")

Keys = tuple[str, ...]
Pricing = Callable[[Answer[Usage]], Sequence[Line]]


@frozen
class PeriodChanges:
    """What changed since the period that ``earlier`` is of, or was known of it at ``known_at``.

    What nobody knows of a period is not zero. ``not_compared`` are the names of accounts that lack
    something unknown in one of the two, ``unknown`` the groups in which a charge states no cost.
    ``counted`` is the time that the costs after are of, where some of what is shown is of another.
    """

    earlier: Answer[Usage]
    changes: Sequence[CostChange]
    not_compared: tuple[str, ...] = ()
    unknown: tuple[Keys, ...] = ()
    known_at: datetime | None = None
    counted: Period | None = None

    @property
    def name(self) -> str:
        """What is compared with, in words."""
        known = "" if self.known_at is None else f" as known at {utc_text(self.known_at)}"
        return f"{period_text(self.before)}{known}"

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
    earlier: Answer[Usage], answer: Answer[Usage], by: Sequence[str], price: Pricing
) -> PeriodChanges:
    """Compare in the currency converted to, or each native currency by itself.

    ``price`` returns the lines of an answer. Raises what it raises.
    """
    both = _known_accounts(earlier) & _known_accounts(answer)
    stretch = counted_stretch(answer.requested, earlier.requested)
    return _compare(earlier, answer, by, price, both, stretch)


def compare_known(
    earlier: Answer[Usage],
    answer: Answer[Usage],
    by: Sequence[str],
    price: Pricing,
    known_at: datetime,
) -> PeriodChanges:
    """Compare what is known of a period with what was known of it, whole or not.

    Accounts of which nothing was known then are not compared. Raises what ``price`` raises.
    """
    both = _answered(earlier) & _answered(answer)
    return evolve(_compare(earlier, answer, by, price, both), known_at=known_at)


def _compare(
    earlier: Answer[Usage],
    answer: Answer[Usage],
    by: Sequence[str],
    price: Pricing,
    both: set[str],
    stretch: Period | None = None,
) -> PeriodChanges:
    sides = [
        [line for line in price(each) if line.charge.account in both] for each in (earlier, answer)
    ]
    before, after = sides[0], within_stretch(sides[1], stretch)
    currencies = sorted({line.amount.currency for side in sides for line in side})
    unknown = {
        keys
        for each in (earlier, answer)
        for currency in currencies
        for keys in _unstated_groups(each, both, currency, by, price)
    }
    differences = [
        change
        for currency in currencies
        for change in changes(_in(before, currency), _in(after, currency), by=by, currency=currency)
        if change.keys not in unknown
    ]
    others = sorted((_answered(earlier) | _answered(answer)) - both)
    return PeriodChanges(
        earlier,
        differences,
        tuple(others),
        tuple(sorted(unknown)),
        counted=None if len(after) == len(sides[1]) else stretch,
    )


def _answered(answer: Answer[Usage]) -> set[str]:
    return {row.account for row in answer.coverage if row.state in ANSWERED}


def _known_accounts(answer: Answer[Usage]) -> set[str]:
    """Return the accounts whose costs are known, but for charges that state none.

    A part that failed may be in any group of its account, and of another window than the one asked
    the same charges may be in both periods.
    """
    unstated = {usage.account for usage in answer if any(map(is_unstated, usage.charges))}
    failed = {error.account for error in answer.failures}
    missing = {
        row.account
        for row in answer.holes
        if row.state is not State.PARTIAL or row.account not in unstated
    }
    return _answered(answer) - failed - missing


def _in(lines: Sequence[Line], currency: str) -> list[Line]:
    return [line for line in lines if line.amount.currency == currency]


def _unstated_groups(
    answer: Answer[Usage], accounts: set[str], currency: str, by: Sequence[str], price: Pricing
) -> set[Keys]:
    """Return the groups that charges without a cost would be in, if that were in ``currency``."""
    unstated: list[Charge] = []

    def stated(charge: Charge) -> Charge:
        if charge.account not in accounts or not is_unstated(charge):
            return charge
        unstated.append(evolve(charge, cost=Money.zero(currency)))
        return unstated[-1]

    items = tuple(evolve(each, charges=tuple(map(stated, each.charges))) for each in answer)
    if not unstated:
        return set()
    looked_for = {(charge.account, charge.id) for charge in unstated}
    lines = price(evolve(answer, items=items))
    return set(group_lines((x for x in lines if (x.charge.account, x.charge.id) in looked_for), by))
