"""Invoices compared with usage and each other; sides and causes are written by hand."""

from datetime import UTC, date, datetime
from decimal import Context, Decimal, localcontext
from typing import Any

import pytest
from attrs import evolve

from billfold import Answer, Invoice, InvoiceLine, Period, State, Stream, Usage
from billfold.model import Cause
from billfold.reconcile import Identity, NotCompared, Views, compare
from billfold.reconcile._invoices import invoice_identities
from support.costs import OCTOBER, charge, money
from support.reconciliation import (
    account_views,
    coverage,
    identities,
    legal,
    line,
    metering,
    not_compared,
    only,
    used,
)

NOVEMBER_2 = date(2026, 11, 2)
METERING = "metering invoice vs. usage"
LEGAL = "legal invoices, net vs. metering invoice"


def findings(usage: Usage, *invoices: Invoice, **views: Any) -> list[Identity | NotCompared]:
    made = account_views(usages=(usage,), invoices=invoices, **views)
    return list(invoice_identities(made))


def compared(usage: Usage, *invoices: Invoice) -> list[Identity]:
    return identities(findings(usage, *invoices))


def named(usage: Usage, *invoices: Invoice, **views: Any) -> list[tuple[str, str]]:
    """Return the amounts and reasons of what was not compared, legal invoices aside."""
    found = findings(usage, *invoices, **views)
    return not_compared(row for row in found if row.name != LEGAL)


def two_products(*lines: InvoiceLine) -> Identity:
    """Compare 30.00 of a and 20.00 of b with an invoice of 50.00."""
    usage = used(
        charge("30.00 EUR", id="1", service="a", sub_account_id="web"),
        charge("20.00 EUR", id="2", service="b", sub_account_id="web"),
    )
    return only(compared(usage, metering("50.00 EUR", *lines)))


def test_products_that_differ_do_not_agree_by_adding_up() -> None:
    identity = two_products(line("30.01 EUR", "a", "web"), line("19.99 EUR", "b", "web"))
    assert (str(identity.gap), identity.cause) == ("0.00 EUR", Cause.UNKNOWN)
    assert identity.evidence == (
        "web, a: 30.01 EUR billed, 30.00 EUR used",
        "web, b: 19.99 EUR billed, 20.00 EUR used",
    )


def test_a_product_billed_in_two_lines_agrees_with_its_charges() -> None:
    halves = line("10.00 EUR", "a", "web"), line("20.00 EUR", "a", "web")
    assert two_products(*halves, line("20.00 EUR", "b", "web")).cause is None


def parts(usage: Usage, *lines: InvoiceLine) -> tuple[Cause | None, list[tuple[str, str]]]:
    """Return the cause of an invoice of 10.00 with these lines, and what was not compared."""
    found = findings(usage, metering("10.00 EUR", *lines))
    (identity,) = [row for row in identities(found) if row.name == METERING]
    assert str(identity.gap) == "0.00 EUR"
    return identity.cause, named(usage, metering("10.00 EUR", *lines))


VM_IN_A = used(charge("10.00 EUR", service="VM", sub_account_id="A"))


@pytest.mark.parametrize(
    "lines",
    [
        (line("3.00 EUR", "VM", "A"), line("7.00 EUR", "VM", "B")),  # nobody used a VM in B
        (line("4.00 EUR", "VM", "A"), line("6.00 EUR", "Vol", "A")),
        (line("11.00 EUR", "VM", "A"), line("-1.00 EUR", "Vol", "A")),
        (line("4.00 EUR", "VM"), line("6.00 EUR", "Vol")),
        (line("11.00 EUR", "VM"), line("-1.00 EUR", "Vol")),
        (line("10.00 EUR", "VM", "A"), line("1.00 EUR", "Vol", "A"), line("-1.00 EUR", "IP", "A")),
    ],
)
def test_what_one_side_does_not_name_is_zero_on_it(lines: tuple[InvoiceLine, ...]) -> None:
    assert parts(VM_IN_A, *lines) == (Cause.UNKNOWN, [])


