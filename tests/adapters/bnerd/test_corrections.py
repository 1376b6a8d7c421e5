"""Which document a correction names, in whatever way (CONTRACT.md, section 2.4)."""

import json
from cProfile import Profile
from typing import Any

import pytest

import billfold_bnerd
from billfold import InvoiceKind, Money, Period
from billfold_bnerd import invoices, one_invoice

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
SEPTEMBER, OCTOBER = Period.month(2026, 9), Period.month(2026, 10)


def bill(own_id: int, month: int, **said: Any) -> dict[str, Any]:
    """119.00 for one month, billed as the next one begins."""
    dated = {"document_date": f"2026-{month + 1:02d}-02", "number": f"RE-{own_id}"}
    row = {"id": own_id, "type": "INVOICE", "amount": 11900, "currency": "EUR"}
    return {**row, **dated, **said}


def correction(amount: int, **said: Any) -> dict[str, Any]:
    kind = "STORNO" if amount == -11900 else "CREDIT"
    return bill(2, 10, type=kind, amount=amount, number="X-2", ref_id=None) | {
        "document_date": "2026-11-20",
        **said,
    }


RE_1, RE_9 = bill(1, 9), bill(9, 10)


def left(*rows: Any) -> list[tuple[str, bool]]:
    """Return what September and October come to, and whether each is whole."""
    months = []
    for month in (SEPTEMBER, OCTOBER):
        listing = invoices.invoices(ORG, InvoiceKind.LEGAL, month, json.dumps(rows).encode())
        total = Money.zero("EUR")
        for one in listing.rows:
            total += Money.zero("EUR") if one.total is None else one.total
        months.append((f"{total.amount:.2f}", not listing.gaps))
    return months


@pytest.mark.parametrize(
    "named",
    [
        *({key: "RE-1"} for key in ("original_invoice_number", "reference", "ref_number")),
        *({key: "RE-1"} for key in ("corrects", "invoice_number", "betrifft", "ref_id")),
        *({key: 1} for key in ("invoice_id", "invoice", "ref_id", "ref", "root_id", "corrects")),
        *({key: 1} for key in ("predecessor_id", "for_invoice", "linked_invoice_id", "parent_id")),
        *({key: 1} for key in ("credited_invoice_id", "cancelled_invoice_id", "applies_to")),
        *(
            {key: 1}
            for key in ("correction_of", "reversal_of", "storno_of", "credit_of_invoice_id")
        ),
        *({"cancellation_of": {"id": 1}}, {"refundOf": "1"}, {"stornoOf": "RE-1"}),
        *({"invoice": {"id": 1, "number": "RE-1"}}, {"original_invoice": {"number": "RE-1"}}),
        *({"ref": {"id": 1}}, {"document_ids": [1]}, {"references": ["RE-1"]}),
        *({"related_documents": [{"id": 1, "type": "INVOICE"}]}, {"meta": {"invoice_id": "1"}}),
        {"ref_id": 1, "original_invoice_number": "RE-1", "root_id": 1},
        {"text": "Zu Rechnung RE-1."},
    ],
)
def test_a_correction_bills_the_time_of_the_one_document_that_it_names(named: Any) -> None:
    # Both months were 119.00; all of September's is given back, then 11.90 of it: 107.10 are left.
    october = ("119.00", True)
    assert left(RE_1, RE_9, correction(-11900, **named)) == [("0.00", True), october]
    assert left(RE_1, RE_9, correction(-1190, **named)) == [("107.10", True), october]


def test_a_correction_that_names_documents_of_two_months_leaves_both_unsure() -> None:
    named = {"invoice_id": 1, "related_invoice_number": "RE-9"}
    assert left(RE_1, RE_9, correction(-1190, **named)) == [("107.10", False), ("119.00", False)]
    # Two of one month leave its sum as it is.
    second = bill(3, 9)
    named = {"document_ids": [1, 3]}
    assert left(RE_1, second, correction(-1190, **named)) == [("226.10", True), ("0.00", True)]


