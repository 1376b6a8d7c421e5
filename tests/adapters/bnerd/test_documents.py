"""Which legal documents ask for money, and what cancels what (CONTRACT.md, section 2.4)."""

import json
from datetime import date
from typing import Any

import pytest

from billfold import Invoice, InvoiceKind, Period
from billfold.model import is_paid, open_amounts
from billfold_bnerd import invoices, one_invoice
from billfold_bnerd.lists import Listing
from support.mocked import Mocked

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
LEGAL = f"https://api.bnerd.cloud/organizations/{ORG}/invoices"
OCTOBER = Period.month(2026, 10)
ZEROS = ("0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01", "0000-00-00 00:00:00")


def document(own_id: int, amount: int = 10000, **fields: Any) -> dict[str, Any]:
    dated = {"document_date": "2026-11-02", "currency": "EUR", "type": "INVOICE"}
    return {"id": own_id, "amount": amount, **dated, **fields}


def legal(*rows: Any, period: Period | None = OCTOBER) -> Listing[Invoice]:
    return invoices.invoices(ORG, InvoiceKind.LEGAL, period, json.dumps(rows).encode())


def mirrored(row: Any) -> Listing[Invoice]:
    return invoices.invoices(ORG, InvoiceKind.METERING, OCTOBER, json.dumps([row]).encode())


def counted(listing: Listing[Invoice]) -> list[str]:
    return [f"{bill.id} {bill.total}" for bill in listing.rows if bill.counts]


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "INVOICE"},
        {"type": "invoice"},
        {"status": "DONE"},
        {"status": "paid", "is_draft": False},
        {"is_draft": "false"},
        {"is_draft": 0},
    ],
)
def test_an_invoice_counts(fields: dict[str, Any]) -> None:
    listing = legal(document(1, **fields))
    assert (counted(listing), listing.gaps, listing.notes) == (["1 100.00 EUR"], (), ())


@pytest.mark.parametrize(
    "fields",
    [
        *({"type": kind} for kind in ("OFFER", "ORDER", "DELIVERY", "CHARGE", "CHARGE_CONFIRM")),
        *({"type": kind} for kind in ("PROFORMA_INVOICE", "STORNO_PROFORMA_INVOICE", "RECURRING")),
        *({"type": kind} for kind in ("REMINDER", "DUNNING", "PDF", "LETTER", "dunning")),
        *(
            {"status": word}
            for word in ("DRAFT", "void", "VOID", "Cancelled", "canceled", "CANCEL")
        ),
        *({"is_draft": yes} for yes in (True, "true", 1)),
        {"type": "OFFER", "status": "ACCEPT"},
    ],
)
def test_what_asks_for_no_money_is_listed_and_does_not_count(fields: dict[str, Any]) -> None:
    listing = legal(document(1, **fields), document(2, 500))
    assert [str(bill.total) for bill in listing.rows] == ["100.00 EUR", "5.00 EUR"]
    assert (counted(listing), listing.gaps) == (["2 5.00 EUR"], ())


@pytest.mark.parametrize("kind", ["QUITTUNG", "INVOICE2", 7, {"name": "INVOICE"}, True])
def test_an_unknown_type_does_not_count_and_is_a_gap(kind: object) -> None:
    listing = legal(document(2, 500), document(1, type=kind))
    assert counted(listing) == ["2 5.00 EUR"]
    assert listing.gaps == (
        "a type of document that is not known, and not counted - at `$[1].type`",
    )
    # Of another month it is none of this one's business.
    assert legal(document(1, type=kind), period=Period.month(2026, 9)).gaps == ()


@pytest.mark.parametrize(
    "mark", ["written_off", "uncollectible", "is_chargeback", "cancellation_date"]
)
@pytest.mark.parametrize("value", [True, "2026-11-06"])
def test_an_invoice_that_was_given_up_counts_and_is_a_gap(mark: str, value: object) -> None:
    gap = f"a mark that may change what counts - at `$[0].{mark}`"
    for listing in (legal(document(1, **{mark: value})), metering((1, {mark: value}))):
        assert (len(counted(listing)), listing.gaps) == (1, (gap,))
    assert legal(document(1, **{mark: None})).gaps == ()


def test_an_invoice_that_is_marked_as_a_cancellation_counts_and_is_a_gap() -> None:
    listing = legal(document(1, storno=True))
    assert counted(listing) == ["1 100.00 EUR"]
    assert listing.gaps == ("a mark that it gives money back, and counted - at `$[0].storno`",)
    back = document(2, -10000, type="STORNO", storno=True)
    assert legal(document(1), back).gaps == ()
    assert legal(document(1, storno=False)).gaps == ()


@pytest.mark.parametrize("word", ["paid", "open"])
@pytest.mark.parametrize(("void", "other"), [("state", "status"), ("status", "state")])
def test_a_document_that_is_void_by_one_status_alone_does_not_count_and_is_a_gap(
    word: str, void: str, other: str
) -> None:
    fields = {void: "cancelled", other: word}
    gap = f"void by this and paid or open by another word, and not counted - at `$[0].{void}`"
    for listing in (legal(document(1, **fields)), metering((1, fields))):
        assert (counted(listing), listing.gaps) == ([], (gap,))
        assert [bill.status for bill in listing.rows] == ["cancelled"]
    assert legal(document(1, **{void: "cancelled", other: "DONE"})).gaps == ()


@pytest.mark.parametrize(
    ("void", "by"),
    [
        ({"voided_at": "2026-11-20T00:00:00Z"}, "voided_at"),
        ({"cancelled_at": "2026-11-20"}, "cancelled_at"),
        ({"is_cancelled": True}, "is_cancelled"),
        ({"is_draft": True}, "is_draft"),
        ({"finalized": False}, "finalized"),
    ],
)
@pytest.mark.parametrize(
    "other",
    [
        {"status": "paid"},
        {"state": "open"},
        {"paid_at": "2026-11-10"},
        {"status": "issued", "payment_status": "paid"},
    ],
)
def test_a_mark_that_a_document_is_void_beside_a_word_that_it_is_not_is_a_gap(
    void: dict[str, Any], by: str, other: dict[str, Any]
) -> None:
    gap = f"void by this and paid or open by another word, and not counted - at `$[0].{by}`"
    marked = "draft" if by in ("is_draft", "finalized") else "void"
    shown = "issued" if other.get("status") == "issued" else marked
    for listing in (legal(document(1, **void, **other)), metering((1, void | other))):
        assert (counted(listing), listing.gaps) == ([], (gap,))
        assert [bill.status for bill in listing.rows] == [shown]


@pytest.mark.parametrize(
    ("paid", "is_gap"),
    [
        ({"paid_at": "2026-11-10"}, True),
        ({"payment_status": "paid"}, True),
        ({"fully_paid": True}, True),
        ({"payment_status": "unpaid"}, False),
        ({"paid": False, "paid_at": None}, False),
    ],
)
def test_what_was_paid_of_a_document_that_is_void_is_a_gap(
    paid: dict[str, Any], is_gap: bool
) -> None:
    gap = "void by this and paid or open by another word, and not counted - at `$[0].status`"
    for listing in (
        legal(document(1, status="void", **paid)),
        metering((1, {"status": "void"} | paid)),
    ):
        assert (counted(listing), listing.gaps) == ([], (gap,) if is_gap else ())


def test_a_document_without_the_key_of_its_type_is_an_invoice() -> None:
    row = document(1)
    del row["type"]
    assert (counted(legal(row)), legal(row).gaps) == (["1 100.00 EUR"], ())


@pytest.mark.parametrize(
    ("fields", "gap"),
    [
        ({"type": None}, "a document of no type, taken for an invoice - at `$[0].type`"),
        ({"type": ""}, "a document of no type, taken for an invoice - at `$[0].type`"),
        (
            {"is_draft": "perhaps"},
            "whether a document is a draft is not readable - at `$[0].is_draft`",
        ),
        ({"is_draft": None}, "whether a document is a draft is not readable - at `$[0].is_draft`"),
        ({"status": {"a": 1}}, "whether a document is void is not readable - at `$[0].status`"),
        ({"status": 7}, "whether a document is void is not readable - at `$[0].status`"),
        ({"status": "refunded"}, "a status that is not known, and counted - at `$[0].status`"),
        ({"state": "WRITTEN-OFF"}, "a status that is not known, and counted - at `$[0].state`"),
    ],
)
def test_whether_a_document_counts_has_to_be_readable(fields: dict[str, Any], gap: str) -> None:
    listing = legal(document(1, **fields))
    assert (counted(listing), listing.gaps) == (["1 100.00 EUR"], (gap,))


@pytest.mark.parametrize(
    ("invoice", "cancellation"),
    [
        ({"cancel_id": 2}, {"type": "STORNO"}),
        ({"cancel_id": "2"}, {"type": "STORNO", "ref_id": 1}),
        ({}, {"type": "STORNO", "ref_id": 1}),
        ({}, {"type": "storno", "ref_id": "1"}),
        ({"status": "cancelled"}, {"type": "STORNO", "ref_id": 1}),
        ({"status": "void"}, {"type": "STORNO", "ref_id": 1, "status": "void"}),
    ],
)
def test_an_invoice_and_its_cancellation_both_count_and_add_up_to_nothing(
    invoice: dict[str, Any], cancellation: dict[str, Any]
) -> None:
    listing = legal(document(1, **invoice), document(2, -10000, **cancellation))
    assert counted(listing) == ["1 100.00 EUR", "2 -100.00 EUR"]
    assert listing.gaps == ()


