"""Amounts, differences and periods as the page shows them."""

import pytest

from billfold import Period
from billfold.report.figures import Figure, percentage, period_name
from support.costs import OCTOBER, money


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1234567.895 EUR", "1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567.90"),
        ("-0.5 EUR", "\N{MINUS SIGN}0.50"),
        ("0 EUR", "0.00"),
        ("0.004 EUR", "~0.00"),
        ("-0.004 EUR", "~0.00"),
        ("1234.5 JPY", "1\N{NARROW NO-BREAK SPACE}235"),
    ],
)
def test_figures_are_rounded_for_people_and_exact_behind(amount: str, shown: str) -> None:
    figure = Figure.of(money(amount))
    assert (figure.shown, figure.exact, figure.currency) == (shown, *amount.split())


@pytest.mark.parametrize(
    ("amount", "shown"), [("1 EUR", "+1.00"), ("0 EUR", "0.00"), ("-1 EUR", "\N{MINUS SIGN}1.00")]
)
def test_a_difference_shows_its_sign(amount: str, shown: str) -> None:
    assert Figure.difference(money(amount)).shown == shown


@pytest.mark.parametrize(
    ("period", "name"),
    [
        (OCTOBER, "October 2026"),
        (Period.parse("2026-10-01..2026-10-15"), "2026-10-01 to 2026-10-14"),
        (
            Period.parse("2026-10-05T10:00:00Z..2026-10-06T00:00:00Z"),
            "2026-10-05T10:00:00Z to 2026-10-06T00:00:00Z",
        ),
        (None, "current period"),
    ],
)
def test_a_period_has_a_name(period: Period | None, name: str) -> None:
    assert period_name(period) == name


@pytest.mark.parametrize(
    ("difference", "base", "shown"),
    [
        ("51.22 EUR", "474.26 EUR", "+10.8 %"),
        ("-1 EUR", "3 EUR", "\N{MINUS SIGN}33.3 %"),
        ("0.001 EUR", "100 EUR", "0.0 %"),
        ("0 EUR", "100 EUR", "0.0 %"),
        ("1 EUR", "0 EUR", None),
        ("1 EUR", "-5 EUR", None),
    ],
)
def test_a_difference_is_a_percentage_of_a_positive_base(
    difference: str, base: str, shown: str | None
) -> None:
    assert percentage(money(difference), money(base)) == shown
