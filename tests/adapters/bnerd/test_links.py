"""Documents that name each other by chains, in sentences, or that name what is not listed (2.4)."""

import json
from typing import Any

import pytest

from billfold import InvoiceKind, Money, Period
from billfold.model import is_paid
from billfold_bnerd import invoices

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
SEPTEMBER, OCTOBER = Period.month(2026, 9), Period.month(2026, 10)
LEGAL, METERING = InvoiceKind.LEGAL, InvoiceKind.METERING


def listed(kind: InvoiceKind, month: Period, *rows: Any) -> tuple[str, bool]:
    """Return what a month comes to, and whether that is sure."""
    listing = invoices.invoices(ORG, kind, month, json.dumps(rows).encode())
    total = Money.zero("EUR")
    for one in listing.rows:
        total += one.total if one.counts and one.total is not None else Money.zero("EUR")
    return f"{total.amount:.2f}", not listing.gaps


def bill(own_id: int, euros: int, **said: Any) -> dict[str, Any]:
    """One of October."""
    row = {"id": own_id, "type": "INVOICE", "amount": euros * 100, "currency": "EUR"}
    return {**row, "document_date": "2026-11-02", "number": f"RE-{own_id}", **said}


def metered(own_id: int, euros: int, **said: Any) -> dict[str, Any]:
    money = {"cents": euros * 100, "currency_iso": "EUR"}
    return {"id": str(own_id), "total": money, "period": "2026-10", "items": [], **said}


OUT = [
    *({"status": word} for word in ("void", "replaced", "superseded", "cancelled", "draft")),
    *({"is_draft": True}, {"voided_at": "2026-11-04T00:00:00Z"}),
]


@pytest.mark.parametrize("out", OUT, ids=json.dumps)
@pytest.mark.parametrize(("kind", "make"), [(LEGAL, bill), (METERING, metered)])
def test_a_chain_of_versions_goes_on_past_one_that_does_not_count(
    kind: InvoiceKind, make: Any, out: Any
) -> None:
    # Only the last asks for its money: 120.00.
    first, last = make(9, 100, replaced_by=11), make(12, 120)
    chain = (first, make(11, 110, **out, replaced_by=12))
    assert listed(kind, OCTOBER, *chain, last) == ("120.00", True)
    backward = make(11, 110, **out)
    assert listed(kind, OCTOBER, first, backward, last | {"replaces": 11}) == ("120.00", True)
    four = make(12, 115, **out, replaced_by=13)
    assert listed(kind, OCTOBER, *chain, four, make(13, 120)) == ("120.00", True)
    # Where none but the new ones say so, both count: 220.00.
    named = make(11, 110, **out, replaces=9)
    months = listed(kind, OCTOBER, make(9, 100), named, last | {"replaces": 11})
    assert months == ("220.00", False)


def test_a_chain_of_versions_goes_on_past_one_that_was_cancelled() -> None:
    # 110.00 - 110.00 + 120.00.
    middle = bill(11, 110, replaced_by=12)
    storno = bill(21, -110, type="STORNO", ref_id=11)
    chain = (bill(9, 100, replaced_by=11), middle, storno, bill(12, 120))
    assert listed(LEGAL, OCTOBER, *chain) == ("120.00", True)


@pytest.mark.parametrize("kind", ["STORNO", "CREDIT"])
def test_what_took_a_bills_place_and_was_taken_back_leaves_the_bill_unsure(kind: str) -> None:
    # 100.00 + 110.00 - 110.00.
    back = bill(21, -110, type=kind, ref_id=11)
    rows = (bill(9, 100, replaced_by=11), bill(11, 110), back)
    assert listed(LEGAL, OCTOBER, *rows) == ("100.00", False)


def test_a_metering_invoice_that_was_given_back_whole_is_in_no_ones_place() -> None:
    back = metered(21, -110, type="credit_note", ref_id=11)
    old = metered(9, 100, replaced_by=11)
    # 100.00 + 110.00 - 110.00, and with the last 110.00 - 110.00 + 120.00.
    assert listed(METERING, OCTOBER, old, metered(11, 110), back) == ("100.00", False)
    last = metered(12, 120, replaces=11)
    assert listed(METERING, OCTOBER, old, metered(11, 110), back, last) == ("120.00", True)


