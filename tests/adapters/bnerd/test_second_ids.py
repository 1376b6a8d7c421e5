"""Legal documents that name each other by an id that is stated beside their own (section 2.4)."""

import json
from typing import Any

import pytest

from billfold import InvoiceKind, Money, Period
from billfold_bnerd import invoices

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
SEPTEMBER, OCTOBER = Period.month(2026, 9), Period.month(2026, 10)
SECOND = ("easybill_id", "document_id", "easybill_document_id", "uuid", "external_id")


def document(own_id: int, euros: int, issued: str, **said: Any) -> dict[str, Any]:
    row = {"id": own_id, "amount": euros * 100, "currency": "EUR", "document_date": issued}
    return {"type": "INVOICE", "number": f"RE-{own_id}", **row, **said}


def bill(own_id: int, euros: int, month: int, **said: Any) -> dict[str, Any]:
    """Return a bill of a month, which is written as the next one begins."""
    return document(own_id, euros, f"2026-{month + 1:02d}-02", **said)


def back(own_id: int, euros: int, kind: str, **said: Any) -> dict[str, Any]:
    """Return what gives money back, and is of October by its own date."""
    return document(own_id, -euros, "2026-11-20", type=kind, **said)


def read(*rows: Any) -> tuple[list[tuple[str, bool]], dict[str, str | None]]:
    """Return what September and October come to, whether each is sure, and what corrects what."""
    months, corrects = [], {}
    for month in (SEPTEMBER, OCTOBER):
        listing = invoices.invoices(ORG, InvoiceKind.LEGAL, month, json.dumps(rows).encode())
        total = Money.zero("EUR")
        for one in listing.rows:
            corrects[one.id] = one.corrects
            total += one.total if one.counts and one.total is not None else Money.zero("EUR")
        months.append((f"{total.amount:.2f}", not listing.gaps))
    return months, corrects


@pytest.mark.parametrize("key", SECOND)
@pytest.mark.parametrize("kind", ["STORNO", "CREDIT"])
def test_a_bill_names_what_cancelled_it_by_its_second_id(key: str, kind: str) -> None:
    # 119.00 each month; all of September's is given back, and October's stands.
    first, second = bill(2, 119, 9, cancel_id=9004, **{key: 9002}), bill(3, 119, 10, **{key: 9003})
    months, _ = read(second, first, back(4, 119, kind, **{key: 9004}))
    assert months == [("0.00", True), ("119.00", True)]


@pytest.mark.parametrize("key", SECOND)
@pytest.mark.parametrize(
    "named",
    [
        {"easybill_invoice_id": 9001},
        {"ref_id": 9001},
        {"cancel_id": 9001},
        {"invoice": {"id": "9001"}},
        {"document_ids": [9001]},
    ],
    ids=json.dumps,
)
def test_a_correction_names_its_bill_by_that_ones_second_id(key: str, named: Any) -> None:
    # 100.00 of September less 20.00 are 80.00.
    rows = bill(1, 100, 9, **{key: 9001}), bill(2, 300, 10, **{key: 9002})
    for other in ({}, {key: 9003}):
        months, corrects = read(*rows, back(3, 20, "CREDIT", **other, **named))
        assert months == [("80.00", True), ("300.00", True)]
        assert corrects["3"] == "1"
        # All of it is 0.00.
        months, corrects = read(*rows, back(3, 100, "STORNO", **other, **named))
        assert months == [("0.00", True), ("300.00", True)]
        assert corrects["3"] == "1"


def test_the_second_ids_may_stand_under_the_key_that_names_the_bill_in_a_credit() -> None:
    # Each document says under `easybill_invoice_id` which one it is, and the storno is 9004 there.
    key = "easybill_invoice_id"
    first, second = bill(2, 119, 9, cancel_id=9004, **{key: 9002}), bill(3, 119, 10, **{key: 9003})
    months, _ = read(second, first, back(4, 119, "STORNO", **{key: 9004}))
    assert months == [("0.00", True), ("119.00", True)]
    # There the credit's is that of the bill: 100.00 less 20.00.
    months, corrects = read(bill(1, 100, 9, **{key: 9001}), back(3, 20, "CREDIT", **{key: 9001}))
    assert (months[0], corrects["3"]) == (("80.00", True), "1")


def test_a_second_id_may_stand_in_an_object() -> None:
    rows = bill(1, 100, 9, easybill={"id": 9001}), back(3, 20, "CREDIT", ref_id=9001)
    assert read(*rows)[0][0] == ("80.00", True)


def test_an_id_that_two_bills_state_is_the_second_of_neither() -> None:
    rows = bill(1, 100, 9, external_id=77), bill(2, 300, 10, external_id=77)
    months, _ = read(*rows, back(3, 20, "CREDIT", ref_id=77))
    assert months == [("100.00", True), ("280.00", False)]


def test_an_own_id_goes_before_the_second_id_of_another() -> None:
    # 2 is October's own id: 300.00 less 20.00.
    rows = bill(1, 100, 9, easybill_id=2), bill(2, 300, 10, easybill_id=3)
    assert read(*rows, back(4, 20, "CREDIT", ref_id=2))[0] == [("100.00", True), ("280.00", True)]


def test_a_bill_names_what_cancelled_it_by_its_number() -> None:
    first, second = bill(2, 119, 9, cancel_id="ST-4"), bill(3, 119, 10)
    months, _ = read(first, second, back(4, 119, "STORNO", number="ST-4"))
    assert months == [("0.00", True), ("119.00", True)]


def test_a_cancellation_that_names_nothing_may_be_that_of_a_bill_whose_own_is_not_listed() -> None:
    # 9004 may be 4: then October is 119.00, else 0.00. September is 0.00 in both.
    first, second = bill(2, 119, 9, cancel_id=9004), bill(3, 119, 10)
    months, _ = read(first, second, back(4, 119, "STORNO"))
    assert months == [("0.00", True), ("119.00", False)]


def test_a_version_is_named_by_its_second_id() -> None:
    # 2 took the place of 1: 119.00 of 219.00.
    rows = bill(1, 100, 10, superseded_by=9002), bill(2, 119, 10, easybill_id=9002)
    assert read(*rows)[0][1] == ("119.00", True)


def test_what_names_its_cancellation_may_be_of_a_type_that_is_not_known() -> None:
    # Whether 100.00 of September are asked for is not known, so neither they nor what takes them
    # back count, and September is unsure.
    rows = bill(1, 100, 9, type="FOO", storno_id=4), back(4, 100, "STORNO")
    months, corrects = read(*rows)
    assert months == [("0.00", False), ("0.00", True)]
    assert corrects["4"] == "1"
