"""Shares of an invoice, or what repeats it, that add up to what was read (law 11)."""

import json
from typing import Any

import pytest

from billfold import Invoice, InvoiceKind, Period
from billfold_bnerd import invoices
from billfold_bnerd.lists import Listing

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"


def eur(cents: int) -> dict[str, Any]:
    return {"cents": cents, "currency_iso": "EUR"}


def metered(cents: int = 11900, **said: Any) -> Listing[Invoice]:
    return read(InvoiceKind.METERING, {"id": "m", "period": "2026-10", "total": eur(cents), **said})


def legal(**said: Any) -> Listing[Invoice]:
    row = {"id": 1, "type": "INVOICE", "document_date": "2026-11-02", "currency": "EUR"}
    return read(InvoiceKind.LEGAL, {**row, "amount": 11900, "amount_net": 10000, **said})


def read(kind: InvoiceKind, row: Any) -> Listing[Invoice]:
    return invoices.invoices(ORG, kind, Period.month(2026, 10), json.dumps([row]).encode())


def whole(listing: Listing[Invoice]) -> tuple[str, bool]:
    (bill,) = listing.rows
    return str(bill.total), not listing.gaps and not listing.notes


NINETEEN = {"rate": "19", "amount": eur(1900)}


@pytest.mark.parametrize(
    "said",
    [
        {"net": eur(10000), "taxes": [NINETEEN]},
        {"net": eur(10000), "tax": eur(1900), "taxes": [NINETEEN]},
        {"subtotal": eur(10000), "tax_lines": [{**NINETEEN, "base": eur(10000)}]},
        # 100.00 = 60.00 + 40.00, and 19.00 = 11.40 + 7.60
        {"net_total": eur(10000), "taxes": [{"amount": eur(1140)}, {"amount": eur(760)}]},
        {"net": eur(10000)}
        | {"vat_rows": [{"net": eur(6000), "vat": eur(1140)}, {"net": eur(4000), "vat": eur(760)}]},
        {"projects": [{"id": "p", "name": "P", "total": eur(11900)}]},
    ],
)
def test_taxes_and_projects_that_add_up_to_a_metering_invoice_are_no_gap(said: Any) -> None:
    assert whole(metered(**said)) == ("119.00 EUR", True)


@pytest.mark.parametrize(
    "said",
    [
        {"vat_totals": [{"vat_percent": 19, "net": 10000, "vat": 1900, "gross": 11900}]},
        {"vat_totals": [{"net": 6000, "vat": 1140}, {"net": 4000, "vat": 760}]},
        *({key: [{"net": 10000, "vat": 1900}]} for key in ("vats", "vat", "taxes")),
        {"tax_summary": {"19": {"net": 100, "tax": 19, "gross": 119}}},
    ],
)
def test_a_table_of_the_taxes_of_a_legal_document_repeats_it(said: Any) -> None:
    assert whole(legal(**said)) == ("119.00 EUR", True)


ROW = {"position": 1, "quantity": 744, "unit_price": "13.44", "vat_percent": 19}
LISTS = ("line_items", "lines", "positions", "position_items", "entries", "rows", "services")
LISTS += ("articles", "products", "invoice_items", "zeilen")


def lined(*cents: Any, column: str = "amount", **said: Any) -> list[dict[str, Any]]:
    return [{**ROW, "description": "vm", column: each, **said} for each in cents]


@pytest.mark.parametrize("key", LISTS)
@pytest.mark.parametrize(
    "rows",
    [
        # 100.00 = 60.00 + 40.00 without tax, 119.00 = 71.40 + 47.60 with it.
        *(lined(6000, 4000), lined(7140, 4760), lined(eur(6000), eur(4000)), lined("6000", "4000")),
        *(lined(12000, -2000, column="total_price_net"), lined(6000, None, 4000, discount=500)),
        lined(6000, 4000, currency="EUR", total_vat=950),
    ],
)
def test_a_legal_documents_own_lines_in_cents_repeat_it_under_any_key(key: str, rows: Any) -> None:
    assert whole(legal(**{key: rows})) == ("119.00 EUR", True)