@pytest.mark.parametrize(
    "other",
    [
        *({key: 1} for key in ("customer_id", "position", "item_id", "login_id", "pdf_pages")),
        *({"items": [{"id": 1, "position": 1, "quantity": 1}]}, {"customer": {"id": 1}}),
        *({"cancelled": False}, {"replaced_by_id": None}, {"customer": {"number": "K-1"}}),
        {"is_archive": False, "address": {"zipcode": "10115"}},
    ],
)
def test_what_is_the_id_of_another_thing_names_no_document(other: Any) -> None:
    # The credit is of October by its date alone.
    rows = (RE_1, RE_9 | {"number": "10115"}, correction(-1190, **other))
    assert left(*rows) == [("119.00", True), ("107.10", True)]


@pytest.mark.parametrize(
    "named",
    [{"original_invoice_id": 77}, {"credited_invoice_number": "RE-77"}, {"predecessor_id": 77}],
)
def test_a_bill_over_its_amount_says_nothing_of_a_cancellation_of_another_one(named: Any) -> None:
    months = left(RE_1, RE_9, correction(-11900, **named))
    assert months == [("119.00", True), ("0.00", False)]


def test_a_number_of_nothing_but_digits_names_under_a_key_of_documents_alone() -> None:
    rows = (RE_1 | {"number": "20260901"}, RE_9)
    named = correction(-1190, original_invoice_number=20260901)
    assert left(*rows, named) == [("107.10", True), ("119.00", True)]
    other = correction(-1190, customer_number="20260901")
    assert left(*rows, other) == [("119.00", True), ("107.10", True)]


def test_a_cancelled_credit_names_its_invoice_and_not_what_took_it_back() -> None:
    # 119.00 - 11.90 + 11.90 of September.
    credit = correction(-1190, original_invoice_number="RE-1", cancel_id=3)
    back = bill(3, 10, type="STORNO_CREDIT", amount=1190, credit_number="X-2")
    assert left(RE_1, RE_9, credit, back) == [("119.00", True), ("119.00", True)]


@pytest.mark.parametrize(
    "named",
    [
        *(
            {"storno_id": 2},
            {"storno_number": "X-2"},
            {"cancelled_by": 2},
            {"cancelled_by_id": "2"},
        ),
        *({"cancellation": {"id": 2, "number": "X-2"}}, {"credit_note_ids": [2]}),
    ],
)
def test_a_correction_bills_the_time_of_the_bill_that_names_it(named: Any) -> None:
    # Of a part, whether more of the bill was taken back is not known, so its own month is partial.
    october = ("119.00", True)
    bills = (RE_1 | named, RE_9)
    assert left(*bills, correction(-11900)) == [("0.00", True), october]
    assert left(*bills, correction(-11900, type="STORNO")) == [("0.00", True), october]
    # What is named beside it may have taken another part.
    both = RE_1 | named | {"refund_id": 77}
    assert left(both, RE_9, correction(-11900)) == [("0.00", False), october]
    assert left(*bills, correction(-1190)) == [("107.10", False), october]
    # What is of a count, or an amount, names none.
    for other in ({"credit_notes": 2}, {"cancellations": 2}, {"credit_amount": 2}):
        months = left(RE_1 | other, RE_9, correction(-1190))
        assert [amount for amount, _ in months] == ["119.00", "107.10"]


def metered(own_id: str, cents: int, **said: Any) -> dict[str, Any]:
    return {"id": own_id, "total": {"cents": cents, "currency_iso": "EUR"}, **said}


def test_a_metering_invoice_that_names_what_took_all_of_it_back_is_no_gap() -> None:
    for cents, is_whole in ((-10000, True), (-1000, False)):
        rows = [
            metered("m-1", 10000, period="2026-09", credit_note_id="m-2"),
            metered("m-2", cents, type="credit_note", invoice_id="m-1"),
        ]
        body = json.dumps(rows).encode()
        listing = invoices.invoices(ORG, InvoiceKind.METERING, SEPTEMBER, body)
        assert [one.id for one in listing.rows] == ["m-1", "m-2"]
        assert (listing.gaps == ()) is is_whole


def test_a_metering_credit_names_its_invoice_by_its_number() -> None:
    rows = [
        metered("m-1", 10000, period="2026-09", number="M-2026-09"),
        metered("m-2", -1000, type="credit_note", original_invoice={"number": "M-2026-09"}),
    ]
    body = json.dumps(rows).encode()
    listing = invoices.invoices(ORG, InvoiceKind.METERING, SEPTEMBER, body)
    amounts = [str(one.total) for one in listing.rows]
    assert (amounts, listing.gaps) == (["100.00 EUR", "-10.00 EUR"], ())


