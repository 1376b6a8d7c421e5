"""What a provider states of a time that is over: final only after a while."""

from datetime import UTC, datetime, timedelta

import pytest

from billfold import Period
from billfold.adapter import LateData

LATE = LateData(timedelta(days=2), "jobs take a while")


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2026-11-17", None),
        ("2026-11-17..2026-11-19", "not final from 2026-11-18 on: jobs take a while"),
        ("2026-11-19", "not final from 2026-11-18 on: jobs take a while"),
    ],
)
def test_what_is_younger_than_that_is_not_final(period: str, said: str | None) -> None:
    """It is 20 November, noon: of the 18th, more may be stated."""
    assert LATE.not_final(Period.parse(period), datetime(2026, 11, 20, 12, tzinfo=UTC)) == said


def test_a_month_is_final_two_days_after_its_end() -> None:
    october = Period.month(2026, 10)
    assert LATE.not_final(october, datetime(2026, 11, 2, 23, 59, tzinfo=UTC)) is not None
    assert LATE.not_final(october, datetime(2026, 11, 3, tzinfo=UTC)) is None
