"""Periods are half-open windows of UTC time, and their parts are the whole."""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold import Period, PeriodError
from billfold.period import midnight, month_turn, requested_period, span, utc, utc_text

OCTOBER = Period(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
BERLIN = timezone(timedelta(hours=2))
NEW_YORK = timezone(timedelta(hours=-5))

moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(moments)
    return Period(
        start, start + draw(st.timedeltas(timedelta(microseconds=1), timedelta(days=400)))
    )


class Vague(tzinfo):
    """A time zone that does not know its offset, which is none."""

    def utcoffset(self, moment: datetime | None) -> None:
        return None


def test_the_start_is_in_and_the_end_is_out() -> None:
    assert datetime(2026, 10, 1, tzinfo=UTC) in OCTOBER
    assert datetime(2026, 10, 31, 23, 59, 59, 999999, UTC) in OCTOBER
    assert datetime(2026, 11, 1, tzinfo=UTC) not in OCTOBER
    assert datetime(2026, 9, 30, 23, 59, 59, 999999, UTC) not in OCTOBER
    assert datetime(2026, 11, 1, 1, tzinfo=BERLIN) in OCTOBER
    assert datetime(2026, 10, 1, 1, tzinfo=BERLIN) not in OCTOBER


@pytest.mark.parametrize("zone", [None, Vague()])
def test_a_time_without_a_zone_is_refused_everywhere(zone: tzinfo | None) -> None:
    naive = datetime(2026, 10, 5, tzinfo=zone)
    for use in (
        lambda: Period(naive, OCTOBER.end),
        lambda: Period(OCTOBER.start, naive),
        lambda: naive in OCTOBER,
        lambda: Period.month_of(naive),
        lambda: utc_text(naive),
    ):
        with pytest.raises(PeriodError, match="has no time zone"):
            use()


@pytest.mark.parametrize("bound", [date(2026, 10, 1), "2026-10-01", 0, None])
def test_a_bound_is_a_time(bound: object) -> None:
    with pytest.raises(PeriodError, match=r"bounded by datetimes, not .*; use Period.days"):
        Period(bound, OCTOBER.end)  # type: ignore[arg-type]


@pytest.mark.parametrize("end", [OCTOBER.start, OCTOBER.start - timedelta(microseconds=1)])
def test_an_empty_or_inverted_period_is_refused(end: datetime) -> None:
    with pytest.raises(PeriodError, match="the period is empty: its start 2026-10-01T00:00:00Z"):
        Period(OCTOBER.start, end)


def test_other_offsets_are_converted() -> None:
    period = Period(
        datetime(2026, 10, 1, 2, tzinfo=BERLIN), datetime(2026, 10, 31, 19, tzinfo=NEW_YORK)
    )
    assert period == OCTOBER
    assert period.start.tzinfo is UTC


@pytest.mark.parametrize(
    "moment", [datetime.max.replace(tzinfo=NEW_YORK), datetime.min.replace(tzinfo=BERLIN)]
)
def test_a_time_that_utc_cannot_hold_is_refused(moment: datetime) -> None:
    with pytest.raises(PeriodError, match="beyond the years 1 to 9999"):
        utc(moment)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-10", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"),
        (" 2026-12\n", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("2028-02", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"),
        ("2026-10-01", "2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z"),
        ("2026-12-31", "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("2026-10-01..2026-10-15", "2026-10-01T00:00:00Z", "2026-10-15T00:00:00Z"),
        ("2026-10-01 .. 2026-10-15", "2026-10-01T00:00:00Z", "2026-10-15T00:00:00Z"),
        ("2026-10-01T06:00:00Z..2026-10-02", "2026-10-01T06:00:00Z", "2026-10-02T00:00:00Z"),
        (
            "2026-10-01T02:00:00+02:00..2026-10-01T00:00:00.5Z",
            "2026-10-01T00:00:00Z",
            "2026-10-01T00:00:00.500000Z",
        ),
        ("2026-10-01 02:00+02:00..2026-10-02", "2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z"),
        ("2026-10-01t02:00:00+02:00..2026-10-02", "2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z"),
        ("2026-10..2026-12", "2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z"),
        ("2026-10..2026-10-15", "2026-10-01T00:00:00Z", "2026-10-15T00:00:00Z"),
        ("2026-10-15 .. 2027-01", "2026-10-15T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("9999-10..9999-12", "9999-10-01T00:00:00Z", "9999-12-01T00:00:00Z"),
        ("2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("2026-Q1", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"),
        ("2026-q4", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("2025..2026-Q3", "2025-01-01T00:00:00Z", "2026-07-01T00:00:00Z"),
        ("9999-11", "9999-11-01T00:00:00Z", "9999-12-01T00:00:00Z"),
    ],
)
def test_every_form_is_read(text: str, start: str, end: str) -> None:
    period = Period.parse(text)
    assert (utc_text(period.start), utc_text(period.end)) == (start, end)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("today", "2026-11-03..2026-11-04"),
        ("Yesterday", "2026-11-02..2026-11-03"),
        ("1d", "2026-11-03..2026-11-04"),
        ("7d", "2026-10-28..2026-11-04"),
        ("this-month", "2026-11"),
        ("last_month", "2026-10"),
        ("yesterday..today", "2026-11-02..2026-11-03"),
        ("last-month..2026-10-05", "2026-10-01..2026-10-05"),
    ],
)
def test_words_go_by_the_clock_that_is_given(text: str, days: str) -> None:
    now = datetime(2026, 11, 4, 1, 30, tzinfo=BERLIN)  # in UTC it is still the third
    assert str(Period.parse(text, now)) == days
    assert requested_period(text, now) == Period.parse(days)


def test_current_is_each_providers_own() -> None:
    now = datetime(2026, 11, 3, tzinfo=UTC)
    assert requested_period(" Current ", now) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "",
            "is not a period; write 2026-10, 2026-10-05, 2026-Q3, 2026, today, yesterday, 7d, this-month,",
        ),
        ("October", "is not a period"),
        ("2026-1", "is not a period"),
        ("0d", "is not a period"),
        ("2026-Q0", "is not a period"),
        ("2026-10-01T00:00Z", "is not a period"),
        ("2026-13", "there is no month 13 in year 2026"),
        ("0000-01", "there is no month 1 in year 0"),
        ("2026-10-32", "there is no day 2026-10-32; write one like 2026-10-05"),
        ("last-month", "depends on the time: Period.parse(text, now="),
        ("lastmonth", "did you mean last-month? write 2026-10"),
        ("..", "'..' has no start; write 2026-10, "),
        ("2026-10-01..", "'2026-10-01..' has no end; write 2026-10, "),
        ("2026-10 .. ", "has no end"),
        ("..2026-10-01", "'..2026-10-01' has no start"),
        ("2026-10..2026-13", "there is no month 13 in year 2026"),
        ("2026-10..2026-10", "the period is empty"),
        ("2026-10-01...2026-10-15", "'.2026-10-15' is neither"),
        ("2026-10-01..2026-10-15..2026-10-20", "neither a month, a date nor a time"),
        ("2026-10-15..2026-10-01", "the period is empty"),
        ("2026-10-01..2026-10-01", "the period is empty"),
        ("2026-10-01T00:00:00..2026-10-02", "has no time zone"),
        ("2026-10-01t10:00:00..2026-10-02", "has no time zone"),
        ("2026-10-01 10:00..2026-10-02", "has no time zone"),
        ("9999-12", "there is no month after 9999-12"),
        ("9999-12-31", "there is no day after 9999-12-31"),
        ("0001-01-01T00:00:00+05:00..2026-01-01", "beyond the years 1 to 9999"),
    ],
)
def test_every_mistake_is_told(text: str, told: str) -> None:
    with pytest.raises(PeriodError) as caught:
        Period.parse(text)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("now", "month"),
    [
        (datetime(2026, 11, 28, tzinfo=UTC), "2026-10"),
        (datetime(2027, 1, 1, tzinfo=UTC), "2026-12"),
        # In New York it is November still, and billfold's months are UTC's.
        (datetime(2026, 11, 30, 23, tzinfo=NEW_YORK), "2026-11"),
    ],
)
def test_the_last_month_is_the_one_before_now_in_utc(now: datetime, month: str) -> None:
    assert Period.last_month(now) == Period.parse(month)
    assert requested_period("last-month", now) == Period.parse(month)


