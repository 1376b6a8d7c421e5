"""What is outside the window asked is never counted in it: the rows' own times decide (law 11)."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from billfold import Period, State
from billfold_bnerd import month
from billfold_bnerd.lists import Listing
from billfold_bnerd.usage import decode_usage
from support.mocked import Mocked

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
USAGE = f"https://api.bnerd.cloud/billing/usage?organization_id={ORG}"
# What is said of each window of usage that ended less than three days before 20 November.
LATE = "not final from 2026-11-17 on: an hour's usage may be stated days after it"
OCTOBER, NOVEMBER = Period.month(2026, 10), Period.month(2026, 11)
AUTUMN = Period(OCTOBER.start, NOVEMBER.end)
DAYS = Period.parse("2026-10-10..2026-10-20")
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
UNSURE = "1 whose time cannot be read counted: they may be of another window"
OUTSIDE = "1 of a time outside of the window counted"
ELSEWHERE = "the reply may be of another window than the one requested"


def row(cents: int, start: str | None = None, end: str | None = None, **more: Any) -> Any:
    times = {} if start is None else {"from": start, "to": end}
    return {"product": "vm", "total": {"cents": cents, "currency_iso": "EUR"}, **times, **more}


def months(cents: int, *starts: str) -> list[Any]:
    ends = {"09": "2026-10-01", "10": "2026-11-01", "11": "2026-12-01"}
    return [row(cents, f"2026-{each}-01", ends[each]) for each in starts]


def asked(value: Any, window: Period, requested: Period | None = None) -> Listing[Any]:
    reply = decode_usage(json.dumps(value).encode())
    return month.usage(ORG, requested or window, window, reply, "GET /u", NOW)


def total(listing: Listing[Any]) -> str:
    return ", ".join(str(money) for money in listing.rows[0].totals().values())


def doubt(listing: Listing[Any]) -> str:
    """Return the one gap there is, without its place."""
    (gap,) = listing.gaps
    return gap.partition(", the first at ")[0]


def test_a_reply_that_ignores_the_window_is_counted_once_over_the_months_asked() -> None:
    both = [row(1000, "2026-10-01", "2026-11-01"), row(2000, "2026-11-01", "2026-12-01")]
    for value in (both, {"usage": both}, {"from": "2026-01-01", "to": "2026-12-31", "usage": both}):
        listings = [asked(value, window, AUTUMN) for window in (OCTOBER, NOVEMBER)]
        assert list(map(total, listings)) == ["10.00 EUR", "20.00 EUR"]
        for listing in listings:
            assert (listing.gaps, listing.notes) == ((), ("1 outside the window left out",))


@pytest.mark.parametrize(
    "cycle",
    [
        {"billing_cycle": {"start": "2026-09-15", "end": "2026-10-14"}},
        {"cycle": "2026-09-15..2026-10-14"},
        *(
            {f"{name}_start": "2026-09-15", f"{name}_end": "2026-10-14"}
            for name in ("cycle", "billing_cycle", "billing_period")
        ),
    ],
)
def test_a_reply_of_another_cycle_is_not_that_of_the_month(cycle: dict[str, Any]) -> None:
    for around in (cycle, {"meta": cycle}):
        listing = asked({"usage": [row(1000)], **around}, OCTOBER)
        assert total(listing) == "10.00 EUR"
        assert listing.gaps == ("the reply says that it is for 2026-09-15..2026-10-15",)
    # One bound alone is no period, and no day.
    assert asked({"usage": [row(1000)], "cycle_start": "2026-09-15"}, OCTOBER).notes == ()
    assert asked([row(1000, billing_cycle="monthly")], OCTOBER).gaps == ()


def test_an_hour_that_a_server_rounds_in_is_left_out() -> None:
    hours = [row(1, timestamp=f"2026-10-{day}:00:00Z") for day in ("10T00", "19T23", "20T00")]
    assert total(asked(hours, DAYS)) == "0.02 EUR"
    assert asked(hours, DAYS).notes == ("1 outside the window left out",)
    assert total(asked(hours, Period.parse("2026-10-20..2026-10-21"))) == "0.01 EUR"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        *(("2026-11-01", "2026-12-01"), ("2026-11-01", "2026-11-30"), ("2026-09-01", "2026-10-01")),
        ("2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z"),
        ("2026-09-01T00:00:00Z", "2026-09-30T23:59:59Z"),
    ],
)
@pytest.mark.parametrize(
    "own",
    [
        row(1000, "2026-10-03", "2026-10-31"),
        row(1000, "2026-10-05T08:00:00Z", "2026-10-05T09:00:00Z"),
        row(1000, day="2026-10-05"),
    ],
)
def test_a_whole_month_beside_the_window_is_left_out_and_noted(
    own: Any, start: str, end: str
) -> None:
    # 10.00 of October, and 20.00 of the month next to it, which a bound let in that was rounded.
    for rows in ([own, row(2000, start, end)], [row(2000, start, end), own]):
        listing = asked(rows, OCTOBER)
        assert total(listing) == "10.00 EUR"
        assert (listing.gaps, listing.notes) == ((), ("1 outside the window left out",))


def test_a_whole_month_beside_the_window_is_a_gap_where_it_may_matter() -> None:
    own, november = row(1000, day="2026-10-05"), row(2000, month="2026-11")
    part = row(2000, "2026-11-01", "2026-11-28")
    for rows, cost in (
        ([own, row(2000, month="2026-12")], "10.00 EUR"),  # not the next one
        ([own, part], "10.00 EUR"),  # cut by another window than the one requested
        ([row(1000, day="2026-10-31"), november], "10.00 EUR"),  # a November, rounded
        ([row(1000, day="2026-10-01"), row(2000, month="2026-09")], "10.00 EUR"),
        ([november], ""),  # nothing of the window
    ):
        listing = asked(rows, OCTOBER)
        assert total(listing) == cost
        assert listing.gaps[0].endswith(ELSEWHERE)
    undated = asked([own, row(500), november], OCTOBER)
    assert total(undated) == "15.00 EUR"
    assert undated.gaps == ("1 without a time counted beside rows of another window",)


@pytest.mark.parametrize(
    ("value", "window", "cost"),
    [
        (months(1, "09"), OCTOBER, ""),
        ([row(1, "2026-08-01", "2026-09-01")], OCTOBER, ""),
        # The last thirty days, whatever was asked.
        ([row(1, hour=f"2026-{day}T05:00:00Z") for day in ("10-30", "11-20")], OCTOBER, "0.01 EUR"),
        (
            [row(1, hour=f"2026-{day}T05:00:00Z") for day in ("10-30", "11-20")],
            NOVEMBER,
            "0.01 EUR",
        ),
    ],
)
def test_rows_of_another_window_are_a_gap_where_they_do_not_show_this_one(
    value: Any, window: Period, cost: str
) -> None:
    listing = asked(value, window)
    assert total(listing) == cost
    assert (listing.gaps, listing.notes) == ((f"1 outside the window left out: {ELSEWHERE}",), ())


def hourly(last: datetime) -> list[Any]:
    first = datetime(2026, 9, 1, tzinfo=UTC)
    hours = (last - first) // timedelta(hours=1)
    stamps = (first + timedelta(hours=each) for each in range(hours + 1))
    return [row(1, timestamp=f"{stamp:%Y-%m-%dT%H:00:00Z}") for stamp in stamps]


def test_a_running_month_is_known_so_far_by_the_hours_of_a_reply_that_ignores_the_window() -> None:
    # From 1 September, 24 hours a day of 0.01 each; it is 28 November, 12:00.
    for last, cost in (
        (datetime(2026, 11, 28, 11), "6.60 EUR"),
        (datetime(2026, 11, 27, 23), "6.48 EUR"),
    ):
        rows = hourly(last.replace(tzinfo=UTC))
        listing = asked(rows, NOVEMBER)
        assert (total(listing), listing.gaps) == (cost, ())
        assert listing.notes == ("1464 outside the window left out",)
    assert asked(rows, OCTOBER).gaps == ()
    assert [asked(rows, each, AUTUMN).gaps for each in (OCTOBER, NOVEMBER)] == [(), ()]


def test_hours_that_end_days_before_now_do_not_show_the_running_month() -> None:
    rows = hourly(datetime(2026, 11, 20, 23, tzinfo=UTC))
    listing = asked(rows, NOVEMBER)
    assert total(listing) == "4.80 EUR"
    assert listing.gaps == (f"1464 outside the window left out: {ELSEWHERE}",)
    # A day's delay is none of a month that is over.
    over = month.usage(
        ORG,
        OCTOBER,
        OCTOBER,
        decode_usage(json.dumps(hourly(datetime(2026, 10, 31, 13, tzinfo=UTC))).encode()),
        "GET /u",
        datetime(2026, 11, 1, 12, tzinfo=UTC),
    )
    assert over.gaps == (f"720 outside the window left out: {ELSEWHERE}",)


@pytest.mark.parametrize(
    "when",
    [
        {"from": "2026-11-01", "to": "2026-12-01"},
        {"from": "2026-11-01T00:00:00Z", "to": "2026-11-28T04:00:00Z"},
        {"period_start": "2026-11-01", "period_end": "2026-11-30"},
        {"month": "2026-11"},
        {"period": "2026-11"},
        {"week": "2026-W45"},
    ],
)
def test_a_reply_of_the_month_after_is_not_that_of_the_month(when: dict[str, str]) -> None:
    # 90.00 and 5.00 of November are no zero of October.
    rows = [row(9000, **when), row(500, id="b", **when)]
    nested = {"projects": [{"id": "p", "products": rows}]}
    total_of_all = {"usage": rows, "total": {"cents": 9500, "currency_iso": "EUR"}}
    for value in (rows, nested, total_of_all):
        for window in (OCTOBER, Period.parse("2026-10-31..2026-11-01")):
            listing = asked(value, window)
            assert total(listing) == ""
            assert listing.gaps == (f"2 outside the window left out: {ELSEWHERE}",)


def test_money_that_is_all_outside_of_the_window_is_never_its_zero() -> None:
    after = [row(7, hour="2026-11-01T00:00:00Z")]
    whole = {"from": "2026-10-01", "to": "2026-11-30", "usage": after}
    for value in (after, whole):
        assert asked(value, OCTOBER).gaps == (f"1 outside the window left out: {ELSEWHERE}",)
    # Beside what costs something in the window it is an hour that was rounded in.
    both = [*after, row(1, hour="2026-10-31T23:00:00Z")]
    assert (total(asked(both, OCTOBER)), asked(both, OCTOBER).gaps) == ("0.01 EUR", ())
    free = [row(0, hour="2026-11-01T00:00:00Z")]
    assert (total(asked(free, OCTOBER)), asked(free, OCTOBER).gaps) == ("", ())


def _german_days() -> list[Any]:
    """Return a cent for each day of October, stamped by German midnights; in UTC on the eve."""
    clock = [
        *((day, "+02:00") for day in range(1, 26)),
        *((day, "+01:00") for day in range(26, 32)),
    ]
    return [row(1, timestamp=f"2026-10-{day:02}T00:00:00{zone}") for day, zone in clock]


def test_a_day_stamped_by_a_local_midnight_that_began_before_the_window_is_a_gap() -> None:
    cut = "1 of them began before the window and ended in it"
    listing = asked(_german_days(), OCTOBER)
    # The first of 31 begins at 22:00 on 30 September.
    assert (total(listing), listing.gaps) == ("0.30 EUR", (cut,))
    assert listing.notes == ("1 outside the window left out",)
    september = Period(datetime(2026, 9, 1, tzinfo=UTC), OCTOBER.end)
    assert asked(_german_days(), OCTOBER, september).gaps == ()
    # Hours are no days: that of 22:00 ended before the window.
    hours = [row(1, hour=f"2026-{at}:00:00Z") for at in ("09-30T22", "10-01T00", "10-01T01")]
    assert (total(asked(hours, OCTOBER)), asked(hours, OCTOBER).gaps) == ("0.02 EUR", ())


GOES_ON = "1 counted whole, and of time after the window, too"


@pytest.mark.parametrize(
    ("start", "end", "gaps"),
    [
        ("2026-10-30T00:00:00Z", "2026-10-31T00:00:00Z", (GOES_ON,)),
        ("2026-10-30T09:00:00Z", "2026-10-30T10:00:00Z", (GOES_ON,)),
        ("2026-10-15T00:00:00Z", "2026-11-15T00:00:00Z", (GOES_ON,)),
        ("2026-10-30T00:00:00Z", "2026-10-30T09:25:00Z", ()),  # cut by the server
        ("2026-10-29T00:00:00Z", "2026-10-30T00:00:00Z", ()),
    ],
)
def test_a_row_that_the_windows_end_cuts_is_counted_and_a_gap(
    start: str, end: str, gaps: tuple[str, ...]
) -> None:
    """0.72 for a day of which 9 hours and 25 minutes are in the window is more than these cost."""
    window = Period(OCTOBER.start, datetime(2026, 10, 30, 9, 25, tzinfo=UTC))
    listing = asked([row(72, start, end)], window)
    assert (total(listing), listing.gaps) == ("0.72 EUR", gaps)
    # Within the time requested it counts in the month that it begins in, and nothing is cut.
    assert asked([row(72, start, end)], OCTOBER, AUTUMN).gaps == ()


def test_a_day_stamped_by_its_first_hour_that_the_windows_end_cuts_is_a_gap() -> None:
    window = Period(OCTOBER.start, datetime(2026, 10, 30, 9, 25, tzinfo=UTC))
    days = [row(1, timestamp=f"2026-10-{day:02}T00:00:00Z") for day in range(1, 31)]
    assert (total(asked(days, window)), asked(days, window).gaps) == ("0.30 EUR", (GOES_ON,))
    assert asked(days, OCTOBER).gaps == ()
    hours = [row(1, timestamp=f"2026-10-30T{hour:02}:00:00Z") for hour in range(9)]
    assert asked(hours, window).gaps == ()


@pytest.mark.parametrize(
    ("start", "end", "until", "gaps"),
    [
        # It is 28 November, 12:00: this day and this hour have cost so far what they cost.
        ("2026-11-28T00:00:00Z", "2026-11-29T00:00:00Z", "2026-11-28T12:00:00Z", ()),
        ("2026-11-28T11:30:00Z", "2026-11-28T12:30:00Z", "2026-11-28T12:00:00Z", ()),
        ("2026-11-28T00:00:00Z", "2026-11-29T00:00:00Z", "2026-11-28T11:59:00Z", ()),
        ("2026-11-28T00:00:00Z", "2026-11-29T00:00:00Z", "2026-12-01T00:00:00Z", ()),
        # Six of the hours that this day has cost so far are not in the window.
        ("2026-11-28T00:00:00Z", "2026-11-29T00:00:00Z", "2026-11-28T06:00:00Z", (GOES_ON,)),
        ("2026-11-15T00:00:00Z", "2026-12-15T00:00:00Z", "2026-12-01T00:00:00Z", (GOES_ON,)),
    ],
)
def test_the_day_that_runs_is_known_so_far_whatever_its_end(
    start: str, end: str, until: str, gaps: tuple[str, ...]
) -> None:
    window = Period(NOVEMBER.start, datetime.fromisoformat(until))
    listing = asked([row(72, start, end)], window)
    assert (total(listing), listing.gaps) == ("0.72 EUR", gaps)


def _by_the_day(first: date, count: int) -> list[Any]:
    return [row(1, date=str(first + timedelta(day))) for day in range(count)]


@pytest.mark.parametrize(
    ("window", "cost"),
    [
        ("2026-10", "10.31 EUR"),
        ("2026-10-01..2026-10-16", "10.15 EUR"),
        ("2026-10-16..2026-11-01", "10.16 EUR"),
        ("2026-10-05..2026-10-06", "10.01 EUR"),
    ],
)
@pytest.mark.parametrize("around", [{}, {"period": "2026-10"}])
def test_a_fee_without_a_time_in_a_reply_that_ignores_the_window_is_in_doubt(
    window: str, cost: str, around: dict[str, str]
) -> None:
    # A cent for each of the 61 days of September and October, whatever was asked, and 10.00.
    days = _by_the_day(date(2026, 9, 1), 61)
    doubt = "1 without a time counted beside rows of another window"
    for fee in (row(1000), row(1000, id="f"), row(1000, start_date="2026-02-09", end_date=None)):
        listing = asked({**around, "usage": [*days, fee]}, Period.parse(window))
        assert (total(listing), doubt in listing.gaps) == (cost, True)


@pytest.mark.parametrize(
    ("fee", "days"),
    [
        # Of no more than the window, or of a day more on each side, as a server may round it.
        (row(1000), (date(2026, 10, 1), 31)),
        (row(1000), (date(2026, 9, 30), 33)),
        # What is free, or says when it was, is in no doubt.
        (row(0), (date(2026, 9, 1), 61)),
        (row(1000, usage_date="2026-10-05"), (date(2026, 9, 1), 61)),
        (row(1000, **{"from": "2026-10-05T00:00:00Z"}), (date(2026, 9, 1), 61)),
    ],
)
def test_a_fee_beside_the_windows_own_days_is_the_windows(fee: Any, days: tuple[date, int]) -> None:
    listing = asked([*_by_the_day(*days), fee], OCTOBER)
    cost = "0.31 EUR" if fee["total"]["cents"] == 0 else "10.31 EUR"
    assert (total(listing), listing.gaps) == (cost, ())


def test_a_row_that_begins_before_the_window_belongs_to_where_it_begins() -> None:
    value = [row(1000, "2026-10-25T00:00:00Z", "2026-11-05T00:00:00Z")]
    assert total(asked(value, OCTOBER, AUTUMN)) == "10.00 EUR"
    november = asked(value, NOVEMBER, AUTUMN)
    assert (total(november), november.gaps) == ("", ())
    alone = asked(value, NOVEMBER)
    assert alone.gaps == ("1 of them began before the window and ended in it",)


OWN_OCTOBER = [
    ("2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"),
    ("2026-09-30T22:00:00Z", "2026-10-31T22:59:59Z"),
    ("2026-10-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00"),
]


@pytest.mark.parametrize(("start", "end"), OWN_OCTOBER)
def test_a_row_of_a_month_by_the_providers_own_clock_is_of_that_month(start: str, end: str) -> None:
    rows = [row(1000, start, end)]
    assert total(asked(rows, OCTOBER)) == "10.00 EUR"
    assert asked(rows, OCTOBER).gaps == ()
    assert asked(rows, OCTOBER).rows[0].charges[0].period == OCTOBER
    september = asked(rows, Period.month(2026, 9))
    assert (total(september), september.gaps) == (
        "",
        (f"1 outside the window left out: {ELSEWHERE}",),
    )


def test_the_hours_of_a_date_are_hours_and_have_ids_of_their_own() -> None:
    hours = [row(1, date="2026-10-31", hour=hour) for hour in (0, 22, 23)]
    charges = asked(hours, OCTOBER).rows[0].charges
    assert [str(charge.period)[:16] for charge in charges] == [
        *("2026-10-31T00:00", "2026-10-31T22:00", "2026-10-31T23:00"),
    ]
    assert [charge.id for charge in asked(hours[1:], OCTOBER).rows[0].charges] == [
        charge.id for charge in charges[1:]
    ]
    for odd in (24, 1.5, -1, "x", None):
        (charge,) = asked([row(1, date="2026-10-31", hour=odd)], OCTOBER).rows[0].charges
        assert charge.period == Period.parse("2026-10-31")


def test_a_month_so_far_by_the_providers_own_clock_is_of_that_month() -> None:
    rows = [row(1000, "2026-10-31T23:00:00Z", "2026-11-28T12:00:00Z")]
    assert total(asked(rows, NOVEMBER)) == "10.00 EUR"
    assert total(asked(rows, OCTOBER)) == ""


def test_an_hour_before_midnight_is_of_the_day_it_is_in() -> None:
    hours = [row(1, "2026-10-31T23:00:00Z", "2026-11-01T00:00:00Z")]
    assert total(asked(hours, OCTOBER)) == "0.01 EUR"


@pytest.mark.parametrize(
    "value",
    [
        [row(1000, period="2026-10")],
        [row(1000, "2026-04-22T00:00:00Z", "2027-04-22T00:00:00Z")],
    ],
)
def test_a_row_around_the_window_counts_and_is_said_to_be_longer(value: Any) -> None:
    listing = asked(value, DAYS)
    assert (total(listing), listing.gaps) == (
        "10.00 EUR",
        ("1 for a longer time than was requested",),
    )


LONGER = "1 for a longer time than was requested"


@pytest.mark.parametrize(
    ("start", "end", "costs"),
    [
        # A row of a quarter, of a year, and of what began in the quarter, read in each month.
        ("2026-07-01", "2026-10-01", ["90.00 EUR", "", ""]),
        ("2026-01-01", "2026-12-31", ["90.00 EUR", "", ""]),
        ("2026-07-10", "2026-11-01", ["90.00 EUR", "", ""]),
        ("2026-08-01", "2026-10-01", ["", "90.00 EUR", ""]),
    ],
)
def test_a_row_of_several_months_counts_once_over_the_months_asked(
    start: str, end: str, costs: list[str]
) -> None:
    quarter, listed = Period.parse("2026-Q3"), []
    for each in quarter.split_months():
        listing = asked([row(9000, start, end)], each, quarter)
        listed.append(total(listing))
        if not total(listing):
            # What begins as the month ends, and is longer than a day, is of another window.
            said = f"1 outside the window left out: {ELSEWHERE}"
            is_after = start == str(each.end.date())
            assert (listing.gaps == (said,)) is is_after
            assert (listing.notes == ("1 outside the window left out",)) is not is_after
    assert listed == costs


def test_a_row_of_a_quarter_is_said_to_be_longer_than_its_month() -> None:
    quarter, july = Period.parse("2026-Q3"), Period.month(2026, 7)
    assert asked([row(9000, "2026-07-01", "2026-10-01")], july, quarter).gaps == (LONGER,)
    # Asked for alone, each month has nothing else that says what it cost.
    august = asked([row(9000, "2026-07-01", "2026-10-01")], Period.month(2026, 8))
    assert (total(august), august.gaps) == ("90.00 EUR", (LONGER,))


@pytest.mark.parametrize("bounds", ["start_date end_date", "started_at ended_at"])
def test_what_a_subscription_costs_counts_in_each_month_of_its_life(bounds: str) -> None:
    # From February to the 25th of October: a euro in September, and one in October.
    life = dict(zip(bounds.split(), ("2026-02-09T07:00:00Z", "2026-10-25T18:00:00Z"), strict=True))
    both = Period.parse("2026-09..2026-11")
    for month_asked in both.split_months():
        for requested in (both, month_asked):
            listing = asked([row(100, **life)], month_asked, requested)
            assert (total(listing), listing.gaps) == ("1.00 EUR", (LONGER,))
    november = asked([row(100, **life)], NOVEMBER)
    assert total(november) == ""


@pytest.mark.parametrize("bounds", ["start_date end_date", "started_at ended_at"])
def test_what_began_in_the_months_asked_counts_in_each_and_in_the_one_that_it_ends_in(
    bounds: str,
) -> None:
    # From the 10th of August to the 20th of October: 3.00, 4.00 and 6.00, which is 13.00.
    life = dict(zip(bounds.split(), ("2026-08-10", "2026-10-20"), strict=True))
    asked_for = Period.parse("2026-08..2026-11")
    found = []
    for each, cents in zip(asked_for.split_months(), (300, 400, 600), strict=True):
        whole, alone = (asked([row(cents, **life)], each, of) for of in (asked_for, each))
        assert (total(whole), whole.gaps, whole.notes) == (total(alone), alone.gaps, alone.notes)
        found.append((total(whole), whole.gaps))
    assert found == [("3.00 EUR", ()), ("4.00 EUR", (LONGER,)), ("6.00 EUR", (LONGER,))]


async def test_a_life_within_two_months_costs_what_both_say_and_is_partial(
    mocked: Mocked, fold_of
) -> None:
    # 4.00 in September and 6.00 in October, as the totals beside them state.
    life = {"start_date": "2026-09-10", "end_date": "2026-10-20"}
    both = [row(cents, **life) for cents in (400, 600)]
    _two_months(mocked, *({"total": each["total"], "usage": [each]} for each in both))
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(Period.parse("2026-09..2026-11"))
    assert str(answer.totals(partial=True)["EUR"]) == "10.00 EUR"
    assert [each.state for each in answer.coverage] == [State.PARTIAL]
    assert [check.holds for each in answer for check in each.checks] == [True, True]


@pytest.mark.parametrize(
    ("stated", "window", "cost", "gaps"),
    [
        ({"from": "2026-10-01T00:00:00Z", "to": "2026-10-31T23:59:59Z"}, OCTOBER, "10.00 EUR", ()),
        ({"period": "2026-10"}, OCTOBER, "10.00 EUR", ()),
        (
            {"meta": {"period": {"start": "2026-10-01", "end": "2026-10-31"}}},
            OCTOBER,
            "10.00 EUR",
            (),
        ),
        # A running month is known up to now.
        ({"from": "2026-11-01T00:00:00Z", "to": "2026-11-28T11:59:59Z"}, NOVEMBER, "10.00 EUR", ()),
        (
            {"from": "2026-11-01T00:00:00Z", "to": "2026-11-08T00:00:00Z"},
            NOVEMBER,
            "10.00 EUR",
            ("the reply says that it is for 2026-11-01..2026-11-08",),
        ),
        ({"period": "2026-10"}, DAYS, "10.00 EUR", ("the reply says that it is for 2026-10",)),
        (
            {"from": "2026-09-01", "to": "2026-09-30"},
            OCTOBER,
            "",
            (
                f"1 outside the window left out: {ELSEWHERE}",
                "the reply says that it is for 2026-09",
            ),
        ),
        ({"timestamp": "2026-11-28T10:00:00Z"}, OCTOBER, "10.00 EUR", ()),
    ],
)
def test_rows_without_times_are_of_the_time_that_their_reply_states(
    stated: Any, window: Period, cost: str, gaps: tuple[str, ...]
) -> None:
    listing = asked({**stated, "usage": [row(1000)]}, window)
    assert (total(listing), listing.gaps) == (cost, gaps)


def test_no_rows_of_another_window_are_not_no_usage() -> None:
    listing = asked({"period": "2026-09", "usage": []}, OCTOBER)
    assert listing.gaps == ("the reply says that it is for 2026-09",)


def test_a_total_over_rows_outside_the_window_is_not_used() -> None:
    listing = asked({"usage": months(1000, "10", "11"), "total": row(2000)["total"]}, OCTOBER)
    assert (total(listing), listing.rows[0].stated_total, listing.gaps) == ("10.00 EUR", None, ())
    assert listing.notes[-1] == (
        "the total over the rows is not used: rows outside the window are in it"
    )


@pytest.mark.parametrize(
    ("cents", "is_doubted"),
    [(1000, False), (3000, False), (3500, True), (500, True)],
)
def test_a_total_that_neither_the_rows_that_count_nor_all_of_them_reach_is_a_gap(
    cents: int, is_doubted: bool
) -> None:
    # 10.00 of October counts, 20.00 of November does not: 10.00 or 30.00 in all.
    rows = [*months(1000, "10"), *months(2000, "11")]
    gap = f"the total over {{}} is {cents // 100}.00 EUR, and its rows do not add up to that"
    listing = asked({"usage": rows, "total": row(cents)["total"]}, OCTOBER)
    assert (total(listing), listing.gaps) == (
        "10.00 EUR",
        (gap.format("the rows"),) if is_doubted else (),
    )
    project = {"id": "p", "total": row(cents)["total"], "products": rows}
    assert asked({"projects": [project]}, OCTOBER).gaps == (
        (gap.format("p"),) if is_doubted else ()
    )


SEPTEMBER_TIMES = [
    {"date": "2026-09-07"},
    {"date": "2026-09-07T08:00:00Z"},
    {"day": "2026-09-07"},
    {"month": "2026-09"},
    {"period": "2026-09"},
    {"started_at": "2026-09-07T08:00:00Z", "ended_at": "2026-09-07T09:00:00Z"},
    {"start_time": "2026-09-07T08:00:00Z", "end_time": "2026-09-07T09:00:00Z"},
    {"period_start": "2026-09-01", "period_end": "2026-09-30"},
    {"usage_start": "2026-09-01", "usage_end": "2026-09-30"},
    {"week": "2026-W36"},
    {"from": "2026-09-01T00:00:00", "to": "2026-10-01T00:00:00"},
    {"started_at": "2026-09-01T00:00:00", "ended_at": "2026-09-30T23:59:59"},
    {"period": "2026-09-01T00:00:00/2026-09-30T23:59:59"},
    {"period": {"from": "2026-09-01T00:00:00", "to": "2026-10-01T00:00:00"}},
]


@pytest.mark.parametrize("time", SEPTEMBER_TIMES)
def test_a_rows_time_is_read_under_every_spelling(time: Any) -> None:
    october = row(500, "2026-10-01", "2026-11-01")
    listing = asked([row(1000, **time), october], OCTOBER)
    assert total(listing) == "5.00 EUR"
    assert "1 outside the window left out" in (*listing.gaps, *listing.notes)[0]


@pytest.mark.parametrize("time", SEPTEMBER_TIMES[:5])
def test_the_time_of_an_object_around_rows_is_that_of_the_rows(time: Any) -> None:
    projects = [
        {"name": "a", **time, "products": [row(1000), row(1)]},
        {"name": "b", "period": "2026-10", "products": [row(500)]},
    ]
    listing = asked({"projects": projects}, OCTOBER)
    assert total(listing) == "5.00 EUR"
    assert "2 outside the window left out" in (*listing.gaps, *listing.notes)[0]


def test_a_projects_own_life_is_not_the_time_of_its_rows() -> None:
    life = {"start_date": "2025-01-01", "end_date": "2026-09-15"}
    listing = asked({"projects": [{"name": "a", **life, "products": [row(1000)]}]}, OCTOBER)
    assert (total(listing), listing.gaps) == ("10.00 EUR", ())


def test_days_of_a_product_have_ids_of_their_own() -> None:
    rows = [row(1000, date="2026-10-01"), row(1000, date="2026-10-02")]
    first, second = asked(rows, OCTOBER).rows[0].charges
    assert (first.id[-21:], second.id[-21:]) == ("@2026-10-01T00:00:00Z", "@2026-10-02T00:00:00Z")
    assert str(first.period) == "2026-10-01..2026-10-02"


@pytest.mark.parametrize(
    ("october", "september"),
    [
        ({"year": 2026, "month": 10}, {"year": 2026, "month": 9}),
        ({"year": "2026", "month": "10"}, {"year": "2026", "month": "09"}),
        ({"year": 2026, "month": "October"}, {"year": 2026, "month": "Sept"}),
        ({"year": 2026, "month": "Oktober", "day": 3}, {"year": 2025, "month": "Oktober"}),
        ({"billing_year": 2026, "billing_month": 10}, {"billing_year": 2026, "billing_month": 9}),
        ({"usage_year": 2026, "usage_month": 10}, {"usage_year": 2026, "usage_month": 9}),
        ({"period": {"year": 2026, "month": 10}}, {"period": {"year": 2026, "month": 9}}),
        ({"year": 2026, "month": 10, "day": 3}, {"year": 2026, "month": 9, "day": 30}),
        ({"year": 2026, "week": 41}, {"year": 2026, "week": 39}),
        ({"period": 202610}, {"period": "202609"}),
        ({"year": 2026, "month": 10}, {"year": 2025}),
        ({"year": 2026, "month": 10}, {"period": "2025"}),
        ({"year": 2026, "month": 10}, {"period": 2025}),
        ({"year": 2026, "month": 10}, {"year": 2026, "quarter": 3}),
        ({"year": 2026, "month": 10}, {"period": "2026-Q3"}),
    ],
)
def test_numbers_of_a_year_and_a_month_are_when_a_row_was(october: Any, september: Any) -> None:
    # 10.00 of October; 20.00 of the time before are none of its.
    listing = asked([row(1000, **october), row(2000, **september)], OCTOBER)
    assert total(listing) == "10.00 EUR"
    assert "1 outside the window left out" in (*listing.notes, *listing.gaps)[0]
    assert asked([row(1000, **october)], OCTOBER).gaps == ()


@pytest.mark.parametrize(
    "time", [{"year": 2026}, {"period": "2026"}, {"period": 2026}, {"year": 2026, "quarter": 4}]
)
def test_a_row_of_a_year_or_a_quarter_counts_once_and_is_a_gap(time: Any) -> None:
    listings = [asked([row(1000, **time)], window, AUTUMN) for window in (OCTOBER, NOVEMBER)]
    assert [total(listing) for listing in listings] == ["10.00 EUR", ""]
    assert listings[0].gaps == ("1 for a longer time than was requested",)


@pytest.mark.parametrize("said", [{"year": 2026, "month": 9}, {"year": 2025}, {"period": "2025"}])
def test_a_reply_that_says_by_numbers_that_it_is_for_another_time_counts_nothing(said: Any) -> None:
    listing = asked({"usage": [row(1000)], **said}, OCTOBER)
    assert (total(listing), bool(listing.gaps)) == ("", True)
    assert asked({"usage": [row(1000)], "year": 2026, "month": 10}, OCTOBER).gaps == ()


@pytest.mark.parametrize("key", ["updated_at", "last_modified", "lastChangedAt"])
def test_a_row_that_was_last_changed_before_the_window_counts_and_is_a_gap(key: str) -> None:
    # Of October nothing was known in September; what was written after it may well be October's.
    said = "1 last changed before the window counted: they may be of another"
    for stamp, gaps in (
        ("2026-09-20T08:00:00Z", (said,)),
        ("2026-09-20", (said,)),
        ("2026-10-05T08:00:00Z", ()),
        ("2026-11-05T08:00:00Z", ()),
    ):
        listing = asked([row(1000, **{key: stamp})], OCTOBER)
        assert (total(listing), listing.gaps) == ("10.00 EUR", gaps)
    early = {key: "2026-09-20T08:00:00Z"}
    assert asked([row(1000, day="2026-10-05", **early)], OCTOBER).gaps == ()
    assert asked({"period": "2026-10", "usage": [row(1000, **early)]}, OCTOBER).gaps == ()
    assert asked([row(0, **early)], OCTOBER).gaps == ()


@pytest.mark.parametrize(
    "time",
    [
        {"from": "2026-09-01T00:00:00", "to": "2026-09-15T00:00:00"},
        {"from": "2026-09-01T00:00:00Z"},
        {"timestamp": 1788220800},
        {"period": "September 2026"},
        {"period": {"begin": "2026-09-01", "finish": "2026-09-30"}},
        *({"month": 13, "year": 2026}, {"month": "Fall", "year": 2026}, {"month": 9}),
        {"recorded_at": "2026-11-05T00:00:00Z"},
        {"hourStart": "2026-09-05T00:00:00Z"},
        {"window": {"from": "2026-09-05T00:00:00Z", "to": "2026-09-06T00:00:00Z"}},
        {"fromDate": "2026-09-05", "toDate": "2026-09-06"},
        {"billing_month": "2026-09"},
        {"billingMonth": "2026-09-01T00:00:00Z"},
        {"usage_month": "Sept 2026"},
        {"service_period": {"from": "2026-09-01", "to": "2026-09-30"}},
        {"service_period": {"begin": "2026-09-01", "finish": "2026-09-30"}},
        {"calendar_week": "2026-W36"},
        {"from": "2026-10-09T00:00:00Z", "to": "2026-10-02T00:00:00Z"},
        {"billing_date": "2026-09-05"},
        *(
            {key: text}
            for key in (
                *("booked_on", "billed_on"),
                *("begin", "begins_at", "beginsAt", "datum", "eventDate", "x"),
            )
            for text in ("2026-09-05", "2026-09-05T08:00:00Z", "2026-09-05 08:00:00 +0200")
        ),
        {"at": "2026-09-05T00:00:00Z", "x": "2026-10-05"},
    ],
)
def test_rows_whose_time_is_outside_or_cannot_be_read_make_the_month_partial(time: Any) -> None:
    listing = asked([row(1000, **time), row(1)], OCTOBER)
    assert total(listing) == "10.01 EUR"
    assert doubt(listing) in (UNSURE, OUTSIDE)


@pytest.mark.parametrize(
    "key",
    [
        *("usage_date", "usageDay", "service_date", "consumption_date", "used_on", "consumed_at"),
        *("line_item_usage_date", "usage_time", "usage_timestamp", "usage_hour", "date"),
    ],
)
@pytest.mark.parametrize("end", ["", "T00:00:00Z"])
def test_rows_of_other_months_never_count_under_any_key_of_use(key: str, end: str) -> None:
    # A server that ignores the window: three days of each month to November, 1.00 each.
    days = [(month, day) for month in range(1, 12) for day in range(1, 4)]
    rows = [row(100, **{key: f"2026-{month:02}-{day:02}{end}"}) for month, day in days]
    groups = [{key: each.pop(key), "items": [each]} for each in map(dict, rows)]
    for value in (rows, {"data": groups}):
        for window in (Period.month(2026, 9), OCTOBER):
            listing = asked(value, window)
            assert total(listing) == "3.00 EUR"
            assert (listing.gaps, listing.notes) == ((), ("30 outside the window left out",))
            charges = listing.rows[0].charges
            assert len({charge.id for charge in charges if "#" not in charge.id}) == 3


MOMENTS = ["occurred_at", "at", "ts", "recorded_at", "metering_date", "time", "measured_at"]


@pytest.mark.parametrize("key", MOMENTS)
@pytest.mark.parametrize("is_group", [False, True])
def test_a_row_that_was_at_a_moment_of_another_month_counts_there(key: str, is_group: bool) -> None:
    # 1.00 of September and 2.00 of October, of a server that ignores the window.
    rows = [
        row(cents, **{key: f"2026-{month}-10T05:00:00Z"})
        for cents, month in ((100, "09"), (200, 10))
    ]
    value = [{key: each.pop(key), "items": [each]} for each in rows] if is_group else rows
    left_out = f"1 outside the window left out: {ELSEWHERE}"
    assert (total(asked(value, OCTOBER)), asked(value, OCTOBER).gaps) == ("2.00 EUR", (left_out,))
    listing = asked(value, Period.month(2026, 9))
    # What was recorded in October may be of the hours before.
    is_recorded = key in ("recorded_at", "metering_date", "measured_at")
    assert total(listing) == ("3.00 EUR" if is_recorded else "1.00 EUR")
    assert len(listing.gaps) == 1


@pytest.mark.parametrize("key", MOMENTS)
def test_an_hour_that_a_server_rounds_in_is_left_out_by_its_moment(key: str) -> None:
    rows = [
        row(100, **{key: at})
        for at in ("2026-09-30T22:30:00Z", "2026-10-01T00:30:00Z", "2026-10-31T23:30:00Z")
    ]
    listing = asked(rows, OCTOBER)
    assert (total(listing), listing.gaps) == ("2.00 EUR", ())
    assert listing.notes == ("1 outside the window left out",)


@pytest.mark.parametrize("key", ["occurred_at", "at", "ts", "time"])
def test_rows_of_all_the_year_by_their_moments_count_each_in_their_month(key: str) -> None:
    rows = [row(100, **{key: f"2026-{month:02}-15T05:00:00Z"}) for month in range(1, 13)]
    listing = asked(rows, OCTOBER)
    assert (total(listing), listing.gaps) == ("1.00 EUR", ())
    assert listing.notes == ("11 outside the window left out",)


async def test_rows_of_other_months_by_their_moments_are_no_records_that_come_again(
    mocked: Mocked, fold_of
) -> None:
    both = [
        row(100, id="a", ts="2026-09-15T05:00:00Z"),
        row(200, id="b", ts="2026-10-15T05:00:00Z"),
    ]
    _two_months(mocked, both, both)
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(Period.parse("2026-09..2026-11"))
    assert [str(each.totals()["EUR"]) for each in answer] == ["1.00 EUR", "2.00 EUR"]
    details = [each.detail or "" for each in answer.coverage]
    assert not any("the same records" in each for each in details)


def eur(cents: int) -> Any:
    return {"cents": cents, "currency_iso": "EUR"}


SEPT, OCT, NOV = (f"2026-{each}-01T00:00:00Z" for each in ("09", "10", "11"))
BOUNDS = [
    *("charge_period_start charge_period_end", "ChargePeriodStart ChargePeriodEnd"),
    *("service_start service_end", "metering_start metering_end", "valid_from valid_to"),
    *("window_start window_end", "bucket_start bucket_end", "starting_at ending_at"),
    *("invoice_period_start invoice_period_end", "consumption_from consumption_to"),
]
INSIDE = [
    *("consumption", "meta", "metadata", "quantity", "usage_record", "range", "details"),
    *("meter", "subscription"),
]


def bounds(names: str, start: str, end: str) -> dict[str, str]:
    return dict(zip(names.split(), (start, end), strict=True))


@pytest.mark.parametrize("names", BOUNDS)
def test_a_row_between_bounds_outside_the_window_is_in_doubt_whatever_they_are_called(
    names: str,
) -> None:
    # The window is ignored: 1.00 of September beside 2.00 of October.
    september = row(100, **bounds(names, SEPT, OCT))
    october = row(200, **bounds(names, OCT, NOV))
    listing = asked([september, october], OCTOBER)
    assert (total(listing), doubt(listing)) == ("3.00 EUR", OUTSIDE)
    assert (total(asked([october], OCTOBER)), asked([october], OCTOBER).gaps) == ("2.00 EUR", ())


@pytest.mark.parametrize(
    "names", ["week_start week_end", "metering_start metering_end", "bucket x", "hour_bucket x"]
)
def test_a_week_that_began_before_the_window_is_in_doubt(names: str) -> None:
    weeks = [
        row(cents, **bounds(names, f"{start}T00:00:00Z", f"{end}T00:00:00Z"))
        for cents, start, end in (
            (700, "2026-09-28", "2026-10-05"),
            (707, "2026-10-05", "2026-10-12"),
        )
    ]
    assert total(asked(weeks, OCTOBER)) == "14.07 EUR"
    assert doubt(asked(weeks, OCTOBER)) == OUTSIDE
    assert asked(weeks[1:], OCTOBER).gaps == ()


@pytest.mark.parametrize("key", INSIDE)
@pytest.mark.parametrize(
    "names", ["period_start period_end", "from to", "timestamp x", "period x", "month x"]
)
def test_the_time_inside_of_what_a_row_holds_is_the_rows(key: str, names: str) -> None:
    def holding(start: str, end: str) -> Any:
        stated = bounds(names, start[:7] if names in ("period x", "month x") else start, end)
        return row(100, **{key: {"id": "a", **stated, "x": None}})

    assert doubt(asked([holding(SEPT, OCT)], OCTOBER)) == OUTSIDE
    listing = asked([holding(OCT, NOV)], OCTOBER)
    assert (total(listing), listing.gaps) == ("1.00 EUR", ())


def test_the_time_inside_of_what_is_around_rows_is_theirs_unless_they_state_one() -> None:
    for meta in ({"from": SEPT, "to": OCT}, {"period": "2026-09"}):
        project = {"id": "p", "meta": meta, "products": [row(100)]}
        listing = asked({"projects": [project]}, OCTOBER)
        assert (total(listing), listing.gaps) == (
            "",
            (f"1 outside the window left out: {ELSEWHERE}",),
        )
        dated = {**project, "products": months(100, "10")}
        assert asked({"projects": [dated]}, OCTOBER).gaps == ()


@pytest.mark.parametrize(
    "inside",
    [
        {"hours": [{"hour": "2026-{}-07T00:00:00Z", "cost": eur(100)}]},
        {"hours": [{"timestamp": "2026-{}-07T00:00:00Z", "cost": eur(100)}]},
        {"entries": [{"from": "2026-{}-07", "to": "2026-{}-08", "cost": eur(100)}]},
        {
            "daily": [
                {"date": "2026-{}-07", "cost": eur(60)},
                {"date": "2026-{}-08", "cost": eur(40)},
            ]
        },
        {"breakdown": {"2026-{}-07": eur(60), "2026-{}-08": eur(40)}},
        {"details": [{"usage": {"at": "2026-{}-07T00:00:00Z"}, "cost": eur(100)}]},
    ],
)
def test_what_breaks_down_a_stated_cost_says_when_that_was(inside: Any) -> None:
    def of(month_: str) -> Any:
        return json.loads(json.dumps(inside).replace("{}", month_))

    def readings(month_: str) -> list[Any]:
        product = {"id": "v", "cost": eur(100), **of(month_)}
        dated = row(100, OCT, NOV, **of(month_))
        beside = {"usage": [row(100)], "total": eur(100), **of(month_)}
        own = [[row(100, **of(month_))], [dated]]
        if "entries" in inside:  # rows of their own in the others
            return own
        return [*own, {"projects": [{"id": "p", "products": [product]}]}, beside]

    for value in readings("09"):
        listing = asked(value, OCTOBER)
        assert (total(listing), doubt(listing)) == ("1.00 EUR", OUTSIDE)
    for value in readings("10"):
        assert (total(asked(value, OCTOBER)), asked(value, OCTOBER).gaps) == ("1.00 EUR", ())


def test_an_hour_that_a_server_rounds_in_below_a_stated_cost_is_in_doubt() -> None:
    """`to` is rounded up: 1.00 of September and 2.00 of October are 3.00, and not 3.00 and 6.00."""
    for own, next_, window in ((SEPT, OCT, Period.month(2026, 9)), (OCT, NOV, OCTOBER)):
        for key in ("hours", "entries"):
            below = [{"hour": own, "cost": eur(100)}, {"hour": next_, "cost": eur(200)}]
            listing = asked([row(300, **{key: below})], window)
            assert (total(listing), doubt(listing)) == ("3.00 EUR", OUTSIDE)


@pytest.mark.parametrize(
    "time",
    [
        *({"x_at": 1788220800}, {"eventTime": 1788220800000}, {"period": 20260901}),
        *({"period": [2026, 9]}, {"week": 36}, {"time_range": [SEPT, OCT]}, {"months": "2026-09"}),
        *({"between": ["2026-09-01", "2026-09-30"]}, {"dates": ["2026-09-01"]}),
        *({"weeks": "2026-W36"}, {"span": "2026-09-01/2026-09-30"}, {"x": "2026-09"}),
    ],
)
def test_numbers_and_lists_that_are_times_are_read_as_text_is(time: Any) -> None:
    listing = asked([row(100, **time), row(200)], OCTOBER)
    assert (total(listing), doubt(listing) in (OUTSIDE, UNSURE)) == ("3.00 EUR", True)


@pytest.mark.parametrize(
    "time",
    [
        *({key: 1788220800} for key in ("ts", "time", "at", "occurred_at", "usageTime")),
        *({"ts": 1788220800000}, {"occurred_at": "1788220800"}),
    ],
)
def test_a_number_that_is_a_rows_moment_decides_as_text_does(time: Any) -> None:
    # 2026-09-01, in seconds or their thousandths: 2.00 are left.
    assert total(asked([row(100, **time), row(200)], OCTOBER)) == "2.00 EUR"


@pytest.mark.parametrize(
    "said",
    [
        *({key: 1790812800} for key in ("ts", "time", "at", "occurred_at")),
        *({"volume_bytes": 1788220800}, {"usage_bytes": 1788220800}, {"at": 5}, {"time": 744}),
        *({"tiers": [{"from": 0, "to": 10}, {"from": 10, "to": 1000000}]}, {"period": 30}),
        *({"time_range": [OCT, NOV]}, {"x": "2026-10"}, {"span": "2026-10-01/2026-10-31"}),
        # Of things, records, bills and lives, and in words.
        {"product": {"name": "vm", "created_at": SEPT, "start_date": "2026-04-01"}},
        {"instance": {"id": "i", "launched_at": SEPT, "started_at": SEPT, "seen": SEPT}},
        {"subscription": {"id": "s", "start": SEPT, "end": None, "bought": SEPT}},
        {"subscription_start": SEPT, "subscription_end": None, "project_start_date": SEPT},
        {"valid_from": "2026-01-01", "valid_to": "2027-01-01", "service_start": SEPT}
        | {"service_end": None},
        {"tariff": {"price": {"from": "2026-01-01"}, "rate": {"since": "2026-01-01"}}},
        {"invoice": {"date": SEPT, "period": "2026-09"}, "payment": {"at": SEPT}},
        *({"tags": {"month": "2026-09"}}, {"metadata": {"bought": "2026-09-01", "v": "2026-09"}}),
        *({"created": {"at": SEPT, "by": "x"}}, {"first_seen": SEPT, "last_seen": SEPT}),
        *({"usage_record": {"timestamp": "2026-10-31T23:00:00Z"}}, {"meta": {"from": OCT}}),
        {"bucket": "backup-2026-09", "hour_bucket": "2026-10-31T23:00:00Z"},
    ],
)
def test_what_a_row_says_of_other_things_or_of_the_window_is_no_gap(said: Any) -> None:
    listing = asked([row(100, **said)], OCTOBER)
    assert (total(listing), listing.gaps) == ("1.00 EUR", ())


@pytest.mark.parametrize(
    ("time", "cost"),
    [
        ({"period": "monthly", "hour": 744}, "10.00 EUR"),
        ({"from": None, "to": None}, "10.00 EUR"),
        ({"billing_month": "2026-10", "time_zone": "UTC+2", "timeout_days": 2026}, "10.00 EUR"),
        ({"last_billing_date": "2026-09-30", "period_type": "monthly"}, "10.00 EUR"),
        ({"week": "2026-W41"}, "10.00 EUR"),
        ({"since": "2026-10-01", "until": "2026-11-01"}, "10.00 EUR"),
        ({"usage_date": "2026-10-05", "created_at": "2025-01-01T00:00:00Z"}, "10.00 EUR"),
        ({"occurred_at": "2026-10-05T08:00:00Z", "booked_on": "2026-11-01"}, "10.00 EUR"),
        # Of the record, the thing, its life or its bill, and not of when it was used.
        *(
            ({key: "2026-09-05T08:00:00Z"}, "10.00 EUR")
            for key in (
                *("created_at", "inserted_at", "synced_at", "imported_on", "due_on"),
                *("activated_at", "provisioned_at", "cancelled_at", "ordered_at", "valid_from"),
                *("paid_at", "issued_on", "exported_at", "calculated_at", "expires_at"),
                *("price_since", "contract_begin", "archived_at", "suspended_at"),
                *("ingested_at", "collected_at", "aggregated_at", "posted_at", "sync_time"),
            )
        ),
        ({"snapshot": "2026-09-05", "version": "2026-09-05", "name": "2026-09-05"}, "10.00 EUR"),
        ({"description": "2026-09-05", "note": "as of 2026-09-05", "title": "x"}, "10.00 EUR"),
        ({"occurred_at": "0001-01-01T00:00:00Z", "ts": None, "code": 20260905}, "10.00 EUR"),
        # Of a subscription that has not ended.
        ({"start_date": "2026-04-22", "end_date": None}, "10.00 EUR"),
        ({"start_date": "2026-04-22", "end_date": "0001-01-01T00:00:00Z"}, "10.00 EUR"),
        ({"start_date": "2026-04-22", "end_date": "1970-01-01"}, "10.00 EUR"),
        ({"from": "2026-10-05T00:00:00Z"}, "10.00 EUR"),
        ({"from": "2026-10-05T00:00:00Z", "to": "2026-10-05T00:00:00Z"}, "10.00 EUR"),
    ],
)
def test_what_says_nothing_against_the_window_is_no_gap(time: Any, cost: str) -> None:
    listing = asked([row(1000, **time)], OCTOBER)
    assert (total(listing), listing.gaps) == (cost, ())


@pytest.mark.parametrize("at", ["2026-09-30", "2026-12-01", "September 2026", "2026-10-31"])
def test_a_date_around_rows_outside_the_window_makes_the_month_partial(at: str) -> None:
    is_read = at.startswith("2026")
    for around in ({"billing_date": at}, {"usage_date": at}, {"usageDate": at, "created_at": "x"}):
        for value in (
            {**around, "usage": [row(1000)]},
            {"projects": [{"id": "p", **around, "products": [row(1000)]}]},
        ):
            listing = asked(value, OCTOBER)
            is_stamp = is_read and "projects" in value and "billing_date" not in around
            if is_stamp and at != "2026-10-31":  # of the day that it names, which is another's
                assert (total(listing), len(listing.gaps)) == ("", 1)
                continue
            assert total(listing) == "10.00 EUR"
            if at == "2026-10-31":
                assert listing.gaps == ()
            else:
                assert doubt(listing) == (OUTSIDE if is_read else UNSURE)
    own = asked({"billing_date": at, "usage": months(1000, "10")}, OCTOBER)
    assert (total(own), own.gaps) == ("10.00 EUR", ())


@pytest.mark.parametrize(
    ("time", "is_against"),
    [
        ({"service_date": "2026-10-12"}, True),
        ({"usage_day": "2026-12-05"}, True),
        ({"date": "2026-10-12"}, True),
        ({"timestamp": "2026-10-12T07:00:00Z"}, True),
        ({"month": "2026-09"}, True),
        ({"period_start": "2026-10-11", "period_end": "2026-10-20"}, True),
        ({"service_date": "2026-10-10"}, False),
        ({"month": "2026-10", "date": "2026-10-03"}, False),
        ({"period_start": "2026-10-01", "period_end": "2026-11-01"}, False),
        ({"billing_date": "2026-11-05", "created_at": "2026-11-05", "due_date": "x"}, False),
        ({"service_date": "soon", "date": None}, False),
    ],
)
def test_a_time_that_is_not_in_a_rows_range_is_named_by_its_place(
    time: Any, is_against: bool
) -> None:
    stated = row(1000, "2026-10-01", "2026-10-10", **time)
    listing = asked({"usage": [row(1), stated]}, OCTOBER)
    assert total(listing) == "10.01 EUR"
    against = "of another time than the row's range, which decides: `$.usage[1].{}`"
    assert listing.gaps == ((against.format(next(iter(time))),) if is_against else ())


@pytest.mark.parametrize("key", ["recorded_at", "measured_at", "timestamp"])
@pytest.mark.parametrize("after", [":00:00Z", ":00:07Z"])
def test_hours_that_were_recorded_when_they_had_ended_are_of_their_own_range(
    key: str, after: str
) -> None:
    # 24 x 0.10
    hours = [
        row(10, f"2026-10-01T{hour:02}:00:00Z", f"2026-10-01T{hour + 1:02}:00:00Z")
        | {key: f"2026-10-01T{hour + 1:02}{after}"}
        for hour in range(23)
    ]
    last = row(10, "2026-10-01T23:00:00Z", "2026-10-02T00:00:00Z", **{key: f"2026-10-02T00{after}"})
    listing = asked([*hours, last], OCTOBER)
    assert total(listing) == "2.40 EUR"
    # What is stamped later than its end may be of the hour after, where no word says otherwise.
    against = "of another time than the row's range, which decides: `$[*].timestamp` (24 times)"
    assert listing.gaps == ((against,) if (key, after) == ("timestamp", ":00:07Z") else ())


@pytest.mark.parametrize(
    "key",
    [
        *("recorded_at", "sampled_at", "metered_at", "measured_at", "metering_time"),
        *("sample_time", "usage_recorded_at"),
    ],
)
@pytest.mark.parametrize(
    ("time", "is_against"),
    [
        ("2026-11-01T00:00:00Z", False),
        ("2026-11-03T02:00:00Z", False),
        ("2026-10-07T00:00:00Z", False),
        ("2026-09-30T00:00:00Z", True),
    ],
)
def test_a_months_row_may_be_recorded_after_it_and_not_before(
    key: str, time: str, is_against: bool
) -> None:
    listing = asked([row(1000, "2026-10-01", "2026-11-01", **{key: time})], OCTOBER)
    assert total(listing) == "10.00 EUR"
    against = f"of another time than the row's range, which decides: `$[0].{key}`"
    assert listing.gaps == ((against,) if is_against else ())


def test_a_row_that_begins_after_the_window_is_left_out_without_an_end_too() -> None:
    listing = asked([row(1000, **{"from": "2026-11-01T00:00:00Z"}), row(1)], OCTOBER)
    assert total(listing) == "0.01 EUR"
    assert listing.gaps == (f"1 outside the window left out: {ELSEWHERE}",)


@pytest.mark.parametrize(
    ("time", "is_ahead"),
    [
        ({"from": "2026-11-28T12:05:00Z"}, False),
        ({"from": "2026-11-28T12:06:00Z"}, True),
        ({"occurred_at": "2026-11-28"}, False),
        ({"occurred_at": "2026-11-29"}, True),
        ({"from": "2026-11-01", "to": "2026-12-01"}, False),
    ],
)
def test_a_row_that_says_that_it_is_of_a_time_ahead_counts_and_is_a_gap(
    time: Any, is_ahead: bool
) -> None:
    listing = asked([row(1000, **time), row(1)], NOVEMBER)
    assert total(listing) == "10.01 EUR"
    gap = "1 not begun yet by a time of their own, counted all the same"
    assert listing.gaps == ((gap,) if is_ahead else ())
    assert asked([row(0, **time), row(1)], NOVEMBER).gaps == ()


async def test_a_day_ahead_counts_and_is_named_by_its_place(mocked: Mocked, fold_of) -> None:
    """It is noon of 20 November."""
    days = [row(1000, date="2026-11-20"), row(200, date="2026-11-21")]
    days += [row(0, date=f"2026-11-{day}") for day in range(22, 31)]  # these cost nothing
    url = f"{USAGE}&from=2026-11-01T00:00:00Z&to=2026-11-30T23:59:59Z"
    mocked.get(url, payload={"usage": days})
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage()
    assert str(answer.totals(partial=True)["EUR"]) == "12.00 EUR"
    said = "1 line not begun yet, counted all the same: `usage#/usage/1`"
    assert [(each.state, each.detail) for each in answer.coverage] == [
        (State.PARTIAL, f"{said}; {LATE}")
    ]


@pytest.mark.parametrize(
    "echo",
    [
        {"query": {"from": "2026-09-01T00:00:00Z", "to": "2026-09-30T23:59:59Z"}},
        {"window": {"start": "2026-09-01", "end": "2026-09-30"}},
        {"date_range": {"start": "2026-09-01", "end": "2026-09-30"}},
        {"billing_period": "2026-09"},
        {"billing_month": "2026-09"},
        {"usage_start": "2026-09-01", "usage_end": "2026-09-30"},
        {"service_period": {"from": "2026-09-01", "to": "2026-09-30"}},
        {"meta": {"usage_month": "2026-09"}},
    ],
)
def test_a_reply_says_in_many_places_what_time_it_is_for(echo: Any) -> None:
    listing = asked({**echo, "usage": [row(1000)]}, OCTOBER)
    assert listing.rows[0].charges == ()
    assert "the reply says that it is for 2026-09" in listing.gaps


ODD = "the time that the reply says it is for cannot be read"


def test_a_reply_whose_own_time_cannot_be_read_is_a_gap() -> None:
    listing = asked({"period": "September 2026", "usage": [row(1000)]}, OCTOBER)
    assert listing.gaps == (f"{ODD} - at `$.period`",)
    assert asked({"period": "monthly", "usage": [row(1000)]}, OCTOBER).gaps == ()
    listing = asked({"billing_month": "Sept 2026", "usage": [row(1000)]}, OCTOBER)
    assert listing.gaps == (f"{ODD} - at `$.billing_month`",)
    assert total(asked({"month": "2026-09", "usage": [row(1000)]}, OCTOBER)) == ""


REPORTED = [
    *("report_from report_to", "service_from service_to", "reportStart reportEnd"),
    *("usage_from usage_to", "period_start period_end", "from to"),
]


def parts(said: Any) -> dict[str, Any]:
    """Return replies of 10.00 that is of what a part of them says it is for."""
    rows, ident = [row(1000)], "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
    return {
        "data": {"data": {**said, "usage": rows}},
        "data twice": {"data": {"data": {**said, "usage": rows}}},
        "data, as an echo": {"data": {"query": said, "usage": rows}},
        "a project": {"projects": [{"id": ident, **said, "usage": rows}]},
        "a project, as an echo": {"projects": [{"id": ident, "meta": said, "usage": rows}]},
        "a product": {"products": [{"id": ident, **said, "usage": rows}]},
        "a map": {ident: {**said, "usage": rows}},
        "a list": {"usage": [{**said, "items": rows}]},
    }


@pytest.mark.parametrize("names", REPORTED)
@pytest.mark.parametrize("place", parts({}))
def test_the_window_that_a_part_of_a_reply_states_is_compared_wherever_it_stands(
    names: str, place: str
) -> None:
    def said(start: str, end: str) -> Any:
        return parts(bounds(names, start, end))[place]

    october = asked(said("2026-10-01", "2026-11-01"), OCTOBER)
    assert (total(october), october.gaps) == ("10.00 EUR", ())
    september = asked(said("2026-09-01", "2026-10-01"), OCTOBER)
    assert (total(september), september.gaps != ()) == ("", True)
    # What is of all of a year is counted once over the months asked.
    both = [asked(said("2026-01-01", "2027-01-01"), each, AUTUMN) for each in (OCTOBER, NOVEMBER)]
    assert [total(listing) for listing in both] == ["10.00 EUR", ""]
    assert both[0].gaps != ()


def test_rows_of_a_reply_for_several_months_count_in_the_first_of_those_asked() -> None:
    reply = {"report_from": "2026-01-01", "report_to": "2026-12-31", "usage": [row(1000)]}
    listings = [asked(reply, window, AUTUMN) for window in (OCTOBER, NOVEMBER)]
    assert [total(listing) for listing in listings] == ["10.00 EUR", ""]
    assert all("the reply says that it is for 2026" in listing.gaps for listing in listings)


def test_what_a_reply_is_wrapped_in_says_what_it_is_for_though_nothing_is_in_it() -> None:
    empty = {"data": {"report_from": "2026-09-01", "report_to": "2026-09-30", "usage": []}}
    assert asked(empty, OCTOBER).gaps == ("the reply says that it is for 2026-09",)
    half = {"data": {"report_from": "2026-10-01", "report_to": "2026-10-15", "usage": [row(1000)]}}
    assert asked(half, OCTOBER).gaps == ("the reply says that it is for 2026-10-01..2026-10-16",)
    early = {"data": {"data_until": "2026-10-15T00:00:00Z", "usage": [row(1000)]}}
    assert len(asked(early, OCTOBER).gaps) == 1


@pytest.mark.parametrize(
    "life",
    [
        {"start_date": "2025-01-01", "end_date": "2026-09-15"},
        {"active_from": "2025-01-01", "active_to": "2026-09-15"},
        {"contract": {"from": "2025-01-01", "to": "2026-09-15"}},
    ],
)
def test_the_life_of_a_project_is_not_what_it_is_reported_for(life: Any) -> None:
    listing = asked(parts(life)["a project"], OCTOBER)
    assert (total(listing), listing.gaps) == ("10.00 EUR", ())


GERMAN_OCTOBER = [
    ("2026-10-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00"),
    ("2026-10-01T00:00:00+02:00", "2026-10-31T23:59:59+01:00"),
    ("2026-10-01T02:00:00+02:00", "2026-11-01T00:59:59+01:00"),
    ("2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"),
    ("2026-10-01T02:00:00", "2026-11-01T00:59:59"),
]
NAIVE_DAYS = [
    ("2026-10-10T00:00:00", "2026-10-20T00:00:00"),
    ("2026-10-10T00:00:00", "2026-10-19T23:59:59"),
    ("2026-10-10T02:00:00", "2026-10-20T01:59:59"),
]


@pytest.mark.parametrize("keys", ["from to", "report_from report_to", "period_start period_end"])
@pytest.mark.parametrize(
    ("start", "end", "window"),
    [
        *((*each, OCTOBER) for each in GERMAN_OCTOBER),
        *((*each, DAYS) for each in NAIVE_DAYS),
        ("2026-11-01T00:00:00", "2026-11-28T13:00:00", NOVEMBER),  # so far, as it is 12:00 in UTC
    ],
)
def test_bounds_that_can_be_only_the_window_asked_are_it_on_whatever_clock(
    keys: str, start: str, end: str, window: Period
) -> None:
    said = bounds(keys, start, end)
    others = (reply for name, reply in parts(said).items() if name != "a project, as an echo")
    for reply in ({**said, "usage": [row(1000)]}, {"meta": said, "usage": [row(1000)]}, *others):
        listing = asked(reply, window)
        assert (total(listing), listing.gaps) == ("10.00 EUR", ())


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-10-10T00:00:00+02:00", "2026-10-20T00:00:00+02:00"),  # two hours before it
        ("2026-10-09T00:00:00", "2026-10-20T00:00:00"),
        ("2026-10-10T00:00:00", "2026-10-19T00:00:00"),
        ("2026-10-10T00:00:00", "2026-10-20T05:00:00"),
    ],
)
def test_bounds_of_hours_that_are_in_doubt_are_a_gap(start: str, end: str) -> None:
    for reply in (said := bounds("from to", start, end), {"meta": said}, {"period": said}):
        assert len(asked({**reply, "usage": [row(1000)]}, DAYS).gaps) == 1
    assert asked(parts(said)["data"], DAYS).gaps != ()


def test_a_row_between_bounds_without_an_offset_is_of_the_window_that_it_is_in_on_all_clocks() -> (
    None
):
    for start, end, window, is_certain in (
        ("2026-10-10T00:00:00", "2026-10-20T00:00:00", OCTOBER, True),
        ("2026-10-10T00:00:00", "2026-10-20T00:00:00", DAYS, True),
        ("2026-10-01T06:00:00", "2026-10-20T00:00:00", OCTOBER, False),
        ("2026-10-10T00:00:00", "2026-10-31T20:00:00", OCTOBER, False),
    ):
        listing = asked([row(1000, start, end)], window)
        assert (total(listing), listing.gaps) == ("10.00 EUR", () if is_certain else (UNSURE,))
        bounds = {"from": start, "to": end}
        for key in ("period", "billing_period") if window is OCTOBER else ():
            for value in (
                [row(1000, **{key: bounds})],
                {"projects": [{"id": "p", key: bounds, "products": [row(1000)]}]},
            ):
                held = asked(value, window)
                assert (total(held), not held.gaps) == ("10.00 EUR", is_certain)


@pytest.mark.parametrize("key", ["usage_window", "service_period", "details"])
@pytest.mark.parametrize(
    ("day", "is_certain"),
    [("2026-10-02", True), ("2026-10-31", False), ("2026-10-01", False), ("2026-09-20", False)],
)
def test_bounds_without_an_offset_that_a_row_holds_begin_in_the_window_on_all_clocks(
    key: str, day: str, *, is_certain: bool
) -> None:
    bounds = {"from": f"{day}T11:00:00", "to": f"{day}T12:00:00"}
    listing = asked([row(1000, **{key: bounds})], OCTOBER)
    assert (total(listing), not listing.gaps) == ("10.00 EUR", is_certain)


NAIVE_NOVEMBER = ("2026-11-01T00:00:00", "2026-11-30T19:00:00")
PAIRS = [("from", "to"), ("start", "end"), ("period_start", "period_end")]


@pytest.mark.parametrize("keys", PAIRS)
@pytest.mark.parametrize("echo", [None, "meta", "query", "filters"])
@pytest.mark.parametrize(
    "bounds",
    [
        NAIVE_NOVEMBER,
        ("2026-11-01T00:00:00.000000", "2026-11-30T19:00:00.123456"),
        ("2026-10-20T00:00:00", "2026-10-31T23:59:59"),
        ("01.09.2026", "30.09.2026"),
        ("2026-10-01T00:00:00", "2026-11-01T00:00:00Z"),
    ],
)
def test_bounds_of_a_reply_that_cannot_be_read_are_a_gap(
    keys: tuple[str, str], echo: str | None, bounds: tuple[str, str]
) -> None:
    said = dict(zip(keys, bounds, strict=True))
    around = said if echo is None else {echo: said}
    place = keys[0] if echo is None else f"{echo}.{keys[0]}"
    listing = asked({**around, "usage": [row(1000)]}, OCTOBER)
    assert (total(listing), listing.gaps) == ("10.00 EUR", (f"{ODD} - at `$.{place}`",))


def test_bounds_that_cannot_be_read_are_a_gap_beside_a_time_that_can() -> None:
    said = dict(zip(("from", "to"), NAIVE_NOVEMBER, strict=True))
    for beside in ({"month": "2026-10"}, {"meta": {"period": "2026-10"}}):
        listing = asked({**said, **beside, "usage": [row(1000)]}, OCTOBER)
        assert (total(listing), listing.gaps) == ("10.00 EUR", (f"{ODD} - at `$.from`",))


@pytest.mark.parametrize("keys", PAIRS)
@pytest.mark.parametrize("end", ["2026-10-31T23:59:59", "2026-11-01T00:00:00", "2026-10-31"])
def test_bounds_without_an_offset_are_read_where_they_are_whole_months(
    keys: tuple[str, str], end: str
) -> None:
    said = dict(zip(keys, ("2026-10-01T00:00:00", end), strict=True))
    for around in (said, {"meta": said}, {"period": said}):
        reply = {**around, "usage": [row(1000)]}
        listing = asked(reply, OCTOBER)
        assert (total(listing), listing.gaps) == ("10.00 EUR", ())
        assert total(asked(reply, NOVEMBER)) == ""
        assert "the reply says that it is for 2026-10" in asked(reply, NOVEMBER).gaps
        assert asked(reply, DAYS).gaps == ("the reply says that it is for 2026-10",)
    # As with an offset, bounds at the top go before a month there.
    listing = asked({"month": "2026-11", **said, "usage": [row(1000)]}, NOVEMBER)
    assert "the reply says that it is for 2026-10" in listing.gaps


@pytest.mark.parametrize(
    "said",
    [
        {"from": "2026-11-01T00:00:00"},
        {"from": "2026-11-01T00:00:00", "to": None},
        {"from": "", "to": "2026-11-30T19:00:00"},
        {"meta": {"from": 1, "to": 50}},
        {"meta": {"from": "1", "to": "50"}},
        {"from": "office", "to": "customer"},
    ],
)
def test_one_bound_alone_and_what_is_no_time_say_nothing(said: Any) -> None:
    listing = asked({**said, "usage": [row(1000)]}, OCTOBER)
    assert (total(listing), listing.gaps) == ("10.00 EUR", ())


@pytest.mark.parametrize("key", ["period", "month"])
def test_a_reply_is_of_the_month_whose_first_moment_it_names(key: str) -> None:
    for begun in ("2026-10-01T00:00:00Z", "2026-09-30T22:00:00Z", "2026-10-01 00:00:00 +0200"):
        reply = {key: begun, "usage": [row(1000)]}
        listing = asked(reply, OCTOBER)
        assert (total(listing), listing.gaps) == ("10.00 EUR", ())
        # Of other months, and of less than the month, it is none.
        assert total(asked(reply, NOVEMBER)) == ""
        assert asked(reply, NOVEMBER).gaps != ()
        assert asked(reply, DAYS).gaps == ("the reply says that it is for 2026-10",)


@pytest.mark.parametrize("at", ["2026-10-01T05:00:00Z", "2026-10-15T00:00:00Z"])
def test_a_reply_that_names_another_moment_may_be_of_a_day_or_an_hour(at: str) -> None:
    for key in ("period", "month"):
        listing = asked({key: at, "usage": [row(1000)]}, OCTOBER)
        assert (total(listing), listing.gaps) == ("10.00 EUR", (f"{ODD} - at `$.{key}`",))


def begun(key: str, *starts: datetime) -> list[Any]:
    return [row(100, **{key: f"{start:%Y-%m-%dT%H:%M:%SZ}"}) for start in starts]


def stamps(first: str, step: timedelta, count: int) -> list[datetime]:
    start = datetime.fromisoformat(f"{first}+00:00")
    return [start + each * step for each in range(count)]


MONTHS = [datetime(2026, each, 1, tzinfo=UTC) for each in (9, 10, 11)]


@pytest.mark.parametrize("key", ["period", "billing_period"])
def test_a_time_is_where_a_rows_period_begins_which_their_spacing_tells(key: str) -> None:
    for starts, cost in (
        (stamps("2026-09-30T00:00:00", timedelta(hours=1), 48 * 24), "744.00 EUR"),
        (stamps("2026-09-30T00:00:00", timedelta(days=1), 33), "31.00 EUR"),
        (MONTHS, "1.00 EUR"),
    ):
        for value in (begun(key, *starts), {"usage": begun(key, *starts)}):
            listing = asked(value, OCTOBER)
            assert (total(listing), listing.gaps) == (cost, ())
            assert "outside the window left out" in listing.notes[0]


def test_times_under_a_month_are_its_hours_or_days_where_they_are_as_close() -> None:
    # 1.00 for each of October's 744 hours, and for each of its 31 days.
    hours = begun("month", *stamps("2026-10-01T00:00:00", timedelta(hours=1), 31 * 24))
    days = begun("month", *stamps("2026-10-01T00:00:00", timedelta(days=1), 31))
    for value in ([hours, days], [{"usage": hours}, {"usage": days}]):
        listings = [asked(each, OCTOBER) for each in value]
        assert [total(listing) for listing in listings] == ["744.00 EUR", "31.00 EUR"]
        assert [(listing.gaps, listing.notes) for listing in listings] == [((), ())] * 2
    within = asked(hours, DAYS)
    assert (total(within), within.gaps) == ("240.00 EUR", ())
    # Farther apart they name months, which begin at Germany's midnight here.
    months = [start - timedelta(hours=1 + (start.month < 11)) for start in MONTHS]
    assert total(asked(begun("month", *months), OCTOBER)) == "1.00 EUR"


@pytest.mark.parametrize(
    ("starts", "window"),
    [
        # A month's row asked for ten days of it, weeks, months of Germany's clock, one time alone.
        (MONTHS, Period.parse("2026-10-01..2026-10-11")),
        (stamps("2026-09-28T00:00:00", timedelta(days=7), 6), OCTOBER),
        ([start - timedelta(hours=2) for start in MONTHS], OCTOBER),
        (stamps("2026-10-01T05:00:00", timedelta(hours=1), 1), OCTOBER),
    ],
)
def test_rows_that_begin_at_a_time_and_may_go_on_after_the_window_are_in_doubt(
    starts: list[datetime], window: Period
) -> None:
    assert any(UNSURE[2:] in gap for gap in asked(begun("period", *starts), window).gaps)


def test_days_of_another_clock_that_begin_with_a_time_under_period_are_cut() -> None:
    days = begun("period", *stamps("2026-09-30T22:00:00", timedelta(days=1), 31))
    assert "1 of them began before the window and ended in it" in asked(days, OCTOBER).gaps


def test_a_time_of_a_period_gives_way_to_any_other_of_the_row() -> None:
    rows = [row(100, timestamp="2026-10-15T05:00:00Z", period="2026-10-01T00:00:00Z")]
    listing = asked(rows, OCTOBER)
    assert (total(listing), listing.gaps) == ("1.00 EUR", ())


def test_a_record_listed_twice_counts_once_and_is_mentioned() -> None:
    listing = asked([row(1000, id="r-1"), row(1000, id="r-1"), row(500, id="r-2")], OCTOBER)
    assert (total(listing), listing.gaps) == ("15.00 EUR", ())
    assert listing.notes == ("1 listed twice, counted once",)


ROW_IDS = ["uuid", "usage_id", "usageId", "usage_uuid", "record_id", "entry_id", "event_uuid"]


@pytest.mark.parametrize("key", ROW_IDS)
def test_a_rows_own_id_may_stand_under_another_key(key: str) -> None:
    twice = [row(1000, **{key: "r-1"}), row(1000, **{key: "r-1"}), row(500, **{key: "r-2"})]
    listing = asked(twice, OCTOBER)
    assert (total(listing), listing.gaps) == ("15.00 EUR", ())
    assert listing.notes == ("1 listed twice, counted once",)
    assert [charge.id.rpartition("/")[2] for charge in listing.rows[0].charges] == ["r-1", "r-2"]
    # `id` goes before it, where it is one.
    other = asked([row(1000, id=each, **{key: "r-1"}) for each in ("a", "b", 0, 0)], OCTOBER)
    assert (total(other), other.notes) == ("30.00 EUR", ("1 listed twice, counted once",))


def test_the_uuid_of_a_product_and_the_id_of_another_thing_are_no_rows_own() -> None:
    product = {"uuid": "p-1", "total": row(1000)["total"]}
    for value in (
        {"projects": [{"id": "a", "products": [product]}, {"id": "b", "products": [product]}]},
        {"products": [product, product]},
        [row(1000, server_id="s"), row(1000, server_id="s")],
        [row(1000, item_id="s"), row(1000, item_id="s")],
    ):
        listing = asked(value, OCTOBER)
        assert (total(listing), listing.notes) == ("20.00 EUR", ())


def test_an_id_is_a_number_however_it_is_written() -> None:
    reply = decode_usage(
        b'[{"id": 1.0, "product": "vm", "total": {"cents": 100, "currency_iso": "EUR"}},'
        b' {"id": 1, "product": "vm", "total": {"cents": 100, "currency_iso": "EUR"}}]'
    )
    listing = month.usage(ORG, OCTOBER, OCTOBER, reply)
    assert [each.id for each in reply.rows] == ["1", "1"]
    assert listing.gaps == ("1 listed twice with different content, and both counted: 1",)


@pytest.mark.parametrize("ident", [None, "", 0, "0"])
def test_rows_that_are_alike_and_have_no_id_are_several(ident: Any) -> None:
    listing = asked([row(1000, id=ident), row(1000, id=ident)], OCTOBER)
    assert (total(listing), listing.gaps, listing.notes) == ("20.00 EUR", (), ())
    assert len({charge.id for charge in listing.rows[0].charges}) == 2


def test_an_id_with_two_contents_is_a_gap() -> None:
    listing = asked([row(1000, id="r-1"), row(900, id="r-1")], OCTOBER)
    assert total(listing) == "19.00 EUR"
    assert listing.gaps == ("1 listed twice with different content, and both counted: r-1",)


def test_an_id_in_two_projects_is_a_gap_and_each_content_of_it_counts_once() -> None:
    first, second = row(1000, id="r-1", project="a"), row(300, id="r-1", project="b")
    listing = asked([first, second, second], OCTOBER)
    assert total(listing) == "13.00 EUR"
    assert listing.gaps == ("1 listed twice with different content, and both counted: r-1",)
    assert listing.notes == ("1 listed twice, counted once",)


def test_an_id_that_other_times_or_products_share_names_no_record() -> None:
    days = [row(1000, id="s-1", date=f"2026-10-0{day}") for day in (1, 2)]
    listing = asked([*days, {**row(500, id="s-1"), "product": "ip"}, row(7), row(7)], OCTOBER)
    assert (total(listing), listing.gaps, listing.notes) == ("25.14 EUR", (), ())


@pytest.mark.parametrize("key", ["date", "day", "timestamp"])
def test_a_day_that_costs_what_the_days_before_did_is_no_total(key: str) -> None:
    eur = [{"cents": cents, "currency_iso": "EUR"} for cents in (100, 200, 300)]
    stamps = [f"2026-10-0{day}" for day in (1, 2, 3)]
    alone = [{key: at, "total": total} for at, total in zip(stamps, eur, strict=True)]
    grouped = [
        {key: at, "items": [{"product": "vm", "total": total}]}
        for at, total in zip(stamps, eur, strict=True)
    ]
    projects = [{"items": group["items"]} for group in grouped]
    for value in (alone, grouped, projects, {"data": grouped}):
        listing = asked(value, OCTOBER)
        assert (total(listing), listing.gaps, len(listing.rows[0].charges)) == ("6.00 EUR", (), 3)


def test_a_row_over_all_the_days_is_their_total() -> None:
    days = [{"date": f"2026-10-0{day}", **row(100)} for day in (1, 2)]
    whole = {"period": "2026-10", "total": {"cents": 200, "currency_iso": "EUR"}}
    assert total(asked([*days, whole], OCTOBER)) == "2.00 EUR"


def test_a_total_between_the_rows_counts_never() -> None:
    for cents, gaps in ((150, 0), (140, 1)):
        between = {**row(cents), "product": "Total"}
        listing = asked([row(100), between, {**row(50), "product": "ip"}], OCTOBER)
        assert (total(listing), len(listing.gaps)) == ("1.50 EUR", gaps)


def test_a_row_of_a_project_whose_products_are_listed_is_a_gap() -> None:
    rows = [row(100, project="a"), row(50, project="a"), row(70, project="b")]
    whole = {"project": "a", "total": {"cents": 150, "currency_iso": "EUR"}}
    listing = asked([*rows, whole, row(1, project="b")], OCTOBER)
    assert listing.gaps == ("`$[3]` is what finer rows add up to: a charge, or their total",)


async def test_the_same_records_for_two_months_make_the_answer_partial(
    mocked: Mocked, fold_of
) -> None:
    records = [row(1000, id="r-1"), row(500, id="r-2")]
    for bounds in ("10-01T00:00:00Z&to=2026-10-31", "11-01T00:00:00Z&to=2026-11-30"):
        mocked.get(f"{USAGE}&from=2026-{bounds}T23:59:59Z", payload=records)
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(AUTUMN)
    assert [row.state for row in answer.coverage] == [State.PARTIAL]
    assert "the same records in 2026-11 as in another month" in (answer.coverage[0].detail or "")


@pytest.mark.parametrize("key", ["uuid", "usage_id"])
async def test_a_record_with_an_id_under_another_key_is_known_again_in_the_next_month(
    mocked: Mocked, fold_of, key: str
) -> None:
    first, second = row(100, **{key: "r-1"}), row(200, **{key: "r-2"})
    _two_months(mocked, [first, second], [second])
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(Period.parse("2026-09..2026-11"))
    assert str(answer.totals(partial=True)["EUR"]) == "5.00 EUR"
    assert "the same records in 2026-10 as in another month" in (answer.coverage[-1].detail or "")


async def test_a_record_without_a_time_beside_dated_ones_is_of_one_month_or_unsure(
    mocked: Mocked, fold_of
) -> None:
    dated = [row(10, id="d1", date="2026-09-01"), row(20, id="d2", date="2026-10-31")]
    for bounds in ("09-01T00:00:00Z&to=2026-09-30", "10-01T00:00:00Z&to=2026-10-31"):
        url = f"{USAGE}&from=2026-{bounds}T23:59:59Z"
        mocked.get(url, payload=[*dated, row(100, id="x1")])
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(Period.parse("2026-09..2026-11"))
    assert {row.state for row in answer.coverage} == {State.PARTIAL}
    assert "the same records in 2026-10 as in another month" in (answer.coverage[-1].detail or "")


async def test_a_row_on_the_turn_of_two_months_that_both_list_is_in_doubt(
    mocked: Mocked, fold_of
) -> None:
    """A server that rounds `to` up lists what was at midnight twice: 3.00 in all, and not 4.00."""
    last, turn, next_ = (
        row(100, occurred_at=at)
        for at in ("2026-09-30T23:00:00Z", "2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z")
    )
    _two_months(mocked, [last, turn], [turn, next_])
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(Period.parse("2026-09..2026-11"))
    assert {each.state for each in answer.coverage} == {State.PARTIAL}
    assert "the same records in 2026-10 as in another month" in (answer.coverage[-1].detail or "")


VM, VOLUME = row(1000, quantity="512.25", unit="hour"), row(300, product="volume")


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        ([VOLUME], None),  # a fee of the month, and no hour of the machine
        ([], None),
        ([VOLUME, VM], "an hour of 2026-09 is as all of it: the window seems to be ignored"),
    ],
)
async def test_two_months_that_are_alike_are_tried_for_an_hour(
    mocked: Mocked, fold_of, hour: list[Any], said: str | None
) -> None:
    _two_months(mocked, [VM, VOLUME], [VOLUME, VM])
    mocked.get(f"{USAGE}&from=2026-09-16T00:00:00Z&to=2026-09-16T00:59:59Z", payload=hour)
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(Period.parse("2026-09..2026-11"))
    assert answer.complete is (said is None)
    assert str(answer.totals(partial=True)["EUR"]) == "26.00 EUR"
    assert (said or "") in (answer.coverage[0].detail or "")


@pytest.mark.parametrize("key", ["request_id", "traceId", "correlation_id"])
async def test_what_a_row_says_of_its_request_tells_no_months_apart(
    mocked: Mocked, fold_of, key: str
) -> None:
    """The window is ignored, and each reply has a new id in its row: 10.00 twice, and in doubt."""
    _two_months(mocked, *([row(1000, **{key: each})] for each in ("a", "b")))
    hour = f"{USAGE}&from=2026-09-16T00:00:00Z&to=2026-09-16T00:59:59Z"
    mocked.get(hour, payload=[row(1000, **{key: "c"})])
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(Period.parse("2026-09..2026-11"))
    assert str(answer.totals(partial=True)["EUR"]) == "20.00 EUR"
    assert "the window seems to be ignored" in (answer.coverage[0].detail or "")


async def test_months_that_are_alike_and_cannot_be_tried_are_in_doubt(
    mocked: Mocked, fold_of
) -> None:
    _two_months(mocked, [row(1000)], [row(1000)])
    mocked.get(f"{USAGE}&from=2026-09-16T00:00:00Z&to=2026-09-16T00:59:59Z", status=403)
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(Period.parse("2026-09..2026-11"))
    (coverage,) = answer.coverage
    assert (coverage.state, answer.failures) == (State.PARTIAL, ())
    assert (coverage.detail or "").startswith(
        "2026-09 and 2026-10 are alike, and whether the window is obeyed is not known: 403"
    )


@pytest.mark.parametrize(
    "beside", [{"period": "2026-{}"}, {"id": "fee-{}"}, {"date": "2026-{}-01"}]
)
async def test_months_that_say_which_they_are_need_no_trial(
    mocked: Mocked, fold_of, beside: dict[str, str]
) -> None:
    said = [{key: text.format(month) for key, text in beside.items()} for month in ("09", "10")]
    _two_months(mocked, *([row(1000, **each)] for each in said))
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(Period.parse("2026-09..2026-11"))
    assert (answer.complete, str(answer.totals()["EUR"])) == (True, "20.00 EUR")


async def test_months_without_costs_need_no_trial(mocked: Mocked, fold_of) -> None:
    _two_months(mocked, [row(0)], [row(0)])
    async with fold_of("bnerd", org=ORG) as fold:
        assert (await fold.usage(Period.parse("2026-09..2026-11"))).complete


def _two_months(mocked: Mocked, *payloads: list[Any]) -> None:
    bounds = ("09-01T00:00:00Z&to=2026-09-30", "10-01T00:00:00Z&to=2026-10-31")
    for each, payload in zip(bounds, payloads, strict=True):
        mocked.get(f"{USAGE}&from=2026-{each}T23:59:59Z", payload=payload)


@pytest.mark.parametrize(
    "october",
    [
        [row(1000, quantity=3, unit="hour"), row(301, product="volume")],
        [row(1000, quantity=3, unit="hour")],
    ],
)
async def test_one_thing_that_ran_as_many_hours_as_the_month_before_is_no_gap(
    mocked: Mocked, fold_of, october: list[Any]
) -> None:
    _two_months(mocked, [row(1000, quantity=3, unit="hour"), row(300, product="volume")], october)
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(Period.parse("2026-09..2026-11"))
    assert answer.complete


@pytest.mark.parametrize("digits", ["", "0", "000", "123456", "0000000", "123456789", "999999999"])
def test_a_time_is_read_however_fine_it_is(digits: str) -> None:
    fine = f".{digits}" if digits else ""
    first, last = f"2026-10-01T00:00:00{fine}Z", f"2026-10-31T23:59:59{fine}Z"
    stamped = [
        row(100, timestamp=first),
        row(200, timestamp=last),
        row(400, timestamp="2026-10-05"),
    ]
    # 1.00 + 2.00 + 4.00, and of November none: nothing is rounded up into it.
    assert (total(asked(stamped, OCTOBER)), asked(stamped, OCTOBER).gaps) == ("7.00 EUR", ())
    assert total(asked(stamped, NOVEMBER)) == ""
    whole = [row(500, f"2026-10-01T00:00:00{fine}Z", last)]
    assert (total(asked(whole, OCTOBER)), asked(whole, OCTOBER).gaps) == ("5.00 EUR", ())
    later = [row(300, "2026-11-01T00:00:00Z", f"2026-11-02T00:00:00{fine}+00:00")]
    outside = asked([*whole, *later], OCTOBER)
    assert (total(outside), outside.notes) == ("5.00 EUR", ("1 outside the window left out",))


@pytest.mark.parametrize("odd", ["2026-10-05T10:00:00.Z", "2026-10-05T10:00:00.1.2Z"])
def test_a_time_of_two_fractions_or_of_none_is_not_read(odd: str) -> None:
    assert asked([row(100, timestamp=odd)], OCTOBER).gaps == (UNSURE,)
