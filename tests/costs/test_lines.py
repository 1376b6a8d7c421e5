"""Lines of cost: the charges that carry one, and the days they are spread over."""

from datetime import UTC, date, datetime

import pytest

from billfold import Category, Charge
from billfold.costs.lines import Line, charged_lines, spread_line
from billfold.money import sum_by_currency
from support.costs import answer, charge, money

NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)


def line_of(charge: Charge) -> Line:
    (line,) = charged_lines(answer(charge))
    return line


def test_a_charge_that_is_priced_elsewhere_is_no_line() -> None:
    usage = answer(charge("1.00 EUR"), charge(None, included_in="fee"))
    assert [line.cost for line in charged_lines(usage)] == [money("1.00 EUR")]


def test_the_parts_of_a_spread_line_add_up_and_are_marked_estimated() -> None:
    fee = line_of(charge("100.00 EUR"))
    parts = spread_line(fee)
    assert len(parts) == 31
    assert sum_by_currency(part.cost for part in parts) == {"EUR": money("100.00 EUR")}
    assert all(part.estimated for part in parts)


@pytest.mark.parametrize(
    ("category", "days"),
    [
        (Category.USAGE, 10),
        (Category.ADJUSTMENT, 10),
        (Category.PURCHASE, 31),
        (Category.CREDIT, 31),
    ],
)
def test_usage_is_not_spread_over_days_ahead_but_fees_are(category: Category, days: int) -> None:
    fee = line_of(charge("310.00 EUR", category=category))
    parts = spread_line(fee, datetime(2026, 10, 11, tzinfo=UTC))
    assert [part.day for part in parts] == [date(2026, 10, 1 + nth) for nth in range(days)]
    assert sum_by_currency(part.cost for part in parts) == {"EUR": money("310.00 EUR")}


@pytest.mark.parametrize(
    "now", [datetime(2026, 10, 1, tzinfo=UTC), NOVEMBER, datetime(2026, 9, 1, tzinfo=UTC)]
)
def test_before_and_after_its_period_usage_is_spread_over_all_of_it(now: datetime) -> None:
    assert len(spread_line(line_of(charge("310.00 EUR")), now)) == 31