@pytest.mark.parametrize(("kind", "make"), [(LEGAL, bill), (METERING, metered)])
def test_what_took_a_bills_place_and_is_void_leaves_the_bill_unsure(
    kind: InvoiceKind, make: Any
) -> None:
    rows = (make(9, 100, replaced_by=11), make(11, 110, status="void"))
    assert listed(kind, OCTOBER, *rows) == ("100.00", False)


OF_SEPTEMBER = bill(1, 119, number="RE-26-0001", document_date="2026-10-02")
OF_OCTOBER = bill(9, 238)


def credit(**said: Any) -> dict[str, Any]:
    made = bill(50, 0, type="CREDIT", amount=-1190, number="G-50", document_date="2026-11-20")
    return {**made, "service_date": None, **said}


def months(*rows: Any) -> list[tuple[str, bool]]:
    return [listed(LEGAL, month, *rows) for month in (SEPTEMBER, OCTOBER)]


RIGHT = [("107.10", True), ("238.00", True)]  # 119.00 - 11.90
BY_ITS_DATE = [("119.00", True), ("226.10", True)]  # 238.00 - 11.90


@pytest.mark.parametrize("kind", ["ORDER", "DUNNING", "REMINDER", "DELIVERY", "OFFER"])
@pytest.mark.parametrize("named", [{"ref_id": 60}, {"order_number": "AB-60"}])
def test_a_sentence_names_the_invoice_beside_a_paper_that_asks_for_nothing(
    kind: str, named: Any
) -> None:
    paper = bill(60, 0, type=kind, number="AB-60")
    assert (
        months(OF_SEPTEMBER, OF_OCTOBER, paper, credit(text="Gutschrift zu RE-26-0001", **named))
        == RIGHT
    )


SENTENCES = [
    *("zu „RE-26-0001“", "zu »RE-26-0001«", "zu ‚RE-26-0001‘", "<p>zu RE-26-0001</p>"),
    *("zu<br>RE-26-0001<br/>vom", "zu&nbsp;RE-26-0001&nbsp;vom", "Nr.RE-26-0001", "nr=RE-26-0001"),
    *("Rechnung:RE-26-0001", "(RE-26-0001)", "RE-26-0001,September", "RE-26-0001–September"),
    *("zu **RE-26-0001**", "zu _RE-26-0001_", "zu RE-26-0001.", "zu re-26-0001", "#RE-26-0001"),
    *("RE-26-0001/RE-26-0777", "RE\N{NON-BREAKING HYPHEN}26-0001", "zu RE-26-0001.pdf"),
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_number_is_found_between_whatever_does_not_continue_it(sentence: str) -> None:
    assert months(OF_SEPTEMBER, OF_OCTOBER, credit(text=sentence)) == RIGHT


@pytest.mark.parametrize(
    "sentence",
    [
        *("zu RE-26-00011", "zu XRE-26-0001", "zu RE-26-0001-2", "zu 1RE-26-0001", "A-RE-26-0001"),
        *("zu RE-26-0001.2", "zu RE-26-0001/2", "RE-26", "zu RE-26-0001_2", "zu RE_26_0001"),
    ],
)
def test_a_number_that_goes_on_is_another(sentence: str) -> None:
    assert months(OF_SEPTEMBER, OF_OCTOBER, credit(text=sentence)) == BY_ITS_DATE


OF_DIGITS = [
    *("Gutschrift zu Rechnung 10001", "Rechnung Nr. 10001 vom 2.10.", "Rechnungsnummer: 10001"),
    *("Rechnungs-Nr. 10001", "RE-Nr. 10001", "invoice #10001", "Invoice no. 10001.", "Beleg 10001"),
    *("Rechnung „10001“", "zur Rechnung\N{NO-BREAK SPACE}10001,", "bill 10001"),
]
OF_OTHERS = [
    *("zu 10001", "Kundennummer 10001", "Kunden-Nr. 10001", "10001 Stunden", "Order 10001"),
    *("Rechnungsbetrag 10001", "Rechnung 10001-2", "Rechnung 100010", "Rechnung 2026-10001"),
    *("Re: 10001 Stunden", "Rechnung vom 2.10., 10001 Stunden"),
]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [*((one, RIGHT) for one in OF_DIGITS), *((one, BY_ITS_DATE) for one in OF_OTHERS)],
)
def test_a_number_of_digits_is_found_after_a_word_for_a_bill(sentence: str, found: Any) -> None:
    bills = (OF_SEPTEMBER | {"number": "10001"}, OF_OCTOBER | {"number": "10002"})
    assert months(*bills, credit(text=sentence)) == found


