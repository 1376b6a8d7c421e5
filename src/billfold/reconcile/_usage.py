"""Identities of usage: the checks of usages and their invoices, and the daily costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from billfold.model import Cause, Charge, Check, DayPart, Invoice, Usage, billed_period, bills_in
from billfold.money import Money, sum_by_currency
from billfold.period import Period
from billfold.reconcile._invoices import line_name
from billfold.reconcile.identity import Identity
from billfold.reconcile.views import AccountViews, both_sides, priced_charges, sum_of, total_of


def check_identities(views: AccountViews) -> Iterator[Identity]:
    """Yield the checks of the usages, and those of the invoices that bill their periods."""
    for usage in views.usages:
        for check in usage.checks:
            yield _usage_check(views, usage, check)
    for invoice in views.invoices:
        if _is_compared(invoice, views):
            yield from _invoice_checks(views, invoice)


def _usage_check(views: AccountViews, usage: Usage, check: Check) -> Identity:
    name = f"{usage.sub_account_name}: {check.name}" if usage.sub_account_name else check.name
    evidence = [
        f"{charge.id}: {charge.cost}" for charge in priced_charges([usage]) if charge.derived
    ]
    cause = check.cause
    if cause is None:
        # A derived charge is what the lines lack against a stated total.
        lacks_lines = check.gap.amount > 0 and evidence
        cause = Cause.MISSING_USAGE if lacks_lines else Cause.UNKNOWN
    elif not evidence:
        evidence = _uneven_days(views, usage.covers, check.gap.currency)
    return views.identity(name, usage.covers, check.stated, check.computed, cause, evidence)


def _is_compared(invoice: Invoice, views: AccountViews) -> bool:
    # An invoice that does not say what it bills is shown even where no usage was read.
    if billed_period(invoice) is None:
        return True
    return any(bills_in(invoice, usage.covers) for usage in views.usages)


def _invoice_checks(views: AccountViews, invoice: Invoice) -> Iterator[Identity]:
    number = f" {invoice.number}" if invoice.number else ""
    lines = [line for line in invoice.lines if line.cost is not None]
    evidence = [f"{line_name(line)}: {line.cost}" for line in lines]
    for check in invoice.checks:
        name = f"{invoice.kind} invoice{number}: {check.name}"
        cause = check.cause or Cause.UNKNOWN
        yield views.identity(name, invoice.period, check.stated, check.computed, cause, evidence)


def day_identities(views: AccountViews) -> Iterator[Identity]:
    """Yield the daily costs compared with the usage, for days that are given in full."""
    full_days = [day for day in views.days if day.part is DayPart.ALL]
    if not full_days or not views.usages:
        return
    daily, window = sum_by_currency(day.cost for day in full_days), views.window
    for stated, computed in both_sides(daily, total_of(views.usages)):
        evidence = _uneven_days(views, window, stated.currency)
        cause = _cause_of_checks(views, stated - computed)
        yield views.identity("daily costs vs. usage", window, stated, computed, cause, evidence)


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


def _uneven_days(views: AccountViews, window: Period | None, currency: str) -> list[str]:
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
        costs = sum_of(charge.cost for charge in charges.get(day.date, ()))
        charged = costs.get(currency, Money.zero(currency))
        if day.cost != charged:
            uneven.append(f"{day.date}: {day.cost} by day, {charged} in charges")
    return uneven