def test_a_cancelled_invoice_says_which_document_took_it_back() -> None:
    named = legal(document(1, cancel_id=2), document(2, -10000, type="STORNO"), document(3))
    naming = legal(document(1), document(2, -10000, type="STORNO", ref_id=1), document(3))
    for listing in (named, naming):
        assert [bill.cancelled_by for bill in listing.rows] == ["2", None, None]
        assert counted(listing) == ["1 100.00 EUR", "2 -100.00 EUR", "3 100.00 EUR"]
    assert [bill.cancelled_by for bill in legal(document(1, cancel_id=9)).rows] == ["9"]


@pytest.mark.parametrize("status", [None, "DONE", "cancelled", "storniert"])
@pytest.mark.parametrize("amount", [-10000, 10000])
def test_a_credit_over_all_of_the_invoice_that_it_names_takes_it_back(
    status: str | None, amount: int
) -> None:
    # 100.00 - 100.00 + 70.00 = 70.00, whatever the invoice's status and the credit's sign.
    credit = document(2, amount, type="CREDIT", ref_id=1, document_date="2027-02-14")
    listing = legal(document(1, status=status), credit, document(3, 7000))
    assert counted(listing) == ["1 100.00 EUR", "2 -100.00 EUR", "3 70.00 EUR"]
    assert [bill.cancelled_by for bill in listing.rows] == ["2", None, None]
    written = "CREDIT 2 is written without a sign, and takes 1 back"
    assert (listing.notes, listing.gaps) == ((written,) if amount > 0 else (), ())


def test_a_credit_over_a_part_of_the_invoice_that_it_names_leaves_it_in_force() -> None:
    listing = legal(document(1), document(2, -1000, type="CREDIT", ref_id=1))
    assert counted(listing) == ["1 100.00 EUR", "2 -10.00 EUR"]
    assert ([bill.cancelled_by for bill in listing.rows], listing.gaps) == ([None, None], ())
    unsigned = legal(document(1), document(2, 1000, type="CREDIT", ref_id=1))
    assert counted(unsigned) == ["1 100.00 EUR", "2 None"]


@pytest.mark.parametrize(
    "credit",
    [
        {"is_draft": True},
        {"status": "void"},
        {"cancel_id": 9},
    ],
)
def test_a_credit_that_is_not_in_force_takes_nothing_back(credit: dict[str, Any]) -> None:
    listing = legal(document(1), document(2, -10000, type="CREDIT", ref_id=1, **credit))
    assert counted(listing) == ["1 100.00 EUR"]
    assert next(bill.cancelled_by for bill in listing.rows) is None


def test_a_cancelled_credit_leaves_its_invoice_in_force() -> None:
    # 100.00 - 100.00 + 100.00 = 100.00, which is asked for.
    rows = (
        document(1),
        document(2, -10000, type="CREDIT", ref_id=1),
        document(3, type="STORNO_CREDIT", ref_id=2),
    )
    listing = legal(*rows)
    assert counted(listing) == ["1 100.00 EUR", "2 -100.00 EUR", "3 100.00 EUR"]
    assert [bill.cancelled_by for bill in listing.rows] == [None, "3", None]


def test_two_credits_over_all_of_an_invoice_are_a_gap() -> None:
    rows = (document(own, -10000, type="CREDIT", ref_id=1) for own in (2, 3))
    assert legal(document(1), *rows).gaps == (
        "invoice 1 is cancelled by 2 documents, and all of them count",
    )


@pytest.mark.parametrize(
    ("credit", "said"),
    [
        ({"amount": -4000, "ref_id": 1}, "over -40.00 EUR counts, and takes 1 back"),
        ({"amount": -10000}, "over -100.00 EUR counts, and may take 1 back"),
    ],
)
def test_a_credit_of_a_void_invoice_that_does_not_add_up_to_nothing_is_a_gap(
    credit: dict[str, Any], said: str
) -> None:
    listing = legal(document(1, status="void"), document(2, type="CREDIT", **credit))
    assert listing.gaps == (f"2 {said}, which is void and does not count",)
    for other in ({"is_draft": True}, {"type": "OFFER", "status": "CANCEL"}, {"amount": 2}):
        both = (document(1, **other), document(2, type="CREDIT", amount=-10000))
        assert legal(*both).gaps == ()


@pytest.mark.parametrize("kind", ["STORNO", "CREDIT"])
def test_what_a_bill_names_as_its_cancellation_is_not_that_of_a_void_one_of_its_amount(
    kind: str,
) -> None:
    # By hand 100.00: 1 is void, 2 less 4 is nothing, and 3 stands.
    bills = (document(1, status="void"), document(2, cancel_id=4), document(3))
    listing = legal(*bills, document(4, -10000, type=kind))
    assert counted(listing) == ["2 100.00 EUR", "3 100.00 EUR", "4 -100.00 EUR"]
    assert listing.gaps == ()


@pytest.mark.parametrize(
    ("void", "back", "said"),
    [
        ({"status": "cancelled"}, {"type": "storno", "ref_id": "m-1"}, "takes m-1 back"),
        ({"status": "void"}, {"type": "credit_note", "cancels": "m-1"}, "takes m-1 back"),
        ({"voided": True}, {"type": "credit_note"}, "may take m-1 back"),
        ({"status": "void"}, {}, "may take m-1 back"),
    ],
)
def test_what_gives_money_of_a_void_metering_invoice_back_is_a_gap(
    void: dict[str, Any], back: dict[str, Any], said: str
) -> None:
    # By hand 0.00: neither counts, or both do.
    given = {"total": {"cents": -10000, "currency_iso": "EUR"}, **back}
    listing = metering((1, void), (2, given))
    assert counted(listing) == ["m-2 -100.00 EUR"]
    assert listing.gaps == (
        f"m-2 over -100.00 EUR counts, and {said}, which is void and does not count",
    )
    assert counted(metering((1, {"status": "paid"}), (2, given)))[0] == "m-1 100.00 EUR"
    assert metering((1, {"status": "paid"}), (2, given)).gaps == ()


def test_a_cancellation_bills_the_time_of_what_it_cancels() -> None:
    rows = (
        document(1, cancel_id=2),
        document(2, -10000, type="STORNO", document_date="2027-02-14"),
    )
    assert counted(legal(*rows)) == ["1 100.00 EUR", "2 -100.00 EUR"]
    assert counted(legal(*rows, period=Period.month(2027, 1))) == []


SEPTEMBER_8 = document(8, 8009, document_date="2026-10-02", amount_net=6730) | {
    "service_date": {"date_from": "2026-09-01", "date_to": "2026-09-30"}
}
OCTOBER_1 = document(1, 9211, document_date="2026-11-02", amount_net=7740) | {
    "service_date": {"date_from": "2026-10-01", "date_to": "2026-10-31"}
}
CREDIT_9 = document(9, -1190, type="CREDIT", document_date="2026-11-10", amount_net=-1000) | {
    "service_date": {"type": "DEFAULT"}
}


def by_month(*rows: Any) -> dict[str, list[str]]:
    months = {f"2026-{month:02d}": Period.month(2026, month) for month in (8, 9, 10)}
    return {name: counted(legal(*rows, period=month)) for name, month in months.items()}


@pytest.mark.parametrize(
    ("invoice", "credit"),
    [
        ({}, {"ref_id": 8}),
        ({}, {"ref_id": "8", "document_date": "2027-02-14"}),
        ({"cancel_id": 9}, {}),
        ({}, {"cancel_id": 8}),
        ({"cancel_id": 9}, {"cancel_id": 8}),
        ({}, {"ref_id": 8, "type": "STORNO"}),
        ({}, {"ref_id": 8, "type": "INVOICE"}),
    ],
)
def test_a_correction_of_any_amount_bills_the_time_of_what_it_names(
    invoice: dict[str, Any], credit: dict[str, Any]
) -> None:
    # September: 80.09 - 11.90 = 68.19; October: 92.11.
    rows = (SEPTEMBER_8 | invoice, OCTOBER_1, CREDIT_9 | credit)
    september = ["8 80.09 EUR", "9 -11.90 EUR"]
    assert by_month(*rows) == {"2026-08": [], "2026-09": september, "2026-10": ["1 92.11 EUR"]}
    assert legal(*rows, period=Period.month(2026, 9)).gaps == ()


def test_a_correction_with_a_time_of_its_own_bills_that() -> None:
    service = {"date_from": "2026-10-01", "date_to": "2026-10-31"}
    own = CREDIT_9 | {"ref_id": 8, "service_date": service}
    months = by_month(SEPTEMBER_8, own)
    assert months == {"2026-08": [], "2026-09": ["8 80.09 EUR"], "2026-10": ["9 -11.90 EUR"]}


def test_the_cancellation_of_a_credit_bills_the_time_of_the_credits_invoice() -> None:
    back = document(10, 1190, type="STORNO_CREDIT", ref_id=9, document_date="2026-11-12")
    september = ["8 80.09 EUR", "9 -11.90 EUR", "10 11.90 EUR"]
    months = by_month(SEPTEMBER_8, CREDIT_9 | {"ref_id": 8}, back)
    assert months == {"2026-08": [], "2026-09": september, "2026-10": []}


