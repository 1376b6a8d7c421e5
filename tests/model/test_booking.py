"""Which month a charge is booked in: one rule for every view."""

from datetime import UTC, datetime

import pytest

from billfold import Category, Charge, Money, Period
from billfold.model import booking_month, start_within

CYCLE = Period(datetime(2026, 11, 5, 10, tzinfo=UTC), datetime(2026, 12, 5, 10, tzinfo=UTC))
QUARTER = Period.parse("2026-10..2027-01")


def charge(start: datetime, end: datetime) -> Charge:
    cost = Money.parse("1.00 USD")
    return Charge("c", Category.USAGE, Period(start, end), "Server", cost)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (datetime(2026, 1, 3, tzinfo=UTC), datetime(2026, 1, 4, tzinfo=UTC)),  # older than it is
        (datetime(2026, 11, 7, tzinfo=UTC), datetime(2026, 12, 5, tzinfo=UTC)),
        (datetime(2026, 12, 2, tzinfo=UTC), datetime(2026, 12, 5, tzinfo=UTC)),
    ],
)
def test_a_line_of_a_cycle_is_booked_where_the_cycle_begins(start: datetime, end: datetime) -> None:
    assert booking_month(charge(start, end), CYCLE) == Period.month(2026, 11)


def test_of_whole_months_a_charge_is_booked_where_it_begins() -> None:
    lease = charge(datetime(2026, 11, 30, 23, tzinfo=UTC), datetime(2026, 12, 1, 1, tzinfo=UTC))
    assert booking_month(lease, QUARTER) == Period.month(2026, 11)


def test_a_line_older_than_its_cycle_begins_with_it_and_a_later_one_in_its_last_instant() -> None:
    old = charge(datetime(2026, 1, 3, tzinfo=UTC), datetime(2026, 1, 4, tzinfo=UTC))
    late = charge(datetime(2027, 1, 3, tzinfo=UTC), datetime(2027, 1, 4, tzinfo=UTC))
    assert start_within(old, CYCLE) == CYCLE.start
    assert start_within(late, CYCLE) == datetime(2026, 12, 5, 9, 59, 59, 999999, UTC)
