"""How a document stands, and which time it bills, under whatever key it says so (law 11)."""

import json
from typing import Any

import pytest

from billfold import Period
from billfold.model import Invoice, InvoiceKind
from billfold_bnerd import invoices
from billfold_bnerd.lists import Listing

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
OCTOBER, NOVEMBER = Period.month(2026, 10), Period.month(2026, 11)
LEGAL = {"id": 1, "type": "INVOICE", "document_date": "2026-11-02", "amount": 885}
LEGAL |= {"amount_net": 744, "currency": "EUR"}
METERING = {"id": "m", "period": "2026-10", "total": {"cents": 885, "currency_iso": "EUR"}}
LINE = {"product": "vm", "total": METERING["total"]}
ZERO = "1970-01-01"
NOVEMBER_ENDS = {"period_end": "2026-11-30"}
NOVEMBERS = {"from": "2026-11-01", "to": "2026-11-30"}


def legal(*rows: Any, period: Period | None = OCTOBER) -> Listing[Invoice]:
    return invoices.invoices(ORG, InvoiceKind.LEGAL, period, json.dumps(rows).encode())


def metering(*rows: Any, period: Period | None = OCTOBER) -> Listing[Invoice]:
    return invoices.invoices(ORG, InvoiceKind.METERING, period, json.dumps(rows).encode())


def both(**said: Any) -> list[Listing[Invoice]]:
    return [legal({**LEGAL, **said}), metering({**METERING, **said})]


def counted(listing: Listing[Invoice]) -> list[str]:
    return [str(bill.total) for bill in listing.rows if bill.counts]


@pytest.mark.parametrize(
    "said",
    [
        *({"period": "2026-11"}, {"month": "2026-11"}, {"billing_period": NOVEMBERS}),
        *({"service_period": "2026-11-01..2026-11-30"}, {"period": NOVEMBERS}),
        *({"monat": "2026-11"}, {"zeitraum": NOVEMBERS}, {"billing_window": NOVEMBERS}),
        {"service_period": "2026-11-01T00:00:00+01:00...2026-12-01T00:00:00+01:00"},
        {"period_start": "2026-11-01", "period_end": "2026-11-30"},
        {"service_date_from": "2026-11-01", "service_date_to": "2026-11-30"},
        {"billing_start_date": "2026-11-01T00:00:00Z", "billing_end_date": "2026-12-01T00:00:00Z"},
        *({"year": 2026, "month": 11}, {"billing_year": "2026", "billing_month": "11"}),
        *({"period": {"year": 2026, "month": 11}}, {"period": 202611}),
    ],
)
def test_a_period_under_any_key_is_the_one_that_a_legal_document_bills(said: Any) -> None:
    # 8.85 for November, billed as it begins: of October by its date alone.
    assert (counted(legal({**LEGAL, **said})), legal({**LEGAL, **said}).gaps) == ([], ())
    november = legal({**LEGAL, **said}, period=NOVEMBER)
    assert (counted(november), november.gaps) == (["8.85 EUR"], ())
    assert november.rows[0].period == NOVEMBER


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("period", "10/2026"), ("billing_period", "10. 2026"), ("month", 10)),
        *(("service_period", {"from": 1793491200, "to": 1796083200}), ("period", ["2026-11-01"])),
        *(("period_start", 1793491200), ("period_start", "2026-11-01")),
        *(("period", "1970-01-01..2026-11-30"), ("period", {"from": ZERO, "to": "2026-11-30"})),
        *(
            ("leistungszeitraum", "01.10.2026 - 31.10.2026"),
            ("period", {"year": 2026, "month": 13}),
        ),
    ],
)
def test_a_period_that_cannot_be_read_is_named(key: str, value: Any) -> None:
    listing = legal({**LEGAL, key: value})
    assert counted(listing) == ["8.85 EUR"]
    assert listing.gaps == (
        f"a time that it bills which cannot be read - at `$[0].{key}`",
        "1 with a time of service that cannot be read, billed by the document's date",
    )


