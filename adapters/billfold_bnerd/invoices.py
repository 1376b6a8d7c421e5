"""What the two families of invoices mean (CONTRACT.md, sections 2.3 and 2.4). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from attrs import evolve
from msgspec import Raw

from billfold.model import (
    Check,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    billed_period,
    bills_in,
    number_duplicates,
)
from billfold.money import Money, sum_by_currency
from billfold.period import Period
from billfold.wire import DriftError, decode_or_none
from billfold_bnerd import wire
from billfold_bnerd.fields import Fields
from billfold_bnerd.lists import Listing, decode_list, is_foreign, parse_own
from billfold_bnerd.values import amount, billed_month, day, days, load_json, unfit, whole_cents

_UNNAMED = "metering:"


def invoices(org: str, kind: InvoiceKind, period: Period | None, body: bytes) -> Listing[Invoice]:
    """Return the invoices of a family that bill in a period, or do not say when, each once."""
    if kind == InvoiceKind.METERING:
        metering = decode_list(body, tuple[wire.MeteringInvoice, ...], "invoices")
        listing = parse_own(metering, org, partial(metering_invoice, org))
    else:
        legal = decode_list(body, tuple[wire.LegalInvoice, ...], "invoices")
        listing = parse_own(legal, org, lambda row, _: legal_invoice(org, row))
    matching = [invoice for invoice in listing.rows if bills_in(invoice, period)]
    undated = sum(billed_period(invoice) is None for invoice in listing.rows)
    kept, repeats, conflicts = _once(matching, listing.rows)
    gaps, notes = list(listing.gaps), list(listing.notes)
    if undated and period is not None:
        gaps.append(f"{undated} without a date that can be read, listed whatever the period")
    if conflicts:
        gaps.append(f"{conflicts} listed twice with different content, the first reading was kept")
    if repeats:
        notes.append(f"{repeats} listed twice, counted once")
    return Listing(number_duplicates(kept), tuple(gaps), tuple(notes))


def _once(matching: Sequence[Invoice], listed: Iterable[Invoice]) -> tuple[list[Invoice], int, int]:
    """Return the first of each id that matches; how many are listed again, the same and otherwise.

    An id of our own making proves nothing: two invoices of a period without ids are two.
    """
    by_id: dict[str, list[Invoice]] = {}
    for invoice in listed:
        if not is_unnamed(invoice.id):
            by_id.setdefault(invoice.id, []).append(invoice)
    first = {invoice.id: invoice for invoice in reversed(matching)}
    kept = [bill for bill in matching if is_unnamed(bill.id) or first[bill.id] is bill]
    repeated = [by_id[invoice.id] for invoice in kept if len(by_id.get(invoice.id, ())) > 1]
    conflicts = sum(any(again != invoices[0] for again in invoices) for invoices in repeated)
    return kept, len(repeated) - conflicts, conflicts


def is_unnamed(invoice_id: str) -> bool:
    """Return whether this is the id that we give a metering invoice without one: its period."""
    return invoice_id.startswith(_UNNAMED)


def require_requested(
    row: wire.MeteringInvoice | wire.LegalInvoice, requested_id: str, org: str
) -> None:
    """Raise DriftError unless a reply is the invoice requested, and the organization's own."""
    if row.id is not None and str(row.id).casefold() != requested_id.casefold():
        raise DriftError("the reply is another invoice than the one requested - at `$.id`")
    if is_foreign(row.organization_id, org):
        raise DriftError("the reply is another organization's invoice - at `$.organization_id`")


def with_list_check(listed: Invoice, invoice: Invoice) -> Invoice:
    """Return an invoice, with a failed check where the list states another total than it does."""
    if listed.total is None or invoice.total is None or listed.total == invoice.total:
        return invoice
    if listed.total.currency != invoice.total.currency:
        raise DriftError("the invoice is in another currency than the list says - at `$.total`")
    check = Check("invoice list vs. invoice", listed.total, invoice.total)
    return evolve(invoice, checks=(check, *invoice.checks))


def metering_invoice(org: str, row: wire.MeteringInvoice, path: str = "$") -> Invoice:
    """Return a metering invoice, which stands at ``path``; without an id it has its period's."""
    period = billed_month(load_json(bytes(row.period)))
    total = amount(load_json(bytes(row.total)))
    invoice_id = f"{_UNNAMED}{period or 'undated'}" if row.id is None else str(row.id)
    lines = number_duplicates(
        _line(invoice_id, raw, f"{path}.items[{index}]")
        for index, raw in enumerate(row.items or ())
    )
    return Invoice(
        invoice_id,
        InvoiceKind.METERING,
        total.money,
        period=period,
        lines=lines,
        checks=_checks(total.money, lines),
        reason=total.reason,
        billing_account_id=org,
    )


def _checks(total: Money | None, lines: tuple[InvoiceLine, ...]) -> tuple[Check, ...]:
    """Compare the total with the lines, where every line states its cost in the same currency."""
    costs = [line.cost for line in lines if line.cost is not None]
    sums = sum_by_currency(costs)
    if total is None or len(costs) < len(lines) or sums.keys() != {total.currency}:
        return ()
    return (Check("invoice total vs. its lines", total, sums[total.currency]),)


def _line(invoice_id: str, raw: Raw, path: str) -> InvoiceLine:
    """Return a line. ``price`` is a unit price here: of amounts only that is documented."""
    node = load_json(bytes(raw))
    if not isinstance(node, Mapping):
        raise unfit("an item is no object", path)
    fields = Fields(node)
    product, project = fields.ref("product"), fields.ref("project")
    cost = fields.amount("total", "cost", "amount")
    quantity, unit = fields.quantity()
    project_id = project.id or project.name
    return InvoiceLine(
        f"{invoice_id}/{project_id or '-'}/{product.id or product.name or '-'}",
        cost.money,
        product.id,
        product.name,
        project_id,
        project.name,
        fields.text("description"),
        quantity,
        unit,
        fields.amount("unit_price", "price").money,
        cost.reason,
    )


def legal_invoice(org: str, row: wire.LegalInvoice) -> Invoice:
    """Return a binding document; a cancellation is negative."""
    total = whole_cents(load_json(bytes(row.amount)), row.currency)
    net = whole_cents(load_json(bytes(row.amount_net)), row.currency)
    is_draft = decode_or_none(row.is_draft, bool)
    service = decode_or_none(row.service_date, wire.ServiceDate) or wire.ServiceDate()
    return Invoice(
        str(row.id),
        InvoiceKind.LEGAL,
        total.money,
        number=None if row.number is None else str(row.number),
        type=row.type,
        status=row.status or ("draft" if is_draft else None),
        period=days(service.date_from, service.date_to),
        issued_on=day(row.document_date),
        due_on=day(row.due_date),
        paid_on=day(row.paid_at),
        net=net.money,
        reason=total.reason,
        billing_account_id=org,
    )