def test_lines_without_projects_are_compared_by_product() -> None:
    usage = used(
        charge("4.00 EUR", id="1", service="VM", sub_account_id="A"),
        charge("5.00 EUR", id="2", service="VM", sub_account_id="B"),
        charge("1.00 EUR", id="3", service="Vol", sub_account_id="B"),
        charge("0.00 EUR", id="4", service="IP", sub_account_id="B"),
    )
    assert parts(usage, line("9.00 EUR", "VM"), line("1.00 EUR", "Vol")) == (None, [])
    free = line("0.00 EUR", "Free")
    assert parts(usage, line("9.00 EUR", "VM"), line("1.00 EUR", "Vol"), free) == (None, [])
    assert parts(usage, line("8.00 EUR", "VM"), line("2.00 EUR", "Vol")) == (Cause.UNKNOWN, [])


def test_lines_of_projects_alone_are_compared_by_project() -> None:
    usage = used(
        charge("4.00 EUR", id="1", service="VM", sub_account_id="A"),
        charge("6.00 EUR", id="2", service="VM", sub_account_id="B"),
    )
    rent = [
        evolve(line(cost, "-", project), product_name=None)
        for cost, project in (("4.00 EUR", "A"), ("6.00 EUR", "B"), ("6.00 EUR", "A"))
    ]
    assert parts(usage, *rent[:2]) == (None, [])
    swapped = evolve(rent[0], sub_account_id="B"), rent[2]
    assert parts(usage, *swapped) == (Cause.UNKNOWN, [])
    nameless = [evolve(each, sub_account_id=None) for each in rent[:2]]
    assert parts(usage, *nameless) == (None, [])  # in all, as they tell nothing apart


def test_lines_in_other_words_than_the_usage_are_not_called_agreement() -> None:
    reason = "no line names anything that was used, but A, Compute"
    assert parts(VM_IN_A, line("10.00 EUR", "Compute", "A")) == (None, [("10.00 EUR", reason)])
    reason = "no line names anything that was used, but B, VM"
    assert parts(VM_IN_A, line("10.00 EUR", "VM", "B")) == (None, [("10.00 EUR", reason)])
    two = used(charge("4.00 EUR", id="1", service="VM"), charge("6.00 EUR", id="2", service="v1"))
    both = evolve(line("10.00 EUR", "VM"), product_id="v1")
    reason = "VM names several products that were used"
    assert parts(two, both) == (None, [("10.00 EUR", reason)])


def test_a_line_without_a_cost_leaves_the_parts_to_what_is_said_of_it() -> None:
    unstated = evolve(line("1.00 EUR", "Vol", "A"), cost=None, reason="no price")
    assert parts(VM_IN_A, line("9.00 EUR", "VM", "A"), unstated) == (None, [])


def names(identities: list[Identity]) -> list[str]:
    return [identity.name for identity in identities]


def test_an_invoice_that_counts_less_at_the_same_price_lacks_what_came_late() -> None:
    # 85.095 used at 0.038125 each, 83.03625 of it billed: 54 hours came after the invoice
    price = money("0.038125 EUR")
    hours = Decimal(2232)
    used_hours = charge("85.095 EUR", sub_account_id="web", unit_price=price, quantity=hours)
    billed = evolve(line("83.03625 EUR", "CI", "web"), unit_price=price, quantity=Decimal(2178))
    identity = only(compared(used(used_hours), metering("83.03625 EUR", billed)))
    assert (str(identity.gap), identity.cause) == ("-2.05875 EUR", Cause.LATE_DATA)
    assert identity.evidence == ("web, CI: 83.03625 EUR billed, 85.095 EUR used",)
    dearer = evolve(billed, unit_price=money("0.04 EUR"))
    assert only(compared(used(used_hours), metering("83.03625 EUR", dearer))).cause is Cause.UNKNOWN


@pytest.mark.parametrize(
    ("counted", "used_cost", "cause"),
    [
        # 744 hours at 0.038125 are 28.365, of which both sides may have half a cent less or more.
        ("744", "28.37 EUR", Cause.ROUNDING),
        ("744", "28.36 EUR", Cause.ROUNDING),
        ("744", "30.00 EUR", Cause.UNKNOWN),
        ("744", "28.00 EUR", Cause.UNKNOWN),
        ("720", "27.45 EUR", Cause.MISSING_USAGE),
        ("720", "28.00 EUR", Cause.UNKNOWN),
        ("768", "29.28 EUR", Cause.LATE_DATA),
        ("768", "27.45 EUR", Cause.UNKNOWN),
        (None, "27.45 EUR", Cause.UNKNOWN),
    ],
)
def test_quantities_show_a_cause_only_where_they_make_up_the_gap(
    counted: str | None, used_cost: str, cause: Cause
) -> None:
    price, hours = money("0.038125 EUR"), None if counted is None else Decimal(counted)
    used_hours = charge(used_cost, sub_account_id="web", unit_price=price, quantity=hours)
    billed = evolve(line("28.365 EUR", "CI", "web"), unit_price=price, quantity=Decimal(744))
    assert only(compared(used(used_hours), metering("28.365 EUR", billed))).cause is cause