def test_one_line_alone_repeats_a_document_under_a_name_of_lines() -> None:
    for key in LISTS[:-1]:
        for cents in (10000, 11900, eur(10000)):
            assert whole(legal(**{key: lined(cents)})) == ("119.00 EUR", True)
    assert len(legal(setup=lined(10000)).gaps) == 1


@pytest.mark.parametrize("key", LISTS)
@pytest.mark.parametrize(
    "rows",
    [
        # 0.01 more or less, whole euros, another currency, and what comes to the lines.
        *(lined(6000, 4001), lined(6000, 3999), lined(60, 40), lined("60.00", "40.00")),
        *(lined(6000, 4000, currency="USD"), lined(6000, 4000, setup_fee=300)),
        *(lined(eur(6000), {"cents": 4000, "currency_iso": "USD"}), lined(6000, "many")),
        lined(6000, 4000, fees=[{"amount": 5}]),
    ],
)
def test_lines_that_do_not_add_up_to_a_document_are_a_gap(key: str, rows: Any) -> None:
    (gap,) = legal(**{key: rows}).gaps
    assert "amounts that were not read" in gap


@pytest.mark.parametrize("key", ["credits", "taxes", "fees", "surcharges", "payments", "refunds"])
def test_other_money_of_a_document_is_none_of_its_lines(key: str) -> None:
    assert "amounts that were not read" in legal(**{key: lined(6000, 4000)}).gaps[-1]


def test_where_a_line_stands_is_no_amount() -> None:
    rows = [{"position": 1, "description": "vm"}, {"position": 2, "description": "db"}]
    assert whole(legal(line_items=rows)) == whole(metered(line_items=rows)) == ("119.00 EUR", True)


def test_the_table_of_a_document_without_tax_repeats_its_net() -> None:
    table = [{"vat_percent": 0, "net": 11900, "vat": 0, "gross": 11900}]
    assert whole(legal(amount_net=11900, vat_totals=table)) == ("119.00 EUR", True)


@pytest.mark.parametrize(
    "said",
    [
        {"taxes": [NINETEEN]},
        {"net": eur(10000), "taxes": [NINETEEN, NINETEEN]},
        {"net": eur(10000), "taxes": [{**NINETEEN, "fee": eur(300)}]},
        {"net": eur(10000), "taxes": [{"amount": {"cents": 1900, "currency_iso": "USD"}}]},
        {"net": eur(11900), "taxes": [NINETEEN]},
        {"projects": [{"id": "p", "total": eur(11000)}]},
        {"support": [{"id": "p", "total": eur(11900)}]},
    ],
)
def test_what_does_not_add_up_to_an_invoice_is_a_gap(said: Any) -> None:
    listing = metered(**said)
    (gap,) = listing.gaps
    assert (str(listing.rows[0].total), "amounts that were not read" in gap) == ("119.00 EUR", True)
    (gap,) = legal(vat_totals=[{"net": 10000, "vat": 1900, "gross": 12000}]).gaps
    assert "amounts that were not read" in gap


@pytest.mark.parametrize(
    "payments",
    [
        [{"id": "x", "amount": eur(11900), "paid_at": "2026-11-05"}],
        [{"amount": eur(7000), "status": "succeeded"}, {"amount": eur(4900), "status": "paid"}],
        [{"amount": eur(11900), "refunded": False, "refunded_at": None}],
    ],
)
def test_payments_over_all_of_an_invoice_say_that_it_was_paid(payments: Any) -> None:
    for status in ({}, {"status": "paid"}):
        listing = metered(payments=payments, **status)
        assert whole(listing) == ("119.00 EUR", True)
        assert listing.rows[0].status == "paid"


@pytest.mark.parametrize(
    ("payments", "gaps"),
    [
        ([{"amount": eur(7000)}], 1),
        ([{"amount": eur(11900), "fee": eur(300)}], 1),
        ([{"amount": eur(11900), "status": "failed"}], 1),
        ([{"amount": eur(11900), "refunded": True}], 2),  # it did not stay, and is not read
    ],
)
def test_payments_that_are_not_all_or_did_not_stay_are_a_gap(payments: Any, gaps: int) -> None:
    listing = metered(payments=payments, status="paid")
    assert (str(listing.rows[0].total), len(listing.gaps)) == ("119.00 EUR", gaps)
