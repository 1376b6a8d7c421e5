"""The identity between daily costs and usage, day by day, and what a gap between them shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import filterfalse

from attrs import evolve, field, frozen

from billfold.model import Category, Cause, Charge, DayPart, Stream
from billfold.money import Money, sum_by_currency
from billfold.period import Period, midnight
from billfold.reconcile._rate_change import DayCosts, is_rate_change
from billfold.reconcile._sums import beyond, both_sides, priced_charges, sum_of, total_of
from billfold.reconcile.views import AccountViews, Finding

_NAME = "daily costs vs. usage"
_DAY = timedelta(days=1)
_RACE = timedelta(days=1)  # what begins this long before the end of the data may still be arriving


def day_identities(views: AccountViews) -> Iterator[Finding]:
    """Yield the daily costs compared with the usage, per billing account and day by day."""
    if views.has(Stream.USAGE, Stream.DAILY):
        for part in views.parts("usages", "days"):
            kinds = sorted({day.part for day in part.days})
            if not kinds and part.unread(Stream.USAGE, Stream.DAILY) is None:
                yield from _compared(_without_fees(part), _NAME)
            elif not kinds or DayPart.ALL in kinds:
                yield from _compared(part, _NAME)
            else:
                for kind in kinds:
                    yield from _compared(_of_kind(part, kind), f"{_NAME}, {kind} alone")


def _without_fees(views: AccountViews) -> AccountViews:
    """Return the views without purchases of no day, where no day says whether it holds them."""
    usages = (
        evolve(usage, charges=tuple(filterfalse(_is_fee, usage.charges))) for usage in views.usages
    )
    return evolve(views, usages=tuple(usages))


def _is_fee(charge: Charge) -> bool:
    return charge.category is Category.PURCHASE and charge.day is None


def _of_kind(views: AccountViews, kind: DayPart) -> AccountViews:
    """Return the views with nothing but what the days are of: fees are purchases, for a month.

    What a stated total has more than its lines is of no kind, and adapters check it.
    """
    return evolve(
        views,
        days=tuple(evolve(day, part=DayPart.ALL) for day in views.days if day.part is kind),
        usages=tuple(
            evolve(
                usage,
                charges=tuple(c for c in usage.charges if c.category is Category.USAGE),
                stated_total=None,
                checks=(),
            )
            for usage in views.usages
        ),
    )


def _compared(views: AccountViews, name: str) -> Iterator[Finding]:
    used, days = total_of(views.usages), DaysCompared.of(views)
    if reason := views.unread(Stream.USAGE, Stream.DAILY):
        at_stake = used or sum_of(day.cost for day in views.days)
        yield from views.not_compared(name, views.window, at_stake.values(), reason)
        return
    for stated, computed in both_sides(days.stated(), days.charged()):
        currency = stated.currency
        evidence, uneven = days.evidence(currency), days.uneven(currency)
        cause = days.cause(currency)
        if cause is Cause.UNKNOWN:
            cause = _cause_of_checks(views, stated - computed)
        yield views.identity(name, views.window, stated, computed, cause, evidence, uneven)
    yield from views.not_compared(
        name, views.window, days.cut.values(), "the window holds only a part of its day"
    )
    yield from views.not_compared(
        name, views.window, days.outside.values(), "it did not begin inside the window"
    )
    yield from views.not_compared(
        name, views.window, days.alone.values(), "no daily costs were read for its day"
    )
    for day in views.days:
        period = Period.day(day.date)
        if not any(period.overlaps(window) for window in views.windows):
            yield from views.not_compared(name, period, [day.cost], "no usage was read for it")


def _cause_of_checks(views: AccountViews, gap: Money) -> Cause:
    """Return the cause that adapters state of checks with the very same gap, else unknown."""
    checks = [
        check
        for usage in views.usages
        for check in usage.checks
        if check.cause is not None and check.gap.currency == gap.currency
    ]
    explained = sum_by_currency(check.gap for check in checks).get(gap.currency)
    causes = {check.cause for check in checks if check.gap.amount}
    is_shown = explained == gap and gap.amount != 0 and len(causes) == 1
    return (causes.pop() if is_shown else None) or Cause.UNKNOWN


@frozen
class DaysCompared:
    """The whole days inside some windows: what they cost, and the charges that began on them.

    ``cut`` is money of days that are not wholly inside, ``outside`` of charges that began before or
    after, ``alone`` of days that no daily costs were read for. Days from ``open_from`` on may still
    change.
    """

    days: Mapping[str, Mapping[date, DayCosts]]
    cut: Mapping[str, Money] = field(factory=dict)
    long: Sequence[Charge] = ()
    open_from: date | None = None
    outside: Mapping[str, Money] = field(factory=dict)
    alone: Mapping[str, Money] = field(factory=dict)

    @classmethod
    def of(cls, views: AccountViews, *windows: Period) -> DaysCompared:
        """Return the days of the views that are inside ``windows``, or what the usage covers."""
        inside = windows or views.windows
        stated: dict[tuple[str, date], list[Money]] = defaultdict(list)
        charged: dict[tuple[str, date], list[Money]] = defaultdict(list)
        cut: list[Money] = []
        outside: list[Money] = []
        alone: list[Money] = []
        answered = views.days_read
        for day in views.days:
            if day.part is DayPart.ALL and _is_whole(day.date, inside):
                stated[day.cost.currency, day.date].append(day.cost)
        for charge in priced_charges(views.usages):
            assert charge.cost is not None
            if not any(charge.period.start in window for window in inside):
                outside.append(charge.cost)
            elif answered and not _is_whole(_counted_on(charge), answered):
                alone.append(charge.cost)
            elif _is_whole(day_of := _counted_on(charge), inside):
                charged[charge.cost.currency, day_of].append(charge.cost)
            else:
                cut.append(charge.cost)
        made = cls._made(views, stated, charged, cut)
        return evolve(made, outside=sum_of(outside), alone=sum_of(alone))

    @classmethod
    def _made(
        cls,
        views: AccountViews,
        stated: Mapping[tuple[str, date], Sequence[Money]],
        charged: Mapping[tuple[str, date], Sequence[Money]],
        cut: Sequence[Money],
    ) -> DaysCompared:
        days: dict[str, dict[date, DayCosts]] = defaultdict(dict)
        for currency, day in sorted(stated.keys() | charged.keys()):
            nothing, key = Money.zero(currency), (currency, day)
            by_day, in_charges = (
                sum_by_currency([nothing, *side.get(key, ())])[currency]
                for side in (stated, charged)
            )
            days[currency][day] = DayCosts(by_day, in_charges, len(charged.get(key, ())))
        long = [
            charge
            for charge in priced_charges(views.usages)
            if charge.day is None and charge.period.end - charge.period.start > _DAY
        ]
        known = views.open_until()
        return cls(days, sum_of(cut), long, None if known is None else (known - _RACE).date())

    def stated(self) -> dict[str, Money]:
        """Return the sum of the daily costs per currency."""
        return sum_by_currency(day.stated for days in self.days.values() for day in days.values())

    def charged(self) -> dict[str, Money]:
        """Return the sum of the charges of these days per currency."""
        return sum_by_currency(day.charged for days in self.days.values() for day in days.values())

    def uneven(self, currency: str) -> list[Money]:
        """Return the difference of every day, and of every stretch that longer charges span.

        Such a charge may fall to any of its days, but no day has more of it than all.
        """
        nothing = Money.zero(currency)
        long = [c for c in self.long if c.cost is not None and c.cost.currency == currency]
        alone, differences = self._differing(currency), []
        for stretch in _stretches(charge.period.whole_days() for charge in long):
            spanned = {day: alone.pop(day) for day in list(alone) if midnight(day) in stretch}
            differences.append(sum((costs.gap for costs in spanned.values()), nothing))
            for day, costs in spanned.items():
                begun = sum_of(c.cost for c in long if _counted_on(c) == day)
                rest = costs.gap + begun.get(currency, nothing)
                spanning = [c.cost for c in long if c.period.overlaps(Period.day(day))]
                differences.append(beyond(rest, spanning))
        return [*differences, *(costs.gap for costs in alone.values())]

    def differences(self, currency: str) -> list[Money]:
        """Return what each day has more than its charges."""
        return [costs.gap for costs in self._differing(currency).values()]

    def evidence(self, currency: str) -> list[str]:
        """Return, a line each, the days that cost more or less than their charges."""
        return [
            f"{day}: {costs.stated} by day, {costs.charged} in charges"
            for day, costs in self._differing(currency).items()
        ]

    def cause(self, currency: str) -> Cause:
        """Return the cause that the days themselves show, else unknown."""
        differing = self._differing(currency)
        if differing and self.open_from is not None and min(differing) >= self.open_from:
            return Cause.TIMING
        days = self.days.get(currency, {})
        is_shown = is_rate_change([days[day] for day in sorted(days)])
        return Cause.RATE_CHANGE if is_shown else Cause.UNKNOWN

    def _differing(self, currency: str) -> dict[date, DayCosts]:
        days = self.days.get(currency, {})
        return {day: costs for day, costs in days.items() if costs.gap.amount}


def _counted_on(charge: Charge) -> date:
    return charge.day or charge.period.start.date()


def _stretches(periods: Iterable[Period]) -> list[Period]:
    """Return what periods that share time span together; those that only meet stay apart."""
    stretches: list[Period] = []
    for period in sorted(periods):
        if stretches and period.overlaps(stretches[-1]):
            stretches[-1] = Period(stretches[-1].start, max(stretches[-1].end, period.end))
        else:
            stretches.append(period)
    return stretches


def _is_whole(day: date, windows: Sequence[Period]) -> bool:
    whole = Period.day(day)
    return any(window.encloses(whole) for window in windows)