@pytest.mark.parametrize(
    ("began", "cause"),
    [(date(2026, 10, 30), Cause.LATE_DATA), (date(2026, 10, 29), Cause.UNKNOWN)],
)
def test_what_is_on_no_line_came_late_only_if_it_began_near_the_end(
    began: date, cause: Cause
) -> None:
    extra = charge("1.00 EUR", id="extra", service="New", day=began)
    invoice = metering("5.00 EUR", line("5.00 EUR", "CI"))
    identity = only(compared(used(charge("5.00 EUR"), extra), invoice))
    assert (str(identity.gap), identity.cause) == ("-1.00 EUR", cause)
    assert identity.evidence == ("extra: 1.00 EUR used, on no line of the invoice",)


def test_an_invoice_above_the_usage_asks_for_what_usage_lacks() -> None:
    invoice = metering("6.00 EUR", line("1.00 EUR", "Gone"), line("5.00 EUR", "CI"))
    identity = only(compared(used(charge("5.00 EUR")), invoice))
    assert identity.cause is Cause.MISSING_USAGE
    assert identity.evidence == ("Gone: 1.00 EUR billed, nothing used",)


def test_lines_that_do_not_make_up_the_gap_show_no_cause() -> None:
    # 6.00 asked for, 5.50 on its lines: the line that nobody used is 0.50 of the gap of 1.00
    invoice = metering("6.00 EUR", line("0.50 EUR", "Gone"), line("5.00 EUR", "CI"))
    identity = only(compared(used(charge("5.00 EUR")), invoice))
    assert (str(identity.gap), identity.cause) == ("1.00 EUR", Cause.UNKNOWN)
    bare = only(compared(used(charge("50.00 EUR")), metering("119.00 EUR")))
    assert (str(bare.gap), bare.cause) == ("69.00 EUR", Cause.UNKNOWN)


def test_an_invoice_that_spans_more_or_less_than_the_usage_is_named() -> None:
    week = used(charge("1.00 EUR"), covers=Period.parse("2026-10-01..2026-10-08"))
    reason = "metering invoice m bills 2026-10, usage is of 2026-10-01..2026-10-08"
    assert named(week, metering("1.00 EUR")) == [("1.00 EUR", reason)]
    short = metering("1.00 EUR", period=Period.parse("2026-10-01..2026-10-08"))
    reason = "metering invoice m bills 2026-10-01..2026-10-08, usage is of 2026-10"
    assert named(used(charge("9.00 EUR")), short) == [("1.00 EUR", reason)]
    assert compared(used(charge("9.00 EUR")), short) == []


def test_an_invoice_is_compared_with_all_the_usage_that_it_spans() -> None:
    months = tuple(
        used(charge("2.00 EUR", id=str(month)), covers=Period.month(2026, month))
        for month in (7, 8, 9)
    )
    quarter = metering("6.00 EUR", period=Period.parse("2026-07..2026-10"))
    found = invoice_identities(account_views(usages=months, invoices=(quarter,)))
    (identity,) = [row for row in identities(found) if row.name == METERING]
    assert (str(identity.computed), identity.cause) == ("6.00 EUR", None)
    assert identity.period == quarter.period


def test_a_months_own_invoice_is_compared_beside_one_of_the_year() -> None:
    year = metering("99.00 EUR", period=Period.parse("2026-01..2027-01"), id="y")
    found = findings(used(charge("5.00 EUR")), metering("5.00 EUR"), year)
    assert [row.cause for row in identities(found) if row.name == METERING] == [None]
    reason = "metering invoice y bills 2026, usage is of 2026-10"
    assert ("99.00 EUR", reason) in not_compared(found)


def test_two_invoices_of_one_month_are_added_up() -> None:
    twice = compared(used(charge("5.00 EUR")), metering("5.00 EUR"), metering("5.00 EUR", id="m2"))
    assert [str(row.gap) for row in twice] == ["5.00 EUR"]


