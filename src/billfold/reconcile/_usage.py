"""Identities within one reply: the checks that adapters make of usage and of invoices."""

from __future__ import annotations

from collections.abc import Iterator

from billfold.model import Cause, Check, Invoice, Usage, billed_period, bills_in
from billfold.reconcile._days import uneven_days
from billfold.reconcile._invoices import line_name
from billfold.reconcile._sides import shortened
from billfold.reconcile.identity import Identity
from billfold.reconcile.views import AccountViews


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
    derived = tuple(
        f"{charge.id}: {charge.cost}"
        for charge in usage.charges
        if charge.derived and charge.cost is not None
    )
    if check.cause is not None:
        evidence = derived or uneven_days(views, usage.covers, check.gap.currency)
        return views.identity(
            name, usage.covers, check.stated, check.computed, check.cause, evidence
        )
    # A derived charge is what the lines lack against a stated total.
    lacks_lines = check.gap.amount > 0 and derived
    cause = Cause.MISSING_USAGE if lacks_lines else Cause.UNKNOWN
    return views.identity(name, usage.covers, check.stated, check.computed, cause, derived)


def _is_compared(invoice: Invoice, views: AccountViews) -> bool:
    # An invoice that does not say what it bills is shown even where no usage was read.
    if billed_period(invoice) is None:
        return True
    return any(bills_in(invoice, usage.covers) for usage in views.usages)


def _invoice_checks(views: AccountViews, invoice: Invoice) -> Iterator[Identity]:
    number = f" {invoice.number}" if invoice.number else ""
    evidence = shortened(
        [f"{line_name(line)}: {line.cost}" for line in invoice.lines if line.cost is not None]
    )
    for check in invoice.checks:
        name = f"{invoice.kind} invoice{number}: {check.name}"
        cause = Cause.UNKNOWN if check.cause is None else check.cause
        yield views.identity(name, invoice.period, check.stated, check.computed, cause, evidence)
