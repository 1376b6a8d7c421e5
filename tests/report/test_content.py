"""What the page shows of costs: holes, days, services."""

from datetime import date
from decimal import Decimal

import pytest

from billfold import IncompleteError, Money, State
from billfold.report.figures import Figure
from support.costs import answer, charge
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
        (day.day, [figure and figure.exact for figure in day.providers], day.total.exact)
        for day in page.days
    ] == [
        ("2026-10-01", [None, "1.00"], "1.00"),
        ("2026-10-02", ["2.00", None], "2.00"),
    ]
    assert [(bar.place, bar.provider, bar.amount) for bar in page.day_bars] == [
        ("2026-10-01", "harmont", "1.00"),
        ("2026-10-02", "aether", "2.00"),
    ]
    assert [(name, figure.exact) for name, figure in page.undated] == [("harmont", "4.00")]
    assert [bar.place for bar in page.service_bars] == [
        "A service with a name t\N{HORIZONTAL ELLIPSIS} (harmont)",
        "Aether fees",
        "CI (harmont)",
    ]
    assert (
        sum(Decimal(row.converted.exact) for row in page.rows)
        == Decimal(page.total.exact)
        == Decimal("7.00")
    )
    assert page.total == Figure.of(Money(Decimal("7.00"), "EUR"))


def test_services_that_begin_alike_have_a_bar_each() -> None:
    long = "Managed Kubernetes Node Pool"
    costs = {
        f"{long} Large": "3 EUR",
        f"{long} Small": "2 EUR",
        "Managed Databases for Everyone": "1 EUR",
    }
    page = content(answer(*(charge(cost, service=service) for service, cost in costs.items())))
    assert [(bar.place, bar.amount) for bar in page.service_bars] == [
        ("Managed Kubernetes Node Pool Large (harmont)", "3"),
        ("Managed Kubernetes Node Pool Small (harmont)", "2"),
        ("Managed Databases for E\N{HORIZONTAL ELLIPSIS} (harmont)", "1"),
    ]
