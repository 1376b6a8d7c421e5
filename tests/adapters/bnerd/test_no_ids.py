"""What stands where an id belongs and names nothing: null, 0, a UUID of zeros, a dash (section 1.1)."""

import json
from decimal import Decimal
from typing import Any

import pytest

from billfold import InvoiceKind, Period
from billfold_bnerd import invoices, month
from billfold_bnerd.usage import decode_usage

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
ONE, OTHER = "f17a05d3-926e-4b4c-8de0-5c39b82f61a4", "95a1b7e4-c82d-4063-b7fe-2d0f68a39c51"
PRODUCT = "6ec3d218-07bf-4f95-a3d1-98e0b54c7a2d"
ZEROS = "00000000-0000-0000-0000-000000000000"
OCTOBER = Period.month(2026, 10)
no_id = pytest.mark.parametrize("none", [None, 0, "0", "-", ZEROS])


def eur(cents: int) -> dict[str, Any]:
    return {"cents": cents, "currency_iso": "EUR"}


def used(reply: Any) -> tuple[str, bool]:
    """Return what October's usage comes to, and whether that is sure."""
    listing = month.usage(ORG, OCTOBER, OCTOBER, decode_usage(json.dumps(reply).encode()))
    costs = [charge.cost.amount for charge in listing.rows[0].charges if charge.cost is not None]
    return f"{sum(costs, Decimal()):.2f}", not listing.gaps


def billed(kind: InvoiceKind, *rows: Any) -> tuple[str, bool]:
    """Return what a list of October's invoices comes to, and whether that is sure."""
    listing = invoices.invoices(ORG, kind, OCTOBER, json.dumps(rows).encode())
    totals = [bill.total.amount for bill in listing.rows if bill.counts and bill.total is not None]
    return f"{sum(totals, Decimal()):.2f}", not listing.gaps


def legal(*rows: Any) -> tuple[str, bool]:
    shared = {"type": "INVOICE", "currency": "EUR", "document_date": "2026-11-02"}
    return billed(
        InvoiceKind.LEGAL, *({**shared, "number": f"RE-{row['id']}", **row} for row in rows)
    )


def metering(*rows: Any) -> tuple[str, bool]:
    return billed(
        InvoiceKind.METERING, *({"period": "2026-10", "items": [], **row} for row in rows)
    )


@no_id
@pytest.mark.parametrize("kind", ["project", "product"])
@pytest.mark.parametrize("key", ["{}_id", "{}"])
def test_a_row_of_nothing_that_costs_what_the_others_do_may_be_their_total(
    none: object, kind: str, key: str
) -> None:
    # 1.00 and 4.01 are 5.01, which the third row of nothing says once more: it is left out and named.
    other = {"project": "product", "product": "project"}[kind]
    shared = {f"{other}_id": PRODUCT}
    named = [{**shared, key.format(kind): ident} for ident in (ONE, OTHER, none)]
    costs = [eur(100), eur(401), eur(501)]
    rows = [{**row, "cost": cost} for row, cost in zip(named, costs, strict=True)]
    assert used(rows) == ("5.01", False)


@no_id
@pytest.mark.parametrize("key", ["server_id", "server", "resource_id", "cluster_id"])
def test_a_row_of_no_thing_that_costs_what_those_of_things_do_may_be_their_total(
    none: object, key: str
) -> None:
    costs = {ONE: eur(100), OTHER: eur(401), none: eur(501)}
    rows = [{"product_id": PRODUCT, key: ident, "cost": cost} for ident, cost in costs.items()]
    assert used(rows) == ("5.01", False)


@no_id
def test_a_project_without_an_id_that_costs_what_the_others_do_may_be_their_total(
    none: object,
) -> None:
    costs = {ONE: eur(100), OTHER: eur(401), none: eur(501)}
    projects = [
        {"id": ident, "products": [{"id": PRODUCT, "cost": cost}]} for ident, cost in costs.items()
    ]
    assert used({"projects": projects}) == ("5.01", False)


@pytest.mark.parametrize("none", ["", ZEROS])
def test_what_stands_under_no_id_of_a_map_is_of_no_project(none: str) -> None:
    costs = {ONE: 100, OTHER: 401, none: 501}
    reply = {ident: {PRODUCT: {"cost": eur(cents)}} for ident, cents in costs.items()}
    assert used(reply) == ("5.01", False)


@no_id
def test_rows_without_an_id_are_each_a_record(none: object) -> None:
    row = {"id": none, "project_id": ONE, "product_id": PRODUCT, "cost": eur(500)}
    assert used([row, row]) == ("10.00", True)


@no_id
def test_a_row_of_no_organization_is_the_one_that_was_asked_for(none: object) -> None:
    row = {"organization_id": none, "product_id": PRODUCT, "cost": eur(500)}
    assert used([row]) == ("5.00", True)


@no_id
@pytest.mark.parametrize(
    "key",
    [
        "cancel_id",
        "ref_id",
        "storno_id",
        "credit_note_id",
        "cancelled_by",
        "replaced_by",
        "superseded_by",
        "replaces",
        "previous_invoice_id",
        "external_id",
        "document_id",
    ],
)
def test_an_invoice_that_names_nothing_counts(none: object, key: str) -> None:
    rows = [{"id": 1, "amount": 11900, key: none}, {"id": 2, "amount": 5000, key: none}]
    assert legal(*rows) == ("169.00", True)
    rows = [{"id": "a", "total": eur(11900), key: none}, {"id": "b", "total": eur(5000), key: none}]
    assert metering(*rows) == ("169.00", True)


@no_id
@pytest.mark.parametrize("kind", ["CREDIT", "STORNO"])
@pytest.mark.parametrize("key", ["ref_id", "corrects", "original_invoice_id"])
def test_a_correction_that_names_nothing_bills_by_its_date(
    none: object, kind: str, key: str
) -> None:
    back = {"id": 2, "amount": -11900, "type": kind, key: none}
    assert legal({"id": 1, "amount": 11900}, back) == ("0.00", True)


@no_id
def test_invoices_without_a_number_are_each_a_bill(none: object) -> None:
    rows = [{"id": 1, "amount": 11900, "number": none}, {"id": 2, "amount": 5000, "number": none}]
    assert legal(*rows) == ("169.00", True)


@no_id
def test_metering_invoices_without_an_id_are_each_a_bill(none: object) -> None:
    rows = [{"id": none, "total": eur(11900)}, {"id": none, "total": eur(5000)}]
    assert metering(*rows) == ("169.00", True)
