"""Lines of cost: the charges that carry one, and the days they are spread over."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from attrs import evolve

from billfold import Category, Charge, Period, Usage
from billfold.costs.lines import FairDays, Line, charged_lines, convert_lines
from billfold.costs.rate_sources import ConstantRates, TableRates
from billfold.costs.rates import Exchange
from billfold.errors import RateError
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
    parts = FairDays().spread_line(fee)
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
    parts = FairDays().spread_line(fee, datetime(2026, 10, 11, tzinfo=UTC))
    assert [part.day for part in parts] == [date(2026, 10, 1 + nth) for nth in range(days)]
    assert sum_by_currency(part.cost for part in parts) == {"EUR": money("310.00 EUR")}


@pytest.mark.parametrize(
    "now", [datetime(2026, 10, 1, tzinfo=UTC), NOVEMBER, datetime(2026, 9, 1, tzinfo=UTC)]
)
def test_before_and_after_its_period_usage_is_spread_over_all_of_it(now: datetime) -> None:
    assert len(FairDays().spread_line(line_of(charge("310.00 EUR")), now)) == 31


@pytest.mark.parametrize(
    ("cost", "november"),
    [
        # 2188593 of the cycle's 2592000 seconds are November's
        ("0.15 EUR", "12.6655"),
        ("-0.15 EUR", "-12.6655"),
        ("0.01 EUR", "0.8444"),
    ],
)
def test_of_a_hundred_small_fees_a_month_has_what_its_time_is_worth(
    cost: str, november: str
) -> None:
    cycle = Period(
        datetime(2026, 11, 5, 16, 3, 27, tzinfo=UTC), datetime(2026, 12, 5, 16, 3, 27, tzinfo=UTC)
    )
    days, fees = FairDays(), 100 * [line_of(charge(cost, period=cycle))]
    parts = [part for fee in fees for part in days.spread_line(fee)]
    own = [part.cost for part in parts if part.month == Period.month(2026, 11)]
    assert abs(sum_by_currency(own)["EUR"].amount - Decimal(november)) < Decimal("0.01")
    assert sum_by_currency(part.cost for part in parts) == {"EUR": money(cost) * 100}


@pytest.mark.parametrize(
    ("cycle", "time", "booked", "month", "day"),
    [
        # four hours of 2 December in a cycle that begins in November
        ("2026-11-05..2026-12-05", "2026-12-02T10..2026-12-02T14", 11, 12, date(2026, 12, 2)),
        # four hours of 2 November in a cycle that begins on the last of October
        ("2026-10-31..2026-11-30", "2026-11-02T10..2026-11-02T14", 10, 11, date(2026, 11, 2)),
        # older than its cycle: on the cycle's first day
        ("2026-11-05..2026-12-05", "2026-10-20T10..2026-10-20T14", 11, 11, date(2026, 11, 5)),
    ],
)
def test_a_short_line_of_a_cycle_is_spread_into_the_month_of_its_day(
    cycle: str, time: str, booked: int, month: int, day: date
) -> None:
    own = Period.parse("..".join(f"{moment}:00:00Z" for moment in time.split("..")))
    covers = Period.parse(cycle)
    (line,) = charged_lines([Usage(None, covers, (charge("4.00 EUR", period=own),))])
    assert line.month == Period.month(2026, booked)
    (part,) = FairDays().spread_line(line)
    assert (part.month, part.day, part.cost) == (Period.month(2026, month), day, line.cost)
    assert not part.estimated


def test_the_days_of_an_account_do_not_depend_on_another_one() -> None:
    """What failed elsewhere changes no cent here: law 5."""
    ours, theirs = line_of(charge("0.10 EUR")), line_of(charge("0.07 EUR", account="other"))
    alone, together = FairDays().spread_line(ours), FairDays()
    together.spread_line(theirs)
    assert together.spread_line(ours) == alone
    assert together.spread_line(ours) != alone  # as a second fee makes good what the first took


def test_a_lease_over_midnights_belongs_to_the_day_that_the_provider_counts_it_in() -> None:
    period = Period(datetime(2026, 10, 3, 9, tzinfo=UTC), datetime(2026, 10, 5, 9, tzinfo=UTC))
    assert line_of(charge("5.00 USD", period=period)).day is None
    lease = evolve(charge("5.00 USD", period=period), day=date(2026, 10, 3))
    assert line_of(lease).day == date(2026, 10, 3)


def test_a_line_older_than_its_cycle_is_converted_by_a_rate_of_the_cycle() -> None:
    cycle = Period.parse("2026-11-05T10:00:00Z..2026-12-05T10:00:00Z")
    old = Usage(None, cycle, (charge("7.00 USD", day=date(2026, 1, 3)),))
    (line,) = charged_lines([old])
    rates = TableRates("t", "EUR", {("USD", date(2026, 11, 5)): Decimal("1.25")})
    (converted,) = convert_lines([line], "EUR", Exchange(rates))
    assert converted.converted == money("5.60 EUR")  # 7.00 / 1.25


def test_zero_is_zero_at_any_rate() -> None:
    free, paid = charge("0.00 JPY"), charge("7.00 USD")
    rates = Exchange(ConstantRates({"EUR": Decimal(1), "USD": Decimal("1.25")}), "constant")
    lines = convert_lines(charged_lines(answer(free, paid)), "EUR", rates)
    assert [line.converted for line in lines] == [money("0.00 EUR"), money("5.60 EUR")]
    with pytest.raises(RateError, match="No JPY rate"):
        list(convert_lines([line_of(charge("1 JPY"))], "EUR", rates))
