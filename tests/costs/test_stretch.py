"""With what a period is compared."""

from datetime import UTC, datetime

import pytest
from attrs import evolve

from billfold import Answer, Period, State, Usage
from billfold.costs.stretch import aligned, compared_period, preceding_period
from support.costs import answer, charge

OCTOBER = Period.month(2026, 10)
SEPTEMBER = Period.month(2026, 9)
TEN_DAYS = Period.parse("2026-09-01..2026-09-11")


@pytest.mark.parametrize(
    ("period", "preceding"),
    [
        ("2026-10", "2026-09"),
        ("2026-01", "2025-12"),
        ("2026-01-01..2026-04-01", "2025-10-01..2026-01-01"),
        ("2026-10-05..2026-10-08", "2026-10-02..2026-10-05"),
        ("2026-10-01..2026-10-15", "2026-09-17..2026-10-01"),
    ],
)
def test_the_preceding_period_ends_where_the_period_starts(period: str, preceding: str) -> None:
    assert preceding_period(Period.parse(period)) == Period.parse(preceding)


@pytest.mark.parametrize(
    ("period", "now", "compared"),
    [
        ("2026-10", "2026-11-01T00:00:00Z", "2026-09"),  # over: with all of the month before
        (
            "2026-11",
            "2026-11-28T15:54:12.5Z",
            "2026-10-01T00:00:00Z..2026-10-28T15:54:12Z",
        ),
        ("2026-03", "2026-03-31T00:00:00Z", "2026-02"),  # February has no thirtieth day
        ("2026-12", "2026-11-28T00:00:00Z", "2026-11"),  # nothing of it has happened yet
        ("2026-12", "2026-12-01T00:00:00Z", "2026-11-01T00:00:00Z..2026-11-01T00:00:01Z"),
        (
            "2026-11-20..2026-11-30",
            "2026-11-23T00:00:00Z",
            "2026-11-10..2026-11-13",
        ),
    ],
)
def test_a_running_period_is_compared_with_the_same_stretch(
    period: str, now: str, compared: str
) -> None:
    moment = datetime.fromisoformat(now)
    assert compared_period(Period.parse(period), moment) == Period.parse(compared)


def known(until: datetime | None) -> Answer[Usage]:
    october = answer(charge("1.00 EUR"))
    return evolve(october, coverage=tuple(evolve(x, known_until=until) for x in october.coverage))


@pytest.mark.parametrize(
    ("until", "before", "state"),
    [
        (datetime(2026, 10, 11, tzinfo=UTC), TEN_DAYS, State.COMPLETE),
        # The accounts of one call, or one sync, are a moment apart.
        (datetime(2026, 10, 11, 0, 0, 40, tzinfo=UTC), TEN_DAYS, State.COMPLETE),
        (datetime(2026, 10, 11, 0, 2, tzinfo=UTC), TEN_DAYS, State.DIFFERENT_WINDOW),
        (datetime(2026, 10, 11, tzinfo=UTC), SEPTEMBER, State.DIFFERENT_WINDOW),
        # A billing cycle that goes on beyond the month: all of October is known.
        (datetime(2026, 11, 5, tzinfo=UTC), SEPTEMBER, State.COMPLETE),
        (None, SEPTEMBER, State.COMPLETE),
    ],
)
def test_what_is_known_until_another_moment_is_another_window(
    until: datetime | None, before: Period, state: State
) -> None:
    september = evolve(answer(charge("1.00 EUR")), requested=before)
    (row,) = aligned(known(until), september).coverage
    assert row.state is state
