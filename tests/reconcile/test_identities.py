"""Each identity, and the cause it names for a gap; sides and causes are written by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Context, localcontext
from typing import Any

import pytest
from attrs import evolve

from billfold import (
    Balance,
    BalanceKind,
    Check,
    DailyCost,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    LedgerEntry,
    Period,
    Usage,
)
from billfold.reconcile import identities
from billfold.reconcile.identity import Cause, Identity, Told
from support.costs import OCTOBER, charge, money

NOON = datetime(2026, 10, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def used(
    *charges: Any, checks: tuple[Check, ...] = (), covers: Period = OCTOBER, **more: Any
) -> Usage:
    return Usage(covers, covers, charges, checks=checks, **more, provider="harmont", account="ci")


def told(**views: Any) -> Told:
    return Told("ci", "harmont", **views)


def lease(cost: str, end: datetime, ident: str = "lease") -> Any:
    return charge(cost, id=ident, period=Period(end - HOUR, end))


def debit(amount: str, at: datetime, ident: str = "debit") -> LedgerEntry:
    return LedgerEntry(
        ident, at, money(amount), "vm_lease_debit", for_usage=True, provider="harmont", account="ci"
    )


def only(found: Any) -> Identity:
    (identity,) = found
    return identity


@pytest.mark.parametrize(
    ("stated", "computed", "cause", "holds"),
    [
        ("5.00 EUR", "5.00 EUR", None, True),
        ("5.004 EUR", "5.00 EUR", Cause.ROUNDING, True),
        ("5.005 EUR", "5.00 EUR", Cause.UNKNOWN, False),
        ("1.4 JPY", "1 JPY", Cause.ROUNDING, True),
        ("1.5 JPY", "1 JPY", Cause.UNKNOWN, False),
        ("1.0001 XAU", "1 XAU", Cause.UNKNOWN, False),
    ],
)
def test_less_than_half_of_the_smallest_unit_is_rounding(
    stated: str, computed: str, cause: Cause | None, holds: bool
) -> None:
    identity = only(
        identities.checks(
            told(usages=(used(checks=(Check("total = lines", money(stated), money(computed)),)),))
        )
    )
    assert (identity.cause, identity.holds, identity.period) == (cause, holds, OCTOBER)


def test_a_total_beyond_its_lines_is_missing_usage_and_shows_the_derived_charge() -> None:
    check = Check("price = lines", money("5.00 EUR"), money("4.00 EUR"))
    usage = used(
        charge("1.00 EUR", id="rest", derived=True), checks=(check,), sub_account_name="web"
    )
    identity = only(identities.checks(told(usages=(usage,))))
    assert (identity.name, identity.cause, identity.evidence) == (
        "web: price = lines",
        Cause.MISSING_USAGE,
        ("rest: 1.00 EUR",),
    )
    less = evolve(usage, checks=(Check("price = lines", money("3.00 EUR"), money("4.00 EUR")),))
    assert only(identities.checks(told(usages=(less,)))).cause is Cause.UNKNOWN


def test_what_an_invoice_says_of_itself_is_compared_with_its_lines_behind_it() -> None:
    failed = (Check("invoice total vs. its lines", money("100 EUR"), money("60 EUR")),)
    bill = evolve(metering("100 EUR", line("60 EUR", "CI", "web")), checks=failed)
    identity = only(identities.checks(told(usages=(used(charge("100 EUR")),), invoices=(bill,))))
    assert (identity.name, identity.cause, str(identity.gap)) == (
        "metering invoice: invoice total vs. its lines",
        Cause.UNKNOWN,
        "40 EUR",
    )
    assert (identity.period, identity.evidence) == (OCTOBER, ("web, CI: 60 EUR",))


def test_invoices_of_other_months_are_not_compared() -> None:
    failed = (Check("invoice total vs. its lines", money("100 EUR"), money("60 EUR")),)
    other = evolve(metering("100 EUR"), checks=failed, period=Period.month(2026, 9))
    bills = (
        other,
        *(
            evolve(legal(None, "1 EUR", day), checks=failed)
            for day in (date(2026, 10, 2), date(2026, 12, 1))
        ),
        evolve(legal(None, "1 EUR", date(2026, 11, 2), "mine"), checks=failed),
        evolve(other, period=None),
    )
    found = identities.checks(told(usages=(used(charge("1 EUR")),), invoices=bills))
    assert [one.name for one in found] == [
        "legal invoice mine: invoice total vs. its lines",
        "metering invoice: invoice total vs. its lines",
    ]


def days(*costs: str) -> tuple[DailyCost, ...]:
    return tuple(
        DailyCost(date(2026, 10, 9 + nth), money(cost), provider="harmont", account="ci")
        for nth, cost in enumerate(costs)
    )


def test_days_are_compared_with_charges_and_uneven_days_named() -> None:
    usage = used(lease("1.00 USD", NOON), lease("2.00 USD", NOON + 24 * HOUR))
    identity = only(
        identities.days(told(usages=(usage,), days=days("0.00 USD", "1.00 USD", "2.50 USD")))
    )
    assert (str(identity.stated), str(identity.computed), identity.cause) == (
        "3.50 USD",
        "3.00 USD",
        Cause.UNKNOWN,
    )
    assert identity.evidence == ("2026-10-11: 2.50 USD by day, 2.00 USD in charges",)


def test_days_that_differ_as_the_summary_does_have_its_cause() -> None:
    summary = Check("summary = lines", money("1.20 USD"), money("1.00 USD"), cause="rate change")
    usage = used(lease("1.00 USD", NOON), checks=(summary,))
    views = told(usages=(usage,), days=days("0.00 USD", "1.20 USD"))
    assert only(identities.days(views)).cause is Cause.RATE_CHANGE
    assert only(identities.checks(views)).evidence == (
        "2026-10-10: 1.20 USD by day, 1.00 USD in charges",
    )


def test_days_in_a_currency_without_charges_are_not_passed_over() -> None:
    found = list(
        identities.days(
            told(usages=(used(lease("1.00 USD", NOON)),), days=days("0.00 USD", "7.00 EUR"))
        )
    )
    assert [(str(one.stated), str(one.computed)) for one in found] == [
        ("7.00 EUR", "0 EUR"),
        ("0.00 USD", "1.00 USD"),
    ]


def test_without_days_or_usage_there_is_nothing_to_compare() -> None:
    assert list(identities.days(told(usages=(used(),)))) == []
    assert list(identities.days(told(days=days("1.00 USD")))) == []


def test_every_debit_has_its_lease() -> None:
    usage = used(lease("1.00 USD", NOON), lease("1.00 USD", NOON + HOUR))
    entries = (debit("-1.00 USD", NOON + HOUR), debit("-1.00 USD", NOON))
    identity = only(identities.debits(told(usages=(usage,), entries=entries)))
    assert (identity.cause, str(identity.stated), str(identity.computed)) == (
        None,
        "2.00 USD",
        "2.00 USD",
    )


EARLY, LATE = OCTOBER.start + HOUR, OCTOBER.end + HOUR


@pytest.mark.parametrize(
    ("leases", "debits", "cause", "says"),
    [
        ([("1.00 USD", LATE)], [("-1.00 USD", LATE)], Cause.TIMING, "no debit inside the window"),
        ([], [("-1.00 USD", EARLY)], Cause.TIMING, "of no lease that began inside"),
        ([("1.00 USD", NOON)], [], Cause.LATE_DATA, "no debit inside the window"),
        ([], [("-1.00 USD", NOON)], Cause.MISSING_USAGE, "of no lease"),
        ([("1.00 USD", NOON)], [("-2.00 USD", NOON)], Cause.UNKNOWN, "no debit"),
        (
            [("1.00 USD", NOON)],
            [("-1.00 USD", NOON + HOUR), ("-3.00 USD", NOON)],
            Cause.UNKNOWN,
            "no debit",
        ),
    ],
)
def test_what_has_no_pair_is_timing_at_the_edges_and_else_late_or_missing(
    leases: list[tuple[str, datetime]], debits: list[tuple[str, datetime]], cause: Cause, says: str
) -> None:
    usage = used(lease("5.00 USD", NOON), *(lease(*one) for one in leases))
    entries = (debit("-5.00 USD", NOON), *(debit(*one) for one in debits))
    identity = only(identities.debits(told(usages=(usage,), entries=entries)))
    assert identity.cause is cause
    assert says in identity.evidence[0]


def test_what_costs_nothing_needs_no_debit_and_top_ups_are_none() -> None:
    usage = used(lease("5.00 USD", NOON), lease("0.00 USD", NOON))
    topup = LedgerEntry(
        "t", NOON, money("50.00 USD"), "stripe_topup", provider="harmont", account="ci"
    )
    assert (
        only(
            identities.debits(told(usages=(usage,), entries=(debit("-5.00 USD", NOON), topup)))
        ).cause
        is None
    )
    assert list(identities.debits(told(usages=(usage,), entries=(topup,)))) == []
    assert list(identities.debits(told(entries=(debit("-5.00 USD", NOON),)))) == []


def test_what_was_taken_while_nothing_was_used_is_missing_usage() -> None:
    idle = (used(), used(stated_total=money("0 USD")))
    for usage in idle:
        identity = only(
            identities.debits(told(usages=(usage,), entries=(debit("-100 USD", NOON),)))
        )
        assert (str(identity.gap), identity.cause) == ("100 USD", Cause.MISSING_USAGE)
        assert identity.evidence == ("debit: 100 USD, of no lease that began inside the window",)


def test_debits_in_a_currency_without_usage_are_not_passed_over() -> None:
    entries = (debit("-100 USD", NOON), debit("-70 EUR", NOON, "e"))
    euros, dollars = identities.debits(
        told(usages=(used(lease("100 USD", NOON)),), entries=entries)
    )
    assert (str(euros.gap), euros.cause, dollars.cause) == ("70 EUR", Cause.MISSING_USAGE, None)
    assert euros.evidence == ("e: 70 EUR, of no lease that began inside the window",)


def test_usage_that_is_only_computed_is_compared_with_its_debits() -> None:
    whole = used(charge("100 USD", id="whole", derived=True))
    assert (
        only(identities.debits(told(usages=(whole,), entries=(debit("-100 USD", NOON),)))).cause
        is None
    )
    identity = only(identities.debits(told(usages=(whole,), entries=(debit("-100 USD", LATE),))))
    assert (str(identity.gap), identity.cause) == ("-100 USD", Cause.UNKNOWN)
    assert identity.evidence == (
        "whole: 100 USD, computed from a stated total, so no debit is its own",
    )


def test_a_long_list_of_lines_is_cut_and_counted() -> None:
    usage = used(*(lease("1.00 USD", NOON, f"lease-{nth}") for nth in range(25)))
    identity = only(
        identities.debits(told(usages=(usage,), entries=(debit("-9.00 USD", NOON - 100 * HOUR),)))
    )
    assert (len(identity.evidence), identity.evidence[-1]) == (21, "and 6 more")


def test_a_balance_is_the_sum_of_its_own_ledger() -> None:
    balance = Balance(
        money("4.00 USD"),
        BalanceKind.PREPAID,
        "organization:acme",
        NOON,
        "acme",
        provider="harmont",
        account="ci",
    )
    mine = evolve(debit("-1.00 USD", NOON), billing_account_id="acme")
    other = evolve(debit("-9.00 USD", NOON), billing_account_id="other")
    topup = evolve(mine, id="t", amount=money("5.00 USD"), for_usage=False)
    assert (
        only(identities.balances(told(balances=(balance,), entries=(mine, other, topup)))).cause
        is None
    )
    assert (
        only(identities.balances(told(balances=(balance,), entries=(mine,)))).cause is Cause.TIMING
    )
    assert list(identities.balances(told(balances=(balance,), entries=(other,)))) == []


def line(cost: str, product: str, project: str | None = None) -> InvoiceLine:
    return InvoiceLine(
        f"{product}-{project}", money(cost), product_name=product, sub_account_id=project
    )


def metering(total: str | None, *lines: InvoiceLine) -> Invoice:
    amount = None if total is None else money(total)
    return Invoice(
        "m",
        InvoiceKind.METERING,
        amount,
        period=OCTOBER,
        lines=lines,
        provider="harmont",
        account="ci",
    )


def legal(net: str | None, total: str | None, day: date, number: str = "RE-1") -> Invoice:
    amounts = [None if text is None else money(text) for text in (total, net)]
    return Invoice(
        number,
        InvoiceKind.LEGAL,
        amounts[0],
        number,
        net=amounts[1],
        issued_on=day,
        provider="harmont",
        account="ci",
    )


def test_an_invoice_below_the_usage_was_written_before_late_data() -> None:
    usage = used(
        charge("5.00 EUR", sub_account_id="web"), charge("1.00 EUR", id="extra", service="New")
    )
    bill = metering("4.00 EUR", line("4.00 EUR", "CI", "web"))
    identity = only(identities.bills(told(usages=(usage,), invoices=(bill,))))
    assert (identity.cause, str(identity.gap)) == (Cause.LATE_DATA, "-2.00 EUR")
    assert identity.evidence == (
        "web, CI: 4.00 EUR billed, 5.00 EUR used",
        "extra: 1.00 EUR used, on no line of the invoice",
    )


def test_an_invoice_above_the_usage_asks_for_what_usage_lacks() -> None:
    bill = metering("6.00 EUR", line("1.00 EUR", "Gone"), line("5.00 EUR", "CI"))
    identity = only(identities.bills(told(usages=(used(charge("5.00 EUR")),), invoices=(bill,))))
    assert (identity.cause, identity.evidence) == (
        Cause.MISSING_USAGE,
        ("Gone: 1.00 EUR billed, nothing used",),
    )


def test_an_invoice_over_another_window_or_without_a_total_is_no_identity() -> None:
    week = Period.parse("2026-10-01..2026-10-08")
    assert (
        list(
            identities.bills(
                told(
                    usages=(used(charge("1.00 EUR"), covers=week),),
                    invoices=(metering("1.00 EUR"),),
                )
            )
        )
        == []
    )
    assert (
        list(identities.bills(told(usages=(used(charge("1.00 EUR")),), invoices=(metering(None),))))
        == []
    )


def test_usage_in_a_currency_that_no_invoice_is_in_is_not_passed_over() -> None:
    usage = used(charge("100 EUR"), charge("55 USD", id="extra", service="New"))
    bill = metering("100 EUR", line("100 EUR", "CI"))
    euros, dollars = identities.bills(told(usages=(usage,), invoices=(bill,)))
    assert (euros.cause, str(dollars.gap), dollars.cause) == (None, "-55 USD", Cause.LATE_DATA)
    assert dollars.evidence == ("extra: 55 USD used, on no line of the invoice",)


def test_what_was_metered_in_a_currency_that_no_legal_invoice_is_in_is_not_passed_over() -> None:
    usage = used(charge("100 EUR"), charge("55 USD", id="extra"))
    bills = (
        metering("100 EUR"),
        evolve(metering("55 USD"), id="n"),
        legal("100 EUR", None, date(2026, 11, 2)),
    )
    found = {
        str(one.computed): one
        for one in identities.bills(told(usages=(usage,), invoices=bills))
        if "legal" in one.name
    }
    assert (found["100 EUR"].cause, str(found["55 USD"].gap), found["55 USD"].cause) == (
        None,
        "-55 USD",
        Cause.UNKNOWN,
    )


def test_projects_of_one_window_are_added_up_before_they_are_compared() -> None:
    halves = (used(charge("2.00 EUR")), used(charge("3.00 EUR")))
    assert (
        only(identities.bills(told(usages=halves, invoices=(metering("5.00 EUR"),)))).cause is None
    )


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
    bills = [legal(net, None, date(2026, 11, 2), number) for net, number in documents]
    found = list(
        identities.bills(
            told(usages=(used(charge("5.00 EUR")),), invoices=(metering("5.00 EUR"), *bills))
        )
    )
    assert [(one.name, one.cause) for one in found] == [
        ("metering invoice = usage", None),
        ("legal invoices, net = metering invoice", cause),
    ]


def test_tax_is_a_difference_by_right_and_its_rate_is_shown() -> None:
    bills = (metering("100.00 EUR"), legal("100.00 EUR", "119.00 EUR", date(2026, 11, 2)))
    *_, tax = identities.bills(told(usages=(used(charge("100.00 EUR")),), invoices=bills))
    assert (tax.cause, tax.holds, tax.evidence) == (
        Cause.TAX,
        True,
        ("19.00 EUR is 19.0 % of the net",),
    )
    free = (metering("0.00 EUR"), legal("0.00 EUR", "1.00 EUR", date(2026, 11, 2)))
    *_, tax = identities.bills(told(usages=(used(charge("0.00 EUR")),), invoices=free))
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
    bills = (metering(net), legal(net, total, date(2026, 11, 2)))
    *_, last = identities.bills(told(usages=(used(charge(net)),), invoices=bills))
    assert (last.name, last.cause) == ("legal invoice RE-1: total = net", cause)


def test_the_callers_context_rounds_no_tax_rate() -> None:
    bills = (metering("100.00 EUR"), legal("100.00 EUR", "119.60 EUR", date(2026, 11, 2)))
    with localcontext(Context(prec=2)):
        *_, tax = identities.bills(told(usages=(used(charge("100.00 EUR")),), invoices=bills))
    assert tax.evidence == ("19.60 EUR is 19.6 % of the net",)


def test_legal_invoices_of_another_month_are_not_this_months() -> None:
    bills = (metering("5.00 EUR"), legal("5.00 EUR", "5.95 EUR", date(2026, 12, 1)))
    assert [
        one.name
        for one in identities.bills(told(usages=(used(charge("5.00 EUR")),), invoices=bills))
    ] == ["metering invoice = usage"]