def test_of_two_periods_the_service_date_decides_and_the_other_is_named() -> None:
    service = {"date_from": "2026-10-01", "date_to": "2026-10-31"}
    twice = {**LEGAL, "billing_period": "2026-11", "service_date": service}
    listed = "1 with two times of service, of which one decides"
    where = "a time of 2026-11 beside 2026-10, whose month it bills - at `$[0].billing_period`"
    assert (counted(legal(twice)), legal(twice).gaps) == (["8.85 EUR"], (where, listed))
    assert (counted(legal(twice, period=NOVEMBER)), legal(twice, period=NOVEMBER).gaps) == (
        [],
        (listed,),
    )
    mirror = {**METERING, "billing_period": "2026-11"}
    assert metering(mirror).gaps == (where, listed)
    assert metering({**METERING, "billing_period": "2026-10"}).gaps == ()


@pytest.mark.parametrize("month", [{"month": 10}, {"billing_month": 10}])
def test_a_month_without_its_year_is_that_of_the_period_beside_it_or_a_gap(month: Any) -> None:
    for period in ("2026-10", {"from": "2026-10-01", "to": "2026-10-31"}, "2026-10-05"):
        for listing in (
            legal({**LEGAL, "period": period, **month}),
            metering({**METERING, "items": [LINE], "period": period, **month}),
        ):
            assert (counted(listing), listing.gaps) == (["8.85 EUR"], ())
    for period in ("2026-09", "2026-Q4", "2026-10-20..2026-11-19"):
        for listing in (
            legal({**LEGAL, "period": period, **month}, period=None),
            metering({**METERING, "items": [LINE], "period": period, **month}, period=None),
        ):
            (key,) = month
            unread = f"a time that it bills which cannot be read - at `$[0].{key}`"
            assert (counted(listing), listing.gaps) == (["8.85 EUR"], (unread,))


@pytest.mark.parametrize(
    ("said", "is_gap"),
    [
        *(({"period_start": start}, False) for start in ("2026-10-01", "2026-10-01T00:00:00Z")),
        ({"service_from": "2026-10-15", "service_to": "0000-00-00"}, False),
        *(({"period_start": start}, True) for start in ("2026-09-30", "2026-11-01", 1793491200)),
        *(({"period_start": "2026-10-01", "period_end": end}, True) for end in ("10/2026", "soon")),
        ({"period_start": ZERO, "period_end": "2026-10-31"}, True),
    ],
)
def test_a_start_alone_is_of_the_period_beside_it_or_a_gap(said: Any, is_gap: bool) -> None:
    for listing in (
        legal({**LEGAL, "period": "2026-10", **said}),
        metering({**METERING, "items": [METERING], **said}),
    ):
        assert (counted(listing), bool(listing.gaps)) == (["8.85 EUR"], is_gap)


@pytest.mark.parametrize(
    "said",
    [
        *({"billing_cycle": "monthly"}, {"billing_interval": "1 month"}, {"cycle": 3}),
        *({"period": None}, {"month": ""}, {"service_date": {"type": "DEFAULT"}}),
        *({"service_date": {}}, {"service_date": []}, {"bill_from": "", "bill_to": "Acme GmbH"}),
        *({"payment_period": "2026-12"}, {"period_start": None, "period_end": None}),
    ],
)
def test_what_states_no_time_leaves_a_document_its_date(said: Any) -> None:
    listing = legal({**LEGAL, **said})
    assert (counted(listing), listing.gaps) == (["8.85 EUR"], ())