def test_a_correction_that_is_read_alone_names_what_it_says_in_either_place() -> None:
    listed = correction(-1190, original_invoice_number="RE-1")
    body = json.dumps(correction(-1190)).encode()
    alone = one_invoice.invoice(ORG, InvoiceKind.LEGAL, "2", body)
    whole = json.dumps([RE_1, RE_9, listed]).encode()
    (read,) = one_invoice.beside_list(ORG, InvoiceKind.LEGAL, alone, whole).rows
    assert read.period == SEPTEMBER


def paper(kind: str, **said: Any) -> dict[str, Any]:
    """What asks for no money, dated as September is billed."""
    return bill(7, 9, type=kind, **said)


@pytest.mark.parametrize(
    "kind", ["ORDER", "OFFER", "delivery", "PROFORMA_INVOICE", "RECURRING", "CHARGE", "DUNNING"]
)
@pytest.mark.parametrize(
    ("back", "named"),
    [
        *(("CREDIT", {"ref_id": 7}), ("INVOICE", {"ref_id": 7}), ("CREDIT", {"ref_id": "RE-7"})),
        *(("CREDIT", {"root_id": 7}), ("CREDIT", {"invoice_id": 7, "text": "Zu RE-7."})),
        *(("CREDIT", {"cancel_id": None}), ("STORNO", {"ref_id": 7})),
    ],
)
def test_what_asks_for_no_money_is_none_that_a_correction_takes_back(
    kind: str, back: str, named: Any
) -> None:
    # September has the paper alone, October 119.00 - 11.90 = 107.10, or all of it taken back.
    cents = -11900 if back == "STORNO" else -1190
    rows = (paper(kind, storno_id=2), RE_9, correction(cents, type=back, **named))
    october = "0.00" if back == "STORNO" else "107.10"
    assert bills(*rows) == [("0.00", True), (october, True)]


def bills(*rows: Any) -> list[tuple[str, bool]]:
    return left(*(row if row["id"] != 7 else {**row, "amount": 0} for row in rows))


def test_a_correction_that_names_an_order_and_a_bill_is_of_the_bills_month() -> None:
    # September 119.00 - 11.90 = 107.10.
    rows = (bill(8, 8, type="ORDER"), RE_1, RE_9)
    for named in ({"ref_id": 8, "invoice_id": 1}, {"ref_id": 1, "order_id": 8, "root_id": 8}):
        both = [("107.10", True), ("119.00", True)]
        assert left(*rows, correction(-1190, **named))[:2] == both


def test_a_correction_of_an_unknown_type_of_document_is_of_its_month() -> None:
    # That may be a bill, so its month is partial, and takes what is given back of it.
    months = left(bill(1, 9, type="Rechnung"), RE_9, correction(-1190, ref_id=1))
    assert months == [("107.10", False), ("119.00", True)]


def test_a_cancellation_that_names_an_order_counts_and_is_unsure_of_its_month() -> None:
    # October 119.00 - 50.00 = 69.00: no bill of it is over 50.00.
    months = bills(paper("ORDER"), RE_9, correction(-5000, type="STORNO", ref_id=7))
    assert months == [("0.00", True), ("69.00", False)]


def test_a_metering_credit_that_names_a_quote_is_of_no_month_of_that() -> None:
    def of(own_id: str, cents: int, **said: Any) -> Any:
        return {"id": own_id, "total": {"cents": cents, "currency_iso": "EUR"}, **said}

    rows = [of("q", 11900, type="quote", period="2026-09"), of("m", 11900, period="2026-10")]
    rows += [of("c", -1190, ref_id="q")]
    body = json.dumps(rows).encode()
    listing = invoices.invoices(ORG, InvoiceKind.METERING, OCTOBER, body)
    assert [one.period for one in listing.rows] == [OCTOBER, None]


def test_an_invoice_that_says_of_what_it_is_the_correction_may_take_its_place() -> None:
    for key in ("correction_of", "reversal_of", "storno_of"):
        again = bill(2, 10, **{key: 9})
        assert left(RE_1, RE_9, again) == [("119.00", True), ("238.00", False)]


