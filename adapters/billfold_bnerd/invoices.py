"""What the two families of invoices mean (contract sections 2.3 and 2.4): the same money twice, never added up. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial

import msgspec
from attrs import evolve

from billfold.errors import DriftError
from billfold.model import Check, Invoice, InvoiceKind, InvoiceLine, number_duplicates
from billfold.money import sum_by_currency
from billfold.period import Period, midnight
from billfold_bnerd import wire
from billfold_bnerd.spellings import Fields
from billfold_bnerd.lists import Listing, is_others, listed, ours
from billfold_bnerd.untyped import Amount, amount, day, load, number, period, scaled

UNNAMED = "metering:"


def metering(account: str, org: str, window: Period | None, body: bytes) -> Listing[Invoice]:
    """Read the metering invoices whose period begins in the window, so that windows that touch share none."""
    rows = ours(listed(body, tuple[wire.MeteringInvoice, ...], "invoices"), org)
    found = rows.each(partial(metering_invoice, account, org))
    return _begun(found, window, lambda bill: None if bill.period is None else bill.period.start)


def legal(account: str, org: str, window: Period | None, body: bytes) -> Listing[Invoice]:
    """Read the binding invoices dated in the window."""
    rows = ours(listed(body, tuple[wire.LegalInvoice, ...], "invoices"), org)
    found = rows.each(partial(legal_invoice, account, org))
    return _begun(
        found, window, lambda bill: None if bill.issued_on is None else midnight(bill.issued_on)
    )


def _begun(
    found: Listing[Invoice], window: Period | None, when: Callable[[Invoice], datetime | None]
) -> Listing[Invoice]:
    """Keep what lies in the window, each invoice once, and what does not say when: leaving that out would hide money."""
    times = [(bill, when(bill)) for bill in found.rows]
    within = [bill for bill, time in times if window is None or time is None or time in window]
    undated = 0 if window is None else sum(time is None for _, time in times)
    kept, repeats, conflicts = _once(within, found.rows)
    gaps = (
        *(
            (f"{undated} without a date that can be read, listed whatever the period",)
            if undated
            else ()
        ),
        *(
            (f"{conflicts} listed twice with different content, the first reading was kept",)
            if conflicts
            else ()
        ),
    )
    notes = (f"{repeats} listed twice, counted once",) if repeats else ()
    return Listing(number_duplicates(kept), (*found.gaps, *gaps), (*found.notes, *notes))


def _once(within: Iterable[Invoice], rows: Iterable[Invoice]) -> tuple[list[Invoice], int, int]:
    """Keep the first of each id in the window; count those that all the rows repeat, and those they tell differently.

    An id of our own making tells nothing: two invoices of a period without ids are two.
    """
    told: dict[str, list[Invoice]] = {}
    for bill in rows:
        told.setdefault(bill.id, []).append(bill)
    first = {bill.id: bill for bill in reversed([*within])}
    twice = [
        told[ident] for ident in first if len(told[ident]) > 1 and not ident.startswith(UNNAMED)
    ]
    conflicts = sum(any(other != bills[0] for other in bills) for bills in twice)
    kept = [bill for bill in within if bill.id.startswith(UNNAMED) or first[bill.id] is bill]
    return kept, len(twice) - conflicts, conflicts


def answers(row: wire.MeteringInvoice | wire.LegalInvoice, asked: str, org: str) -> None:
    """Refuse a reply that names another invoice than the one asked for, or another organization."""
    if row.id is not None and str(row.id).casefold() != asked.casefold():
        raise DriftError("the reply is another invoice than the one asked for - at `$.id`")
    if is_others(row.organization_id, org):
        raise DriftError("the reply is another organization's invoice - at `$.organization_id`")


def beside(listed: Invoice, read: Invoice) -> Invoice:
    """Compare what an invoice asks for with what the list says of it; a failed check shows where they differ.

    Raises DriftError where they are not in one currency, so that nothing can be compared.
    """
    if listed.total is None or read.total is None or listed.total == read.total:
        return read
    if listed.total.currency != read.total.currency:
        raise DriftError("the invoice is in another currency than the list says - at `$.total`")
    return evolve(read, checks=(Check("list = invoice", listed.total, read.total), *read.checks))


def metering_invoice(account: str, org: str, row: wire.MeteringInvoice) -> Invoice:
    """Read a metering invoice; one without an id is named after its period."""
    covers = _billed(load(bytes(row.period)))
    total = amount(load(bytes(row.total)))
    ident = f"{UNNAMED}{covers or 'undated'}" if row.id is None else str(row.id)
    lines = number_duplicates(_line(ident, index, raw) for index, raw in enumerate(row.items or ()))
    return Invoice(
        ident,
        InvoiceKind.METERING,
        total.money,
        period=covers,
        lines=lines,
        checks=_checks(total, lines),
        reason=total.reason,
        billing_account_id=org,
    )


def _billed(value: object) -> Period | None:
    """Read an invoice's period; bills are made by the month, so a date stands for its month."""
    found = period(value)
    return (
        Period.month_of(found.start)
        if found is not None and isinstance(value, str) and ".." not in value
        else found
    )


def _checks(total: Amount, lines: tuple[InvoiceLine, ...]) -> tuple[Check, ...]:
    costs = [line.cost for line in lines if line.cost is not None]
    added = sum_by_currency(costs)
    if total.money is None or len(costs) < len(lines) or added.keys() != {total.money.currency}:
        return ()
    return (Check("lines = total", total.money, added[total.money.currency]),)


def _line(invoice_id: str, index: int, raw: msgspec.Raw) -> InvoiceLine:
    """Read a line. ``price`` is a unit price here: of amounts only that is documented."""
    node = load(bytes(raw))
    if not isinstance(node, Mapping):
        raise DriftError(
            f"the reply does not fit its contract: an item is no object - at `$.items[{index}]`"
        )
    fields = Fields(node)
    product, project, cost = (
        fields.ref("product"),
        fields.ref("project"),
        fields.amount("total", "cost", "amount"),
    )
    quantity, unit = fields.quantity()
    what = (invoice_id, project.id or project.name or "-", product.id or product.name or "-")
    return InvoiceLine(
        "/".join(what),
        cost.money,
        product.id,
        product.name,
        project.id or project.name,
        project.name,
        fields.text("description"),
        quantity,
        unit,
        fields.amount("unit_price", "price").money,
        cost.reason,
    )


def legal_invoice(account: str, org: str, row: wire.LegalInvoice) -> Invoice:
    """Read a binding invoice; a cancellation is negative."""
    total, net = (_cents(load(bytes(raw)), row.currency) for raw in (row.amount, row.amount_net))
    return Invoice(
        str(row.id),
        InvoiceKind.LEGAL,
        total.money,
        number=None if row.number is None else str(row.number),
        type=row.type,
        status=row.status,
        issued_on=day(row.document_date),
        due_on=day(row.due_date),
        paid_on=day(row.paid_at),
        net=net.money,
        reason=total.reason,
        billing_account_id=org,
    )


def _cents(value: object, currency: str | None) -> Amount:
    """Read whole cents, or Money; digits after a point, zeros too, would mean another scale, which is not guessed."""
    count = number(value)
    if count is None and not isinstance(value, Decimal):
        return amount(value)
    if count is not None and count.as_tuple().exponent != 0:
        return Amount(reason="the amount stated is not in whole cents, so its scale is not known")
    return scaled(value, currency)
