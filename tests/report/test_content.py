"""What the page shows of costs: holes, days, services."""

from datetime import date, timedelta

import pytest
from attrs import evolve

from billfold import IncompleteError, Money, State
from billfold.money import sum_by_currency
from support.costs import OCTOBER, answer, charge
from support.reports import content


def test_a_hole_is_refused_or_named() -> None:
    holed = answer(charge("1.00 EUR"), state=State.PARTIAL)
    with pytest.raises(IncompleteError):
        content(holed)
    (hole,) = content(holed, partial=True).not_included
    assert (hole.accounts, hole.provider, hole.reason, hole.covers) == (
        "ci",
        "harmont",
        "partial",
        "2026-10",
    )


def test_a_hole_of_one_organization_names_it() -> None:
    whole = answer(charge("1.00 EUR"))
    row = evolve(whole.coverage[0], state=State.PARTIAL, part="beta", detail="404")
    (hole,) = content(evolve(whole, coverage=(row,)), partial=True).not_included
    assert (hole.accounts, hole.reason) == ("ci beta", "404")


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