def test_an_invoice_that_refers_to_another_document_bills_a_time_of_its_own() -> None:
    offer = document(3, 9211, type="ORDER", document_date="2026-09-14")
    undated = OCTOBER_1 | {"service_date": None, "ref_id": 3}
    assert by_month(offer, undated)["2026-10"] == ["1 92.11 EUR"]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((), "which is not listed"),
        ((SEPTEMBER_8 | {"service_date": None, "document_date": None},), "which has no time"),
    ],
)
def test_a_credit_of_what_has_no_month_bills_by_its_own_date_and_is_a_gap(
    rows: tuple[Any, ...], why: str
) -> None:
    credit = CREDIT_9 | {"ref_id": 8}
    listing = legal(*rows, OCTOBER_1, credit)
    assert counted(listing)[-2:] == ["1 92.11 EUR", "9 -11.90 EUR"]
    said = f"CREDIT 9 counts and takes 8 back, {why}: by its own date it is of 2026-10"
    assert said in listing.gaps
    assert legal(*rows, OCTOBER_1, credit | {"is_draft": True}).gaps == listing.gaps[1:]


def test_a_metering_credit_without_a_period_bills_that_of_what_it_names() -> None:
    given = {"total": {"cents": -1000, "currency_iso": "EUR"}, "credits": "m-1", "period": None}
    listing = metering((1, {}), (2, given))
    assert counted(listing) == ["m-1 100.00 EUR", "m-2 -10.00 EUR"]
    assert (listing.rows[1].period, listing.gaps) == (OCTOBER, ())


def test_a_cancellation_without_a_sign_takes_back_what_it_names() -> None:
    rows = (document(1, cancel_id=2, amount_net=8403), document(2, type="STORNO", amount_net=8403))
    listing = legal(*rows)
    assert counted(listing) == ["1 100.00 EUR", "2 -100.00 EUR"]
    assert str(listing.rows[1].net) == "-84.03 EUR"
    assert listing.notes == ("STORNO 2 is written without a sign, and takes 1 back",)


@pytest.mark.parametrize(
    ("fields", "amount", "known"),
    [
        ({"type": "CREDIT"}, -500, True),
        ({"type": "CREDIT"}, 500, False),
        ({"type": "STORNO"}, -500, True),
        ({"type": "STORNO", "ref_id": 99}, 500, False),
        ({"type": "STORNO_CREDIT"}, 500, True),
        ({"type": "STORNO_CREDIT"}, -500, False),
    ],
)
def test_money_whose_sign_is_not_sure_is_unknown(
    fields: dict[str, Any], amount: int, known: bool
) -> None:
    listing = legal(document(1, amount, **fields))
    (bill,) = listing.rows
    assert (bill.total is not None, bill.counts) == (known, True)
    assert bool(bill.reason) != known
    assert known or "over 5.00 EUR, whose sign" in (bill.reason or "") or amount < 0
    assert (f"1 is {bill.reason}" in listing.notes) != known


@pytest.mark.parametrize(
    ("kind", "amount", "net", "total", "odd"),
    [
        ("CREDIT", -119, 100, "-1.19 EUR", "1.00 EUR"),
        ("INVOICE", 119, -100, "1.19 EUR", "-1.00 EUR"),
    ],
)
def test_a_net_amount_of_the_other_sign_is_none_and_a_gap(
    kind: str, amount: int, net: int, total: str, odd: str
) -> None:
    listing = legal(document(1, amount, type=kind, amount_net=net))
    assert (counted(listing), listing.rows[0].net) == ([f"1 {total}"], None)
    assert listing.gaps == (f"a net amount of {odd} against one of {total} - at `$[0].amount_net`",)
    assert legal(document(1, amount, type=kind, amount_net=0)).gaps == ()


def test_a_credit_and_its_cancellation_add_up_to_nothing() -> None:
    rows = (document(1, -500, type="CREDIT"), document(2, 500, type="STORNO_CREDIT", ref_id=1))
    assert counted(legal(*rows)) == ["1 -5.00 EUR", "2 5.00 EUR"]


def test_a_cancelled_invoice_whose_cancellation_is_not_listed_does_not_count() -> None:
    listing = legal(document(1, cancel_id=99), document(2, 500))
    assert counted(listing) == ["2 5.00 EUR"]
    assert listing.notes == (
        "invoice 1 was cancelled by one that is not listed, and does not count",
    )


IN_FORCE = (None, "DONE", "ACCEPT")
COMPLETE, PARTIAL = False, True


@pytest.mark.parametrize("kinds", [("INVOICE", "STORNO"), ("CREDIT", "STORNO_CREDIT")])
@pytest.mark.parametrize(
    ("bill", "cancellation", "named_by", "count", "gaps"),
    [
        # Whichever names the other: together they are nothing, whatever their status.
        *((bill, own, "both", [1, 2], COMPLETE) for bill in IN_FORCE for own in IN_FORCE),
        *((bill, own, "bill", [1, 2], COMPLETE) for bill in IN_FORCE for own in IN_FORCE),
        *((bill, own, "own", [1, 2], COMPLETE) for bill in IN_FORCE for own in IN_FORCE),
        *((bill, "CANCEL", "both", [1, 2], COMPLETE) for bill in (*IN_FORCE, "CANCEL")),
        *((bill, "CANCEL", "bill", [1, 2], COMPLETE) for bill in (*IN_FORCE, "CANCEL")),
        *((bill, "CANCEL", "own", [1, 2], COMPLETE) for bill in (*IN_FORCE, "CANCEL")),
        *(("CANCEL", own, "both", [1, 2], COMPLETE) for own in IN_FORCE),
        *(("CANCEL", own, "bill", [1, 2], COMPLETE) for own in IN_FORCE),
        *(("CANCEL", own, "own", [1, 2], COMPLETE) for own in IN_FORCE),
        # Neither names the other: both count, or neither does and nobody can be sure.
        *((bill, own, "none", [1, 2], COMPLETE) for bill in IN_FORCE for own in IN_FORCE),
        *((bill, "CANCEL", "none", [1, 2], COMPLETE) for bill in IN_FORCE),
        *(("CANCEL", own, "none", [], PARTIAL) for own in (*IN_FORCE, "CANCEL")),
    ],
)
def test_a_bill_and_its_cancellation_are_nothing_together_whatever_their_status(
    kinds: tuple[str, str],
    bill: str | None,
    cancellation: str | None,
    named_by: str,
    count: list[int],
    gaps: bool,
) -> None:
    amount = 1433 if kinds[0] == "INVOICE" else -1433
    cancel = {"cancel_id": 2} if named_by in ("both", "bill") else {}
    ref = {"ref_id": 1} if named_by in ("both", "own") else {}
    listing = legal(
        document(1, amount, type=kinds[0], status=bill, **cancel),
        document(2, -amount, type=kinds[1], status=cancellation, **ref),
    )
    totals = {1: amount, 2: -amount}
    assert counted(listing) == [f"{one} {totals[one] / 100:.2f} EUR" for one in count]
    assert bool(listing.gaps) is gaps


@pytest.mark.parametrize(
    ("fields", "count", "said", "gap"),
    [
        # Alone a bill asks for its money unless it is void, and a cancellation gives it back.
        *(({"type": "INVOICE", "status": own}, True, False, False) for own in IN_FORCE),
        ({"type": "INVOICE", "status": "CANCEL"}, False, False, False),
        ({"type": "INVOICE", "cancel_id": 2}, False, True, False),
        # What it takes back is not there, so that nothing says of which month that is.
        *(({"type": "STORNO", "status": own}, True, False, True) for own in IN_FORCE),
        ({"type": "STORNO", "status": "CANCEL"}, True, True, True),
        ({"type": "storno", "state": "storniert"}, True, True, True),
        ({"type": "STORNO", "status": "CANCEL", "ref_id": 9}, True, True, True),
        ({"type": "STORNO", "status": "CANCEL", "is_draft": True}, False, False, False),
        *(({"type": "STORNO", "status": word}, False, False, False) for word in ("void", "draft")),
        ({"type": "CREDIT", "status": "CANCEL"}, False, False, False),
        ({"type": "STORNO_PROFORMA_INVOICE", "status": "CANCEL"}, False, False, False),
    ],
)
def test_of_a_document_alone_its_type_and_status_say_whether_it_counts(
    fields: dict[str, Any], count: bool, said: bool, gap: bool
) -> None:
    amount = 1433 if fields["type"] == "INVOICE" else -1433
    listing = legal(document(1, amount, **fields))
    assert counted(listing) == ([f"1 {amount / 100:.2f} EUR"] if count else [])
    assert (bool(listing.notes), bool(listing.gaps)) == (said, gap)


@pytest.mark.parametrize("mark", ["cancelled_at", "canceled", "is_cancelled"])
def test_a_cancellation_that_is_marked_as_cancelled_counts_and_is_a_gap(mark: str) -> None:
    listing = legal(document(1, 10000), document(2, -10000, type="STORNO", **{mark: "1"}))
    assert counted(listing) == ["1 100.00 EUR", "2 -100.00 EUR"]
    assert listing.gaps == (f"a mark that may change what counts - at `$[1].{mark}`",)


def test_the_example_of_a_cancellation_with_a_status_of_its_own_gives_money_back() -> None:
    listing = legal(
        document(1, 6734),
        document(2, 9187, status="ACCEPT"),
        document(3, -1433, type="STORNO", status="CANCEL", amount_net=-1204),
    )
    assert counted(listing) == ["1 67.34 EUR", "2 91.87 EUR", "3 -14.33 EUR"]
    assert listing.notes == ("STORNO 3 counts, and its status 'CANCEL' changes nothing",)


def test_a_metering_cancellation_that_is_called_cancelled_counts_and_is_a_gap() -> None:
    back = {"total": {"cents": -1433, "currency_iso": "EUR"}, "status": "cancelled"}
    for kind in ("storno", "cancellation_invoice"):
        listing = metering((1, {}), (2, {**back, "type": kind}))
        assert counted(listing) == ["m-1 100.00 EUR", "m-2 -14.33 EUR"]
        (gap,) = listing.gaps
        assert gap == (
            "a cancellation that is called cancelled itself, and counted - at `$[1].status`"
        )
    assert counted(metering((1, {}), (2, {**back, "type": "credit"}))) == ["m-1 100.00 EUR"]