@pytest.mark.parametrize(
    ("said", "is_gap"),
    [
        *(({key: "m"}, False) for key in ("cancels", "reverses", "corrects", "refunds", "credits")),
        *(({key: "m"}, False) for key in ("credited_invoice_id", "correction_of", "reversal_of")),
        *(({key: "m"}, False) for key in ("cancelled_invoice_id", "cancellation_of", "replaces")),
        # What may have been taken back itself.
        *(
            ({key: "x"}, True)
            for key in ("cancelled_by", "storno_id", "credit_note_id", "cancel_id")
        ),
        *(({key: True}, True) for key in ("refunded", "reversed", "credited", "disputed")),
        *(({"replaced_by": "x"}, True), ({"refund_amount": 5}, True)),
        ({"status_history": ["open", "cancelled"]}, True),
    ],
)
def test_a_negative_invoice_may_name_what_it_takes_back(said: Any, is_gap: bool) -> None:
    def of(own_id: str, cents: int, **said: Any) -> Any:
        money = {"cents": cents, "currency_iso": "EUR"}
        return {"id": own_id, "total": money, "period": "2026-10", "items": [], **said}

    rows = json.dumps([of("m", 11900), of("c", -1190, **said)]).encode()
    # 119.00 - 11.90 = 107.10.
    listing = invoices.invoices(ORG, InvoiceKind.METERING, OCTOBER, rows)
    assert [str(one.total) for one in listing.rows] == ["119.00 EUR", "-11.90 EUR"]
    assert bool(listing.gaps) is is_gap
    if "cancel_id" not in said:  # a legal one's is that of its cancellation
        named = {key: 9 if value == "m" else value for key, value in said.items()}
        months = left(RE_1, RE_9, correction(-1190, type="INVOICE", **named))
        assert months == [("119.00", True), ("107.10", not is_gap)]


@pytest.mark.parametrize(
    "key", ["cancels", "reverses", "corrects", "replaces", "credited_invoice_id", "correction_of"]
)
def test_what_asks_for_money_and_names_another_is_a_gap(key: str) -> None:
    money = {"cents": 11900, "currency_iso": "EUR"}
    rows = [{"id": one, "total": money, "period": "2026-10", "items": []} for one in "mc"]
    body = json.dumps([rows[0], rows[1] | {key: "m"}]).encode()
    assert invoices.invoices(ORG, InvoiceKind.METERING, OCTOBER, body).gaps
    assert left(RE_1, RE_9, bill(2, 10, **{key: 9}))[1] == ("238.00", False)


@pytest.mark.parametrize("key", ["cancel_id", "storno_id", "cancelled_by"])
@pytest.mark.parametrize(
    ("cents", "total", "is_sure"), [(-11900, "0.00", True), (-1190, "107.10", False)]
)
def test_a_metering_invoice_that_names_what_takes_all_of_it_back_is_sure(
    key: str, cents: int, total: str, is_sure: bool
) -> None:
    # 119.00 - 119.00 is nothing; of 119.00 - 11.90 the rest may have been taken back otherwise.
    money = [{"cents": each, "currency_iso": "EUR"} for each in (11900, cents)]
    shared = {"period": "2026-10", "items": []}
    rows = [{"id": "m", "total": money[0], key: "c"}, {"id": "c", "total": money[1]}]
    body = json.dumps([{**shared, **row} for row in rows]).encode()
    listing = invoices.invoices(ORG, InvoiceKind.METERING, OCTOBER, body)
    amounts = [one.total.amount for one in listing.rows if one.counts and one.total is not None]
    assert (f"{sum(amounts):.2f}", not listing.gaps) == (total, is_sure)


def corrected(*rows: Any) -> list[str | None]:
    """Return what each document of a list corrects."""
    body = json.dumps(rows).encode()
    listing = invoices.invoices(ORG, InvoiceKind.LEGAL, None, body)
    return [one.corrects for one in listing.rows]


