"""Invoices compared with usage and each other; sides and causes are written by hand."""

from datetime import date
from decimal import Context, localcontext

import pytest

from billfold import Invoice, Period, Usage
from billfold.model import Cause
from billfold.reconcile import Identity
from billfold.reconcile._invoices import invoice_identities
from support.costs import OCTOBER, charge
from support.reconciliation import account_views, legal, line, metering, only, used

NOVEMBER_2 = date(2026, 11, 2)
METERING = "metering invoice vs. usage"
LEGAL = "legal invoices, net vs. metering invoice"


def compared(usage: Usage, *invoices: Invoice) -> list[Identity]:
    return list(invoice_identities(account_views(usages=(usage,), invoices=invoices)))


def names(identities: list[Identity]) -> list[str]:
    return [identity.name for identity in identities]


def test_an_invoice_below_the_usage_was_written_before_late_data() -> None:
    web = charge("5.00 EUR", sub_account_id="web")
    extra = charge("1.00 EUR", id="extra", service="New")
    invoice = metering("4.00 EUR", line("4.00 EUR", "CI", "web"))
    identity = only(compared(used(web, extra), invoice))
    assert (identity.cause, str(identity.gap)) == (Cause.LATE_DATA, "-2.00 EUR")
    assert identity.evidence == (
        "web, CI: 4.00 EUR billed, 5.00 EUR used",
        "extra: 1.00 EUR used, on no line of the invoice",
    )


def test_an_invoice_above_the_usage_asks_for_what_usage_lacks() -> None:
    invoice = metering("6.00 EUR", line("1.00 EUR", "Gone"), line("5.00 EUR", "CI"))
    identity = only(compared(used(charge("5.00 EUR")), invoice))
    assert identity.cause is Cause.MISSING_USAGE
    assert identity.evidence == ("Gone: 1.00 EUR billed, nothing used",)


def test_an_invoice_over_another_window_or_without_a_total_is_no_identity() -> None:
    week = used(charge("1.00 EUR"), covers=Period.parse("2026-10-01..2026-10-08"))
    assert compared(week, metering("1.00 EUR")) == []
    assert compared(used(charge("1.00 EUR")), metering(None)) == []


def test_usage_in_a_currency_that_no_invoice_is_in_is_not_passed_over() -> None:
    usage = used(charge("100 EUR"), charge("55 USD", id="extra", service="New"))
    euros, dollars = compared(usage, metering("100 EUR", line("100 EUR", "CI")))
    assert (euros.cause, str(dollars.gap), dollars.cause) == (None, "-55 USD", Cause.LATE_DATA)
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
    assert only(invoice_identities(views)).cause is None


@pytest.mark.parametrize(
    ("documents", "cause"),
    [
        ([("5.00 EUR", "RE-1")], None),
        ([("5.004 EUR", "RE-1")], Cause.ROUNDING),
        ([("6.00 EUR", "RE-1"), ("-6.00 EUR", "ST-1"), ("5.00 EUR", "RE-2")], None),
        ([("6.00 EUR", "RE-1"), ("-6.00 EUR", "ST-1")], Cause.TIMING),
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


def test_tax_is_a_difference_by_right_and_its_rate_is_shown() -> None:
    taxed = (metering("100.00 EUR"), legal("100.00 EUR", "119.00 EUR", NOVEMBER_2))
    *_, tax = compared(used(charge("100.00 EUR")), *taxed)
    assert (tax.cause, tax.holds) == (Cause.TAX, True)
    assert tax.evidence == ("19.00 EUR is 19.0 % of the net",)
    free = (metering("0.00 EUR"), legal("0.00 EUR", "1.00 EUR", NOVEMBER_2))
    *_, tax = compared(used(charge("0.00 EUR")), *free)
    assert (tax.cause, tax.evidence) == (Cause.TAX, ())


@pytest.mark.parametrize(
    ("net", "total", "cause"),
    [
        ("100 EUR", "19 EUR", Cause.UNKNOWN),
        ("100 EUR", "-100 EUR", Cause.UNKNOWN),
        ("-100 EUR", "-119 EUR", Cause.TAX),
        ("-100 EUR", "-81 EUR", Cause.UNKNOWN),
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
    december = legal("5.00 EUR", "5.95 EUR", date(2026, 12, 1))
    assert names(compared(used(charge("5.00 EUR")), metering("5.00 EUR"), december)) == [METERING]


def test_a_legal_invoice_that_states_its_period_is_of_that_period_whenever_it_was_issued() -> None:
    usage, invoice = used(charge("5.00 EUR")), metering("5.00 EUR")
    late = legal("5.00 EUR", None, date(2026, 12, 5), period=OCTOBER)
    assert names(compared(usage, invoice, late)) == [METERING, LEGAL]
    september = legal("5.00 EUR", None, NOVEMBER_2, period=Period.month(2026, 9))
    assert names(compared(usage, invoice, september)) == [METERING]