@pytest.mark.parametrize(
    "zero", ["1970-01-01", "0001-01-01T00:00:00Z", "0000-00-00", "0000-00-00 00:00:00", ""]
)
@pytest.mark.parametrize("form", ["service", "service text", "span", "bounds", "object", "text"])
def test_a_date_that_stands_for_none_is_no_time_that_a_document_bills(form: str, zero: str) -> None:
    said: Any = {
        "service": {"service_date": {"type": "DEFAULT", "date": zero, "date_from": zero}},
        "service text": {"service_date": zero},
        "span": {"period": zero, "month": zero, "service_period": {"from": zero, "to": zero}},
        "bounds": {"period_start": zero, "period_end": zero},
        "object": {"period": {"start": zero, "end": zero, "label": "none"}},
        "text": {"period": f"{zero}..{zero}", "billing_period": f"{zero} / {zero}"},
    }[form]
    # 8.85 by the document's date alone, which bills October. A metering invoice has no other.
    assert (counted(legal({**LEGAL, **said})), legal({**LEGAL, **said}).gaps) == (["8.85 EUR"], ())
    listing = metering({**METERING, "items": [METERING], "period": None, **said})
    assert counted(listing) == ["8.85 EUR"]
    (gap,) = listing.gaps
    assert gap.startswith("1 without a period that can be read")


@pytest.mark.parametrize(
    "said",
    [
        *({"date": ZERO, "date_from": "2026-11-01", "date_to": "2026-11-30"},),
        *({"date": "2026-11-05", "date_from": "0000-00-00", "date_to": ZERO},),
    ],
)
def test_a_good_time_of_service_beside_a_date_that_stands_for_none_is_billed(said: Any) -> None:
    listing = legal({**LEGAL, "service_date": said}, period=NOVEMBER)
    assert (counted(listing), listing.gaps) == (["8.85 EUR"], ())
    assert counted(legal({**LEGAL, "service_date": said})) == []


@pytest.mark.parametrize(
    "said",
    [
        *({"date_from": ZERO, "date_to": "2026-11-30"}, {"date_from": "2026-11-01"}),
        {"date": "0000-00-00", "text": "im November"},
    ],
)
def test_half_a_time_of_service_is_not_readable(said: Any) -> None:
    for row in ({**LEGAL, "service_date": said}, {**LEGAL, "period_start": ZERO, **NOVEMBER_ENDS}):
        assert counted(legal(row)) == ["8.85 EUR"]
        assert legal(row).gaps[0].startswith("a time that it bills which cannot be read")


@pytest.mark.parametrize(
    "said",
    [
        *({"invoice_status": "void"}, {"document_status": "CANCELLED"}, {"billing_status": "void"}),
        *({"lifecycle_state": "draft"}, {"aasm_state": "cancelled"}, {"recordState": "deleted"}),
        *(
            {"discarded_at": "2026-11-04T00:00:00Z"},
            {"storniert": True},
            {"storniert_am": "2026-11-04"},
            {"void_at": "2026-11-04T00:00:00Z"},
            {"voidDate": "2026-11-04"},
        ),
        *(
            {"is_storniert": "true"},
            {"voided_on": "2026-11-04"},
            {"status": "open", "doc_state": "void"},
        ),
        *({key: "2026-11-04"} for key in ("withdrawn_at", "revoked_at", "invalidated_on")),
        *({"nullified_at": 1793750400}, {"is_withdrawn": True}, {"status": "revoked"}),
        *({key: True} for key in ("proforma", "is_proforma", "pro_forma", "is_quote", "quotation")),
        *({"isEstimate": True}, {"proforma_invoice": 1}, {"is_draft_invoice": True}),
        *({"status": "pro-forma"}, {"state": "quote"}, {"document_status": "estimate"}),
    ],
)
def test_a_document_that_is_void_under_any_key_does_not_count(said: Any) -> None:
    for listing in both(**said):
        assert (len(listing.rows), counted(listing)) == (1, [])


VOIDED_AT = {"finalized_at": "2026-11-02T00:00:00Z", "voided_at": "2026-11-04T00:00:00Z"}
ISSUED = {"voided_at": None, "finalized_at": 1793577600, "paid_at": None}
DRAFTED = {"voided_at": None, "finalized_at": None, "paid_at": None}