@pytest.mark.parametrize("amount", [-10000, 10000])
def test_a_cancellation_that_names_nothing_beside_a_void_invoice_of_its_amount_is_a_gap(
    amount: int,
) -> None:
    listing = legal(document(1, status="CANCEL"), document(2, amount, type="STORNO"))
    assert [gap.partition(",")[0] for gap in listing.gaps] == [
        "STORNO 2 does not say what it takes back"
    ]
    assert counted(listing) == []
    # A void one has one cancellation: the other is of something else.
    both = (document(2, -10000, type="STORNO"), document(3, -10000, type="STORNO"))
    assert counted(legal(document(1, status="CANCEL"), *both)) == ["3 -100.00 EUR"]
    # It says what it takes back, or the void one is of another amount: nothing is unsure.
    for void, storno in (
        (document(1, status="CANCEL"), {"ref_id": 1}),
        (document(1, status="CANCEL"), {"ref_id": 99}),
        (document(1, 5000, status="CANCEL"), {}),
        (document(1, status="CANCEL", type="OFFER"), {}),
    ):
        listing = legal(void, document(2, -10000, type="STORNO", **storno))
        assert not any("is taken for that of" in gap for gap in listing.gaps)
        assert bool(listing.gaps) == (storno != {"ref_id": 1})


def test_a_cancellation_of_what_is_not_listed_counts_and_is_a_gap() -> None:
    # Of a list without cancelled invoices it may be too much: then 50.00 is what is owed.
    storno = document(2, -10000, type="STORNO", ref_id=99)
    listing = legal(document(1, 5000), storno)
    assert counted(listing) == ["1 50.00 EUR", "2 -100.00 EUR"]
    said = "STORNO 2 counts and takes 99 back, which is not listed"
    assert listing.gaps == (f"{said}: by its own date it is of 2026-10",)
    # It says which month it is of, and still takes back what is not there.
    service = {"date_from": "2026-10-01", "date_to": "2026-10-31"}
    assert legal(document(1, 5000), storno | {"service_date": service}).gaps == (said,)
    named = document(1, 5000, cancel_id=2)
    assert legal(named, document(2, -5000, type="STORNO", ref_id=1)).notes == ()
    draft = document(2, -10000, type="STORNO", ref_id=99, is_draft=True)
    assert legal(document(1, 5000), draft).gaps == ()


def test_a_cancellation_that_names_nothing_is_of_the_month_of_a_bill_over_its_amount() -> None:
    storno = document(2, -10000, type="STORNO")
    said = "STORNO 2 counts and does not say what it takes back: by its own date it is of 2026-10"
    both = legal(document(1), storno)
    assert (counted(both), both.gaps) == (["1 100.00 EUR", "2 -100.00 EUR"], ())
    # The bill of September would be 100.00 there, and -100.00 were left in October.
    september = legal(document(1, document_date="2026-10-02"), storno)
    assert (counted(september), september.gaps) == (["2 -100.00 EUR"], (said,))
    assert legal(document(1, 20000), storno).gaps == (said,)


@pytest.mark.parametrize(
    "key", ["original_invoice_id", "related_document", "parent_invoice_uuid", "reference_id"]
)
def test_a_credit_may_name_its_invoice_under_another_key(key: str) -> None:
    bill = document(1, document_date="2026-10-02")
    for named in (1, {"id": 1}):
        credit = document(2, -1000, type="CREDIT", **{key: named})
        assert by_month(bill, credit)["2026-09"] == ["1 100.00 EUR", "2 -10.00 EUR"]
    alone = legal(document(2, -1000, type="CREDIT", **{key: 99}))
    said = "CREDIT 2 counts and takes 99 back, which is not listed"
    assert alone.gaps == (f"{said}: by its own date it is of 2026-10",)


def test_an_invoice_that_names_another_one_in_force_may_take_its_place() -> None:
    again = document(2, 12000, ref_id=1)
    listing = legal(document(1), again)
    assert counted(listing) == ["1 100.00 EUR", "2 120.00 EUR"]
    assert listing.gaps == ("INVOICE 2 names 1, whose place it may take, and both count",)
    # An offer asks for nothing, and of what is not listed there is nothing to count twice.
    assert legal(document(1, type="OFFER"), again).gaps == legal(again).gaps == ()
    assert mirrored({"id": "2", "ref_id": "2", "period": "2026-10"}).gaps == ()


def test_an_invoice_that_was_written_anew_may_be_of_the_month_of_the_one_taken_back() -> None:
    # 100.00 of September were taken back and written anew in November, as 120.00.
    wrong = document(1, document_date="2026-10-02", cancel_id=3)
    storno = document(3, -10000, type="STORNO", ref_id=1)
    anew = document(2, 12000, ref_id=1)
    said = "INVOICE 2 names 1, which was taken back and is of 2026-09"
    for month, amounts in (
        ("2026-09", ["1 100.00 EUR", "3 -100.00 EUR"]),
        ("2026-10", ["2 120.00 EUR"]),
    ):
        listing = legal(wrong, storno, anew, period=Period.parse(month))
        assert sorted(counted(listing)) == amounts
        assert listing.gaps == (f"{said}: by its own date it is of 2026-10",)
    service = {"date_from": "2026-09-01", "date_to": "2026-09-30"}
    assert legal(wrong, storno, anew | {"service_date": service}).gaps == ()


def test_a_draft_of_a_cancellation_cancels_nothing_yet() -> None:
    rows = (document(1), document(2, -10000, type="STORNO", ref_id=1, is_draft=True))
    assert counted(legal(*rows)) == ["1 100.00 EUR"]


def test_a_draft_of_a_cancellation_cancels_nothing_whatever_its_status_says() -> None:
    draft = {"type": "STORNO", "ref_id": 1, "is_draft": True, "status": "DONE"}
    assert counted(legal(document(1), document(2, -10000, **draft))) == ["1 100.00 EUR"]


def test_a_document_does_not_cancel_itself() -> None:
    listing = legal(document(2, -10000, type="STORNO", ref_id=2))
    assert (counted(listing), listing.notes) == (["2 -100.00 EUR"], ())


def test_an_invoice_that_two_documents_cancel_is_a_gap() -> None:
    cancelling = [document(own, -10000, type="STORNO", ref_id=1) for own in (2, 3)]
    listing = legal(document(1), *cancelling)
    assert listing.gaps == ("invoice 1 is cancelled by 2 documents, and all of them count",)


def test_a_cancellation_of_another_amount_is_mentioned() -> None:
    listing = legal(document(1), document(2, -9000, type="STORNO", ref_id=1))
    assert counted(listing) == ["1 100.00 EUR", "2 -90.00 EUR"]
    assert listing.notes == ("STORNO 2 takes -90.00 EUR of 100.00 EUR back",)


def test_a_service_date_with_times_is_the_month_of_its_own_clock() -> None:
    bounds = {"date_from": "2026-09-30T22:00:00Z", "date_to": "2026-10-31T22:59:59Z"}
    (bill,) = legal(document(1, document_date="2026-12-05", service_date=bounds)).rows
    assert str(bill.period) == "2026-10"


@pytest.mark.parametrize(
    ("day", "gaps"),
    [
        ("2026-10-31", ()),
        (None, ()),
        (
            "2026-11-01",
            (
                "a time of 2026-11-01..2026-11-02 beside 2026-10, whose month it bills "
                "- at `$[0].service_date.date`",
                "1 with two times of service, of which one decides",
            ),
        ),
    ],
)
def test_a_service_date_that_is_not_in_the_range_beside_it_is_named(
    day: str | None, gaps: tuple[str, ...]
) -> None:
    service = {"date": day, "date_from": "2026-10-01", "date_to": "2026-10-31"}
    listing = legal(document(1, service_date=service))
    assert counted(listing) == ["1 100.00 EUR"]
    assert (str(listing.rows[0].period), listing.gaps) == ("2026-10", gaps)


@pytest.mark.parametrize(
    ("mark", "status"),
    [
        ({"is_draft": True}, "draft"),
        ({"draft": "true"}, "draft"),
        ({"state": "draft"}, "draft"),
        ({"state": "Void"}, "Void"),
        ({"voided": True}, "void"),
        ({"cancelled_at": "2026-11-03"}, "void"),
        ({"status": "open", "is_draft": True}, "draft"),
    ],
)
def test_whatever_marks_a_document_as_no_bill_of_either_family_is_seen(
    mark: dict[str, Any], status: str
) -> None:
    row = {"id": "m", "period": "2026-10", "total": {"cents": 100, "currency_iso": "EUR"}}
    body = json.dumps([{**row, **mark}]).encode()
    for listing in (
        invoices.invoices(ORG, InvoiceKind.METERING, OCTOBER, body),
        legal(document(1, **mark)),
    ):
        assert [(bill.counts, bill.status) for bill in listing.rows] == [(False, status)]


@pytest.mark.parametrize("no", [{"draft": False}, {"voided": "no"}, {"cancelled_at": None}])
def test_a_mark_that_says_no_changes_nothing(no: dict[str, Any]) -> None:
    assert counted(legal(document(1, **no))) == ["1 100.00 EUR"]


def test_a_metering_invoice_that_is_void_does_not_count() -> None:
    row = {"id": "m", "period": "2026-10", "total": {"cents": 100, "currency_iso": "EUR"}}
    body = json.dumps([row, {**row, "id": "n", "status": "Void"}]).encode()
    listing = invoices.invoices(ORG, InvoiceKind.METERING, OCTOBER, body)
    assert counted(listing) == ["m 1.00 EUR"]