def test_without_a_time_the_last_month_is_over() -> None:
    assert Period.last_month().end <= datetime.now(UTC)
    assert requested_period("last-month") is not None


def test_a_period_that_is_one_or_none_is_as_it_is() -> None:
    assert requested_period(None) is None
    assert requested_period(OCTOBER) is OCTOBER


@pytest.mark.parametrize(
    ("period", "text"),
    [
        (OCTOBER, "2026-10"),
        (Period.month(2026, 12), "2026-12"),
        (Period.month(9999, 11), "9999-11"),
        (Period.day(date(2026, 10, 1)), "2026-10-01..2026-10-02"),
        (Period.days(date(2026, 10, 1), date(2026, 12, 1)), "2026-10-01..2026-12-01"),
        (Period.days(date(2026, 10, 1), date(2027, 10, 1)), "2026-10-01..2027-10-01"),
        (Period.days(date(9999, 12, 1), date(9999, 12, 31)), "9999-12-01..9999-12-31"),
        (Period.days(date(1, 1, 1), date(1, 1, 3)), "0001-01-01..0001-01-03"),
        (
            Period(OCTOBER.start, OCTOBER.start + timedelta(hours=1)),
            "2026-10-01T00:00:00Z..2026-10-01T01:00:00Z",
        ),
    ],
)
def test_a_period_is_written_as_it_is_read(period: Period, text: str) -> None:
    assert str(period) == text
    assert Period.parse(text) == period