def test_numbers_of_digits_that_are_listed_after_a_word_for_bills_are_all_found() -> None:
    bills = (OF_SEPTEMBER | {"number": "10001"}, OF_OCTOBER | {"number": "10002"})
    both = [("107.10", False), ("238.00", False)]  # which of two months is not said
    for sentence in ("Rechnungen 10001 und 10002", "invoices 10001, 10002"):
        assert months(*bills, credit(text=sentence)) == both


GS = "GS/2026-0009"
OWN = [
    *({"title": GS}, {"document_number": GS}, {"invoice_number": GS}, {"text": GS.lower()}),
    *({"pdf_url": f"https://x.example/{GS}.pdf"}, {"text": f"Gutschrift {GS} vom 20.11."}),
    *({"number": None, "title": GS}, {"number": None, "title": "GS.2026-0009"}),
    *({"number": f"GS{mark}2026-0009", "title": f"GS{mark}2026-0009"} for mark in ".#: "),
    {"number": "GS Nr. 2026-0009", "text": "<b>GS Nr.&nbsp;2026-0009</b>".replace("&nbsp;", " ")},
    {"number": "G-2026-0009", "pdf_url": "https://x.example/pdf/gutschrift/2026-0009.pdf"},
    {"number": "G-2026-0009", "files": [{"file": "/pdf/2026-0009"}, {"name": "2026-0009.pdf"}]},
]


@pytest.mark.parametrize("own", OWN, ids=json.dumps)
def test_a_correction_that_states_its_own_number_names_no_bill_of_that_serial(own: Any) -> None:
    bills = (OF_SEPTEMBER | {"number": "2026-0009"}, OF_OCTOBER | {"number": "2026-7777"})
    assert months(*bills, credit(**{"number": GS, **own})) == BY_ITS_DATE


@pytest.mark.parametrize(
    "sentence",
    ["GS/2026-0009 zu 2026-0009", "Nr.2026-0009", "Rechnung/2026-0009", "2026-0009.pdf?"],
)
def test_a_serial_after_what_a_number_is_called_is_that_of_the_bill(sentence: str) -> None:
    bills = (OF_SEPTEMBER | {"number": "2026-0009"}, OF_OCTOBER | {"number": "2026-7777"})
    assert months(*bills, credit(number=GS, text=sentence)) == RIGHT


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        *(("#1001", "zu #1001"), ("RE 26 0001", "zu RE\N{NO-BREAK SPACE}26  0001 vom 2.10.")),
        *(("2026/09/1", "zu 2026/09/1."), (" RE-9a ", "zu re-9A")),
    ],
)
def test_a_number_is_found_as_it_is_written(number: str, sentence: str) -> None:
    assert months(OF_SEPTEMBER | {"number": number}, OF_OCTOBER, credit(text=sentence)) == RIGHT