async def test_of_all_kinds_of_documents_one_is_a_bill(mocked: Mocked, fold_of) -> None:
    rows = [
        document(1, number="RE-1", status="DONE"),
        document(2, 5000, is_draft=True),
        document(3, 99900, number="AN-7", type="OFFER"),
        document(4, 10000, number="MA-3", type="DUNNING"),
        document(8, 4000, number="PF-1", type="PROFORMA_INVOICE"),
        document(9, 1000, number="RE-4", status="void"),
    ]
    mocked.get(LEGAL, payload=rows)
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.invoices(OCTOBER, "legal")
    assert answer.complete
    assert len(answer) == 6
    assert [str(bill.total) for bill in answer if bill.counts] == ["100.00 EUR"]


@pytest.mark.parametrize("none", [0, "0", "", None, False])
def test_the_id_zero_is_no_other_document(none: object) -> None:
    listing = legal(document(1, cancel_id=none, ref_id=none), document(2, 500))
    assert counted(listing) == ["1 100.00 EUR", "2 5.00 EUR"]
    assert (listing.gaps, listing.notes) == ((), ())


def test_a_document_that_is_cancelled_by_itself_counts_and_is_a_gap() -> None:
    listing = legal(document(1, cancel_id=1))
    assert counted(listing) == ["1 100.00 EUR"]
    assert listing.gaps == (
        "a document that is said to be cancelled by itself - at `$[0].cancel_id`",
    )


@pytest.mark.parametrize("mark", ["deleted", "is_deleted", "wasVoided", "has_been_cancelled"])
def test_a_mark_says_the_same_with_is_and_has_been_before_it(mark: str) -> None:
    listing = legal(document(1, **{mark: True}), document(2, 500, **{mark: False}))
    assert (counted(listing), listing.gaps) == (["2 5.00 EUR"], ())


@pytest.mark.parametrize("mark", ["refunded", "is_refunded", "has_been_replaced", "is_disputed"])
def test_a_mark_that_may_change_what_counts_is_a_gap_however_it_is_put(mark: str) -> None:
    listing = legal(document(1, **{mark: True}))
    assert counted(listing) == ["1 100.00 EUR"]
    assert listing.gaps == (f"a mark that may change what counts - at `$[0].{mark}`",)


def test_documents_of_one_number_under_several_ids_count_and_are_a_gap() -> None:
    same = {"number": "RE-1"}
    several = legal(document(1, **same), document(2, **same))
    assert counted(several) == ["1 100.00 EUR", "2 100.00 EUR"]
    assert several.gaps == ("number RE-1 is that of 2 documents, and all of them count",)
    for other in (
        {"number": "RE-1", "status": "void"},
        {"number": "RE-1", "type": "OFFER"},
        {"number": "RE-1", "type": "STORNO", "amount": -10000, "ref_id": 1},
        {"number": ""},
    ):
        assert legal(document(1, **same), document(2, **other)).gaps == ()
    assert legal(document(1, **same), document(1, **same)).gaps == ()
    assert legal(document(1, number=""), document(2, number="")).gaps == ()


@pytest.mark.parametrize("key", ["number", "invoice_number"])
def test_metering_invoices_of_one_number_count_and_are_a_gap(key: str) -> None:
    # 100.00 under two ids that are one number: 200.00 may be one of them too many.
    several = metering(("1", {key: "M-1"}), ("2", {key: "M-1"}))
    assert counted(several) == ["m-1 100.00 EUR", "m-2 100.00 EUR"]
    assert several.gaps == ("number M-1 is that of 2 documents, and all of them count",)
    assert [bill.number for bill in several.rows] == ["M-1", "M-1"]
    back = {"invoice_number": "M-1", "total": {"cents": -10000, "currency_iso": "EUR"}}
    for other in ({key: "M-2"}, {key: ""}, {key: "M-1", "status": "void"}, back):
        assert metering(("1", {key: "M-1"}), ("2", other)).gaps == ()


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"paid_at": 1793404800}, "paid_at"),
        ({"due_date": "soon"}, "due_date"),
        ({"due_date": {"days": 14}}, "due_date"),
        ({"number": ["RE", 1]}, "number"),
        ({"document_date": "2026-11-02", "due_date": True}, "due_date"),
    ],
)
def test_an_odd_field_that_carries_no_money_costs_nothing(
    fields: dict[str, Any], place: str
) -> None:
    listing = legal(document(1, **fields), document(2, 100))
    assert counted(listing) == ["1 100.00 EUR", "2 1.00 EUR"]
    assert (listing.gaps, listing.notes) == ((), (f"not readable, left out: `$[0].{place}`",))


@pytest.mark.parametrize("odd", [{"id": None}, {"id": {}}, {"id": True}, {"id": 1.5}])
def test_one_document_that_is_not_understood_takes_no_other_with_it(odd: dict[str, Any]) -> None:
    listing = legal({**document(1), **odd}, document(2, 100), 7)
    assert counted(listing) == ["2 1.00 EUR"]
    (gap,) = listing.gaps
    assert gap.startswith("2 left out: ")
    assert "`$[0].id`" in gap
    assert "`$[2]`" in gap


@pytest.mark.parametrize(
    ("said", "total", "gaps"),
    [
        ({"amount_net": 8403}, "100.00 EUR", 0),
        ({"amount": None}, "100.00 EUR", 0),
        ({"currency": "USD"}, "100.00 EUR", 1),
        # The amount decides, and a bare number has no scale.
        ({"amount": 11900}, "119.00 EUR", 0),
        ({"total": 10000}, "None", 1),
        # It may be without the tax that stands beside it.
        *(({key: 11900}, "100.00 EUR", 1) for key in ("gross", "total_gross", "amount_due")),
        ({"tax": {"cents": 1900, "currency_iso": "EUR"}}, "100.00 EUR", 1),
    ],
)
def test_a_total_in_money_stands_for_an_amount_that_is_not_stated(
    said: dict[str, Any], total: str, gaps: int
) -> None:
    row = {"id": 1, "type": "INVOICE", "document_date": "2026-11-02", "currency": "EUR"}
    listing = legal(row | {"total": {"cents": 10000, "currency_iso": "EUR"}} | said)
    assert ([str(bill.total) for bill in listing.rows], len(listing.gaps)) == ([total], gaps)


@pytest.mark.parametrize("name", ["items", "data", "results", "invoices", "documents"])
def test_a_list_of_documents_may_stand_in_an_object(name: str) -> None:
    files = {"documents": [{"id": 7, "url": "https://b.invalid/7.pdf"}], "results": []}
    for others in ({}, files if name in {"items", "data", "invoices"} else {}):
        body = json.dumps({name: [document(1)], **others}).encode()
        listing = invoices.invoices(ORG, InvoiceKind.LEGAL, OCTOBER, body)
        assert (counted(listing), listing.gaps) == (["1 100.00 EUR"], ())


def test_numbers_and_tags_of_any_form_are_taken_as_they_come() -> None:
    odd = {"number": 26.5, "tags": [{"a": 1}], "metadata": [], "items": None}
    listing = legal(document(1, **odd), document(2, items={"a": 1}))
    assert [bill.number for bill in listing.rows] == ["26.5", None]
    assert (counted(listing), listing.gaps) == (["1 100.00 EUR", "2 100.00 EUR"], ())


@pytest.mark.parametrize(
    ("around", "gap"),
    [
        ({"drafts": [{"amount": 500, "currency": "EUR"}]}, "`$.drafts[*]`"),
        ({"credit_notes": [{"total": {"cents": -5, "currency_iso": "EUR"}}]}, "`$.credit_notes"),
        ({"open_balance": 12}, "`$.open_balance`"),
        ({"total": {"cents": 99900, "currency_iso": "EUR"}}, "`$.total`"),
    ],
)
def test_money_beside_a_list_of_invoices_is_named(around: dict[str, Any], gap: str) -> None:
    body = json.dumps({"invoices": [document(1)], **around}).encode()
    listing = invoices.invoices(ORG, InvoiceKind.LEGAL, OCTOBER, body)
    assert len(listing.gaps) == 1
    assert gap in listing.gaps[0]


@pytest.mark.parametrize(
    ("fields", "gaps", "notes"),
    [
        ({"fee": 500}, 0, 1),
        ({"fees": [{"amount": 500}]}, 1, 0),
        ({"fees": {"a": {"amount": 1}, "b": {"amount": 2}}}, 1, 0),
        ({"paid_amount": 10000, "discount": 3, "items": [{"total_price_gross": 10000}]}, 0, 0),
        ({"paid_amount": 0}, 0, 0),
        ({"paid_amount": 4000}, 0, 1),
        ({"amount_net": 8403, "tax": 1597}, 0, 0),
    ],
)
def test_more_money_in_a_document_is_named_and_rows_of_it_are_a_gap(
    fields: dict[str, Any], gaps: int, notes: int
) -> None:
    listing = legal(document(1, **fields))
    assert (len(listing.gaps), len(listing.notes)) == (gaps, notes)
    said = ("amounts that were not read", "40.00 EUR was paid")
    assert all(any(map(one.__contains__, said)) for one in (*listing.gaps, *listing.notes))