def test_an_invoice_without_a_period_that_can_be_read_is_named() -> None:
    usage = used(charge("50.00 EUR"))
    found = findings(usage, metering("119.00 EUR", period=None))
    assert identities(found) == []
    reason = "metering invoice m states no period that can be read"
    assert not_compared(found) == [("119.00 EUR", reason)]
    assert named(usage, metering("0.00 EUR", period=None)) == []
    undated = legal("100.00 EUR", "119.00 EUR", None)
    amounts = not_compared(findings(usage, metering("50.00 EUR"), undated))
    assert ("100.00 EUR", "legal invoice RE-1 states no period that can be read") in amounts


def test_an_invoice_without_a_total_is_named() -> None:
    found = findings(used(charge("1.00 EUR")), metering(None))
    assert identities(found) == []
    assert not_compared(found)[0] == ("None", "metering invoice m states no total")


def test_a_legal_invoice_without_a_net_amount_is_named() -> None:
    usage, invoice = used(charge("100.00 EUR")), metering("100.00 EUR")
    found = findings(usage, invoice, legal(None, "119.00 EUR", NOVEMBER_2))
    assert [row.name for row in identities(found)] == [METERING]
    reason = "legal invoice RE-1 states no net amount"
    assert not_compared(found) == [("119.00 EUR", reason)]
    both = findings(
        usage,
        invoice,
        legal(None, "119.00 EUR", NOVEMBER_2),
        legal("60.00 EUR", None, NOVEMBER_2, "RE-2"),
    )
    assert [row.name for row in identities(both)] == [METERING]  # 60.00 is not all that was asked


def test_legal_invoices_are_compared_with_usage_where_there_are_no_others() -> None:
    identity, tax = compared(used(charge("100 EUR")), legal("90 EUR", "107.10 EUR", NOVEMBER_2))
    assert (identity.name, str(identity.gap)) == ("legal invoices, net vs. usage", "-10 EUR")
    assert (str(tax.gap), tax.cause) == ("17.10 EUR", Cause.TAX)


def test_documents_that_ask_for_no_money_are_not_compared() -> None:
    offer = legal("999.00 EUR", "999.00 EUR", NOVEMBER_2, "AN-7", counts=False)
    bill = metering("100 EUR", line("100 EUR", "CI"))
    invoices = (bill, legal("100 EUR", "119 EUR", NOVEMBER_2), offer)
    answers = Views(
        Answer(Stream.USAGE, OCTOBER, (used(charge("100 EUR")),), tuple(coverage()[:1])),
        Answer(Stream.DAILY, OCTOBER, (), ()),
        Answer(Stream.LEDGER, None, (), ()),
        Answer(Stream.BALANCES, None, (), ()),
        Answer(Stream.INVOICES, None, invoices, tuple(coverage()[4:])),
    )
    result = compare(OCTOBER, answers)
    assert (result.holds, len(result.identities), result.not_compared) == (True, 3, ())


def test_usage_that_nothing_bills_is_a_gap_once_a_later_month_is_billed() -> None:
    november = metering("7.00 EUR", period=Period.month(2026, 11))
    identity = only(compared(used(charge("5.00 EUR")), november))
    assert (str(identity.stated), str(identity.gap)) == ("0 EUR", "-5.00 EUR")
    assert identity.cause is Cause.UNKNOWN
    assert identity.evidence == ("nothing bills 2026-10, though something later is billed",)


def test_usage_that_nothing_bills_yet_is_not_compared() -> None:
    usage, september = used(charge("5.00 EUR")), metering("4.00 EUR", period=Period.month(2026, 9))
    reason = "no metering invoice bills it, nor anything later"
    assert findings(usage, september)[0].name == METERING
    assert named(usage, september) == named(usage) == [("5.00 EUR", reason)]
    assert findings(used(charge("0.00 EUR"))) == []


def test_usage_of_a_month_that_is_not_over_awaits_no_invoice() -> None:
    known = datetime(2026, 10, 20, tzinfo=UTC)
    rows = (*coverage(), *coverage(State.COMPLETE, Stream.USAGE, known_until=known))
    assert findings(used(charge("5.00 EUR")), coverage=rows) == []
    september = used(charge("5.00 EUR"), covers=Period.month(2026, 9))
    assert len(findings(september, coverage=rows)) == 1


def test_an_invoice_that_is_missing_from_a_list_cut_short_is_no_gap() -> None:
    rows = (
        *coverage(State.COMPLETE, Stream.USAGE),
        *coverage(State.PARTIAL, Stream.INVOICES),
    )
    november = metering("7.00 EUR", period=Period.month(2026, 11))
    assert named(used(charge("5.00 EUR")), november, coverage=rows) == [
        ("5.00 EUR", "invoices partial")
    ]


