"""What b'nerd's replies mean; the money is written by hand from the replies in this folder."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from billfold import DriftError, Invoice, InvoiceKind, Period, RateLimitedError
from billfold.wire import Problem, decode
from billfold_bnerd import client, invoices, month, one_invoice, parse, wire
from support.replies import reply

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
OTHER = "2d0c9b44-7a1f-4e5b-9c38-61f2a07be5d3"
OCTOBER = Period.month(2026, 10)
# Of the documented sample, where what it cancels is not listed.
ALONE = (
    "STORNO 70391544 counts and takes 70366918 back, which is not listed: "
    "by its own date it is of 2026-09"
)


def bnerd(name: str) -> bytes:
    return reply("bnerd", name)


def metering(*rows: Any, window: Period | None = None) -> Any:
    return invoices.invoices(ORG, InvoiceKind.METERING, window, json.dumps(rows).encode())


def bill(**fields: Any) -> Invoice:
    (invoice,) = metering({"period": "2026-10", "total": None, **fields}).rows
    return invoice


def single(body: bytes, kind: InvoiceKind = InvoiceKind.METERING) -> Invoice:
    invoice = one_invoice.invoice(ORG, kind, str(json.loads(body)["id"]), body).invoice
    return invoice


def legal(body: Any, window: Period | None = None) -> Any:
    written = body if isinstance(body, bytes) else json.dumps(body).encode()
    return invoices.invoices(ORG, InvoiceKind.LEGAL, window, written)


def test_subscriptions_are_ids_and_dates() -> None:
    active, ended, support = parse.subscriptions(ORG, bnerd("list_subscriptions_several")).rows
    assert (active.start, active.end) == (datetime(2026, 4, 22, 13, tzinfo=UTC), None)
    assert ended.end == datetime(2026, 10, 25, 18, tzinfo=UTC)
    assert (support.sub_account_id, support.product_id) == (
        None,
        "95a1b7e4-c82d-4063-b7fe-2d0f68a39c51",
    )
    assert active.price is None


def test_a_subscription_that_names_no_organization_is_of_the_one_that_was_asked() -> None:
    listing = parse.subscriptions(ORG, b'[{"id": "s1", "product_id": "p"}]')
    assert [row.billing_account_id for row in listing.rows] == [ORG]


def test_a_subscription_may_state_its_product_and_project_as_objects_and_that_it_ended() -> None:
    row = {"id": "s", "product": {"id": "p", "name": "Compute M"}, "project": {"id": "j"}}
    said = {"status": "canceled", "canceled_at": "2026-10-01T00:00:00Z", "end_date": None}
    active, ended, unsure = parse.subscriptions(
        ORG,
        json.dumps(
            [{**row, "status": "active"}, {**row, **said, "id": "t"}, {"id": "u", "state": "ended"}]
        ).encode(),
    ).rows
    assert (active.product_id, active.name, active.sub_account_id) == ("p", "Compute M", "j")
    assert (active.end, ended.end) == (None, datetime(2026, 10, 1, tzinfo=UTC))
    # One that is cancelled and still runs says so by a time alone.
    runs = {**row, "status": "active", "canceled_at": "2026-10-01T00:00:00Z"}
    (still,) = parse.subscriptions(ORG, json.dumps([runs]).encode()).rows
    assert (still.end, unsure.end) == (None, None)
    listing = parse.subscriptions(ORG, b'[{"id": "u", "state": "ended"}]')
    assert listing.notes == ("not readable, left out: `$[0].state`",)


@pytest.mark.parametrize("key", ["default", "is_default", "isDefault", "default_payment_method"])
def test_a_payment_method_is_the_default_by_whatever_key_says_so(key: str) -> None:
    rows = [{"id": "a", "payment_type": "card", key: said} for said in (True, False, "true")]
    listing = parse.payment_methods(
        ORG, json.dumps([{**row, "id": str(at)} for at, row in enumerate(rows)]).encode()
    )
    assert [row.default for row in listing.rows] == [True, False, True]


def test_a_subscription_may_begin_on_a_plain_date_and_say_more_than_we_know() -> None:
    row = {
        "id": "s",
        "organization_id": ORG.upper(),
        "product_id": "p",
        "start_date": "2026-04-22",
        "plan": {"tier": 1},
    }
    theirs = {**row, "organization_id": OTHER}
    listing = parse.subscriptions(ORG, json.dumps({"data": [theirs, row]}).encode())
    assert [invoice.start for invoice in listing.rows] == [datetime(2026, 4, 22, tzinfo=UTC)]
    assert listing.notes == ("1 of other organizations left out",)


@pytest.mark.parametrize("none", ["0001-01-01T00:00:00Z", "1970-01-01", "0000-00-00 00:00:00"])
def test_an_end_that_stands_for_none_is_none(none: str) -> None:
    row = {"id": "s", "product_id": "p", "start_date": "2026-04-22", "end_date": none}
    listing = parse.subscriptions(ORG, json.dumps([row]).encode())
    assert [one.end for one in listing.rows] == [None]
    assert listing.notes == ()


@pytest.mark.parametrize("start", ["2026-04-22T13:00:00", "yesterday", 1776859200, [], True])
def test_a_start_that_is_no_moment_is_unknown_and_named_without_its_text(start: object) -> None:
    row = {"id": "s", "organization_id": ORG, "product_id": "p", "start_date": start}
    listing = parse.subscriptions(ORG, json.dumps([row]).encode())
    assert [(one.id, one.product_id, one.start) for one in listing.rows] == [("s", "p", None)]
    assert (listing.gaps, listing.notes) == (
        (),
        ("not readable, left out: `$[0].start_date`",),
    )


def test_an_amount_in_a_subscription_or_payment_method_is_named() -> None:
    eur = {"cents": 500, "currency_iso": "EUR"}
    one, method = {"id": "s", "product_id": "p"}, {"id": "m", "payment_type": "card"}
    reads = [(parse.subscriptions, one), (parse.payment_methods, method)]
    for read, row in reads:
        alone = read(ORG, json.dumps([{**row, "price": eur}]).encode())
        assert (alone.gaps, alone.notes) == ((), ("amounts that were not read: `$[0].price`",))
        rows = read(ORG, json.dumps([{**row, "fees": [{"amount": eur}]}]).encode())
        assert rows.gaps == ("amounts that were not read: `$[0].fees[*].amount`",)


def test_a_subscription_listed_twice_is_one_and_with_another_content_a_gap() -> None:
    one = {"id": "s", "product_id": "p"}
    same = parse.subscriptions(ORG, json.dumps([one, one]).encode())
    assert (len(same.rows), same.gaps, same.notes) == (1, (), ("1 listed twice, counted once",))
    other = parse.subscriptions(ORG, json.dumps([one, {**one, "product_id": "q"}]).encode())
    assert [row.product_id for row in other.rows] == ["p"]
    assert other.gaps == ("1 listed twice with different content, the first reading was kept: s",)


def test_metering_invoices_are_money_of_a_month() -> None:
    invoices = metering(*json.loads(bnerd("list_invoices_several"))).rows
    assert [(str(invoice.period), str(invoice.total), invoice.kind) for invoice in invoices] == [
        ("2026-10", "56.59 EUR", InvoiceKind.METERING),
        ("2026-09", "-12.04 EUR", InvoiceKind.METERING),
        ("2026-08", "7346 JPY", InvoiceKind.METERING),
    ]


def test_a_metering_invoices_lines_add_up_to_its_total() -> None:
    october = single(bnerd("get_invoice_october"))
    assert [
        (line.product_name, line.sub_account_name, str(line.cost)) for line in october.lines
    ] == [
        ("Compute M", "ledger-prod", "28.365 EUR"),
        ("Support Plus", None, "34.375 EUR"),
        ("Block volume", "ledger-prod", "-6.15 EUR"),
    ]
    assert [str(line.quantity) for line in october.lines] == ["744", "312.5", "18600.0"]
    assert str(october.lines[2].unit_price) == "-0.000331 EUR"
    (check,) = october.checks
    assert (check.name, check.holds, str(check.computed)) == (
        "invoice total vs. its lines",
        True,
        "56.590 EUR",
    )


def test_lines_that_do_not_add_up_fail_a_check_and_change_no_total() -> None:
    item = {"product": "A", "total": {"cents": 100, "currency_iso": "EUR"}}
    invoice = bill(
        total={"cents": 150, "currency_iso": "EUR"},
        items=[item, {**item, "total": None, "cost": {"cents": 30}}],
    )
    assert invoice.checks == ()
    invoice = bill(total={"cents": 150, "currency_iso": "EUR"}, items=[item, item])
    assert [(check.holds, str(check.gap)) for check in invoice.checks] == [(False, "-0.50 EUR")]
    assert str(invoice.total) == "1.50 EUR"
    assert bill(total={"cents": 150, "currency_iso": "USD"}, items=[item]).checks == ()


def test_an_item_with_documented_keys_only_has_no_cost() -> None:
    (invoice,) = metering(json.loads(bnerd("get_invoice_documented_keys_only"))).rows
    (line,) = invoice.lines
    assert (line.cost, line.quantity, line.reason) == (
        None,
        None,
        "only a price per unit is stated",
    )
    assert (str(line.unit_price), line.unit, line.sub_account_id) == (
        "-1.72 EUR",
        "day",
        "ledger-staging",
    )
    assert (invoice.id, invoice.checks) == ("metering:2026-09", ())


@pytest.mark.parametrize(
    ("fields", "product"),
    [
        ({"product": "Compute M"}, (None, "Compute M")),
        ({"product": ORG}, (ORG, None)),
        ({"product": {"id": ORG, "name": "Compute M"}}, (ORG, "Compute M")),
        ({"product_id": ORG, "product_name": "Compute M"}, (ORG, "Compute M")),
    ],
)
def test_a_lines_product_has_several_spellings(
    fields: Any, product: tuple[str | None, str | None]
) -> None:
    (line,) = bill(
        items=[{**fields, "unit": "hour", "price": {"cents": 7, "currency_iso": "EUR"}}]
    ).lines
    assert (line.product_id, line.product_name) == product
    assert (line.cost, str(line.unit_price)) == (None, "0.07 EUR")


def test_equal_lines_are_numbered() -> None:
    invoice = bill(
        id="i", items=[{"product": "A"}, {"product": "A"}, {"product": "B", "project": "p"}]
    )
    assert [line.id for line in invoice.lines] == ["i/-/A", "i/-/A#2", "i/p/B"]


def test_an_item_that_is_no_object_takes_neither_the_others_nor_the_invoice_with_it() -> None:
    item = {"product": "A", "total": {"cents": 100, "currency_iso": "EUR"}}
    listing = metering(
        {"period": "2026-10", "total": {"cents": 150, "currency_iso": "EUR"}, "items": [item, "A"]}
    )
    (invoice,) = listing.rows
    assert (str(invoice.total), [str(line.cost) for line in invoice.lines]) == (
        "1.50 EUR",
        ["1.00 EUR"],
    )
    assert invoice.checks == ()
    assert listing.gaps == (
        "1 left out: the reply does not fit its contract: an item is no object "
        "- at `$[0].items[1]`",
    )


@pytest.mark.parametrize(
    ("period", "month"),
    [
        ("2026-10", "2026-10"),
        ("2026-10-01", "2026-10"),
        ("2026-10-31", "2026-10"),
        ("2026-10-01..2026-10-15", "2026-10-01..2026-10-16"),
        ("2026-10-01..2026-10-31", "2026-10"),
        ("2026-10-01...2026-11-01", "2026-10"),
        ("2026-10-01...2026-10-31", "2026-10-01..2026-10-31"),
        ("2026-10-01/2026-10-31", "2026-10"),
        ("2026-10-01/2026-11-01", "2026-10"),
        ("2026-10-01T00:00:00Z/2026-11-01T00:00:00Z", "2026-10"),
        ("2026-10-01 00:00:00 +0200..2026-10-31 23:59:59 +0100", "2026-10"),
        ("2026-10-01 00:00:00 UTC..2026-10-31 23:59:59 UTC", "2026-10"),
        ("2026-10-01T00:00:00+02:00", "2026-10"),
        ({"start": "2026-10-01T00:00:00+02:00", "end": "2026-11-01T00:00:00+01:00"}, "2026-10"),
        ({"start": "2026-10-01T00:00:00+02:00", "end": "2026-10-31T23:59:59+01:00"}, "2026-10"),
        ({"start": "2026-10-01T00:00:00+02:00", "end": "2026-10-31T23:59:59.999+01:00"}, "2026-10"),
        ({"from": "2026-09-30T22:00:00Z", "to": "2026-10-31T22:59:59Z"}, "2026-10"),
        ({"from": "2026-10-01T05:00:00Z", "to": "2026-11-01T05:00:00Z"}, "2026-10"),
        ({"from": "2026-09-30T23:59:59Z", "to": "2026-10-31T23:59:59Z"}, "2026-10"),
        ({"from": "2026-09-30T23:59:59Z", "to": "2026-11-01T00:00:00Z"}, "2026-10"),
        ({"from": "2026-09-30T21:59:59Z", "to": "2026-10-31T22:59:59Z"}, "2026-10"),
        ("2026-09-30 23:59:59 +0200..2026-10-31 23:59:59 +0100", "2026-10"),
        ("2026-09-30T23:59:59Z", "2026-09"),
        ("2026-09-30T22:00:00Z", "2026-10"),
        ("2026-10-31T23:00:00.000Z", "2026-11"),
        ("2026-10-31T12:00:00Z", "2026-10"),
        ("2026-10-31T23:00:00+01:00", "2026-10"),
        ("2026-10-01T00:00:00Z", "2026-10"),
        (
            "2026-09-30T23:59:59Z...2026-10-01T00:00:00Z",
            "2026-09-30T23:59:59Z..2026-10-01T00:00:00Z",
        ),
        (
            {"from": "2026-10-05T22:00:00Z", "to": "2026-10-31T23:00:00Z"},
            "2026-10-05T22:00:00Z..2026-10-31T23:00:00Z",
        ),
        ({"start": "2026-10-01", "end": "2026-10-31"}, "2026-10"),
        ({"start": "2026-10-01", "end": "2026-11-01"}, "2026-10"),
        ({"from": "2026-10-01T00:00:00Z", "to": "2026-10-31T23:59:59Z"}, "2026-10"),
        ({"start_date": "2026-10-01", "end_date": "2026-10-15"}, "2026-10-01..2026-10-16"),
        # From midnight to midnight: a month on whatever clock.
        ({"start": "2026-10-01T00:00:00", "end": "2026-10-31T23:59:59"}, "2026-10"),
        ({"start": "2026-10-01 00:00:00", "end": "2026-11-01 00:00:00"}, "2026-10"),
        ({"from": "2026-10-01T00:00", "to": "2026-10-31T23:59:59.999"}, "2026-10"),
        ({"start": "2026-10-01T00:00:00", "end": "2026-10-31"}, "2026-10"),
        ({"start": "2026-09-30T23:59:59", "end": "2026-10-31T23:59:59"}, "2026-10"),
        (["2026-10-01T00:00:00", "2026-11-01T00:00:00"], "2026-10"),
        ("2026-10-01T00:00:00..2026-10-31T23:59:59", "2026-10"),
        ("2026-10-01 00:00:00...2026-11-01 00:00:00", "2026-10"),
        ("2026-10-01T00:00:00/2026-11-01T00:00:00", "2026-10"),
        ("2026-10-01 00:00:00", "2026-10"),
        ({"start": "2026-07-01T00:00:00", "end": "2026-09-30T23:59:59"}, "2026-Q3"),
    ],
)
def test_a_period_comes_in_many_forms_and_is_read_on_its_own_clock(period: Any, month: str) -> None:
    assert str(bill(period=period).period) == month


@pytest.mark.parametrize("zone", ["timezone", "time_zone", "tz"])
@pytest.mark.parametrize("is_inside", [True, False])
def test_a_month_between_times_without_an_offset_needs_no_zone_beside_it(
    zone: str, is_inside: bool
) -> None:
    bounds, said = {"start": "2026-10-01T00:00:00", "end": "2026-10-31T23:59:59"}, "Europe/Berlin"
    row = {"period": {**bounds, zone: said}} if is_inside else {"period": bounds, zone: said}
    for asked, rows in ((OCTOBER, 1), (OCTOBER.previous_month(), 0)):
        listing = metering({"id": "1", "total": None, **row}, window=asked)
        assert (len(listing.rows), listing.gaps) == (rows, ())


@pytest.mark.parametrize(
    "period",
    [
        *(None, "autumn", "October 2026", 10, "10/2026", "2026-1_0", "２０２６-１０", "2026-13"),
        *("2026-10..2026-11", "2026-10-01..", "2026-10-01/P1M", "2026-09-30T22:00:00"),
        *({"first": "2026-10-01"}, {"start": "2026-10-02", "end": "2026-10-01"}),
        # Of which month these are, their clock would say.
        {"start": "2026-09-30T22:00:00", "end": "2026-10-31T22:59:59"},
        {"start": "2026-10-05T00:00:00", "end": "2026-10-31T23:59:59"},
        {"start": "2026-10-01T00:00:00", "end": "2026-10-31T22:59:59+00:00"},
        {"start": "2026-10-01T00:00:00", "end": "2026-10-31T23:59:59Z"},
        "2026-10-01T00:00:00..2026-10-31T23:59:59 +0100",
        *("2026-10-05T00:00:00", "2026-10-01T01:00:00", "2026-10-31T23:59:59"),
        {"start": "0001-01-01T00:00:00", "end": "2026-10-31T23:59:59"},
    ],
)
def test_an_invoice_of_an_unknown_period_is_listed_whatever_the_window_and_said_to_be(
    period: Any,
) -> None:
    known = {"id": "known", "period": "2026-09", "total": None}
    unknown = {"id": "unknown", "period": period, "total": None, "items": [{"product": "vm"}]}
    listing = metering(unknown, known, window=OCTOBER)
    assert [(invoice.id, invoice.period) for invoice in listing.rows] == [("unknown", None)]
    said = "1 without a period that can be read, listed whatever the period: unknown"
    assert listing.gaps == (said,)
    assert metering({"period": period, "total": None}).gaps == ()
    # Without lines it is read by itself, which may state its period.
    assert metering({**unknown, "items": []}, window=OCTOBER).gaps == ()


def test_an_invoice_belongs_to_the_window_its_period_begins_in() -> None:
    rows = json.loads(bnerd("list_invoices_several"))
    cut = datetime(2026, 10, 1, tzinfo=UTC)
    for window, months in (
        (Period(cut - timedelta(days=60), cut), ["2026-09"]),
        (Period(cut, cut + timedelta(seconds=1)), ["2026-10"]),
        (Period(cut + timedelta(seconds=1), cut + timedelta(days=90)), []),
    ):
        assert [str(invoice.period) for invoice in metering(*rows, window=window).rows] == months


def test_invoices_without_ids_are_named_after_their_period() -> None:
    row = {"period": "2026-10", "total": {"cents": 1, "currency_iso": "EUR"}}
    listing = metering(row, row, {**row, "period": None}, {**row, "id": 17}, {**row, "id": 17})
    assert [invoice.id for invoice in listing.rows] == [
        "metering:2026-10",
        "metering:2026-10#2",
        "metering:undated",
        "17",
    ]
    gap = "1 without an id like another of its period, and counted"
    assert (listing.gaps, listing.notes) == ((gap,), ("1 listed twice, counted once",))


def test_an_invoice_listed_twice_counts_once_and_is_mentioned() -> None:
    first, *others = json.loads(bnerd("list_easy_bill_invoices_several"))
    listing = legal([first, *others, {**first, "id": str(first["id"])}])
    assert [invoice.id for invoice in listing.rows] == ["70419362", "70388157", "70391544"]
    assert (listing.gaps, listing.notes) == ((ALONE,), ("1 listed twice, counted once",))


def test_an_invoice_listed_twice_with_different_content_is_a_gap_of_the_months_it_may_bill() -> (
    None
):
    first, *others = json.loads(bnerd("list_easy_bill_invoices_several"))
    again = {**first, "amount": 1, "document_date": "2026-08-02", "service_date": None}
    rows = [first, *others, again]
    gap = ("1 listed twice with different content, the first reading was kept: 70419362",)
    for period, ids, gaps in (
        (None, ["70419362", "70388157", "70391544"], gap),
        (OCTOBER, ["70419362"], gap),
        (Period.month(2026, 7), ["70419362"], gap),
        (Period.month(2026, 9), ["70388157", "70391544"], ()),
    ):
        listing = legal(rows, period)
        assert [invoice.id for invoice in listing.rows] == ids
        alone = (ALONE,) if "70391544" in ids else ()
        assert (listing.gaps, listing.notes) == ((*alone, *gaps), ())


@pytest.mark.parametrize(
    "total", [None, 12.5, "12.50", {"cents": 5}, {"cents": 5, "currency_iso": "XYZ"}]
)
def test_an_invoice_without_money_has_no_total_and_a_reason(total: Any) -> None:
    invoice = bill(total=total)
    assert invoice.total is None
    assert invoice.reason


@pytest.mark.parametrize(
    ("around", "list_at"),
    [("%s", "$"), ('{"data": %s}', "$.data"), ('{"subscriptions": %s}', "$.subscriptions")],
)
def test_an_error_names_the_rows_place_in_the_whole_reply(around: str, list_at: str) -> None:
    row = {"id": "s", "organization_id": ORG, "product_id": "p", "start_date": "2026-04-22"}
    theirs, odd = {**row, "organization_id": OTHER}, {**row, "id": 5}
    listing = parse.subscriptions(ORG, (around % json.dumps([theirs, row, odd])).encode())
    assert [one.id for one in listing.rows] == ["s"]
    assert listing.gaps == (
        "1 left out: the reply does not fit its contract: Expected `str`, got `int` "
        f"- at `{list_at}[2].id`",
    )


@pytest.mark.parametrize(
    ("beside", "at"),
    [
        ({"errors": [{"message": "not rated"}]}, "$[0]"),
        ({"items": [{"product": "Disk", "error": {"message": "not rated"}}]}, "$[0].items[0]"),
    ],
)
def test_an_error_in_a_listed_document_is_a_gap(beside: dict[str, Any], at: str) -> None:
    said = f"the reply states an error: not rated - at `{at}`"
    total = {"cents": 1190, "currency_iso": "EUR"}
    assert said in metering({"period": "2026-10", "total": total, **beside}).gaps
    document = {"id": 1, "type": "INVOICE", "amount": 1190, "document_date": "2026-10-02"}
    assert said in legal(json.dumps([{**document, **beside}]).encode()).gaps


def test_another_organizations_invoices_are_left_out() -> None:
    listing = metering({"period": "2026-10", "total": None, "organization_id": OTHER})
    assert (list(listing.rows), listing.notes) == ([], ("1 of other organizations left out",))


def test_an_empty_id_names_no_other_organization() -> None:
    assert len(metering({"period": "2026-10", "total": None, "organization_id": ""}).rows) == 1


def test_legal_invoices_are_cents_with_tax_and_a_cancellation_is_negative() -> None:
    invoices = legal(bnerd("list_easy_bill_invoices_several")).rows
    assert [
        (invoice.id, invoice.number, invoice.type, str(invoice.total), str(invoice.net))
        for invoice in invoices
    ] == [
        ("70419362", "RE-26-0418", "INVOICE", "67.34 EUR", "56.59 EUR"),
        ("70388157", "RE-26-0377", "INVOICE", "91.87 EUR", "77.20 EUR"),
        ("70391544", "ST-26-0031", "STORNO", "-14.33 EUR", "-12.04 EUR"),
    ]
    assert (invoices[0].issued_on, invoices[0].due_on, invoices[0].paid_on) == (
        date(2026, 11, 2),
        date(2026, 11, 16),
        date(2026, 11, 9),
    )
    assert (invoices[1].due_on, invoices[1].paid_on, invoices[1].status) == (None, None, None)
    assert [str(invoice.period) for invoice in invoices] == ["2026-10", "2026-09", "None"]
    assert {invoice.kind for invoice in invoices} == {InvoiceKind.LEGAL}


@pytest.mark.parametrize(
    ("period", "numbers"),
    [
        ("2026-11", []),
        ("2026-10", ["RE-26-0418"]),
        ("2026-09", ["RE-26-0377", "ST-26-0031"]),
        ("2026-09-02..2026-11-01", ["RE-26-0418"]),
        ("2026-08-31..2026-10-02", ["RE-26-0418", "RE-26-0377", "ST-26-0031"]),
    ],
)
def test_a_legal_invoice_without_a_period_bills_the_month_before_its_date(
    period: str, numbers: list[str]
) -> None:
    rows = json.loads(bnerd("list_easy_bill_invoices_several"))
    undated = [{**row, "service_date": None} for row in rows]
    listing = legal(undated, Period.parse(period))
    assert [invoice.number for invoice in listing.rows] == numbers
    assert (listing.gaps, listing.notes) == ((ALONE,) if "ST-26-0031" in numbers else (), ())


@pytest.mark.parametrize(
    ("service_date", "period"),
    [
        ({"date_from": "2026-10-01", "date_to": "2026-10-31"}, "2026-10"),
        ({"date_from": "2026-10-05", "date_to": "2026-10-05"}, "2026-10-05..2026-10-06"),
        ({"date_from": "2026-10-15", "date_to": "2026-11-01"}, "2026-10-15..2026-11-02"),
        ({"type": "SERVICE", "date_from": "2026-10-01", "date_to": None}, None),
        ({"type": "SERVICE", "date": "2026-10-31"}, "2026-10-31..2026-11-01"),
        ({"date_from": "2026-10-31", "date_to": "2026-10-01"}, None),
        ({"date_from": "0000-00-00", "date_to": "2026-10-31"}, None),
        ({"date_from": "2026-10-01", "date_to": "9999-12-31"}, None),
        ({"date_from": 20261001, "date_to": "2026-10-31"}, None),
        ({"type": "DEFAULT"}, None),
        ("October", None),
        ([], None),
        (None, None),
    ],
)
def test_the_service_date_is_the_period_that_a_legal_document_bills(
    service_date: Any, period: str | None
) -> None:
    row = {"id": "a", "document_date": "2026-12-24", "service_date": service_date}
    (invoice,) = legal([row]).rows
    assert invoice.period == (None if period is None else Period.parse(period))
    billed = Period.month(2026, 11) if period is None else OCTOBER
    assert [invoice.id for invoice in legal([row], billed).rows] == ["a"]
    assert legal([row], Period.month(2026, 12)).rows == ()
    odd = "1 with a time of service that cannot be read, billed by the document's date"
    is_odd = period is None and service_date not in (None, [], {"type": "DEFAULT"})
    where = "a time that it bills which cannot be read - at `$[0].service_date`"
    for listing in (legal([row], billed), legal([row])):
        assert listing.gaps == ((where, odd) if is_odd else ())


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"is_draft": True}, "draft"),
        ({"is_draft": True, "status": None}, "draft"),
        ({"is_draft": True, "type": "ORDER", "status": "ACCEPT"}, "ACCEPT"),
        ({"is_draft": False}, None),
        ({"is_draft": "perhaps"}, None),
        ({}, None),
    ],
)
def test_a_draft_that_states_no_status_has_the_status_draft(
    fields: dict[str, Any], status: str | None
) -> None:
    (invoice,) = legal([{"id": "a", "amount": 100, "currency": "EUR", **fields}]).rows
    assert (invoice.status, str(invoice.total)) == (status, "1.00 EUR")


def test_a_legal_invoice_without_a_date_is_listed_and_said_to_be() -> None:
    listing = legal(
        [
            {"id": "a", "document_date": "0000-00-00"},
            {"id": "b"},
            {"id": "c", "document_date": "2026-10-15"},
        ],
        OCTOBER,
    )
    assert [invoice.id for invoice in listing.rows] == ["a", "b"]
    said = "2 without a period that can be read, listed whatever the period: a, b"
    assert listing.gaps == (said,)


@pytest.mark.parametrize(
    "window", [OCTOBER, Period.month(2026, 11), Period.parse("2026-01..2026-12")]
)
def test_money_of_documents_without_a_date_is_named_in_whatever_window(window: Period) -> None:
    # 8.85 were asked for and 1.00 given back, some day.
    bill = {"amount": 885, "amount_net": 744, "currency": "EUR"}
    back = bill | {"type": "CREDIT", "amount": -100, "amount_net": -84}
    rows = [{"id": "a", "document_date": None, **bill}, {"id": "b", **back}]
    listing = legal(rows, window)
    assert [str(each.total) for each in listing.rows] == ["8.85 EUR", "-1.00 EUR"]
    said = "2 without a period that can be read, listed whatever the period: "
    assert listing.gaps == (f"{said}a over 8.85 EUR, b over -1.00 EUR",)
    assert (
        legal([{"id": str(one), **bill} for one in range(7)], window)
        .gaps[0]
        .endswith("4 over 8.85 EUR, and 2 more")
    )
    # What asks for nothing is of no month, whichever is asked for.
    assert legal([{"id": "c", "type": "OFFER", **bill}], window).gaps == ()
    assert legal([{"id": "d", "is_draft": True, **bill}], window).gaps == ()


@pytest.mark.parametrize(
    ("fields", "total", "reason"),
    [
        ({"amount": 6734, "currency": "EUR"}, "67.34 EUR", None),
        ({"amount": "6734", "currency": "EUR"}, "67.34 EUR", None),
        ({"amount": {"cents": 6734, "currency_iso": "EUR"}}, "67.34 EUR", None),
        (
            {"amount": 67.34, "currency": "EUR"},
            "None",
            "the amount stated is not in whole cents, so its scale is not known",
        ),
        (
            {"amount": "119.00", "currency": "EUR"},
            "None",
            "the amount stated is not in whole cents, so its scale is not known",
        ),
        (
            {"amount": 100.0, "currency": "EUR"},
            "None",
            "the amount stated is not in whole cents, so its scale is not known",
        ),
        (
            {"amount": "1e2", "currency": "EUR"},
            "None",
            "the amount stated is not in whole cents, so its scale is not known",
        ),
        ({"amount": 6734}, "None", "the amount stated has no currency"),
        ({"amount": None, "currency": "EUR"}, "None", "the provider states no amount"),
        ({"currency": "EUR"}, "None", "the provider states no amount"),
        (
            {"amount": 10**399, "currency": "EUR"},
            "None",
            "the cents stated are no number that can be kept exactly",
        ),
        ({"amount": "67,34 EUR"}, "None", "the amount stated has neither scale nor currency"),
    ],
)
def test_a_legal_amount_is_whole_cents_or_unknown(
    fields: Any, total: str, reason: str | None
) -> None:
    (invoice,) = legal([{"id": "EB-2e9f7", "number": None, **fields}]).rows
    assert (invoice.id, invoice.number, str(invoice.total), invoice.reason) == (
        "EB-2e9f7",
        None,
        total,
        reason,
    )


@pytest.mark.parametrize(
    ("page", "gaps"),
    [
        ({"page": 1, "pages": 1, "limit": 100, "total": 1}, 0),
        ({"next": None, "next_cursor": "", "has_more": False}, 0),
        ({"page": 1, "pages": 3, "limit": 100, "total": 204}, 1),
        ({"total_pages": "2"}, 1),
        ({"next_cursor": "abc"}, 1),
        ({"pagination": {"next_page": 2}}, 1),
        ({"page": 1, "limit": 1, "total": 204}, 1),
        ({"total": "2"}, 1),
        ({"meta": {"total": 2}}, 1),
        ({"meta": {"current_page": 1, "last_page": 3, "total": 3}}, 1),
        ({"next_page_url": "https://x.example/?page=2"}, 1),
        ({"pagy": {"page": 1, "pages": 3, "next": 2}}, 1),
        ({"meta": {"pagination": {"next": 2}}}, 1),
        ({"meta": {"current_page": 1, "last_page": 1, "total": 1}}, 0),
    ],
)
def test_a_wrapped_list_is_read_and_a_page_of_several_is_a_gap(page: Any, gaps: int) -> None:
    listing = legal({"items": [{"id": 1, "number": 26}], **page})
    assert [(invoice.id, invoice.number) for invoice in listing.rows] == [("1", "26")]
    assert len(listing.gaps) == gaps


def test_an_empty_list_hides_no_full_one() -> None:
    assert [invoice.id for invoice in legal({"items": [], "invoices": [{"id": 1}]}).rows] == ["1"]
    assert list(legal({"items": [], "invoices": []}).rows) == []


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (
            b'{"items": [{"id": 1}], "invoices": [{"id": 2}]}',
            "'items' beside 'invoices', both full",
        ),
        (b'{"papers": [{"id": 1}]}', "only the keys 'papers'"),
        (b'{"wrong": "words"}', "only the keys 'wrong'"),
        (b"{}", "only the keys none"),
        (b'[{"number": "RE-1"}]', r"`id` - at `\$\[0\]`"),
        (b"7", "Expected `array`"),
        (b"<html>", "is HTML"),
        (b"", "is empty"),
    ],
)
def test_what_is_no_list_is_drift_that_names_keys_only(body: bytes, where: str) -> None:
    with pytest.raises(DriftError, match=where) as caught:
        legal(body)
    assert "words" not in str(caught.value)


def test_payment_methods_keep_four_digits_and_mask_the_iban() -> None:
    card, debit, link = parse.payment_methods(ORG, bnerd("list_payment_methods_several")).rows
    assert (card.kind, card.default, card.brand, card.last4, card.exp_month, card.exp_year) == (
        "card",
        True,
        "mastercard",
        "0417",
        3,
        2030,
    )
    assert (debit.iban, debit.last4, debit.default) == ("DE***6173", None, False)
    assert (link.kind, link.iban, link.exp_year) == ("link", None, None)


def test_a_full_iban_is_never_shown() -> None:
    full = "DE00 5001 0517 5407 3261 73"
    body = json.dumps(
        [{"id": "a", "payment_type": "sepa_debit", "default": False, "iban": full}]
    ).encode()
    (method,) = parse.payment_methods(ORG, body).rows
    assert method.iban == "DE***6173"
    assert "5001" not in repr(method)
    assert "5001" not in repr(decode(body, tuple[wire.PaymentMethod, ...]))


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ({"last4": "0417", "exp_month": "03", "exp_year": "2030"}, ("0417", 3, 2030)),
        ({"last4": 417, "exp_month": 3, "exp_year": 2030}, ("0417", 3, 2030)),
        (
            {"last4": "4111111111110417", "exp_month": "soon", "exp_year": "-1"},
            ("0417", None, None),
        ),
        ({"last4": "", "exp_month": None}, (None, None, None)),
    ],
)
def test_digits_may_be_text_or_numbers(fields: Any, read: tuple[Any, ...]) -> None:
    body = json.dumps([{"id": "a", "payment_type": "card", "default": True, **fields}]).encode()
    (method,) = parse.payment_methods(ORG, body).rows
    assert (method.last4, method.exp_month, method.exp_year) == read


def test_two_defaults_are_two_defaults() -> None:
    body = json.dumps(
        [{"id": invoice, "payment_type": "card", "default": True} for invoice in "ab"]
    ).encode()
    assert [method.default for method in parse.payment_methods(ORG, body).rows] == [
        True,
        True,
    ]


@pytest.mark.parametrize("body", [b"", b'{"success": "attached"}', b"<html>", b"null"])
def test_an_attachment_that_answers_otherwise_is_still_made(body: bytes) -> None:
    assert parse.attached(ORG, body) is None


def test_a_set_up_intent_does_not_show_its_secret() -> None:
    assert "invented" not in repr(wire.SetupIntent("seti_invented"))


@pytest.mark.parametrize(
    ("name", "code", "message", "request_id"),
    [
        (
            "error_forbidden_missing_permission",
            "forbidden",
            "A billing permission is missing.",
            "d5e8721b",
        ),
        ("error_unauthorized_envelope", "unauthorized", "This token is not valid.", "1fa6d0c3"),
        ("error_unauthorized_outside_envelope", None, "This token is not valid.", None),
        (
            "error_validation_failed_two_errors",
            "validation_failed",
            "The window is not usable. (from is missing and must be a timestamp; to must lie after "
            "from); The organization is unknown. (organization_id)",
            "6b3e9fd2",
        ),
    ],
)
def test_error_bodies_in_every_shape(
    name: str, code: str | None, message: str, request_id: str | None
) -> None:
    problem = client.problem(bnerd(name))
    assert (problem.code, problem.message, problem.kind) == (code, message, None)
    assert (problem.request_id or "")[:8] == (request_id or "")


def test_the_code_of_a_limit_counts_under_any_status() -> None:
    assert client.problem(bnerd("error_rate_limited_slow_down")).kind is RateLimitedError
    problem = client.problem(b'{"errors": [{}, {"code": "rate_limited"}]}')
    assert (problem.kind, problem.code, problem.message, problem.request_id) == (
        RateLimitedError,
        "rate_limited",
        "rate_limited",
        None,
    )


@pytest.mark.parametrize("odd", ['"request_id": 5', '"request_id": []', '"error": {}'])
@pytest.mark.parametrize(
    "field", ['"message": 5', '"field": []', '"meta": {"validation_errors": {"from": 5}}']
)
def test_an_odd_field_of_an_error_hides_no_other(odd: str, field: str) -> None:
    problem = client.problem(
        f'{{{odd}, "errors": [{{"code": 5}}, {{"code": "rate_limited", {field}}}]}}'.encode()
    )
    assert (problem.kind, problem.code, problem.message) == (
        RateLimitedError,
        "rate_limited",
        "rate_limited",
    )


@pytest.mark.parametrize(
    ("errors", "message"),
    [
        ({"from": ["is missing", "is bad"]}, "from is missing and is bad"),
        ({"base": "try later"}, "base try later"),
        ("try later", "try later"),
        ({"code": "forbidden", "message": "No."}, "No."),
    ],
)
def test_errors_under_their_fields_names_are_said(errors: Any, message: str) -> None:
    assert client.problem(json.dumps({"errors": errors}).encode()).message == message


@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>", b"[]", b"{}"])
def test_an_error_body_without_the_envelope_says_nothing(body: bytes) -> None:
    assert client.problem(body) == Problem()


def test_a_window_is_sent_with_its_last_second() -> None:
    berlin = Period(
        datetime.fromisoformat("2026-10-01T02:00:00+02:00"),
        datetime.fromisoformat("2026-11-01T01:00:00+01:00"),
    )
    assert month.window_bounds(berlin) == ("2026-10-01T00:00:00Z", "2026-10-31T23:59:59Z")