def test_more_money_in_a_metering_invoice_is_named_and_rows_of_it_are_a_gap() -> None:
    eur = {"cents": 100, "currency_iso": "EUR"}
    item = {"product": "vm", "total": eur}

    def read(**fields: Any) -> Listing[Invoice]:
        row = {"id": "m", "period": "2026-10", "total": eur, "items": [item], **fields}
        return invoices.invoices(ORG, InvoiceKind.METERING, OCTOBER, json.dumps([row]).encode())

    assert read(credits=[{"total": eur}]).gaps == (
        "amounts that were not read: `$[0].credits[*].total`",
    )
    assert read(tax=eur).notes == ("amounts that were not read: `$[0].tax`",)
    assert read(items=[{**item, "fee": eur}]).notes == (
        "amounts that were not read: `$[0].items[0].fee`",
    )
    odd = read(items={"vm": item, "db": {**item, "total": eur | {"cents": 7}}})
    assert odd.gaps == ("amounts that were not read: `$[0].items.vm.total`, `$[0].items.db.total`",)
    single = read(items={"vm": {**item, "total": eur | {"cents": 7}}})
    assert single.gaps == ("amounts that were not read: `$[0].items.vm.total`",)
    for items in ([item, {"name": "Total", "total": eur}], [{"name": "Total", "total": eur}, item]):
        listing = read(items=items)
        assert [line.product_name for line in listing.rows[0].lines] == ["vm"]
        assert listing.rows[0].checks[0].holds
    listing = read(items=[item, {"name": "Total EUR", "total": eur}])
    assert ([line.product_name for line in listing.rows[0].lines], listing.gaps) == (["vm"], ())
    (gap,) = read(items=[item, {"name": "Total EUR", "total": eur | {"cents": 7}}]).gaps
    assert "an item is called a total, and is not what the others add up to" in gap


@pytest.mark.parametrize(
    "total",
    [
        {"total": {"cents": 100, "currency_iso": "EUR"}},
        {"total_cents": 100, "currency": "eur"},
        {"amount": {"cents": 100, "currency_iso": "EUR"}},
    ],
)
def test_an_invoices_total_has_the_spellings_of_usage(total: dict[str, Any]) -> None:
    body = json.dumps([{"id": "m", "period": "2026-10", **total}]).encode()
    listing = invoices.invoices(ORG, InvoiceKind.METERING, OCTOBER, body)
    assert (counted(listing), listing.gaps, listing.notes) == (["m 1.00 EUR"], (), ())


def test_a_total_over_a_list_of_invoices_that_they_add_up_to_is_no_gap() -> None:
    total = {"cents": 100, "currency_iso": "EUR"}
    rows = [{"id": "m", "period": "2026-10", "total": total}]
    body = json.dumps({"invoices": rows, "total": total}).encode()
    assert invoices.invoices(ORG, InvoiceKind.METERING, OCTOBER, body).gaps == ()


@pytest.mark.parametrize(
    ("total", "is_gap"),
    [
        # 67.34 + 59.50 = 126.84, of which 106.59 are net.
        ({"total_amount": {"cents": 12684, "currency_iso": "EUR"}}, False),
        ({"total_amount": 12684}, False),
        ({"total": {"cents": 12684, "currency_iso": "EUR"}}, False),
        ({"total_net": 10659, "total_formatted": "126,84 €"}, False),
        ({"total_amount": {"cents": 12685, "currency_iso": "EUR"}}, True),
        ({"total_amount": {"cents": 12684, "currency_iso": "USD"}}, True),
        ({"total_net": 10660}, True),
        ({"total_formatted": "12.684,00 €"}, True),
    ],
)
def test_a_total_over_a_list_of_legal_documents_is_their_sum_or_a_gap(
    total: dict[str, Any], is_gap: bool
) -> None:
    rows = [document(1, 6734, amount_net=5659), document(2, 5950, amount_net=5000)]
    body = json.dumps({"items": rows, **total}).encode()
    listing = invoices.invoices(ORG, InvoiceKind.LEGAL, OCTOBER, body)
    assert counted(listing) == ["1 67.34 EUR", "2 59.50 EUR"]
    (key,) = [*total][:1]
    gap = f"amounts that were not read: `$.{key}`"
    assert listing.gaps == ((gap,) if is_gap else ())


def test_one_invoice_where_a_list_belongs_is_not_an_empty_list() -> None:
    one = {"id": "m", "total": {"cents": 100, "currency_iso": "EUR"}, "items": []}
    listing = invoices.invoices(ORG, InvoiceKind.METERING, OCTOBER, json.dumps(one).encode())
    assert listing.gaps == ("amounts that were not read: `$.total`",)


def test_whole_cents_of_a_currency_without_hundredths_are_said_to_be_scaled() -> None:
    listing = legal(document(1, 1000, currency="jpy"))
    assert counted(listing) == ["1 1000 JPY"]
    assert listing.notes == ("whole cents of JPY were scaled by ISO 4217's 0 decimals",)


@pytest.mark.parametrize("more", [{"nextPageToken": "x"}, {"meta": {"total_pages": 2}}])
def test_an_invoice_whose_items_are_one_page_of_several_is_a_gap(more: dict[str, Any]) -> None:
    eur = {"cents": 100, "currency_iso": "EUR"}
    row = {"id": "m", "period": "2026-10", "total": eur, "items": [{"product": "vm", "total": eur}]}
    listing = one_invoice.invoice(
        ORG, InvoiceKind.METERING, "m", json.dumps({**row, **more}).encode()
    )
    (gap,) = listing.all_gaps
    assert "one page of several" in gap
    whole = one_invoice.invoice(ORG, InvoiceKind.METERING, "m", json.dumps(row).encode())
    assert whole.all_gaps == ()


@pytest.mark.parametrize(("total", "odd"), [(1, False), (100, False), ("1.00", False), (9, True)])
def test_a_bare_total_beside_items_that_is_neither_their_number_nor_their_money_is_a_gap(
    total: object, odd: bool
) -> None:
    eur = {"cents": 100, "currency_iso": "EUR"}
    row = {"id": "m", "period": "2026-10", "total": eur, "items": [{"product": "vm", "total": eur}]}
    body = json.dumps({**row, "meta": {"total": total}}).encode()
    gaps = one_invoice.invoice(ORG, InvoiceKind.METERING, "m", body).all_gaps
    assert gaps == (("amounts that were not read: `$.meta.total`",) if odd else ())


def metering(*rows: Any) -> Listing[Invoice]:
    total = {"cents": 10000, "currency_iso": "EUR"}
    bills = [{"id": f"m-{at}", "period": "2026-10", "total": total, **row} for at, row in rows]
    return invoices.invoices(ORG, InvoiceKind.METERING, OCTOBER, json.dumps(bills).encode())


@pytest.mark.parametrize(
    "fields",
    [
        *({"type": kind} for kind in ("proforma", "pro-forma", "OFFER", "quote", "draft")),
        *({"status": word} for word in ("storno", "superseded", "Replaced", "preview")),
        {"finalized": False},
        *({"kind": "draft"}, {"document_type": "offer"}, {"invoice_type": "preview"}),
    ],
)
def test_a_metering_invoice_of_a_type_that_asks_for_no_money_does_not_count(
    fields: dict[str, Any],
) -> None:
    listing = metering((1, {}), (2, fields))
    assert (counted(listing), listing.gaps) == (["m-1 100.00 EUR"], ())


@pytest.mark.parametrize("word", ["open", "PAID", "past due", "partially-paid", "overdue", ""])
def test_a_metering_invoice_of_a_status_in_force_counts(word: str) -> None:
    listing = metering((1, {"status": word}))
    assert (counted(listing), listing.gaps) == (["m-1 100.00 EUR"], ())


@pytest.mark.parametrize(
    "word", ["reversed", "refunded", "expired", "failed", "written_off", "corrected", "error", 7]
)
def test_a_metering_invoice_of_a_status_that_is_not_known_is_a_gap(word: object) -> None:
    listing = metering((1, {}), (2, {"status": word}))
    assert counted(listing) == ["m-1 100.00 EUR", "m-2 100.00 EUR"]
    assert [gap.partition(" - ")[2] for gap in listing.gaps] == ["at `$[1].status`"]
    # Of what does not count anyway the status decides nothing.
    assert metering((1, {}), (2, {"status": word, "type": "quote"})).gaps == ()


