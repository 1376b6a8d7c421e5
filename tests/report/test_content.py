"""What the page shows of costs: holes, days, services."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from attrs import evolve

from billfold import Answer, Charge, IncompleteError, Money, State, Usage
from billfold.costs import ConstantRates, Exchange, Line, Policy, priced_lines
from billfold.money import sum_by_currency
from billfold.report import ReportAnswers, ReportContent, build_content, render_page
from support.costs import OCTOBER, answer, charge
from support.reports import DECEMBER, content, views


def test_a_hole_is_refused_or_named() -> None:
    holed = answer(charge("1.00 EUR"), state=State.PARTIAL)
    with pytest.raises(IncompleteError):
        content(holed)
    completeness = content(holed, partial=True).completeness
    assert (completeness.not_included, completeness.other_period) == ((), ())
    (hole,) = completeness.partly_included
    assert (hole.accounts, hole.provider, hole.reason, hole.covers) == (
        "ci",
        "harmont",
        "partial",
        "October 2026",
    )


def test_a_hole_of_one_organization_names_it() -> None:
    whole = answer(charge("1.00 EUR"))
    row = evolve(whole.coverage[0], state=State.PARTIAL, covers=None, part="beta", detail="404")
    (hole,) = content(evolve(whole, coverage=(row,)), partial=True).completeness.not_included
    assert (hole.accounts, hole.reason) == ("ci beta", "404")


def test_costs_of_another_period_are_in_the_total_and_said_to_be() -> None:
    cycle = answer(charge("1.00 EUR"), state=State.DIFFERENT_WINDOW)
    holed = content(cycle, partial=True)
    assert (holed.total, holed.completeness.not_included) == (Money.parse("1.00 EUR"), ())
    (hole,) = holed.completeness.other_period
    assert (hole.accounts, hole.reason, hole.covers) == ("ci", "different window", "October 2026")
    page = render_page(holed, DECEMBER)
    assert "Included, but for another period" in page
    assert "Not included in this total" not in page


def test_a_month_that_has_not_begun_is_not_one_so_far() -> None:
    usage = answer(charge("1.00 EUR"))
    assert content(usage, now=OCTOBER.start).period == "October 2026, so far"
    assert content(usage, now=OCTOBER.start - timedelta(days=1)).period == "October 2026"
    assert content(usage, now=OCTOBER.end).period == "October 2026"


def test_days_services_and_what_has_no_day() -> None:
    long = "A service with a name that is far too long for a chart"
    usage = answer(
        charge("1.00 EUR", day=date(2026, 10, 1)),
        charge(
            "2.00 EUR",
            day=date(2026, 10, 2),
            account="k8s",
            provider="aether",
            service="Aether fees",
        ),
        charge("4.00 EUR", service=long),
    )
    page = content(usage)
    assert [
        (day.day, list(map(str, day.providers)), str(day.total)) for day in page.groups.days()
    ] == [
        ("2026-10-01", ["None", "1.00 EUR"], "1.00 EUR"),
        ("2026-10-02", ["2.00 EUR", "None"], "2.00 EUR"),
    ]
    assert [(bar.place, bar.provider, bar.amount) for bar in page.groups.day_bars()] == [
        ("2026-10-01", "harmont", "1.00"),
        ("2026-10-02", "aether", "2.00"),
    ]
    assert page.groups.undated() == [("harmont", Money.parse("4.00 EUR"))]
    assert [bar.place for bar in page.groups.service_bars()] == [
        "A service with a name t\N{HORIZONTAL ELLIPSIS} (harmont)",
        "Aether fees",
        "CI (harmont)",
    ]
    rows = [row.converted for row in page.table.rows if row.converted is not None]
    assert sum_by_currency(rows)["EUR"] == page.total == Money.parse("7.00 EUR")
    assert len(rows) == 3


def test_services_that_begin_alike_have_a_bar_each() -> None:
    long = "Managed Kubernetes Node Pool"
    costs = {
        f"{long} Large": "3 EUR",
        f"{long} Small": "2 EUR",
        "Managed Databases for Everyone": "1 EUR",
    }
    page = content(answer(*(charge(cost, service=service) for service, cost in costs.items())))
    assert [(bar.place, bar.amount) for bar in page.groups.service_bars()] == [
        ("Managed Kubernetes Node Pool Large (harmont)", "3"),
        ("Managed Kubernetes Node Pool Small (harmont)", "2"),
        ("Managed Databases for E\N{HORIZONTAL ELLIPSIS} (harmont)", "1"),
    ]


def test_what_has_no_day_stands_beside_the_days_and_adds_up() -> None:
    usage = answer(
        charge("1.00 EUR", day=date(2026, 10, 1)),
        charge("2.00 EUR", account="k8s", provider="aether"),
        charge("4.50 EUR"),
    )
    groups = content(usage, brands={"aether": "Aether", "harmont": "Harmont"}).groups
    row = groups.undated_row()
    assert row is not None
    assert list(map(str, row.providers)) == ["2.00 EUR", "4.50 EUR"]
    assert [(bar.place, bar.amount) for bar in groups.undated_bars()] == [
        ("Harmont", "4.50"),
        ("Aether", "2.00"),
    ]
    assert row.total + groups.days()[0].total == content(usage).total == Money.parse("7.50 EUR")
    text = render_page(content(usage), DECEMBER)
    assert text.count("<svg") == 6
    assert ">No single day</th>" in text


def test_days_alone_leave_nothing_beside_them() -> None:
    groups = content(answer(charge("1.00 EUR", day=date(2026, 10, 1)))).groups
    assert (groups.undated_row(), groups.undated_bars()) == (None, [])


def test_a_charge_in_another_currency_has_its_currency_in_a_column_of_its_own() -> None:
    both = answer(charge("1.00 EUR"), charge("2.00 USD", account="cloud"))
    rates = Exchange(ConstantRates({"EUR": Decimal(1), "USD": Decimal(2)}), Policy.CONSTANT)

    def convert(usage: Answer[Usage]) -> tuple[Line, ...]:
        return priced_lines(usage, currency="EUR", exchange=rates)

    answers = ReportAnswers(OCTOBER, views(both), None)
    page = build_content(answers, convert, currency="EUR", now=DECEMBER)
    assert page.headings[-1] == "Currency"
    assert all(len(row.native) == 1 for row in page.table.rows)
    assert content(answer(charge("1.00 EUR"))).headings == (
        "Provider",
        "Account",
        "Project",
        "Service",
        "Category",
    )


def idle_in_dollars(*others: Charge) -> ReportContent:
    """Return the page of 0.00 USD and other charges, without any rate, in the currency it finds."""
    answers = ReportAnswers(OCTOBER, views(answer(charge("0.00 USD"), *others)), None)
    currency = answers.only_currency()

    def convert(usage: Answer[Usage]) -> tuple[Line, ...]:
        return priced_lines(usage, currency=currency, exchange=Exchange(ConstantRates({})))

    return build_content(answers, convert, currency=currency, now=DECEMBER)


def test_months_idle_in_several_currencies_cost_nothing_in_the_first_of_them() -> None:
    page = idle_in_dollars(charge("0.00 EUR", account="cloud"))
    assert page.total == Money.parse("0.00 EUR")
    assert 'value="0.00" title="0.00 EUR"' in render_page(page, DECEMBER)


def test_what_is_idle_in_another_currency_needs_no_rate() -> None:
    page = idle_in_dollars(charge("5.00 GBP", account="cloud"))
    assert (page.total, page.rates) == (Money.parse("5.00 GBP"), ())


def test_accounts_are_complete_or_not_by_name() -> None:
    usage = answer(charge("1.00 EUR"), charge("1.00 EUR", account="k8s", provider="aether"))
    rows = (usage.coverage[0], evolve(usage.coverage[1], state=State.PARTIAL))
    found = content(evolve(usage, coverage=rows), partial=True).completeness
    assert (found.complete, found.incomplete, found.left_out) == (("ci",), ("k8s",), ())