@pytest.mark.parametrize(
    "key", ["status_transitions", "stateTransitions", "timestamps", "milestones", "status_history"]
)
@pytest.mark.parametrize(
    ("times", "status"),
    [
        *((VOIDED_AT, "void"), ({**ISSUED, "voided_at": 1793750400}, "void")),
        *(({**ISSUED, "cancelled_at": "2026-11-04"}, "void"), ({"draft": True}, "draft")),
    ],
)
def test_a_mark_of_a_document_may_stand_in_an_object_of_them(
    key: str, times: Any, status: str
) -> None:
    for listing in both(**{key: times}):
        assert (counted(listing), listing.gaps) == ([], ())
        assert [bill.status for bill in listing.rows] == [status]
    for listing in both(**{key: ISSUED}):
        assert (counted(listing), listing.gaps) == (["8.85 EUR"], ())
    for listing in both(**{key: {**ISSUED, "paid_at": 1793664000}}):
        assert [bill.status for bill in listing.rows] == ["paid"]


def test_a_mark_in_an_object_of_them_that_may_change_what_counts_is_named_by_its_place() -> None:
    for key in ("marked_uncollectible_at", "refunded_at", "disputed_at"):
        for listing in both(status_transitions={**ISSUED, key: 1793750400}):
            gap = f"a mark that may change what counts - at `$[0].status_transitions.{key}`"
            assert (counted(listing), listing.gaps) == (["8.85 EUR"], (gap,))


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ({"status_transitions": DRAFTED}, "status_transitions.finalized_at"),
        ({"finalized_at": None}, "finalized_at"),
        ({"finalised_on": "0001-01-01T00:00:00Z"}, "finalised_on"),
        ({"finalizedAt": None, "paid_at": None, "paid_amount": 0}, "finalizedAt"),
    ],
)
def test_a_document_that_was_never_made_final_is_a_draft_where_nothing_says_otherwise(
    said: Any, at: str
) -> None:
    # Some keep no such time of older ones, which is why 8.85 may be missing.
    gap = f"a draft by this alone, and not counted - at `$[0].{at}`"
    for listing in both(**said):
        assert (counted(listing), listing.gaps) == ([], (gap,))
        assert [bill.status for bill in listing.rows] == ["draft"]
    for listing in both(**said, status="draft"):
        assert (counted(listing), listing.gaps) == ([], ())
    for other in ({"status": "open"}, {"status": "issued"}, {"paid_at": "2026-11-10"}):
        for listing in both(**{**said, **other}):
            assert (counted(listing), listing.gaps) == (["8.85 EUR"], ())


@pytest.mark.parametrize(
    "said",
    [
        *({"document_status": "SENT"}, {"aasm_state": "finalized"}, {"discarded_at": None}),
        *({"customer_status": "deleted"}, {"subscription_status": "canceled"}),
        *({"sync_state": "draft"}, {"storniert": False}, {"storniert_am": "0000-00-00"}),
        *({"payment_method_status": "refunded"}, {"shipping_state": "void"}),
        *({"note": "Thank you"}, {"credit_note_id": None}, {"cancel_id": 0}, {"refunds": []}),
        *({"credit_note_ids": []}, {"storno_id": ""}, {"credit_note": False}),
        *({"void_at": None}, {"void_date": "0001-01-01T00:00:00Z"}),
        *({"discount_type": "credit"}, {"payment_type": "credit_card"}, {"output_type": "PDF"}),
    ],
)
def test_what_is_said_of_another_thing_changes_no_document(said: Any) -> None:
    for listing in both(**said):
        assert (counted(listing), listing.gaps) == (["8.85 EUR"], ())


def test_a_status_that_is_not_known_is_a_gap_under_any_key() -> None:
    for listing in both(invoice_status="refunded"):
        gap = "a status that is not known, and counted - at `$[0].invoice_status`"
        assert (counted(listing), listing.gaps) == (["8.85 EUR"], (gap,))