@pytest.mark.parametrize(
    "mark",
    [
        *({"type": "credit_note"}, {"kind": "credit_note"}, {"document_type": "CREDIT"}),
        *({"credit_note": True}, {"is_credit_note": "yes"}, {"is_storno": 1}),
    ],
)
def test_a_metering_credit_note_without_a_sign_is_a_gap(mark: dict[str, Any]) -> None:
    (key,) = mark
    listing = metering((1, {"type": "usage", "kind": "monthly"}), (2, mark))
    assert counted(listing) == ["m-1 100.00 EUR", "m-2 100.00 EUR"]
    assert listing.gaps == (f"a type that gives money back, over 100.00 EUR - at `$[1].{key}`",)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"paid_amount": 10000}, "paid"),
        ({"is_paid": True}, "paid"),
        ({"paid": "yes"}, "paid"),
        ({"paid": "2026-11-05"}, "paid"),
        ({"paid": 10000}, "paid"),
        ({"fully_paid": True}, "paid"),
        ({"is_fully_paid": "yes"}, "paid"),
        ({"paid_in_full": True}, "paid"),
        *(({key: 10000}, "paid") for key in ("paid_total", "total_paid", "paid_cents")),
        *(({key: "paid"}, "paid") for key in ("payment_status", "payment_state")),
        ({"payment_status": "Bezahlt", "status": "DONE"}, "paid"),
        ({"payment_status": "unpaid"}, None),
        ({"payment_status": "paid", "status": "open"}, "open"),
        ({"paid": 0}, None),
        ({"paid": "no"}, None),
        ({"paid_partially": True}, None),
        ({"paid_amount": 0}, None),
        ({"paid_amount": 5000}, None),
        ({"paid": False}, None),
        ({"paid_amount": 10000, "is_draft": True}, "draft"),
        ({"paid_amount": 10000, "status": "open"}, "open"),
        # EasyBill's status says nothing of an invoice; what says that it was paid does.
        *(({"paid_amount": 10000, "status": word}, "paid") for word in ("DONE", "ACCEPT", "sent")),
        ({"paid_amount": "10000", "paid_at": None, "status": "DONE"}, "paid"),
        ({"amount_paid": 10000, "status": "DONE"}, "paid"),
        ({"paid_amount": {"cents": 10000, "currency_iso": "EUR"}, "status": "DONE"}, "paid"),
        ({"paid_amount": 10001, "status": "DONE"}, "paid"),
        ({"paid_amount": 9999, "status": "DONE"}, "DONE"),
        ({"paid_amount": -10000, "amount": -10000, "type": "CREDIT", "status": "DONE"}, "paid"),
        ({"paid": True, "status": "ACCEPT"}, "paid"),
        ({"is_paid": "yes", "status": "finalized"}, "paid"),
        ({"paid_at": "09.11.2026", "status": "DONE"}, "paid"),
        ({"paid_at": 1793404800, "status": "DONE"}, "paid"),
        ({"paid_at": True, "status": "DONE"}, "paid"),
        ({"paid_at": "2026-11-09", "status": "DONE"}, "DONE"),  # its date says so
        *(({"paid_at": none, "status": "DONE"}, "DONE") for none in ("", "0000-00-00", 0, False)),
        *(({"paid_at": none, "status": "DONE"}, "DONE") for none in ZEROS),
        *(({"cancelled_at": none, "status": "DONE"}, "DONE") for none in ZEROS),
        ({"paid_amount": 10000, "status": "Settled"}, "Settled"),
        ({"paid_amount": 10000, "status": "overdue"}, "overdue"),
        ({"paid_amount": 10000, "status": "CANCEL"}, "CANCEL"),
    ],
)
def test_a_document_that_was_paid_whole_says_so_without_a_date(
    fields: dict[str, Any], status: str | None
) -> None:
    assert [bill.status for bill in legal(document(1, **fields)).rows] == [status]


@pytest.mark.parametrize("none", ZEROS)
def test_a_time_that_stands_for_none_pays_nothing(none: str) -> None:
    listing = legal(document(1, paid_at=none, refunded_at=none, due_date="2026-11-16"))
    (invoice,) = listing.rows
    assert (invoice.paid_on, invoice.due_on, is_paid(invoice)) == (None, date(2026, 11, 16), False)
    assert (listing.gaps, listing.notes) == ((), ())
    (undue,) = legal(document(1, due_date=none)).rows
    assert undue.due_on is None


@pytest.mark.parametrize(
    ("fields", "notes"),
    [
        ({"paid_amount": 10000}, ()),
        ({"paid_amount": 3000}, ("invoice 1 asks for 100.00 EUR, and 30.00 EUR was paid",)),
        ({"paid_amount": 10100}, ("invoice 1 asks for 100.00 EUR, and 101.00 EUR was paid",)),
        # A time of payment says that all was paid; what says otherwise beside it is told.
        (
            {"paid_amount": 9800, "paid_at": "2026-11-05"},
            ("invoice 1 asks for 100.00 EUR, and 98.00 EUR was paid",),
        ),
        (
            {"paid_amount": 5000, "paid_at": "2026-11-05", "status": "open"},
            (
                "invoice 1 asks for 100.00 EUR, and 50.00 EUR was paid",
                "invoice 1 was paid, and its status is 'open'",
            ),
        ),
        *(
            (
                {key: "2026-11-05", "status": "overdue"},
                ("invoice 1 was paid, and its status is 'overdue'",),
            )
            for key in ("paid_at", "paid_on", "paid_date")
        ),
        ({"paid": 5000}, ("invoice 1 asks for 100.00 EUR, and 50.00 EUR was paid",)),
        (
            {"paid_amount": 10000, "status": "open"},
            ("invoice 1 was paid, and its status is 'open'",),
        ),
        # Digits after a point have no known scale.
        ({"paid_amount": 100.5}, ("amounts that were not read: `$[0].paid_amount`",)),
    ],
)
def test_what_was_paid_otherwise_than_whole_is_said(
    fields: dict[str, Any], notes: tuple[str, ...]
) -> None:
    listing = legal(document(1, **fields))
    assert (listing.notes, listing.gaps) == (notes, ())


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"paid_amount": {"cents": 10000, "currency_iso": "EUR"}, "status": "issued"}, "paid"),
        ({"paid": True, "status": "issued"}, "paid"),
        ({"paid_at": "2026-11-09", "status": "issued"}, "paid"),
        ({"paid_amount": {"cents": 5000, "currency_iso": "EUR"}, "status": "issued"}, "issued"),
        ({"paid_amount": {"cents": 10000, "currency_iso": "USD"}, "status": "issued"}, "issued"),
    ],
)
def test_a_metering_invoice_that_was_paid_says_so(fields: dict[str, Any], status: str) -> None:
    listing = metering((1, fields))
    assert ([bill.status for bill in listing.rows], listing.gaps) == ([status], ())


def test_what_was_paid_is_not_to_be_paid() -> None:
    # Of 5 x 100.00 due, two are paid, and of another 30.00 is: of that is asked for all of it.
    rows = [
        document(own, due_date="2026-11-16", **fields)
        for own, fields in enumerate(
            (
                {"status": "DONE", "paid_amount": 10000},
                {"status": "ACCEPT", "paid": True},
                {"status": "DONE", "paid_amount": 3000},
                {"status": "DONE"},
                {"status": "overdue"},
            ),
            start=1,
        )
    ]
    (asked,) = open_amounts(legal(*rows).rows, date(2026, 11, 29))
    assert (str(asked.open), str(asked.overdue)) == ("300.00 EUR", "300.00 EUR")


def test_an_invoice_that_names_another_currency_than_its_amount_is_a_gap() -> None:
    eur = {"cents": 10000, "currency_iso": "EUR"}
    said = "of another currency than its amount: `$[0]{}`"
    listing = legal({**document(1), "amount": eur, "currency": "USD"})
    assert (counted(listing), listing.gaps) == (["1 100.00 EUR"], (said.format(".currency"),))
    listing = metering((1, {"currency": "USD"}))
    assert (counted(listing), listing.gaps) == (["m-1 100.00 EUR"], (said.format(".currency"),))
    item = {"product": "vm", "total": eur, "currency_code": "CHF"}
    listing = metering((1, {"items": [item]}))
    assert listing.gaps == (said.format(".items[0].currency_code"),)
    assert metering((1, {"currency": "eur"})).gaps == ()


@pytest.mark.parametrize("kind", ["recurring", "CHARGE", "order", "void", "Cancelled"])
def test_a_metering_invoice_of_a_type_that_may_ask_for_money_counts_and_is_a_gap(kind: str) -> None:
    listing = metering((1, {"type": kind}))
    assert counted(listing) == ["m-1 100.00 EUR"]
    assert listing.gaps == ("a type that may ask for no money, and counted - at `$[0].type`",)


@pytest.mark.parametrize(
    "mark",
    [{"is_final": False}, {"provisional": True}, {"preliminary": 1}, {"is_estimate": False}],
)
def test_an_invoice_that_is_marked_as_not_final_counts_and_is_a_gap(mark: dict[str, Any]) -> None:
    (key,) = mark
    listing = metering((1, mark))
    assert counted(listing) == ["m-1 100.00 EUR"]
    said = f"a mark that it is not final, and counted - at `$[0].{key}`"
    assert listing.gaps == (() if key == "is_estimate" else (said,))


def test_a_legal_documents_type_may_stand_under_another_key() -> None:
    typeless = document(1)
    del typeless["type"]
    for fields in ({"document_type": "OFFER"}, {"doc_type": "DUNNING"}, {"kind": "REMINDER"}):
        listing = legal(document(2, 500), typeless | fields)
        assert (counted(listing), listing.gaps) == (["2 5.00 EUR"], ())
    listing = legal(typeless | {"document_type": "QUITTUNG"})
    (gap,) = listing.gaps
    assert (counted(listing), gap.partition(" - ")[2]) == ([], "at `$[0].document_type`")
    assert counted(legal(typeless | {"kind": "hosting"})) == ["1 100.00 EUR"]


def test_an_invoice_under_another_organization_is_left_out() -> None:
    other = {"id": "95a1b7e4-c82d-4063-b7fe-2d0f68a39c51"}
    listing = metering((1, {}), (2, {"organization": other}))
    assert counted(listing) == ["m-1 100.00 EUR"]
    assert listing.notes == ("1 of other organizations left out",)