@pytest.mark.parametrize(
    "written",
    [
        *("RE\N{EN DASH}26\N{EN DASH}0001", "RE\N{EM DASH}26-0001", "RE\N{MINUS SIGN}26-0001"),
        *("RE-26-\n0001", "RE -26- 0001", "RE - 26 - 0001", "RE \N{EN DASH} 26 \N{EN DASH} 0001"),
        *("RE-26\N{FIGURE DASH}0001", "RE-26\N{FULLWIDTH HYPHEN-MINUS}0001"),
    ],
)
def test_any_dash_and_blanks_around_it_are_one_in_a_number(written: str) -> None:
    for text in (written, f"Gutschrift zu {written}.", f"zu {written} - Kulanz"):
        assert months(OF_SEPTEMBER, OF_OCTOBER, credit(text=text)) == RIGHT
    assert months(OF_SEPTEMBER, OF_OCTOBER, credit(invoice_number=written)) == RIGHT
    spelled = OF_SEPTEMBER | {"number": written}
    assert months(spelled, OF_OCTOBER, credit(text="zu RE-26-0001")) == RIGHT


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Leistung am 2026 - 9", BY_ITS_DATE),
        ("Leistung 2026\N{EN DASH}9", BY_ITS_DATE),
        ("Rechnung Nr. 2026 - 9", RIGHT),
        ("zu Rechnung 2026\N{EN DASH}9 vom 2.10.", RIGHT),
        ("zu 2026-9", RIGHT),
    ],
)
def test_a_number_without_letters_and_with_another_dash_may_be_a_span(
    sentence: str, found: Any
) -> None:
    bills = (OF_SEPTEMBER | {"number": "2026-9"}, OF_OCTOBER)
    assert months(*bills, credit(text=sentence)) == found


@pytest.mark.parametrize(
    "named", [{"invoice_number": "re-26-0001"}, {"ref_id": "Re-26-0001 "}, {"text": "re-26-0001"}]
)
def test_the_letters_of_a_number_have_no_case(named: Any) -> None:
    assert months(OF_SEPTEMBER, OF_OCTOBER, credit(**named)) == RIGHT
    by_the_bill = (OF_SEPTEMBER | {"storno_number": "g-50"}, OF_OCTOBER, credit())
    assert [total for total, _ in months(*by_the_bill)] == ["107.10", "238.00"]


UUID = "c2f7d0e8-31a6-4b59-8d02-e64a91f7b3c5"


@pytest.mark.parametrize(
    "named",
    [
        *({"invoice": 777}, {"invoice": {"id": 777, "number": "RE-0"}}, {"document_ids": [777]}),
        *({"applies_to": 777}, {"references": ["RE-0"]}, {"invoice_id": 777}),
        *({"invoice_number": "RE-0"}, {"invoice_id": UUID}, {"applied_to": 777}),
        *({"invoice_number": "RE 26 0"}, {"original_invoice": "RE 26 0"}),
        *({"billing_reference": "RE-0"}, {"storno_zu": "RE-0"}, {"refund_for": 777}),
    ],
)
def test_a_credit_that_names_a_bill_that_is_not_listed_leaves_its_month_unsure(named: Any) -> None:
    assert months(OF_SEPTEMBER, OF_OCTOBER, credit(**named)) == [
        ("119.00", True),
        ("226.10", False),
    ]


SECOND_IDS = [
    *(
        "document_id",
        "easybill_document_id",
        "easybill_invoice_id",
        "invoice_uuid",
        "document_uuid",
    ),
    *("billing_document_id", "legal_document_id", "document", "meta", "related_to", "source_id"),
]


def second(key: str, own_id: int) -> dict[str, Any]:
    """What a record says of itself beside its id."""
    inner = {"document": {"id": own_id, "url": f"/d/{own_id}"}, "meta": {"invoice_id": own_id}}
    return {key: inner.get(key, f"support-{own_id}" if key == "related_to" else own_id)}


@pytest.mark.parametrize("key", SECOND_IDS)
def test_an_id_that_invoices_state_of_themselves_names_no_other_bill(key: str) -> None:
    bills = (OF_SEPTEMBER | second(key, 9001), OF_OCTOBER | second(key, 9009))
    assert months(*bills, credit(**second(key, 9050))) == BY_ITS_DATE
    # The one that is cancelled and what took it back come to nothing: 238.00 are left.
    cancelled = bill(1, 119, status="cancelled") | second(key, 9001)
    storno = bill(50, -119, type="STORNO") | second(key, 9050)
    assert listed(LEGAL, OCTOBER, cancelled, bills[1], storno) == ("238.00", False)
    assert months(*bills, credit(**second(key, 9050), ref_id=1)) == RIGHT


