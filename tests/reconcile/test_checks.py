"""What adapters check of their own replies; sides and causes are written by hand."""

from datetime import date

import pytest
from attrs import evolve

from billfold import Answer, Check, Invoice, Period, State, Stream, Usage
from billfold.model import Category, Cause, describe_residual
from billfold.reconcile import Identity, NotCompared, Reconciliation, Views, compare
from billfold.reconcile._usage import check_identities
from support.costs import OCTOBER, charge, money
from support.reconciliation import (
    STREAMS,
    account_views,
    coverage,
    legal,
    line,
    metering,
    not_compared,
    only,
    used,
)

LINE = line("60 EUR", "CI", "web")
FAILED = (Check("lines vs. total", money("100 EUR"), money("60 EUR")),)


@pytest.mark.parametrize(
    ("stated", "computed", "cause", "holds"),
    [
        ("5.00 EUR", "5.00 EUR", None, True),
        ("5.004 EUR", "5.00 EUR", Cause.ROUNDING, True),
        ("5.005 EUR", "5.00 EUR", Cause.ROUNDING, True),
        ("5.006 EUR", "5.00 EUR", Cause.UNKNOWN, False),
        ("1.4 JPY", "1 JPY", Cause.ROUNDING, True),
        ("1.5 JPY", "1 JPY", Cause.ROUNDING, True),
        ("1.6 JPY", "1 JPY", Cause.UNKNOWN, False),
        ("1.0001 XAU", "1 XAU", Cause.UNKNOWN, False),
    ],
)
def test_at_most_half_of_the_smallest_unit_is_rounding(
    stated: str, computed: str, cause: Cause | None, holds: bool
) -> None:
    usage = used(checks=(Check("total vs. lines", money(stated), money(computed)),))
    identity = only(check_identities(account_views(usages=(usage,))))
    assert (identity.cause, identity.holds, identity.period) == (cause, holds, OCTOBER)


def test_a_total_beyond_its_lines_is_missing_usage_and_shows_the_derived_charge() -> None:
    def compared(
        stated: str, computed: str, name: str = "project total vs. its lines"
    ) -> tuple[str, Cause | None, tuple[str, ...]]:
        check = Check(name, money(stated), money(computed))
        rest = charge(
            "1.00 EUR",
            id="rest",
            derived=True,
            category=Category.ADJUSTMENT,
            description=describe_residual("project total vs. its lines"),
        )
        share = charge("9.00 EUR", id="share of a day", derived=True)
        usage = used(share, rest, checks=(check,), sub_account_name="web")
        identity = only(check_identities(account_views(usages=(usage,))))
        return identity.name, identity.cause, identity.evidence

    name, evidence = "web: project total vs. its lines", ("rest: 1.00 EUR",)
    assert compared("5.00 EUR", "4.00 EUR") == (name, Cause.MISSING_USAGE, evidence)
    assert compared("3.00 EUR", "4.00 EUR") == (name, Cause.UNKNOWN, evidence)
    # The gap of another check is not what the lines lack, though it is as large.
    other = ("web: price vs. amount", Cause.UNKNOWN, ())
    assert compared("5.00 EUR", "4.00 EUR", "price vs. amount") == other


def test_a_check_that_could_not_be_made_is_no_agreement() -> None:
    usage = used(charge("7.00 EUR"), unchecked=("summary vs. lines",))
    found = list(check_identities(account_views(usages=(usage,))))
    reason = "one of its sides could not be read for this period"
    assert not_compared(found) == [("7.00 EUR", reason)]
    assert [row.name for row in found] == ["summary vs. lines"]
    assert list(check_identities(account_views(usages=(evolve(usage, charges=()),)))) == []
    unstated = evolve(usage, charges=(charge(None),))
    found = list(check_identities(account_views(usages=(unstated,))))
    assert not_compared(found) == [("None", reason)]


def test_usage_of_a_provider_without_any_other_figure_is_no_agreement() -> None:
    usage = used(charge("7.00 EUR"), sub_account_name="web")
    only_usage = coverage(State.COMPLETE, Stream.USAGE)
    alone = account_views(usages=(usage,), coverage=tuple(only_usage))
    found = list(check_identities(alone))
    assert not_compared(found) == [("7.00 EUR", "the provider states no other figure of it")]
    assert [row.name for row in found] == ["web: usage"]
    assert list(check_identities(evolve(alone, usages=(used(charge("0.00 EUR")),)))) == []
    assert list(check_identities(account_views(usages=(usage,)))) == []


def test_a_line_without_a_cost_is_named_beside_a_total_that_agrees() -> None:
    unpriced = evolve(line("1 EUR", "Support", "web"), cost=None)
    usage = used(charge("60 EUR"))
    for lines, reason in (
        ([unpriced], "web, Support states no cost"),
        ([unpriced] * 6, "web, Support" + ", web, Support" * 4 + " and 1 more state no cost"),
    ):
        invoice = metering("60 EUR", line("60 EUR", "CI", "web"), *lines)
        found = list(check_identities(account_views(usages=(usage,), invoices=(invoice,))))
        assert [row.name for row in found] == ["metering invoice: its lines"]
        assert not_compared(found) == [("None", reason)]


def test_an_invoice_without_lines_is_not_compared_with_them() -> None:
    def found_of(*invoices: Invoice) -> list[Identity | NotCompared]:
        views = account_views(usages=(used(charge("10.00 EUR")),), invoices=invoices)
        return list(check_identities(views))

    found = found_of(metering("10.00 EUR", number="7"))
    assert [row.name for row in found] == ["metering invoice 7: invoice total vs. its lines"]
    assert not_compared(found) == [("10.00 EUR", "it states no lines")]
    assert found_of(metering("0.00 EUR")) == []
    assert found_of(legal("10.00 EUR", "11.90 EUR", date(2026, 11, 2))) == []