@pytest.mark.parametrize(
    ("mark", "is_gap"),
    [
        *(({"refunded": True}, True), ({"replaced_by": True}, True)),
        *(({"replaces": True}, True), ({"superseded": True}, True), ({"corrected_by": 7}, True)),
        *(
            ({"refunded": False}, False),
            ({"disputed": "no"}, False),
            ({"replaced_by": None}, False),
        ),
        *(
            (mark, True)
            for mark in (
                *({"replaced_by": {"id": 2, "name": "Jane"}}, {"voided": {"at": "2026-11-05"}}),
                *({"cancelled": {"at": "2026-11-05", "by": "ops"}}, {"disputed": {"id": "dp_1"}}),
            )
        ),
        *(
            (mark, False)
            for mark in (
                *({"replaced_by": {}}, {"credited_by": []}, {"voided": {"at": None, "by": ""}}),
                *({"disputed": {"is": False}}, {"refunded_amount": "0.00"}),
                {"refunded_amount": {"cents": 0, "currency_iso": "EUR", "formatted": "0,00 EUR"}},
                {"refunded": {"amount": 0, "currency": "EUR"}},
            )
        ),
    ],
)
def test_a_mark_that_may_change_what_counts_is_a_gap(mark: dict[str, Any], is_gap: bool) -> None:
    (key,) = mark
    gap = f"a mark that may change what counts - at `$[0].{key}`"
    bill = {"id": "m1", "period": "2026-10", "total": {"cents": 1000, "currency_iso": "EUR"}}
    for listing in (mirrored({**bill, **mark}), legal(document(1, **mark))):
        assert listing.gaps == ((gap,) if is_gap else ())
        assert [bill.counts for bill in listing.rows] == [True]


@pytest.mark.parametrize(
    "key",
    [
        *("refunded_amount", "credited_amount", "written_off_amount", "amount_refunded"),
        *("amountRefunded", "total_refunded", "amount_written_off", "total_amount_credited"),
        *("refund_amount", "total_refunds", "credit_note_amount"),
        *("post_payment_credit_notes_amount", "pre_payment_credit_notes_amount"),
    ],
)
@pytest.mark.parametrize("back", [200, {"cents": 200, "currency_iso": "EUR"}])
def test_an_amount_that_was_given_back_leaves_a_total_as_it_is_and_is_a_gap(
    key: str, back: object
) -> None:
    # 2.00 of 10.00 went back: the document still says 10.00, and nobody says what is owed.
    bill = {"id": "m1", "period": "2026-10", "total": {"cents": 1000, "currency_iso": "EUR"}}
    for listing in (mirrored({**bill, key: back}), legal(document(1, 1000, **{key: back}))):
        assert [str(one.total) for one in listing.rows if one.counts] == ["10.00 EUR"]
        assert [gap.partition(" - at ")[2] for gap in listing.gaps] == [f"`$[0].{key}`"]
        assert f"amounts that were not read: `$[0].{key}`" in listing.notes


@pytest.mark.parametrize("key", ["amount_refunded", "total_refunds", "refund_amount"])
@pytest.mark.parametrize("nothing", [0, "0.00", {"cents": 0, "currency_iso": "EUR"}, None])
def test_nothing_given_back_is_no_gap(key: str, nothing: object) -> None:
    bill = {"id": "m1", "period": "2026-10", "total": {"cents": 1000, "currency_iso": "EUR"}}
    for listing in (mirrored({**bill, key: nothing}), legal(document(1, **{key: nothing}))):
        assert (listing.gaps, listing.notes) == ((), ())


@pytest.mark.parametrize("key", ["amount_paid", "amount_remaining", "total_voided_invoices"])
def test_an_amount_of_one_cent_is_no_mark(key: str) -> None:
    assert counted(legal(document(1, 1000, **{key: 1}))) == ["1 10.00 EUR"]


def test_what_gives_money_back_may_say_what_it_corrects() -> None:
    back = document(2, type="CREDIT", amount=-100, amount_net=-84, corrects=1)
    assert legal(document(1), back).gaps == ()


@pytest.mark.parametrize("mark", ["preview", "is_preview", "estimated"])
def test_a_preview_of_an_invoice_does_not_count(mark: str) -> None:
    bill = {"id": "m1", "period": "2026-10", "total": {"cents": 1000, "currency_iso": "EUR"}}
    assert [one.counts for one in mirrored({**bill, mark: True}).rows] == [False]
    assert [one.counts for one in mirrored({**bill, mark: False}).rows] == [True]


def test_lines_in_another_currency_than_the_total_are_a_gap() -> None:
    eur, usd = ({"cents": 1000, "currency_iso": code} for code in ("EUR", "USD"))
    bill = {"id": "m1", "period": "2026-10", "total": eur}
    listing = mirrored({**bill, "items": [{"product": "vm", "total": usd}]})
    assert listing.gaps == ("lines in USD of a total in EUR - at `$[0].items`",)
    assert mirrored({**bill, "items": [{"product": "vm", "total": eur}]}).gaps == ()


def test_a_list_that_is_said_not_to_be_all_is_a_gap() -> None:
    body = {"items": [document(1)], "partial": True, "complete": False}
    listing = invoices.invoices(ORG, InvoiceKind.LEGAL, OCTOBER, json.dumps(body).encode())
    assert "not final or not all - at `$.partial`, `$.complete`" in listing.gaps


@pytest.mark.parametrize(
    ("cents", "code", "key", "shown", "is_gap"),
    [
        (11900, "EUR", "value", "119.00", False),
        (11900, "EUR", "value", "11.90", True),
        (11900, "EUR", "currency", "USD", True),
        (5659, "EUR", "formatted", "56,59 €", False),
        (5659, "EUR", "formatted", "5.659,00 €", True),
        (5659, "EUR", "formatted", "5659 €", True),
        (5659, "EUR", "formatted", "0,00 €", True),
        (5659, "EUR", "amount", "5659.00", True),
        (5659, "EUR", "fractional", "5659.0", False),
        (565900, "EUR", "formatted", "€5,659.00", False),
        (565900, "EUR", "formatted", "Fr. 5'659.00", False),
        (565900, "EUR", "formatted", "€56.59", True),
        (12345600, "INR", "formatted", "₹1,23,456.00", False),
        (1234, "KWD", "formatted", "1,234 KWD", False),
        (1234, "KWD", "formatted", "12.34 KWD", True),
        (1000, "JPY", "formatted", "¥1,000", False),
        (-1204, "EUR", "formatted", "\u221212,04 €", False),
        (-1204, "EUR", "formatted", "(12,04 €)", False),
        (-1204, "EUR", "formatted", "12,04 € CR", False),
        (-1204, "EUR", "formatted", "12,04 €", True),
        (1204, "EUR", "formatted", "\u221212,04 €", True),
        (6734, "EUR", "formatted", "67.34 € (incl. 19% VAT)", False),
        (6734, "EUR", "formatted", "67,34 € zzgl. 19 % MwSt.", False),
        (5659, "EUR", "formatted", "67,34 € inkl. 19 % MwSt.", True),
        (6734, "EUR", "formatted", "67 €", False),
        (6734, "EUR", "formatted", "67,3 €", False),
        (6734, "EUR", "formatted", "68 €", True),
        (6734, "EUR", "formatted", "67,4 €", True),
        (6734, "EUR", "formatted", "7 €", True),
        (140, "EUR", "formatted", "1 €", True),  # 0.40 is more than a tenth
        (40, "EUR", "formatted", "0 €", True),
        (6734, "EUR", "value", "67", True),
        (6734, "EUR", "formatted", "6734", False),
        (6734, "EUR", "formatted", "6734 cents", False),
        (6734, "EUR", "formatted", "673400", True),
        (6734, "EUR", "formatted", "67.34 cents", True),
        (673400, "EUR", "formatted", "67,34 €", True),
    ],
)
def test_an_amount_that_is_stated_again_otherwise_is_a_gap(
    cents: int, code: str, key: str, shown: str, is_gap: bool
) -> None:
    amount = {"cents": cents, "currency_iso": code, key: shown}
    bill = legal(document(1, amount=amount, currency=code))
    mirror = mirrored({"id": "m", "period": "2026-10", "total": amount})
    for listing, place in ((bill, "amount"), (mirror, "total")):
        gap = f"amounts that were not read: `$[0].{place}.{key}`"
        assert listing.gaps == ((gap,) if is_gap else ())


@pytest.mark.parametrize(
    ("shown", "is_gap"),
    [
        *(("100,00 €", False), ("100.00", False), ("100 €", False), ("10000", False)),
        *(("1,00 €", True), ("10.000,00 €", True), ("10000 €", True), ("101 €", True)),
    ],
)
@pytest.mark.parametrize("key", ["amount_formatted", "formatted_amount"])
def test_a_text_beside_an_amount_that_shows_another_is_a_gap(
    key: str, shown: str, is_gap: bool
) -> None:
    listing = legal(document(1, 10000, amount_net=None, **{key: shown}))
    assert counted(listing) == ["1 100.00 EUR"]
    gap = f"amounts that were not read: `$[0].{key}`"
    assert listing.gaps == ((gap,) if is_gap else ())


def test_cents_beside_a_text_of_another_size_are_no_amount() -> None:
    # 4.00 or 400.00: neither is counted.
    bill = {"id": "m", "period": "2026-10", "total_cents": 40000, "currency": "EUR"}
    assert counted(mirrored({**bill, "total": "400,00 €"})) == ["m 400.00 EUR"]
    listing = mirrored({**bill, "total": "4,00 €"})
    assert (counted(listing), len(listing.gaps)) == (["m None"], 1)
    assert "`$[0].total_cents`" in listing.gaps[0]


@pytest.mark.parametrize(
    ("cents", "gaps"),
    [(1000, ("1 without an id like another of its period, and counted",)), (500, ())],
)
def test_two_metering_invoices_without_ids_count_and_are_a_gap_where_they_are_alike(
    cents: int, gaps: tuple[str, ...]
) -> None:
    rows = [
        {"period": "2026-10", "total": {"cents": each, "currency_iso": "EUR"}}
        for each in (1000, cents)
    ]
    listing = invoices.invoices(ORG, InvoiceKind.METERING, OCTOBER, json.dumps(rows).encode())
    assert (len(counted(listing)), listing.gaps) == (2, gaps)