@pytest.mark.parametrize("key", ["payment_status", "paymentState", "invoice_payment_status"])
@pytest.mark.parametrize(
    ("word", "when_open", "when_paid"),
    [
        *((word, True, True) for word in ("refunded", "partially_refunded", "disputed")),
        *((word, True, True) for word in ("chargeback", "charged_back", "reversed")),
        *((word, False, True) for word in ("failed", "processing", "canceled")),
        *((word, False, False) for word in ("succeeded", "PAID", "captured", "open")),
    ],
)
def test_a_word_of_its_payment_may_change_what_counts(
    key: str, word: str, when_open: bool, when_paid: bool
) -> None:
    gap = f"a word of its payment that may change what counts - at `$[0].{key}`"
    for listing in both(**{key: word}):
        assert (counted(listing), listing.gaps) == (["8.85 EUR"], (gap,) if when_open else ())
    for listing in both(**{key: word}, paid_at="2026-11-10"):
        assert (counted(listing), listing.gaps) == (["8.85 EUR"], (gap,) if when_paid else ())


@pytest.mark.parametrize(
    "key",
    [
        *("record_type", "line_type", "transaction_type", "charge_type", "category"),
        *("sub_type", "subtype", "type_name", "type_label", "category_name"),
    ],
)
def test_what_gives_money_back_says_so_under_any_key_of_a_kind(key: str) -> None:
    for word in ("credit", "credit_note", "Gutschrift", "Stornorechnung"):
        for listing in both(type="INVOICE", **{key: word}):
            assert counted(listing) == ["8.85 EUR"]
            assert any(f"`$[0].{key}`" in gap for gap in listing.gaps)


@pytest.mark.parametrize(
    "said",
    [
        *({"credit_note_id": 77}, {"credit_note_ids": [77]}, {"storno_id": 2}, {"refund_id": "re"}),
        *({"credit_note": {"id": 77}}, {"credit_notes": ["77"]}, {"reversal": {"id": 7}}),
        *({"refunds": ["re_1"]}, {"cancel_document_id": 7}, {"cancellations": [{"id": 2}]}),
        *({"credited_by": "b1"}, {"credited_by": [7]}, {"cancelled_by": {"id": 2, "name": "Jane"}}),
    ],
)
def test_a_document_that_names_one_that_may_take_it_back_is_in_doubt(said: Any) -> None:
    (key,) = said
    for listing in both(**said):
        assert counted(listing) == ["8.85 EUR"]
        assert f"another document that may take it back - at `$[0].{key}`" in listing.gaps


@pytest.mark.parametrize(
    "said",
    [
        *({"waived": True}, {"waived_at": "2026-11-04"}, {"write_off_amount": 500}),
        *({"written_off_amount": 500}, {"writeoff": "2026-11-04"}, {"invalid": True}),
        *({"valid": False}, {"is_valid": "no"}, {"is_issued": False}, {"removed_at": "2026-11-04"}),
        *({"withdrawn": "2026-11-04"}, {"reverted_by": "n"}, {"declined_at": "2026-11-04"}),
    ],
)
def test_a_mark_of_what_was_given_up_or_is_no_more_is_in_doubt_in_each_form(said: Any) -> None:
    (key,) = said
    gap = f"a mark that may change what counts - at `$[0].{key}`"
    for listing in both(**said):
        assert (counted(listing), listing.gaps) == (["8.85 EUR"], (gap,))
    for none in ({key: None}, {"valid": True}, {"invalid": False}, {"write_off_amount": 0}):
        for listing in both(**none):
            assert (counted(listing), listing.gaps) == (["8.85 EUR"], ())


ISSUED_THEN = [{"status": "draft"}, {"status": "issued", "at": "2026-11-02"}]


@pytest.mark.parametrize(
    ("history", "is_gap"),
    [
        ([*ISSUED_THEN, {"status": "void", "at": "2026-11-20"}], True),
        ([{"to": "Cancelled"}, *reversed(ISSUED_THEN)], True),
        (["draft", "issued", "withdrawn"], True),
        *((ISSUED_THEN, False), ([*ISSUED_THEN, {"status": "paid"}], False), ([], False)),
        ([{"status": "draft"}, {"status": "void"}, {"status": "issued"}], False),
    ],
)
def test_a_history_that_ends_as_void_leaves_a_document_in_doubt(history: Any, is_gap: bool) -> None:
    for key in ("status_history", "stateTransitions"):
        gap = f"a history that may end as void, and counted - at `$[0].{key}`"
        for listing in both(**{key: history}):
            assert (counted(listing), listing.gaps) == (["8.85 EUR"], (gap,) if is_gap else ())
        for listing in both(status="void", **{key: history}):
            assert (counted(listing), listing.gaps) == ([], ())


