"""Cancellations that do not say what they take back, and the months that they may be of (2.4)."""

import json
from typing import Any

import pytest

from billfold import InvoiceKind, Money, Period
from billfold_bnerd import invoices

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
MONTHS = [Period.month(2026, month) for month in (8, 9, 10)]


def document(own_id: int, euros: int, issued: str, **said: Any) -> dict[str, Any]:
    row = {"id": own_id, "amount": euros * 100, "currency": "EUR", "document_date": issued}
    return {"type": "INVOICE", "number": f"RE-{own_id}", **row, **said}


def storno(own_id: int, euros: int = -100, **said: Any) -> dict[str, Any]:
    """Return one that is of October by its own date."""
    return document(own_id, euros, "2026-11-20", type="STORNO", **said)


AUGUST, SEPTEMBER = document(1, 100, "2026-09-02"), document(2, 100, "2026-10-02")
OCTOBER, ANOTHER = document(3, 100, "2026-11-02"), document(3, 300, "2026-11-02")


def months(*rows: Any) -> list[tuple[str, bool]]:
    """Return what August, September and October come to, and whether each is sure."""
    found = []
    for month in MONTHS:
        listing = invoices.invoices(ORG, InvoiceKind.LEGAL, month, json.dumps(rows).encode())
        total = Money.zero("EUR")
        for one in listing.rows:
            total += one.total if one.counts and one.total is not None else Money.zero("EUR")
        found.append((f"{total.amount:.2f}", not listing.gaps))
    return found


@pytest.mark.parametrize("said", [{}, {"text": "Storno"}, {"text": "Kulanz"}], ids=json.dumps)
def test_each_bill_that_it_may_take_back_leaves_its_month_unsure(said: Any) -> None:
    # It is of 1 or of 2, so one of these months comes to 0.00, and October to 300.00.
    left = months(AUGUST, SEPTEMBER, ANOTHER, storno(4, **said))
    assert left == [("100.00", False), ("100.00", False), ("200.00", False)]


def test_one_over_its_amount_in_the_month_of_its_date_is_that_which_it_takes_back() -> None:
    left = months(AUGUST, SEPTEMBER, OCTOBER, storno(4))
    assert left == [("100.00", True), ("100.00", True), ("0.00", True)]


@pytest.mark.parametrize(
    "second",
    [storno(5), storno(5, ref_id=3), storno(5, text="Storno zu RE-3")],
    ids=["nothing", "id", "text"],
)
def test_a_bill_is_taken_back_once(second: Any) -> None:
    # October's bill is given back once, so the other cancellation is of one before: of two 200.00
    # are back, and which of August and September comes to 0.00 is not known.
    for rows in ((storno(4), second), (second, storno(4))):
        left = months(AUGUST, SEPTEMBER, OCTOBER, *rows)
        assert left == [("100.00", False), ("100.00", False), ("-100.00", False)]


def test_bills_that_it_cannot_take_back_are_sure() -> None:
    later = document(1, 100, "2026-11-25", period="2026-08")
    other = document(2, 101, "2026-10-02")
    left = months(later, other, ANOTHER, storno(4))
    assert left == [("100.00", True), ("101.00", True), ("200.00", False)]
    # September's was cancelled by 5, which says so: 0.00, and 4 is of August's or of none.
    left = months(AUGUST, SEPTEMBER, ANOTHER, storno(5, ref_id=2), storno(4))
    assert left == [("100.00", False), ("0.00", True), ("200.00", False)]


@pytest.mark.parametrize(
    ("named", "is_sure"),
    [(7001, False), ("RE-77", True), ("0f0e0d0c-1111-4111-8111-111111111111", True)],
)
def test_one_that_names_an_id_of_a_form_that_no_bill_has_may_be_of_any_over_its_amount(
    named: object, is_sure: bool
) -> None:
    # The platform's ids are UUIDs: 7001 may be how EasyBill calls August's or September's bill.
    listed = [
        {**row, "id": f"{row['id']:08d}-1111-4111-8111-111111111111"}
        for row in (AUGUST, SEPTEMBER, ANOTHER, storno(4, ref_id=named))
    ]
    assert months(*listed) == [("100.00", is_sure), ("100.00", is_sure), ("200.00", False)]


def test_one_without_a_sign_leaves_what_it_may_take_back_unsure() -> None:
    left = months(SEPTEMBER, ANOTHER, storno(4, 100))
    assert left == [("0.00", True), ("100.00", False), ("300.00", False)]


def test_the_cancellation_of_a_credit_that_names_nothing_leaves_the_credits_month_unsure() -> None:
    # 100.00 less 30.00; with the credit taken back it is 100.00, and October 300.00.
    credit = document(5, -30, "2026-10-20", type="CREDIT", ref_id=2)
    undone = document(4, 30, "2026-11-20", type="STORNO_CREDIT")
    left = months(SEPTEMBER, credit, ANOTHER, undone)
    assert left == [("0.00", True), ("70.00", False), ("330.00", False)]