OWN_IDS = [key for key in SECOND_IDS if "document" in key]


@pytest.mark.parametrize("key", OWN_IDS)
def test_a_second_id_that_only_credits_state_is_that_of_the_credit(key: str) -> None:
    # 238.00 - 11.90, and with another credit - 11.90 more.
    other = credit(id=52, number="G-52", **second(key, 9052))
    one = credit(**second(key, 9050))
    assert months(OF_SEPTEMBER, OF_OCTOBER, one) == BY_ITS_DATE
    assert months(OF_SEPTEMBER, OF_OCTOBER, one, other) == [("119.00", True), ("214.20", True)]
    # The id of a bill that is listed is that bill's all the same.
    assert months(OF_SEPTEMBER, OF_OCTOBER, credit(**second(key, 1))) == RIGHT


def test_a_key_by_which_invoices_repeat_their_ids_names_another_bill_in_a_credit() -> None:
    bills = (OF_SEPTEMBER | {"invoice_id": 1}, OF_OCTOBER | {"invoice_id": 9})
    assert months(*bills, credit(invoice_id=1)) == RIGHT
    assert months(*bills, credit(invoice_id=777)) == [("119.00", True), ("226.10", False)]
    # What says that it is another's is so whoever states it.
    bills = (OF_SEPTEMBER, OF_OCTOBER | {"original_invoice_id": 700})
    assert months(*bills, credit(original_invoice_id=777))[1] == ("226.10", False)


@pytest.mark.parametrize(
    "other",
    [
        *({"reference": "PO-4711"}, {"ref_number": "PO-4711"}, {"document_id": 50}),
        *({"invoice_number": "G-50"}, {"credit_number": "CN-5"}, {"document": "credit-50.pdf"}),
        *({"invoice": "https://billing.example/50"}, {"applies_to": "2026-10"}, {"invoices": []}),
        *({"bill_to": {"id": "cus_12"}}, {"invoice_to_id": "cus_12"}, {"bill_to": "C-12"}),
        *({"betrifft": "Hosting 2026"}, {"applies_to": "all"}, {"text": "zu RE-0"}),
    ],
)
def test_what_may_be_no_bill_leaves_a_credit_to_its_own_date(other: Any) -> None:
    assert months(OF_SEPTEMBER, OF_OCTOBER, credit(**other)) == BY_ITS_DATE


KEYS = [
    "refund_for",
    "credit_note_for",
    "reversal_for",
    "applied_to",
    "applied_invoice_id",
    "applied_to_invoice_id",
    "applied_invoices",
    "adjusts",
    "adjusted_invoice_id",
    "relates_to",
    "base_invoice_id",
    "initial_invoice_id",
    "billing_reference",
    "storno_zu",
    "zu_rechnung",
    "bezug",
    "gutschrift_zu",
    "credit_for",
    "adjustment_of",
    "precedingSalesVoucherId",
    "relatedVoucherId",
    "relatedVoucherNumber",
    "original_voucher",
    "relatedBelegId",
    "storniert_beleg",
    "stornierte_rechnung",
    "korrigierterBelegId",
    "ursprungBelegId",
    "urspruengliche_rechnung_nr",
]


@pytest.mark.parametrize("key", KEYS)
def test_a_word_of_relation_names_a_document_by_its_id_or_number(key: str) -> None:
    assert months(OF_SEPTEMBER, OF_OCTOBER, credit(**{key: 1})) == RIGHT
    assert months(OF_SEPTEMBER, OF_OCTOBER, credit(**{key: "RE-26-0001"})) == RIGHT


@pytest.mark.parametrize("key", ["voucher_id", "voucher", "voucherNumber", "appliedVoucherId"])
def test_a_voucher_alone_may_be_one_that_was_redeemed(key: str) -> None:
    assert months(OF_SEPTEMBER, OF_OCTOBER, credit(**{key: 1})) == BY_ITS_DATE
    assert months(OF_SEPTEMBER, OF_OCTOBER, credit(**{key: 777})) == BY_ITS_DATE