def test_invoices_beside_usage_that_was_not_read_are_not_compared() -> None:
    rows = (
        *coverage(State.FAILED, Stream.USAGE),
        *coverage(State.COMPLETE, Stream.INVOICES),
    )
    views = account_views(
        invoices=(metering("5.00 EUR"), legal("5.00 EUR", None, NOVEMBER_2)),
        coverage=rows,
        requested=OCTOBER,
    )
    usage, documents = invoice_identities(views)
    assert not_compared([usage]) == [("5.00 EUR", "usage failed")]
    assert isinstance(documents, Identity)
    assert documents.holds


def test_an_invoice_for_a_month_that_was_idle_is_a_gap() -> None:
    rows = coverage(covers=OCTOBER)
    views = account_views(invoices=(metering("5.00 EUR"),), coverage=tuple(rows))
    identity = identities(invoice_identities(views))[0]
    assert (identity.name, str(identity.gap)) == (METERING, "5.00 EUR")


def test_organizations_that_differ_do_not_agree_by_adding_up() -> None:
    usages = tuple(
        used(charge(cost, id=org), billing_account_id=org)
        for org, cost in (("acme", "1.00 EUR"), ("beta", "2.00 EUR"))
    )
    invoices = (
        metering("1.01 EUR", billing_account_id="acme"),
        metering("1.99 EUR", billing_account_id="beta"),
    )
    found = identities(invoice_identities(account_views(usages=usages, invoices=invoices)))
    assert [(row.part, str(row.gap), row.holds) for row in found] == [
        ("acme", "0.01 EUR", False),
        ("beta", "-0.01 EUR", False),
    ]


def test_usage_in_a_currency_that_no_invoice_is_in_is_not_passed_over() -> None:
    usage = used(charge("100 EUR"), charge("55 USD", id="extra", service="New"))
    euros, dollars = compared(usage, metering("100 EUR", line("100 EUR", "CI")))
    assert (euros.cause, str(dollars.gap), dollars.cause) == (None, "-55 USD", Cause.UNKNOWN)
    assert dollars.evidence == ("extra: 55 USD used, on no line of the invoice",)


def test_metering_in_a_currency_that_no_legal_invoice_is_in_is_not_passed_over() -> None:
    usage = used(charge("100 EUR"), charge("55 USD", id="extra"))
    invoices = (metering("100 EUR"), metering("55 USD"), legal("100 EUR", None, NOVEMBER_2))
    euros, dollars = (identity for identity in compared(usage, *invoices) if identity.name == LEGAL)
    assert (str(euros.computed), euros.cause) == ("100 EUR", None)
    assert (str(dollars.computed), dollars.cause) == ("55 USD", Cause.UNKNOWN)
    assert str(dollars.gap) == "-55 USD"


def test_projects_of_one_window_are_added_up_before_they_are_compared() -> None:
    projects = (used(charge("2.00 EUR")), used(charge("3.00 EUR")))
    views = account_views(usages=projects, invoices=(metering("5.00 EUR"),))
    assert only(identities(invoice_identities(views))).cause is None


@pytest.mark.parametrize(
    ("documents", "cause"),
    [
        ([("5.00 EUR", "RE-1")], None),
        ([("5.004 EUR", "RE-1")], Cause.ROUNDING),
        ([("6.00 EUR", "RE-1"), ("-6.00 EUR", "ST-1"), ("5.00 EUR", "RE-2")], None),
        ([("6.00 EUR", "RE-1"), ("-6.00 EUR", "ST-1")], Cause.UNKNOWN),
        ([("6.00 EUR", "RE-1")], Cause.UNKNOWN),
    ],
)
def test_the_months_legal_documents_add_up_to_its_metering(
    documents: list[tuple[str, str]], cause: Cause | None
) -> None:
    invoices = [legal(net, None, NOVEMBER_2, number) for net, number in documents]
    identities = compared(used(charge("5.00 EUR")), metering("5.00 EUR"), *invoices)
    assert [(identity.name, identity.cause) for identity in identities] == [
        (METERING, None),
        (LEGAL, cause),
    ]