def test_the_check_of_an_invoice_has_its_lines_as_evidence() -> None:
    invoice = metering("100 EUR", line("60 EUR", "CI", "web"), checks=FAILED)
    views = account_views(usages=(used(charge("100 EUR")),), invoices=(invoice,))
    identity = only(check_identities(views))
    assert (identity.name, identity.cause, str(identity.gap)) == (
        "metering invoice: lines vs. total",
        Cause.UNKNOWN,
        "40 EUR",
    )
    assert (identity.period, identity.evidence) == (OCTOBER, ("web, CI: 60 EUR",))


def compared(*invoices: Invoice, covers: Period = OCTOBER) -> list[str]:
    views = account_views(usages=(used(charge("1 EUR"), covers=covers),), invoices=invoices)
    return [identity.name for identity in check_identities(views)]


def test_invoices_that_bill_other_months_are_not_compared() -> None:
    invoices = (
        metering("100 EUR", period=Period.month(2026, 9), checks=FAILED),
        legal(None, "1 EUR", date(2026, 10, 2), checks=FAILED),
        legal(None, "1 EUR", date(2026, 12, 1), checks=FAILED),
        legal(None, "1 EUR", date(2026, 11, 2), "RE-10", checks=FAILED),
        metering("100 EUR", LINE, period=None, checks=FAILED),
    )
    assert compared(*invoices) == [
        "legal invoice RE-10: lines vs. total",
        "metering invoice: lines vs. total",
    ]


def test_an_invoice_is_compared_in_the_one_period_that_its_own_begins_in() -> None:
    cycle = Period.parse("2026-09-15..2026-10-15")
    across = metering("100 EUR", LINE, period=cycle, checks=FAILED)
    assert compared(across) == []
    assert compared(across, covers=Period.month(2026, 9)) == ["metering invoice: lines vs. total"]


def test_an_undated_legal_invoice_bills_the_month_before_its_date_whatever_the_window() -> None:
    september = legal(None, "1 EUR", date(2026, 10, 2), checks=FAILED)
    assert compared(september, covers=Period.parse("2026-10-01..2026-10-08")) == []


def test_an_invoice_that_does_not_say_what_it_bills_is_compared_without_usage_too() -> None:
    views = account_views(invoices=(metering("100 EUR", LINE, period=None, checks=FAILED),))
    assert only(check_identities(views)).period is None


def all_compared(*usages: Usage, invoices: tuple[Invoice, ...] = ()) -> Reconciliation:
    """Return usages and invoices compared, of an account that has nothing else."""
    items = {Stream.USAGE: usages, Stream.INVOICES: invoices}
    answers = [
        Answer(stream, OCTOBER, items.get(stream, ()), tuple(coverage(State.COMPLETE, stream)))
        for stream in (*STREAMS[:3], Stream.BALANCES, Stream.INVOICES)
    ]
    return compare(OCTOBER, Views(*answers))


def test_projects_of_one_name_in_one_team_are_told_apart_by_their_ids() -> None:
    def project(ident: str, name: str | None, stated: str) -> Usage:
        check = Check("project total vs. its lines", money(stated), money("1.00 EUR"))
        return used(
            charge("1.00 EUR", id=ident),
            checks=(check,),
            sub_account_id=ident,
            sub_account_name=name,
            billing_account_id="team_1",
        )

    found = all_compared(
        project("proj_1", "One", "1.00 EUR"),
        project("proj_2", "One", "3.00 EUR"),
        project("proj_3", "Two", "1.00 EUR"),
        project("proj_4", None, "1.00 EUR"),
    )
    rows = [(row.name, row.part, str(row.gap)) for row in found.identities if "lines" in row.name]
    assert rows == [
        ("One (proj_1): project total vs. its lines", "team_1", "0.00 EUR"),
        ("One (proj_2): project total vs. its lines", "team_1", "2.00 EUR"),
        ("Two: project total vs. its lines", "team_1", "0.00 EUR"),
        ("proj_4: project total vs. its lines", "team_1", "0.00 EUR"),
    ]


def test_one_project_in_two_usages_keeps_its_name() -> None:
    check = Check("project total vs. its lines", money("1.00 EUR"), money("1.00 EUR"))
    usages = [
        used(charge("1.00 EUR", id=ident), checks=(check,), sub_account_id=ident, **one)
        for ident, one in (
            ("proj_1", {"sub_account_name": "One"}),
            ("PROJ_1", {"sub_account_name": "One"}),
        )
    ]
    names = {row.name for row in all_compared(*usages).identities if "lines" in row.name}
    assert names == {"One: project total vs. its lines"}


def test_what_was_not_compared_names_projects_of_one_name_by_their_ids() -> None:
    usages = [
        used(
            charge("1.00 EUR", id=ident),
            unchecked=("lines vs. total",),
            sub_account_id=ident,
            sub_account_name="One",
        )
        for ident in ("proj_1", "proj_2")
    ]
    names = [row.name for row in all_compared(*usages).not_compared if "lines" in row.name]
    assert names == ["One (proj_1): lines vs. total", "One (proj_2): lines vs. total"]


def test_lines_of_projects_of_one_name_are_told_apart_by_their_ids() -> None:
    lines = [evolve(line("60 EUR", "CI", ident), sub_account_name="One") for ident in ("p1", "p2")]
    invoice = metering("110 EUR", *lines, checks=FAILED)
    found = all_compared(invoices=(invoice,)).identities
    (failed,) = [row for row in found if row.name.endswith("lines vs. total")]
    assert failed.evidence == ("One (p1), CI: 60 EUR", "One (p2), CI: 60 EUR")
