"""Amounts, differences and periods as the page shows them."""

import pytest

from billfold import Period
from billfold.report.figures import Figure, owner_name, percentage, period_name, wrapping
from support.costs import OCTOBER, money


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1234567.895 EUR", "1234567.90"),
        ("-0.5 EUR", "-0.50"),
        ("0 EUR", "0.00"),
        ("0.004 EUR", "0.00"),
        ("-0.004 EUR", "0.00"),
        ("1234.5 JPY", "1235"),
    ],
)
def test_figures_are_rounded_for_people_and_exact_behind(amount: str, shown: str) -> None:
    figure = Figure.of(money(amount))
    assert (figure.shown, figure.exact, figure.currency) == (shown, *amount.split())


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0.004 EUR", "~0.00 EUR"), ("-0.004 EUR", "~0.00 EUR"), ("0 EUR", "0.00 EUR")],
)
def test_what_only_rounding_makes_zero_is_marked(amount: str, text: str) -> None:
    figure = Figure.of(money(amount))
    assert (str(figure), figure.almost_zero) == (text, text[0] == "~")


@pytest.mark.parametrize(
    ("amount", "groups"),
    [
        ("1234567.895 EUR", ["1", "234", "567.90"]),
        ("-1234.5 EUR", ["-1", "234.50"]),
        ("999.99 EUR", ["999.99"]),
        ("1234567 JPY", ["1", "234", "567"]),
        ("0.1234567 XXX", ["0.1234567"]),  # no smallest unit, so nothing is rounded
    ],
)
def test_digits_are_grouped_before_the_point_alone(amount: str, groups: list[str]) -> None:
    assert Figure.of(money(amount)).thousands == groups


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("2026-11-02", "nowrap"),
        ("Harmont CI virtual machines", ""),
        ("64e54085-0ee2-529a-bf4b-aca67b6397fa", ""),
        ("x" * 21, "anywhere"),
    ],
)
def test_short_cells_stay_whole_and_long_words_break(text: str, how: str) -> None:
    assert wrapping(text) == how


@pytest.mark.parametrize(("period", "owner"), [(OCTOBER, "October's"), (None, "the period's")])
def test_a_month_has_what_it_has_by_name(period: Period | None, owner: str) -> None:
    assert owner_name(period) == owner


@pytest.mark.parametrize(
    ("amount", "shown"), [("1 EUR", "+1.00"), ("0 EUR", "0.00"), ("-1 EUR", "-1.00")]
)
def test_a_difference_shows_its_sign(amount: str, shown: str) -> None:
    assert Figure.difference(money(amount)).shown == shown


@pytest.mark.parametrize(
    ("period", "name"),
    [
        (OCTOBER, "October 2026"),
        (Period.parse("2026-Q3"), "Q3 2026"),
        (Period.parse("2026"), "2026"),
        (Period.parse("2026-10-01..2026-10-15"), "2026-10-01 to 2026-10-14"),
        (
            Period.parse("2026-10-05T10:00:00Z..2026-10-06T00:00:00Z"),
            "2026-10-05 10:00 to 2026-10-06 00:00 UTC",
        ),
        (
            Period.parse("2026-10-05T10:00:07Z..2026-10-06T00:00:00Z"),
            "2026-10-05 10:00:07 to 2026-10-06 00:00 UTC",
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
        ("-1 EUR", "3 EUR", "-33.3 %"),
        ("0.001 EUR", "100 EUR", "0.0 %"),
        ("-0.001 EUR", "100 EUR", "0.0 %"),
        ("0.3 EUR", "100 EUR", "+0.3 %"),
        ("0 EUR", "100 EUR", "0.0 %"),
        ("1 EUR", "0 EUR", None),
        ("1 EUR", "-5 EUR", None),
    ],
)
def test_a_difference_is_a_percentage_of_a_positive_base(
    difference: str, base: str, shown: str | None
) -> None:
    assert percentage(money(difference), money(base)) == shown