# 5.00 net and 0.95 tax, taken back by a storno that says so.
GONE = legal("5.00 EUR", "5.95 EUR", NOVEMBER_2, cancelled_by="ST-1")
STORNO = legal("-5.00 EUR", "-5.95 EUR", NOVEMBER_2, "ST-1", corrects="RE-1")


@pytest.mark.parametrize("later", [(), (legal("7.00 EUR", None, date(2026, 12, 1), "RE-3"),)])
def test_what_a_storno_took_back_is_no_disagreement_with_what_was_used(
    later: tuple[Invoice, ...],
) -> None:
    # Without the pair nothing bills the 5.00 of October, be December billed or not.
    found = findings(used(charge("5.00 EUR")), metering("5.00 EUR"), GONE, STORNO, *later)
    reason = "legal invoice RE-1 was taken back by ST-1, and nothing else bills it"
    assert not_compared(found) == [("5.00 EUR", reason)]
    assert [each.name for each in identities(found)] == [
        METERING,
        "legal invoice RE-1: total vs. net",
        "legal invoice ST-1: total vs. net",
    ]


def test_what_is_written_anew_is_compared_alone() -> None:
    anew = legal("5.00 EUR", "5.95 EUR", date(2026, 12, 1), "RE-2", period=OCTOBER)
    identity = compared(used(charge("5.00 EUR")), metering("5.00 EUR"), GONE, STORNO, anew)[1]
    assert (identity.name, str(identity.stated), identity.cause) == (LEGAL, "5.00 EUR", None)
    # A storno of another month takes its bill back all the same: October 5.00, November 7.00.
    late = evolve(STORNO, period=Period.month(2026, 11))
    november = metering("7.00 EUR", period=Period.month(2026, 11), id="n")
    also = legal("7.00 EUR", None, date(2026, 12, 1), "RE-3")
    found = compared(used(charge("5.00 EUR")), metering("5.00 EUR"), november, GONE, late, anew)
    assert [str(each.gap) for each in found if each.name == LEGAL] == ["0.00 EUR"]
    found = compared(used(charge("5.00 EUR")), november, GONE, late, also)
    assert [each.name for each in found if each.name == LEGAL] == []


def test_a_bill_and_its_storno_over_an_idle_month_are_no_agreement() -> None:
    assert [each.name for each in compared(used(), GONE, STORNO)] == [
        "legal invoice RE-1: total vs. net",
        "legal invoice ST-1: total vs. net",
    ]


def test_a_storno_of_less_than_its_bill_is_compared_and_named() -> None:
    part = legal("-1.00 EUR", "-1.19 EUR", NOVEMBER_2, "ST-1", corrects="RE-1")
    identity = compared(used(charge("5.00 EUR")), metering("5.00 EUR"), GONE, part)[1]
    assert (str(identity.gap), identity.cause) == ("-1.00 EUR", Cause.UNKNOWN)
    assert identity.evidence == (
        "legal invoice RE-1 of 2026-11-02: 5.00 EUR net",
        "legal invoice ST-1 of 2026-11-02: -1.00 EUR net, a correction of RE-1",
    )


def test_a_bill_whose_storno_was_taken_back_is_in_force() -> None:
    # 5.00 - 5.00 + 5.00: whichever two are the pair, 5.00 are asked for.
    storno = evolve(STORNO, cancelled_by="ST-2")
    again = legal("5.00 EUR", "5.95 EUR", NOVEMBER_2, "ST-2", corrects="ST-1")
    for documents in ((GONE, storno, again), (again, storno, GONE)):
        identity = compared(used(charge("5.00 EUR")), metering("5.00 EUR"), *documents)[1]
        assert (str(identity.stated), identity.cause) == ("5.00 EUR", None)


def test_a_correction_dated_in_another_month_is_timing_where_that_month_is_off_by_the_same() -> (
    None
):
    # October was cancelled and written anew in December, for 5.00
    wrong = legal("6.00 EUR", None, NOVEMBER_2), legal("-6.00 EUR", None, NOVEMBER_2, "ST-1")
    anew = legal("5.00 EUR", None, date(2026, 12, 1), "RE-2")
    identity = compared(used(charge("5.00 EUR")), metering("5.00 EUR"), *wrong, anew)[-1]
    assert (str(identity.gap), identity.cause) == ("-5.00 EUR", Cause.TIMING)
    assert identity.evidence[-1] == "the documents of 2026-11 differ by 5.00 EUR"
    other = legal("4.99 EUR", None, date(2026, 12, 1), "RE-2")
    identity = compared(used(charge("5.00 EUR")), metering("5.00 EUR"), *wrong, other)[-1]
    assert identity.cause is Cause.UNKNOWN