@pytest.mark.parametrize(
    ("named", "corrects"),
    [
        *(({"ref_id": 1}, "1"), ({"corrects": "RE-1"}, "1"), ({"cancel_id": 1}, "1")),
        *(({"invoice": {"id": 1}}, "1"), ({"text": "Zu RE-1."}, "1")),
        # What is not listed is what the correction calls it; nothing may be named at all.
        *(({"ref_id": 77}, "77"), ({"credited_invoice_number": "RE-77"}, "RE-77")),
        *(({}, None), ({"ref_id": 0}, None), ({"ref_id": 2}, None), ({"customer_id": 1}, None)),
        # Of two the one under EasyBill's own key is the first.
        ({"ref_id": 9, "document_ids": [1]}, "9"),
    ],
)
def test_a_correction_says_by_its_id_which_document_it_is_of(
    named: Any, corrects: str | None
) -> None:
    for kind, cents in (("CREDIT", -1190), ("STORNO", -11900), ("INVOICE", -1190)):
        row = correction(cents, type=kind, **named)
        expected = None if kind == "INVOICE" and "cancel_id" in named else corrects
        assert corrected(RE_1, RE_9, row) == [None, None, expected]


def test_a_correction_that_its_bill_names_is_of_that_and_a_chain_is_of_the_next() -> None:
    assert corrected(RE_1 | {"storno_id": 2}, correction(-11900)) == [None, "1"]
    back = bill(3, 10, type="STORNO_CREDIT", amount=1190, ref_id=2)
    assert corrected(RE_1, correction(-1190, ref_id=1), back) == [None, "1", "2"]


def test_a_bill_whose_cancellation_was_taken_back_whole_is_in_force() -> None:
    storno = correction(-11900, ref_id=1)
    back = bill(3, 10, type="STORNO_CREDIT", amount=11900, ref_id=2)

    def taken_back(*rows: Any) -> dict[str, str | None]:
        body = json.dumps(rows).encode()
        listing = invoices.invoices(ORG, InvoiceKind.LEGAL, None, body)
        return {one.id: one.cancelled_by for one in listing.rows}

    assert left(RE_1, storno) == [("0.00", True), ("0.00", True)]
    assert taken_back(RE_1, storno) == {"1": "2", "2": None}
    # 119.00 - 119.00 + 119.00 are owed for September.
    assert left(RE_1, storno, back) == [("119.00", True), ("0.00", True)]
    assert taken_back(RE_1, storno, back) == {"1": None, "2": None, "3": None}
    # Taken back a third time, and where 1.00 less was given back.
    third = bill(4, 10, type="STORNO", amount=-11900, ref_id=3)
    assert taken_back(RE_1, storno, back, third)["1"] == "2"
    assert taken_back(RE_1, storno, back | {"amount": 11800})["1"] == "2"


def test_a_bill_that_names_another_corrects_none() -> None:
    assert corrected(RE_1, RE_9 | {"ref_id": 1}) == [None, None]


def test_a_correction_of_several_documents_of_a_month_says_whose_it_is_taken_for() -> None:
    rows = [RE_1, bill(3, 9), correction(-1190, document_ids=[1, 3])]
    listing = invoices.invoices(ORG, InvoiceKind.LEGAL, SEPTEMBER, json.dumps(rows).encode())
    assert listing.gaps == ()
    assert listing.notes == ("CREDIT 2 names 2 documents, and is taken for 1's",)


def calls(corrections: int, **named: str) -> int:
    """Return how many calls of ours a list takes of as many bills and cancellations of them."""
    rows: list[dict[str, Any]] = []
    for n in range(corrections):
        rows.append(bill(n, 9, **{key: said.format(n) for key, said in named.items()}))
        rows.append(bill(10_000 + n, 10, type="STORNO", amount=-11900, number=f"X-{n}"))
    body = json.dumps(rows).encode()
    with Profile() as profile:
        invoices.invoices(ORG, InvoiceKind.LEGAL, SEPTEMBER, body)
    ours = billfold_bnerd.__path__[0]  # what measures coverage makes calls of its own
    return sum(
        each.callcount
        for each in profile.getstats()
        if getattr(each.code, "co_filename", "").startswith(ours)
    )


@pytest.mark.parametrize("named", [{"storno_id": "X-{}"}, {"cancel_id": "1{:04}"}, {}], ids=str)
def test_cancellations_find_their_bills_in_linear_time(named: dict[str, str]) -> None:
    calls(1, **named)
    assert calls(160, **named) < 9 * calls(20, **named)