@pytest.mark.parametrize(
    ("month", "before"), [("2026-10", "2026-09"), ("2026-01", "2025-12"), ("2028-03", "2028-02")]
)
def test_the_month_before(month: str, before: str) -> None:
    assert str(Period.parse(month).previous_month()) == before
    assert (
        str(
            Period(
                Period.parse(month).end - timedelta(seconds=1), Period.parse(month).end
            ).previous_month()
        )
        == before
    )


def test_there_is_nothing_before_the_first_month() -> None:
    with pytest.raises(PeriodError, match="no month 12 in year 0"):
        Period.month(1, 1).previous_month()


def test_the_month_of_a_time_is_the_utc_one() -> None:
    assert Period.month_of(datetime(2026, 11, 1, 1, tzinfo=BERLIN)) == OCTOBER
    assert Period.month_of(datetime(2026, 9, 30, 20, tzinfo=NEW_YORK)) == OCTOBER


def test_a_local_month_is_the_month_that_its_clock_says() -> None:
    summer, winter = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))
    start, end = datetime(2026, 10, 1, tzinfo=summer), datetime(2026, 11, 1, tzinfo=winter)
    assert Period.of_local(start, end) == OCTOBER
    # The same two instants, read as UTC, would begin in September.
    assert str(Period(start, end)) == "2026-09-30T22:00:00Z..2026-10-31T23:00:00Z"


@pytest.mark.parametrize(
    ("stated", "turn"),
    [
        ("2026-09-30T22:00:00", "2026-10-01T00:00:00"),
        ("2026-10-31T23:00:00", "2026-11-01T00:00:00"),
        ("2026-12-31T23:00:00", "2027-01-01T00:00:00"),
        ("2026-10-30T23:00:00", "2026-10-30T23:00:00"),
        ("2026-10-31T21:00:00", "2026-10-31T21:00:00"),
        ("2026-10-31T23:00:01", "2026-10-31T23:00:01"),
        ("2026-11-01T00:00:00", "2026-11-01T00:00:00"),
        ("9999-12-31T23:00:00", "9999-12-31T23:00:00"),
    ],
)
def test_a_month_begins_at_midnight_of_central_europes_clock_too(stated: str, turn: str) -> None:
    moment = datetime.fromisoformat(f"{stated}Z")
    assert month_turn(moment) == datetime.fromisoformat(f"{turn}Z")


def test_a_local_period_needs_a_clock_and_an_order() -> None:
    with pytest.raises(PeriodError, match="no time zone"):
        Period.of_local(datetime(2026, 10, 1), datetime(2026, 11, 1, tzinfo=UTC))
    with pytest.raises(PeriodError, match="empty"):
        Period.of_local(OCTOBER.end, OCTOBER.start)


def test_a_window_is_cut_at_each_months_start() -> None:
    parts = Period.parse("2026-11-20T12:00:00Z..2027-02-01").split_months()
    assert [str(part) for part in parts] == [
        "2026-11-20T12:00:00Z..2026-12-01T00:00:00Z",
        "2026-12",
        "2027-01",
    ]
    assert OCTOBER.split_months() == (OCTOBER,)