@pytest.mark.parametrize("key", ["sub_type", "category", "type_name"])
def test_a_kind_that_asks_for_no_money_beside_a_type_that_does_is_in_doubt(key: str) -> None:
    for word in ("proforma", "Pro-forma invoice", "quote", "void", "cancelled"):
        for listing in both(type="INVOICE", **{key: word}):
            gap = f"a kind that asks for no money, and counted - at `$[0].{key}`"
            assert (counted(listing), listing.gaps) == (["8.85 EUR"], (gap,))


@pytest.mark.parametrize("key", ["cancel_date", "cancelAt", "storno_datum", "rejected_on"])
def test_a_document_that_may_be_withdrawn_at_a_time_is_in_doubt(key: str) -> None:
    for listing in both(**{key: "2026-11-04"}):
        gap = f"a mark that may change what counts - at `$[0].{key}`"
        assert (counted(listing), listing.gaps) == (["8.85 EUR"], (gap,))
    for listing in both(**{key: None}):
        assert (counted(listing), listing.gaps) == (["8.85 EUR"], ())


def test_a_metering_invoice_names_its_cancellation_by_the_key_of_legal_ones() -> None:
    gap = "another document that may take it back - at `$[0].cancel_id`"
    assert metering({**METERING, "cancel_id": "m2"}).gaps == (gap,)


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"charge": {"id": "ch_1", "paid": True, "refunded": True}}, "charge.refunded"),
        ({"charge": {"id": "ch_1", "disputed": True}}, "charge.disputed"),
        ({"charge": {"status": "refunded"}}, "charge.status"),
        ({"charge": {"dispute": "dp_1"}}, "charge.dispute"),
        ({"payment": {"refund_status": "refunded"}}, "payment.refund_status"),
        ({"payment": {"dispute_status": "lost"}}, "payment.dispute_status"),
        ({"charge": {"refunds": {"object": "list", "data": [{"id": "re_1"}]}}}, "charge.refunds"),
        ({"payment": {"status": "succeeded", "refunded": True}}, "payment.refunded"),
        ({"payment": {"status": "refunded"}}, "payment.status"),
        ({"payment": {"refunded_at": "2026-11-20T00:00:00Z"}}, "payment.refunded_at"),
        ({"latest_payment": {"status": "partially_refunded"}}, "latest_payment.status"),
        ({"payments": [{"id": 1}, {"status": "charged_back"}]}, "payments[1].status"),
        (
            {"payment_intent": {"status": "succeeded", "latest_charge": {"refunded": True}}},
            "payment_intent.latest_charge.refunded",
        ),
        ({"charges": {"object": "list", "data": [{"disputed": True}]}}, "charges.data[0].disputed"),
    ],
)
def test_a_payment_inside_of_a_document_that_did_not_stay_is_a_gap(said: Any, place: str) -> None:
    gap = f"a word of its payment that may change what counts - at `$[0].{place}`"
    for listing in both(**said):
        assert (counted(listing), listing.gaps) == (["8.85 EUR"], (gap,))


EMPTY = {"object": "list", "data": [], "has_more": False, "total_count": 0, "url": "/v1/refunds"}


