"""The identities between usage, the metering invoice and the legal invoices of one period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from billfold.model import Cause, Charge, Invoice, InvoiceKind, InvoiceLine, billed_period
from billfold.money import Money, plain
from billfold.period import Period
from billfold.reconcile.identity import Identity
from billfold.reconcile.views import AccountViews, both_sides, priced_charges, sum_of, total_of

_WIDE = Context(prec=60)


def invoice_identities(views: AccountViews) -> Iterator[Identity]:
    """Yield the invoices that bill a usage's period, compared with the usage and each other."""
    for period in dict.fromkeys(usage.covers for usage in views.usages):
        billed = [invoice for invoice in views.invoices if billed_period(invoice) == period]
        metering = [invoice for invoice in billed if invoice.kind is InvoiceKind.METERING]
        legal = [invoice for invoice in billed if invoice.kind is InvoiceKind.LEGAL]
        yield from _metering_vs_usage(views, period, metering)
        if metering:
            yield from _legal_vs_metering(views, period, legal, metering)
            yield from _total_vs_net(views, period, legal)


def line_name(line: InvoiceLine) -> str:
    """Return what people call an invoice's line: its project and its product."""
    project = line.sub_account_name or line.sub_account_id
    return ", ".join(name for name in (project, line.product_name or line.id) if name)


def _metering_vs_usage(
    views: AccountViews, period: Period, metering: Sequence[Invoice]
) -> Iterator[Identity]:
    billed = sum_of(invoice.total for invoice in metering)
    if not billed:
        return
    usages = [usage for usage in views.usages if usage.covers == period]
    evidence = _uneven_lines(metering, priced_charges(usages))
    name = "metering invoice vs. usage"
    for stated, computed in both_sides(billed, total_of(usages)):
        cause = Cause.MISSING_USAGE if stated > computed else Cause.LATE_DATA
        yield views.identity(name, period, stated, computed, cause, evidence)


def _uneven_lines(invoices: Iterable[Invoice], charges: Iterable[Charge]) -> list[str]:
    """Return the invoice lines that differ from their charges, and the charges without a line."""
    uneven = []
    remaining = list(charges)
    for line in (line for invoice in invoices for line in invoice.lines):
        if line.cost is None:
            continue
        used = sum_of(charge.cost for charge in remaining if _is_of_line(charge, line))
        remaining = [charge for charge in remaining if not _is_of_line(charge, line)]
        if used != {line.cost.currency: line.cost}:
            listed = " and ".join(map(str, used.values())) or "nothing"
            uneven.append(f"{line_name(line)}: {line.cost} billed, {listed} used")
    rest = [f"{charge.id}: {charge.cost} used, on no line of the invoice" for charge in remaining]
    return uneven + rest


def _is_of_line(charge: Charge, line: InvoiceLine) -> bool:
    same_project = charge.sub_account_id == line.sub_account_id
    return same_project and charge.service in (line.product_id, line.product_name)


def _legal_vs_metering(
    views: AccountViews, period: Period, legal: Sequence[Invoice], metering: Sequence[Invoice]
) -> Iterator[Identity]:
    nets = sum_of(invoice.net for invoice in legal)
    metered = sum_of(invoice.total for invoice in metering)
    if not nets or not metered:
        return
    evidence = [
        f"{invoice.number or invoice.id} of {invoice.issued_on}: {invoice.net} net"
        for invoice in legal
    ]
    # A correction may be dated in another month, and then bills that one.
    corrected = any(invoice.net is not None and invoice.net.amount < 0 for invoice in legal)
    cause = Cause.TIMING if corrected else Cause.UNKNOWN
    name = "legal invoices, net vs. metering invoice"
    for stated, computed in both_sides(nets, metered):
        yield views.identity(name, period, stated, computed, cause, evidence)


def _total_vs_net(
    views: AccountViews, period: Period, legal: Iterable[Invoice]
) -> Iterator[Identity]:
    for invoice in legal:
        total, net = invoice.total, invoice.net
        if total is not None and net is not None and total.currency == net.currency:
            name = f"legal invoice {invoice.number or invoice.id}: total vs. net"
            yield views.identity(name, period, total, net, *_tax(total, net))


def _tax(total: Money, net: Money) -> tuple[Cause, list[str]]:
    """Return tax, and how much of the net it is, for a gap that has its net's sign."""
    gap = total - net
    if net.amount == 0:
        return Cause.TAX, []
    percent = _WIDE.multiply(_WIDE.divide(gap.amount, net.amount), 100)
    shown = percent.quantize(Decimal("0.1"), ROUND_HALF_UP, _WIDE)
    same_sign = (gap.amount > 0) is (net.amount > 0)
    cause = Cause.TAX if same_sign else Cause.UNKNOWN
    return cause, [f"{gap} is {plain(shown)} % of the net"]
