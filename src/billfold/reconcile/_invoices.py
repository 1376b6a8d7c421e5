"""The identities between usage, the metering invoices and the legal invoices of one scope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import partial

from billfold.model import (
    Cause,
    Invoice,
    InvoiceKind,
    Stream,
    Usage,
    billed_period,
    bills_in,
)
from billfold.model.shared_names import SharedNames
from billfold.model.taxes import is_taxed, percent_of_net
from billfold.money import Money, plain
from billfold.reconcile._bills import Bills, Explained
from billfold.reconcile._lines import cause_of_lines, compare_parts, uneven_lines
from billfold.reconcile._spans import Match, Statement
from billfold.reconcile._sums import priced_charges
from billfold.reconcile._taken_back import in_force
from billfold.reconcile.views import AccountViews, Finding

_WIDE = Context(prec=60)


def invoice_identities(views: AccountViews) -> Iterator[Finding]:
    """Yield the invoices that bill in the scope, compared with the usage and each other."""
    if not views.has(Stream.INVOICES):
        return
    for part in views.parts("usages", "invoices"):
        metering = [bill for bill in part.invoices if bill.kind is InvoiceKind.METERING]
        legal = [bill for bill in part.invoices if bill.kind is InvoiceKind.LEGAL]
        if part.has(Stream.USAGE):
            yield from _bills_of_usage(part, metering, legal).findings(part)
        if metering:
            yield from _legal_bills(part, legal, metering).findings(part)
        yield from _totals(part, legal)


def _bills_of_usage(
    views: AccountViews, metering: Sequence[Invoice], legal: Sequence[Invoice]
) -> Bills:
    """Return the metering invoices, or without any the legal ones, which bill the usage."""
    usage = [Statement(used.covers, tuple(used.totals().values()), used) for used in views.usages]
    is_legal = bool(legal) and not metering
    return Bills(
        InvoiceKind.LEGAL if is_legal else InvoiceKind.METERING,
        legal if is_legal else metering,
        _net if is_legal else _total,
        "net amount" if is_legal else "total",
        usage,
        "usage",
        views.windows,
        views.unread(Stream.USAGE, Stream.INVOICES, of=views.windows),
        _explain_documents if is_legal else partial(_explain_lines, views.projects),
    )


def _legal_bills(
    views: AccountViews, legal: Sequence[Invoice], metering: Sequence[Invoice]
) -> Bills:
    dated = [(billed_period(bill), bill) for bill in in_force(metering)]
    metered = [
        Statement(period, () if bill.total is None else (bill.total,), bill)
        for period, bill in dated
        if period is not None
    ]
    return Bills(
        InvoiceKind.LEGAL,
        legal,
        _net,
        "net amount",
        metered,
        "metering invoice",
        views.scope if len(metered) == len(dated) else (),
        views.unread(Stream.INVOICES, of=views.scope),
        _explain_documents,
    )


def _total(invoice: Invoice) -> Money | None:
    return invoice.total


def _net(invoice: Invoice) -> Money | None:
    return invoice.net


def _explain_lines(
    projects: SharedNames, found: Match, _: Sequence[Match], gap: Money
) -> Explained:
    invoices = [item.record for item in found.stated if isinstance(item.record, Invoice)]
    usages = [item.record for item in found.computed if isinstance(item.record, Usage)]
    if not invoices:
        unbilled = f"nothing bills {found.period}, though something later is billed"
        return Explained(Cause.UNKNOWN, [unbilled])
    charges = priced_charges(usages)
    uneven = uneven_lines(invoices, charges, projects)
    cause, evidence = cause_of_lines(uneven, gap, found.period), [str(line) for line in uneven]
    parts = compare_parts(invoices, charges, gap.currency, projects)
    return Explained(cause, evidence, *parts)


def _explain_documents(found: Match, matches: Sequence[Match], gap: Money) -> Explained:
    """Return timing where the documents of another period are off by the very same, reversed."""
    records = [item.record for each in matches for item in each.stated]
    called = {each.id: each.number or each.id for each in records if isinstance(each, Invoice)}
    evidence = [
        f"{item.label()} of {item.record.issued_on}: {item.record.net} net"
        + _of_which(item.record, called)
        for item in found.stated
        if isinstance(item.record, Invoice)
    ]
    for other in matches:
        if other is not found and _gap(other, gap.currency) == -gap:
            evidence.append(f"the documents of {other.period} differ by {-gap}")
            return Explained(Cause.TIMING, evidence)
    return Explained(Cause.UNKNOWN, evidence)


def _of_which(invoice: Invoice, called: Mapping[str, str]) -> str:
    """Return which document a correction is of, by what people call it."""
    named = invoice.corrects
    return "" if named is None else f", a correction of {called.get(named, named)}"


def _gap(found: Match, currency: str) -> Money | None:
    """Return how far a match's sides are apart, None where they cannot be compared."""
    if (found.stated and found.computed and not found.fits) or not found.stated:
        return None
    stated, computed = found.sums()
    nothing = Money.zero(currency)
    return stated.get(currency, nothing) - computed.get(currency, nothing)


def _totals(views: AccountViews, legal: Sequence[Invoice]) -> Iterator[Finding]:
    """Yield each legal invoice's total compared with its net amount."""
    for invoice in legal:
        total, net, period = invoice.total, invoice.net, billed_period(invoice)
        if total is None or net is None:
            continue
        if not any(bills_in(invoice, window) for window in views.scope):
            continue
        name = f"legal invoice {invoice.number or invoice.id}: total vs. net"
        if total.currency == net.currency:
            yield views.identity(name, period, total, net, *_tax(total, net))
        else:
            reason = f"its net amount is in {net.currency}"
            yield from views.not_compared(name, period, [total], reason)


def _tax(total: Money, net: Money) -> tuple[Cause, list[str]]:
    """Return tax for a gap that can be one, and its rate."""
    percent = percent_of_net(total, net)
    if percent is None:
        return Cause.UNKNOWN, []
    shown = percent.quantize(Decimal("0.1"), ROUND_HALF_UP, _WIDE)
    cause = Cause.TAX if is_taxed(total, net) else Cause.UNKNOWN
    return cause, [f"{total - net} is {plain(shown)} % of the net"]