def test_vouchers_that_a_credit_is_related_to_are_its_bills() -> None:
    vouchers = [{"id": UUID, "voucherNumber": "RE-26-0001", "voucherType": "salesinvoice"}]
    assert months(OF_SEPTEMBER, OF_OCTOBER, credit(relatedVouchers=vouchers)) == RIGHT


CORRECTED = ["refund_for", "refund_of", "credit_for", "credit_note_for", "adjustment_of"]


@pytest.mark.parametrize("key", CORRECTED)
def test_an_id_of_what_is_corrected_is_no_amount_that_was_not_read(key: str) -> None:
    money = {"cents": -1190, "currency_iso": "EUR"}
    back = {**credit(**{key: 9}), "total": money}
    del back["amount"]
    # 238.00 - 11.90, and so it is without an amount beside the id.
    assert listed(LEGAL, OCTOBER, OF_OCTOBER, back) == ("226.10", True)
    assert listed(LEGAL, OCTOBER, OF_OCTOBER, back | {key: 9.5}) == ("226.10", False)


def test_one_number_is_that_of_two_bills_whatever_its_letters_and_blanks() -> None:
    rows = (bill(9, 100, number="RE-9"), bill(10, 100, number="re-9 "))
    assert listed(LEGAL, OCTOBER, *rows) == ("200.00", False)


@pytest.mark.parametrize("cents", [1190, -1190])
def test_a_credit_gives_back_and_what_cancels_it_does_not(cents: int) -> None:
    back = bill(51, 0, type="STORNO_CREDIT", amount=cents, ref_id=50)
    rows = (bill(9, 119), credit(amount=1190, ref_id=9), back)
    listing = invoices.invoices(ORG, LEGAL, OCTOBER, json.dumps(rows).encode())
    read = [None if one.total is None else str(one.total) for one in listing.rows]
    signed = ["119.00 EUR", "-11.90 EUR", "11.90 EUR"]
    assert read == (signed if cents > 0 else ["119.00 EUR", None, None])


@pytest.mark.parametrize(
    "word",
    [
        "fällig",
        "überfällig",
        "unbezahlt",
        "teilbezahlt",
        "versendet",
        "abgeschlossen",
        "erledigt",
        "gebucht",
        *("versandt", "gesendet", "ausgestellt", "beglichen", "ausgeglichen", "verbucht", "neu"),
        *("aktiv", "teil-bezahlt"),
    ],
)
def test_german_words_of_what_is_in_force_count(word: str) -> None:
    assert listed(LEGAL, OCTOBER, bill(9, 100, status=word.capitalize())) == ("100.00", True)


@pytest.mark.parametrize("word", ["Beglichen", "ausgeglichen", "bezahlt"])
def test_german_words_of_what_was_paid_say_so(word: str) -> None:
    rows = (bill(9, 100, status=word), bill(1, 50, status=word, paid_at=None, paid=True))
    listing = invoices.invoices(ORG, LEGAL, OCTOBER, json.dumps(rows).encode())
    assert [is_paid(one) for one in listing.rows] == [True, True]
    assert listed(METERING, OCTOBER, metered(9, 100, status=word)) == ("100.00", True)


@pytest.mark.parametrize(
    "word",
    ["gelöscht", "ungültig", "widerrufen", "zurückgezogen", "annulliert", "ersetzt", "geloescht"],
)
def test_german_words_of_what_is_void_do_not_count(word: str) -> None:
    assert listed(LEGAL, OCTOBER, bill(9, 100, status=word)) == ("0.00", True)
    assert listed(METERING, OCTOBER, metered(9, 100, status=word)) == ("0.00", True)


def test_an_item_that_says_nothing_is_a_part_that_was_not_read() -> None:
    listing = invoices.invoices(
        ORG, METERING, OCTOBER, json.dumps([metered(9, 100, items=[{}])]).encode()
    )
    (read,) = listing.rows
    assert (read.lines, bool(listing.gaps)) == ((), True)