def test_months_ahead_have_not_begun_but_for_clocks_that_differ_by_minutes() -> None:
    period = Period.parse("2026-10-15..2027-01-15")
    parts = period.split_months()
    last = datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert period.months_begun(last) == parts[:2]
    assert period.months_begun(last.replace(minute=57)) == parts[:3]
    assert period.months_begun(datetime(2027, 2, 1, tzinfo=UTC)) == parts


def test_a_window_is_cut_at_each_midnight() -> None:
    parts = Period.parse("2026-02-28T23:00:00Z..2026-03-02").split_days()
    assert [str(part) for part in parts] == [
        "2026-02-28T23:00:00Z..2026-03-01T00:00:00Z",
        "2026-03-01..2026-03-02",
    ]
    assert len(OCTOBER.split_days()) == 31


def test_the_end_of_time_is_a_bound_like_any_other() -> None:
    last = Period(midnight(date(9999, 11, 29)), datetime.max.replace(tzinfo=UTC))
    assert [part.start for part in last.split_months()] == [last.start, midnight(date(9999, 12, 1))]
    assert last.split_months()[-1].end == last.split_days()[-1].end == last.end
    assert len(last.split_days()) == 33


@given(periods())
def test_any_split_is_the_whole(period: Period) -> None:
    for parts in (period.split_months(), period.split_days()):
        assert parts[0].start == period.start
        assert parts[-1].end == period.end
        assert all(one.end == other.start for one, other in pairwise(parts))
        assert span(parts) == period


@given(periods(), moments)
def test_a_moment_lies_in_one_part_at_most(period: Period, moment: datetime) -> None:
    assert sum(moment in part for part in period.split_days()) == (moment in period)


@given(periods())
def test_what_is_written_is_read_back(period: Period) -> None:
    assert Period.parse(str(period)) == period


def test_meeting_at_a_bound_is_not_touching() -> None:
    november = Period.month(2026, 11)
    assert not OCTOBER.overlaps(november)
    assert not november.overlaps(OCTOBER)
    assert OCTOBER.overlaps(OCTOBER)
    assert OCTOBER.overlaps(Period.day(date(2026, 10, 31)))
    assert Period.day(date(2026, 10, 31)).overlaps(OCTOBER)


@given(periods(), periods())
def test_touching_is_mutual_and_is_sharing_time(one: Period, other: Period) -> None:
    shared = max(one.start, other.start) < min(one.end, other.end)
    assert one.overlaps(other) is other.overlaps(one) is shared


def test_the_hull_is_around_all_and_of_nothing_is_none() -> None:
    assert span([Period.month(2026, 12), OCTOBER]) == Period.parse("2026-10-01..2027-01-01")
    assert span(()) is None


def test_periods_are_ordered_values() -> None:
    assert sorted([Period.month(2026, 11), OCTOBER]) == [OCTOBER, Period.month(2026, 11)]
    assert len({OCTOBER, Period.parse("2026-10")}) == 1
    with pytest.raises(AttributeError):
        OCTOBER.end = OCTOBER.start  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("2026-10-05..2026-10-07", "2026-10-05..2026-10-07"),
        ("2026-10-05T00:00:00.000001Z..2026-10-06", "2026-10-05..2026-10-06"),
        ("2026-10-05T01:00Z..2026-10-06T00:00:01Z", "2026-10-05..2026-10-07"),
        ("2026-10-25T00:00+02:00..2026-10-26T00:00+01:00", "2026-10-24..2026-10-26"),
    ],
)
def test_whole_days_are_those_that_a_period_touches(text: str, whole: str) -> None:
    assert Period.parse(text).whole_days() == Period.parse(whole)


@pytest.mark.parametrize(
    ("bounds", "text"),
    [
        ("2026-01..2026-04", "2026-Q1"),
        ("2026-10..2027-01", "2026-Q4"),
        ("2026-01..2027-01", "2026"),
        ("0999-01..0999-02", "0999-01"),
        ("2026-02..2026-05", "2026-02-01..2026-05-01"),  # three months, and no quarter
        ("2025-07..2026-07", "2025-07-01..2026-07-01"),  # twelve, and no calendar year
        ("2024..2026", "2024-01-01..2026-01-01"),
    ],
)
def test_a_period_is_written_as_the_month_quarter_or_year_that_it_is(
    bounds: str, text: str
) -> None:
    period = Period.parse(bounds)
    assert str(period) == text
    assert Period.parse(text) == period