def test_tax_is_a_difference_by_right_and_its_rate_is_shown() -> None:
    taxed = (metering("100.00 EUR"), legal("100.00 EUR", "119.00 EUR", NOVEMBER_2))
    *_, tax = compared(used(charge("100.00 EUR")), *taxed)
    assert (tax.cause, tax.holds) == (Cause.TAX, True)
    assert tax.evidence == ("19.00 EUR is 19.0 % of the net",)


@pytest.mark.parametrize(
    ("net", "total", "cause"),
    [
        ("100 EUR", "19 EUR", Cause.UNKNOWN),
        ("100 EUR", "-100 EUR", Cause.UNKNOWN),
        ("-100 EUR", "-119 EUR", Cause.TAX),
        ("-100 EUR", "-81 EUR", Cause.UNKNOWN),
        ("100 EUR", "127 EUR", Cause.TAX),
        ("100 EUR", "127.01 EUR", Cause.UNKNOWN),  # more than any country asks for
        ("100 EUR", "150 EUR", Cause.UNKNOWN),
        ("100 EUR", "101 EUR", Cause.TAX),
        ("100 EUR", "100.99 EUR", Cause.UNKNOWN),  # less than any country asks for
        ("100 EUR", "100.01 EUR", Cause.UNKNOWN),
        ("0 EUR", "1 EUR", Cause.UNKNOWN),
    ],
)
def test_a_total_that_contradicts_its_net_is_no_tax(net: str, total: str, cause: Cause) -> None:
    *_, last = compared(used(charge(net)), metering(net), legal(net, total, NOVEMBER_2))
    assert (last.name, last.cause) == ("legal invoice RE-1: total vs. net", cause)


def test_the_callers_context_rounds_no_tax_rate() -> None:
    invoices = (metering("100.00 EUR"), legal("100.00 EUR", "119.60 EUR", NOVEMBER_2))
    with localcontext(Context(prec=2)):
        *_, tax = compared(used(charge("100.00 EUR")), *invoices)
    assert tax.evidence == ("19.60 EUR is 19.6 % of the net",)


def test_legal_invoices_of_another_month_are_not_this_months() -> None:
    # that of December bills November, so that of October should be there
    later = legal("5.00 EUR", "5.95 EUR", date(2026, 12, 1))
    _, identity = compared(used(charge("5.00 EUR")), metering("5.00 EUR"), later)
    assert (str(identity.stated), str(identity.computed)) == ("0 EUR", "5.00 EUR")
    earlier = legal("5.00 EUR", "5.95 EUR", date(2026, 10, 1))
    found = findings(used(charge("5.00 EUR")), metering("5.00 EUR"), earlier)
    assert not_compared(found) == [("5.00 EUR", "no legal invoice bills it, nor anything later")]


def test_a_legal_invoice_without_metering_is_a_gap() -> None:
    usage, november = used(charge("5.00 EUR")), metering("5.00 EUR", period=Period.month(2026, 11))
    identity = compared(usage, november, legal("5.00 EUR", None, NOVEMBER_2))[-1]
    assert (str(identity.stated), str(identity.computed)) == ("5.00 EUR", "0 EUR")
    undated = metering("5.00 EUR", period=None)
    found = findings(usage, undated, legal("5.00 EUR", None, NOVEMBER_2))
    assert identities(found) == []
    assert not_compared(found)[-1] == ("5.00 EUR", "no metering invoice was read for 2026-10")


def test_a_legal_invoice_that_states_its_period_is_of_that_period_whenever_it_was_issued() -> None:
    usage, invoice = used(charge("5.00 EUR")), metering("5.00 EUR")
    late = legal("5.00 EUR", None, date(2026, 12, 5), period=OCTOBER)
    assert names(compared(usage, invoice, late)) == [METERING, LEGAL]
    september = legal("5.00 EUR", None, NOVEMBER_2, period=Period.month(2026, 9))
    assert names(compared(usage, invoice, september)) == [METERING]


def test_a_net_amount_in_another_currency_than_its_total_is_not_compared() -> None:
    odd = legal("100 EUR", "119 USD", NOVEMBER_2)
    found = findings(used(charge("100 EUR")), metering("100 EUR"), odd)
    assert not_compared(found) == [("119 USD", "its net amount is in EUR")]