@pytest.mark.parametrize(
    "said",
    [
        {"charge": {"paid": True, "refunded": False, "disputed": False, "dispute": None}},
        {"charge": {"amount_refunded": 0, "refunds": EMPTY, "status": "succeeded"}},
        {"payment_intent": {"status": "canceled", "latest_charge": "ch_1"}, "paid": True},
        {"payments": [{"status": "failed"}, {"status": "succeeded"}]},
        {"payment_method": {"status": "void"}, "payment_terms": {"refund": "within 14 days"}},
        *({"dispute": None}, {"disputes": []}, {"has_dispute": False}, {"disputes_count": 0}),
        *({"dispute_deadline": "2026-12-01"}, {"dispute_period": 30}),
        *({"payment": {"status": "paid", "refund_status": no}} for no in ("none", "not_refunded")),
        *({"payment": {"dispute_status": "won"}}, {"charge": {"refunds": {"href": "/refunds"}}}),
        *({"dispute": "none"}, {"dispute": {"status": "none"}}, {"dispute": {"status": "Won"}}),
        *({"dispute": {"id": "dp_1", "state": "won", "amount": 885}}, {"disputes": {"href": "/d"}}),
        *({"refund": {"status": "not_refunded"}}, {"refunds": {"links": {"related": "/refunds"}}}),
        *({"status": "exported"}, {"easybill": {"state": "exported"}}),
    ],
)
def test_a_payment_that_stayed_is_no_gap(said: Any) -> None:
    for listing in both(**said):
        assert (counted(listing), listing.gaps) == (["8.85 EUR"], ())


@pytest.mark.parametrize(
    "said",
    [
        *({"dispute": {"id": "dp_1", "status": "lost"}}, {"dispute": "dp_1"}, {"disputes": ["d"]}),
        *({"has_dispute": True}, {"dispute_id": 7}, {"disputes_count": 1}, {"chargebacks": ["c"]}),
        *({"dispute": {"href": "/disputes/1"}}, {"disputes": {"href": "/d", "count": 1}}),
        *({"dispute": {"status": "none", "amount": 885}}, {"disputes": [{"status": "open"}]}),
        {"disputes": {"1": {"status": "open"}}},
        *({"void": {"at": "2026-11-10T00:00:00Z", "reason": "twice"}}, {"void": [{"by": "anna"}]}),
    ],
)
def test_a_dispute_or_what_says_more_than_that_it_is_void_is_in_doubt(said: Any) -> None:
    (key,) = said
    gap = f"a mark that may change what counts - at `$[0].{key}`"
    for listing in both(**said):
        assert (counted(listing), listing.gaps) == (["8.85 EUR"], (gap,))


LISTS = ["refunds", "credit_notes", "cancellations", "reversals", "write_offs", "void", "disputed"]


@pytest.mark.parametrize("key", LISTS)
@pytest.mark.parametrize(
    "none",
    [
        *(EMPTY, {"object": "list", "data": []}, {"items": [], "total": 0, "next_page": None}),
        {"results": [], "meta": {"page": 1, "per_page": 25, "total_count": 0}},
        {"@type": "hydra:Collection", "hydra:member": [], "hydra:totalItems": 0},
    ],
)
def test_a_list_without_a_row_takes_nothing_back(key: str, none: Any) -> None:
    for listing in both(**{key: none}):
        assert (counted(listing), listing.gaps) == (["8.85 EUR"], ())


@pytest.mark.parametrize(
    "some",
    [
        {**EMPTY, "data": [{"id": "re_1"}]},
        *({**EMPTY, "has_more": True}, {**EMPTY, "total_count": 1}, {**EMPTY, "id": "re_1"}),
        *({"items": [], "type": "full"}, {"reason": "duplicate", "tags": []}),
        *({"data": [], "total": 5}, {"data": [], "total": {"cents": 5, "currency_iso": "EUR"}}),
    ],
)
def test_a_list_of_some_or_of_which_more_follow_may_take_back(some: Any) -> None:
    for listing in both(refunds=some):
        assert counted(listing) == ["8.85 EUR"]
        assert "another document that may take it back - at `$[0].refunds`" in listing.gaps


