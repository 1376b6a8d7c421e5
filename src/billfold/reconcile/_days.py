"""The identity between daily costs and usage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from billfold.model import Cause, Charge, DayPart
from billfold.money import Money, sum_by_currency
from billfold.period import Period
from billfold.reconcile._sides import both_sides, cost_of, priced_charges, shortened, total_of
from billfold.reconcile.identity import Identity
from billfold.reconcile.views import AccountViews


def day_identities(views: AccountViews) -> Iterator[Identity]:
    """Yield the daily costs compared with the usage, for days that are given in full."""
    full_days = [day for day in views.days if day.part is DayPart.ALL]
    if not full_days or not views.usages:
        return
    daily = sum_by_currency(day.cost for day in full_days)
    for stated, computed in both_sides(daily, total_of(views.usages)):
        gap = stated - computed
        evidence = uneven_days(views, views.window, gap.currency)
        cause = _cause_of_checks(views, gap)
        yield views.identity(
            "daily costs vs. usage", views.window, stated, computed, cause, evidence
        )


def _cause_of_checks(views: AccountViews, gap: Money) -> Cause:
    """Return the cause of the usages' own checks if they have the very same gap, else unknown."""
    checks = [
        check
        for usage in views.usages
        for check in usage.checks
        if check.cause is not None and check.gap.currency == gap.currency
    ]
    explained = sum_by_currency(check.gap for check in checks).get(gap.currency)
    if explained == gap and checks[0].cause is not None:
        return checks[0].cause
    return Cause.UNKNOWN


def uneven_days(views: AccountViews, window: Period | None, currency: str) -> tuple[str, ...]:
    """Return, a line each, the days inside the window that cost more or less than their charges."""
    charges: dict[date, list[Charge]] = {}
    for charge in priced_charges(views.usages):
        charges.setdefault(charge.period.start.date(), []).append(charge)
    uneven = []
    for day in views.days:
        if day.part is not DayPart.ALL or day.cost.currency != currency:
            continue
        if window is not None and not window.overlaps(Period.day(day.date)):
            continue
        charged = cost_of(charges.get(day.date, ())).get(currency, Money.zero(currency))
        if day.cost != charged:
            uneven.append(f"{day.date}: {day.cost} by day, {charged} in charges")
    return shortened(uneven)
