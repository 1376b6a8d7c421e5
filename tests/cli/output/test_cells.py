"""Values as people read them: money is rounded for people only."""

from decimal import Decimal

import pytest
from hypothesis import given

from billfold import (
    Money,
    Period,
)
from billfold.cli.output._cells import (
    add_row,
    bar,
    cell,
    money_cell,
    new_table,
    quantity_cell,
    rounded_amount,
    stack,
    sums_cell,
)
from billfold.cli.output.formats import csv_text
from cli.output.rendering import eur, plain
from support.records import moneys


@pytest.mark.parametrize(
    ("money", "shown"),
    [
        (eur("1234.565"), "1234.57 EUR"),
        (eur("-0.5"), "-0.50 EUR"),
        (eur("0"), "0.00 EUR"),
        (eur("0.004"), "~0.00 EUR"),
        (eur("-0.004"), "~0.00 EUR"),
        (Money(Decimal("1200"), "JPY"), "1200 JPY"),
        (Money(Decimal("1.2345"), "XAU"), "1.2345 XAU"),
        (None, "not stated"),
    ],
)
def test_money_is_rounded_and_what_rounds_to_nothing_is_marked(money, shown) -> None:
    assert money_cell(money).plain.replace("~-", "~") == shown


def test_sums_of_several_currencies_have_one_sign_each() -> None:
    sums = eur("-1"), Money.parse("-11.91 USD"), Money.parse("2 GBP"), Money.parse("-0.001 CHF")
    assert sums_cell(sums).plain.splitlines() == [
        "-1.00 EUR",
        "- 11.91 USD",
        "+ 2.00 GBP",
        "+ ~0.00 CHF",
    ]
    assert sums_cell([]).plain == "-"


@given(moneys)
def test_zero_is_shown_for_nothing_else(money) -> None:
    zero = not Decimal(rounded_amount(money).removeprefix("~"))
    assert rounded_amount(money).startswith("~") == (zero and money.amount != 0)


@pytest.mark.parametrize(
    ("period", "shown"),
    [
        ("2026-10", "2026-10"),
        ("2026-10-01..2026-10-15", "2026-10-01..2026-10-15"),
        ("2026-10-05T16:03:27Z..2026-11-05T16:03:27Z", "2026-10-05..11-05"),
        ("2026-12-05T16:03:27Z..2027-01-05T16:03:27Z", "2026-12-05..2027-01-05"),
    ],
)
def test_periods_are_shown_to_the_day(period, shown) -> None:
    assert cell(Period.parse(period)).plain == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("1E+3", None, "1000"),
        ("0.123456", "GB", "0.1235 GB"),
        ("12.50", "h\x1b", "12.50 h\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_quantities_have_four_decimals_at_most(value, unit, shown) -> None:
    assert quantity_cell(Decimal(value), unit).plain == shown


def test_bars_are_to_scale_and_show_the_least_bit() -> None:
    assert (bar(0, 0), bar(0, 10), bar(5, 10, 4), bar(10, 10, 4), bar(1, 32, 4)) == (
        "",
        "",
        "██",
        "████",
        "▏",
    )


def test_a_text_of_any_length_takes_bounded_room_in_a_table_and_stays_whole_in_csv() -> None:
    long = "x" * 200_000
    table = new_table("name", "#quantity", "note")
    for _ in range(200):
        add_row(table, long, quantity_cell(Decimal(1), "GB"), "n")
    add_row(table, "short", quantity_cell(Decimal(1), long), stack(long, "n"))
    shown = plain(table)
    assert (shown.count("(200,000"), shown.count("(200,002 characters)")) == (201, 1)
    assert len(shown) < 2_000_000  # was 200,000 for each of the lines
    assert long in csv_text(["name"], [{"name": long}])