@pytest.mark.parametrize("key", ["easybill", "easybill_document"])
@pytest.mark.parametrize(
    "said",
    [
        *({"is_draft": True}, {"status": "CANCEL"}, {"type": "OFFER"}, {"type": "DUNNING"}),
        {"voided_at": "2026-11-10"},
    ],
)
def test_what_easybill_says_of_its_document_is_read_as_if_it_stood_beside_that(
    key: str, said: dict[str, Any]
) -> None:
    bill = {each: LEGAL[each] for each in LEGAL if each != "type"}
    for listing in (legal({**bill, key: {"id": 5, **said}}), both(**{key: {"id": 5, **said}})[1]):
        assert (counted(listing), listing.gaps) == ([], ())


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"type": "OFFER"}, "easybill.type"),
        ({"status": "STRANGE"}, "easybill.status"),
        ({"refunded": True}, "easybill.refunded"),
        ({"is_draft": "perhaps"}, "easybill.is_draft"),
    ],
)
def test_what_easybill_says_otherwise_than_its_document_is_a_gap(said: Any, place: str) -> None:
    (gap,) = legal({**LEGAL, "easybill": {"id": 5, **said}}).gaps
    assert gap.endswith(f" - at `$[0].{place}`")
    agreeing = {"id": 5, "type": "INVOICE", "is_draft": False, "status": None, "cancel_id": None}
    for listing in both(easybill=agreeing):
        assert (counted(listing), listing.gaps) == (["8.85 EUR"], ())


def test_easybill_names_the_cancellation_of_its_document() -> None:
    bill = {**LEGAL, "id": "a", "easybill": {"id": 5, "cancel_id": 6}}
    # Not listed: 8.85 do not count. Listed: 8.85 - 8.85 = 0.
    assert (counted(legal(bill)), legal(bill).gaps) == ([], ())
    storno = {**LEGAL, "id": "b", "type": "STORNO", "amount": -885, "amount_net": -744}
    listing = legal(bill, {**storno, "easybill": {"id": 6}})
    assert (counted(listing), listing.gaps) == (["8.85 EUR", "-8.85 EUR"], ())
    (gap,) = metering({**METERING, "easybill": {"id": 5, "cancel_id": 6}}).gaps
    assert gap == "another document that may take it back - at `$[0].easybill.cancel_id`"


@pytest.mark.parametrize(
    "when",
    [
        *({"next_payment_attempt": 1795000000}, {"attempt_count": 3}, {"payment_attempts": 2}),
        *({"next_payment": 1795000000}, {"due": 1795000000}, {"payment_due": 1795000000000}),
    ],
)
def test_a_time_or_a_count_of_payments_is_no_amount(when: dict[str, int]) -> None:
    for listing in both(**when):
        assert (listing.gaps, listing.notes) == ((), ())
    for listing in both(**{key: 300 for key in when if "attempt" not in key}):
        assert bool(listing.notes) is ("attempt" not in str(when))


SEPTEMBER = {"start": "2026-09-01T00:00:00Z", "end": "2026-10-01T00:00:00Z"}
IN_OCTOBER = {"from": "2026-10-01", "to": "2026-10-31"}


@pytest.mark.parametrize(
    ("times", "is_gap"),
    [
        ([{"period": SEPTEMBER}], True),
        ([{"period": "2026-09"}, {"from": "2026-08-01", "to": "2026-09-30"}], True),
        ([{"period": SEPTEMBER}, IN_OCTOBER], False),
        ([{"period": SEPTEMBER}, {}], False),
        ([{"from": "2026-09-30T22:00:00Z", "to": "2026-10-31T23:00:00Z"}], False),
        ([{"date": "2026-11-02"}, {"timestamp": "2026-11-02T08:00:00Z"}], False),  # of the bill
        ([{"start_date": "2025-01-01", "end_date": "2026-01-01"}], False),  # of a subscription
    ],
)
def test_an_invoice_whose_lines_all_state_another_month_is_a_gap(times: Any, is_gap: bool) -> None:
    cents = [885 - 100 * (len(times) - 1), 100][: len(times)]
    items = [
        {"product": f"vm{at}", "total": {"cents": each, "currency_iso": "EUR"}, **when}
        for at, (each, when) in enumerate(zip(cents, times, strict=True))
    ]
    listing = metering({**METERING, "items": items})
    assert counted(listing) == ["8.85 EUR"]
    gap = "lines of 2026-09 in an invoice of 2026-10 - at `$[0].items`"
    assert listing.gaps == ((gap,) if is_gap else ())
