"""The checks that adapters make of their own replies: of usages, and of the invoices that bill."""

from __future__ import annotations

from collections.abc import Iterator

from billfold.model import (
    Cause,
    Check,
    DayPart,
    Invoice,
    InvoiceKind,
    Stream,
    Usage,
    billed_period,
    bills_in,
    is_residual_of,
    is_unstated,
)
from billfold.reconcile._days import DaysCompared
from billfold.reconcile._lines import line_name
from billfold.reconcile._sums import priced_charges, sum_of
from billfold.reconcile.identity import NotCompared
from billfold.reconcile.views import AccountViews, Finding

_MOST_NAMES = 5
_USAGE = "usage"
# Views of the money that was used, beside the usage itself.
_OTHER_VIEWS = (Stream.DAILY, Stream.LEDGER, Stream.INVOICES)
# Differences by right, which a gap has to show itself.
_BY_RIGHT = frozenset({Cause.ROUNDING, Cause.TAX})


def check_identities(views: AccountViews) -> Iterator[Finding]:
    """Yield the checks of the usages, and those of the invoices that bill their periods."""
    for part in views.parts("usages", "days"):
        for usage in part.usages:
            for check in usage.checks:
                yield _usage_check(part, usage, check)
            yield from _not_checked(part, usage)
    for part in views.parts("invoices"):
        for invoice in part.invoices:
            # An invoice that does not say what it bills is shown even where no usage was read.
            billed = billed_period(invoice)
            if billed is None or any(bills_in(invoice, period) for period in part.scope):
                yield from _invoice_checks(part, invoice)


def _not_checked(views: AccountViews, usage: Usage) -> Iterator[NotCompared]:
    """Yield the checks of a usage that could not be made, or that nothing else is about it."""
    amounts = [*usage.totals().values(), *_unstated(usage)]
    for name in usage.unchecked:
        reason = "one of its sides could not be read for this period"
        yield from views.not_compared(_named(views, usage, name), usage.covers, amounts, reason)
    if not (usage.checks or usage.unchecked or any(map(views.has, _OTHER_VIEWS))):
        reason = "the provider states no other figure of it"
        yield from views.not_compared(_named(views, usage, _USAGE), usage.covers, amounts, reason)


def _named(views: AccountViews, usage: Usage, name: str) -> str:
    project = views.projects.name(usage)
    return f"{project}: {name}" if project else name


def _unstated(usage: Usage) -> list[None]:
    return [None for charge in usage.charges if is_unstated(charge)]


def _usage_check(views: AccountViews, usage: Usage, check: Check) -> Finding:
    name = _named(views, usage, check.name)
    derived = [charge for charge in priced_charges([usage]) if is_residual_of(charge, check)]
    evidence = [f"{charge.id}: {charge.cost}" for charge in derived]
    cause = _stated_cause(check)
    is_lacking = check.gap.amount > 0 and any(charge.cost == check.gap for charge in derived)
    if cause is Cause.UNKNOWN and is_lacking:
        cause = Cause.MISSING_USAGE  # a derived charge is what the lines lack of a stated total
    elif not derived:
        evidence, found = _of_days(views, usage, check)
        cause = found if cause is Cause.UNKNOWN else cause
    return views.identity(name, usage.covers, check.stated, check.computed, cause, evidence)


def _stated_cause(check: Check) -> Cause:
    return Cause.UNKNOWN if check.cause is None or check.cause in _BY_RIGHT else check.cause


def _of_days(views: AccountViews, usage: Usage, check: Check) -> tuple[list[str], Cause]:
    """Return the days that make up a check's gap to the last digit, and the cause they show."""
    currency = check.gap.currency
    if not any(day.part is DayPart.ALL for day in views.days) or views.unread(Stream.DAILY):
        return [], Cause.UNKNOWN
    days = DaysCompared.of(views, usage.covers)
    differences = sum_of(days.differences(currency)).get(currency)
    is_explained = differences == check.gap
    return days.evidence(currency), days.cause(currency) if is_explained else Cause.UNKNOWN


def _invoice_checks(views: AccountViews, invoice: Invoice) -> Iterator[Finding]:
    number = f" {invoice.number}" if invoice.number else ""
    evidence = [
        f"{line_name(line, views.projects)}: {line.cost}"
        for line in invoice.lines
        if line.cost is not None
    ]
    for check in invoice.checks:
        name, cause = f"{invoice.kind} invoice{number}: {check.name}", _stated_cause(check)
        yield views.identity(name, invoice.period, check.stated, check.computed, cause, evidence)
    has_total = invoice.kind is InvoiceKind.METERING and invoice.total is not None
    if has_total and not invoice.lines:
        name = f"{invoice.kind} invoice{number}: invoice total vs. its lines"
        yield from views.not_compared(name, invoice.period, [invoice.total], "it states no lines")
    unstated = [line_name(line, views.projects) for line in invoice.lines if line.cost is None]
    if unstated:
        more = f" and {len(unstated) - _MOST_NAMES} more" if len(unstated) > _MOST_NAMES else ""
        verb = "states" if len(unstated) == 1 else "state"
        reason = f"{', '.join(unstated[:_MOST_NAMES])}{more} {verb} no cost"
        name = f"{invoice.kind} invoice{number}: its lines"
        yield from views.not_compared(name, invoice.period, [None], reason)
