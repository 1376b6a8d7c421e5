"""Billing cycles that cross a period, spread over their days and cut to it.

A cycle from 20 September 00:00 to 20 October has 30 days, 11 of them in September; the next one, to
20 November, has 31, 12 of them in October. So October has 19/30 of 30.00 and 12/31 of 62.00: 19.00
and 24.00.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from attrs import evolve

from billfold import Money, Period, State
from billfold.answer import Answer
from billfold.costs import as_spread, ask, cost_view, priced_lines
from billfold.coverage import Coverage
from billfold.errors import IncompleteError
from billfold.model import Category, Charge, Stream, Usage
from billfold.money import sum_by_currency

OCTOBER = Period.month(2026, 10)


def cycle(start: str, end: str, cost: str, project: str = "one") -> Usage:
    covers = Period.parse(f"{start}..{end}")
    charge = Charge(
        id=f"{project}/{start}",
        category=Category.PURCHASE,
        period=covers,
        service="Metal",
        cost=Money.parse(f"{cost} USD"),
        provider="latitude",
        account="metal",
    )
    return Usage(
        provider="latitude",
        account="metal",
        requested=OCTOBER,
        covers=covers,
        charges=(charge,),
        sub_account_id=project,
    )


FIRST = cycle("2026-09-20", "2026-10-20", "30.00")
SECOND = cycle("2026-10-20", "2026-11-20", "62.00")


def answered(*usages: Usage, state: State = State.DIFFERENT_WINDOW) -> Answer[Usage]:
    row = Coverage("metal", "latitude", Stream.USAGE, state, SECOND.covers, "as read")
    return Answer(Stream.USAGE, OCTOBER, usages, (row,), accounts=("metal",))


def total(answer: Answer[Usage], *, spread: bool = True) -> str:
    lines = priced_lines(answer, spread=spread)
    return ", ".join(map(str, sum_by_currency(line.cost for line in lines).values()))


def test_cycles_that_cover_a_month_are_cut_to_it_and_estimated() -> None:
    answer = answered(FIRST, SECOND)
    assert total(answer) == "43.00 USD"
    assert total(answer, spread=False) == "92.00 USD"
    spread = as_spread(answer)
    assert spread.complete
    assert spread.coverage[0].detail == (
        "as read; estimated: whole billing cycles, spread over their days"
    )
    assert total(spread) == "43.00 USD"
    assert as_spread(spread) == spread


def test_the_cut_parts_are_estimated() -> None:
    lines = priced_lines(answered(FIRST, SECOND), spread=True)
    assert {line.estimated for line in lines} == {True}
    assert {line.month for line in lines} == {OCTOBER}


@pytest.mark.parametrize(
    ("usages", "october"),
    [
        ((FIRST,), "19.00 USD"),
        # 11 of 30 days
        ((FIRST, cycle("2026-10-21", "2026-11-20", "60.00")), "41.00 USD"),
        # 13 of 32 days
        ((FIRST, cycle("2026-10-19", "2026-11-20", "64.00")), "45.00 USD"),
        # 12 of 31 days
        ((FIRST, SECOND, cycle("2026-10-20", "2026-11-20", "0.31", "another")), "43.12 USD"),
    ],
    ids=["half", "a gap", "an overlap", "half of a project"],
)
def test_of_cycles_that_leave_a_part_out_the_days_within_count_and_are_not_complete(
    usages: tuple[Usage, ...], october: str
) -> None:
    answer = answered(*usages)
    spread = as_spread(answer)
    assert total(answer) == total(spread) == october
    (row,) = spread.coverage
    assert (row.state, row.detail) == (
        State.DIFFERENT_WINDOW,
        "as read; of its billing cycles, the days in the period are counted",
    )
    assert as_spread(spread) == spread
    assert not spread.complete


def test_nothing_leaves_nothing_to_cut() -> None:
    assert as_spread(answered()) == answered()


@pytest.mark.parametrize("state", [State.PARTIAL, State.FAILED, State.UNAVAILABLE])
def test_what_was_not_read_whole_is_never_complete(state: State) -> None:
    spread = as_spread(answered(FIRST, SECOND, state=state))
    assert [row.state for row in spread.coverage] == [state]
    assert total(spread) == "43.00 USD"


@pytest.mark.parametrize(
    ("others", "covers", "complete"),
    [
        (("metal",), "2026-09-20..2026-11-20", True),
        (("another", "metal"), "2026-09-20..2026-11-20", True),
        (("metal",), "2026-10-20..2026-11-20", False),
        (("another",), "2026-09-20..2026-11-20", False),
        ((), "2026-09-20..2026-11-20", False),
    ],
)
def test_an_account_whose_everything_another_one_counts_is_covered_by_it(
    others: tuple[str, ...], covers: str, complete: bool
) -> None:
    """Law 3: both reach the project; it counts in the first, and 43.00 is all of October."""
    answer = answered(FIRST, SECOND)
    (row,) = answer.coverage
    second = evolve(row, account="second", covers=Period.parse(covers), counted_in=others)
    spread = as_spread(evolve(answer, coverage=(row, second)))
    assert spread.complete is complete
    assert total(spread) == "43.00 USD"


def test_a_part_that_has_every_cent_of_a_cut_charge_is_estimated() -> None:
    # Rounding gives the only cent to one day, and days of the cycle are in September, too.
    for month in ("2026-09", "2026-10"):
        asked = evolve(answered(cycle("2026-09-20", "2026-10-20", "0.01")))
        asked = evolve(asked, requested=Period.parse(month))
        lines = priced_lines(asked, spread=True)
        assert all(line.cut for line in lines)
        rows = cost_view(asked, lines, by="account", currency=None, partial=True).rows
        assert [row.estimated for row in rows] == [True]


def test_of_a_period_that_cuts_a_day_cycles_stay_whole() -> None:
    half_a_day = Period(OCTOBER.start + timedelta(hours=12), OCTOBER.end)
    assert total(evolve(answered(FIRST, SECOND), requested=half_a_day)) == "92.00 USD"


def test_a_running_cycle_has_to_be_read_after_the_period_ended() -> None:
    answer = answered(FIRST, SECOND)
    for known_until, complete in ((OCTOBER.end - timedelta(days=2), False), (OCTOBER.end, True)):
        (row,) = answer.coverage
        read = evolve(answer, coverage=(evolve(row, known_until=known_until),))
        spread = as_spread(read)
        assert spread.complete is complete
        # The cycle runs on, but not the period: nothing of it is open.
        assert spread.coverage[0].known_until == (None if complete else known_until)
        said = "the days in the period are counted, up to 2026-10-30T00:00:00Z"
        assert (said in (spread.coverage[0].detail or "")) is not complete
        assert as_spread(spread) == spread


def used(usage: Usage) -> Usage:
    """Return a cycle whose line is what was used, up to now, and no fee."""
    (line,) = usage.charges
    return evolve(usage, charges=(evolve(line, category=Category.USAGE),))


@pytest.mark.parametrize(
    ("read", "october"),
    [
        # 19.00 of the first cycle, and 12 of the 14, 24 or all 31 days of the second
        ("2026-11-03", "72.14 USD"),
        ("2026-11-13", "50.00 USD"),
        (None, "43.00 USD"),
    ],
)
def test_of_a_running_cycle_usage_is_spread_up_to_when_it_was_read(
    read: str | None, october: str
) -> None:
    answer = answered(FIRST, used(SECOND))
    (row,) = answer.coverage
    until = None if read is None else datetime.fromisoformat(f"{read}T00:00Z")
    answer = evolve(answer, coverage=(evolve(row, known_until=until),))
    assert total(answer) == october
    assert total(as_spread(answer)) == october


def test_one_account_s_reading_is_not_another_s() -> None:
    """Law 5: an account that was read early spreads nobody else's usage over fewer days."""
    (charge,) = used(SECOND).charges
    theirs = evolve(used(SECOND), account="other", charges=(evolve(charge, account="other"),))
    answer = answered(FIRST, used(SECOND), evolve(FIRST, account="other"), theirs)
    (row,) = answer.coverage
    read = evolve(row, known_until=datetime(2026, 11, 13, tzinfo=UTC))
    answer = evolve(answer, coverage=(read, evolve(row, account="other")))
    assert total(answer) == "93.00 USD"


def test_the_current_period_has_nothing_to_be_cut_to() -> None:
    answer = evolve(answered(FIRST, SECOND), requested=None)
    assert as_spread(answer) == answer
    assert total(answer) == "92.00 USD"


class Source:
    async def usage(self, period=None, *, accounts=None, deadline=None):
        return answered(FIRST, SECOND)


async def test_the_view_is_complete_when_it_is_spread() -> None:
    view = await ask(Source(), OCTOBER, by="month", spread=True)
    assert view.native == {"USD": Money.parse("43.00 USD")}
    assert view.complete
    with pytest.raises(IncompleteError):
        await ask(Source(), OCTOBER, by="month")


def older(usage: Usage, start: str, end: str | None = None) -> Usage:
    """Return a cycle whose one line is of another time than the cycle."""
    (line,) = usage.charges
    own = Period.parse(f"{start}..{end or usage.covers.end.date()}")
    return evolve(usage, charges=(evolve(line, period=own),))


@pytest.mark.parametrize(
    ("usage", "october"),
    [
        # 31 of the year's 365 days
        (older(cycle("2026-03-01", "2027-03-01", "365.00"), "2024-03-01"), "31.00 USD"),
        # 31 of the two months' 61 days
        (older(cycle("2026-10-01", "2026-12-01", "61.00"), "2026-08-01"), "31.00 USD"),
        # a line that ended before the cycle is booked on the cycle's first day
        (
            older(cycle("2026-10-01", "2026-12-01", "61.00"), "2026-07-01", "2026-09-01"),
            "61.00 USD",
        ),
    ],
)
def test_a_line_that_is_older_than_its_cycle_is_spread_over_the_cycles_days(
    usage: Usage, october: str
) -> None:
    answer = answered(usage)
    lines = priced_lines(answer, spread=True)
    assert as_spread(answer).complete
    assert {line.month for line in lines} == {OCTOBER}
    assert ", ".join(map(str, sum_by_currency(line.cost for line in lines).values())) == october


@pytest.mark.parametrize(
    ("time", "by_month"),
    [
        # a year paid in a cycle of 31 days, 12 of them in October
        ("2026-10-20..2027-10-20", {"2026-10": "12.00", "2026-11": "19.00"}),
        ("2026-11-20..2026-12-20", {"2026-11": "31.00"}),
    ],
)
def test_of_the_current_cycle_too_a_line_is_spread_over_the_cycles_days(
    time: str, by_month: dict[str, str]
) -> None:
    usage = older(cycle("2026-10-20", "2026-11-20", "31.00"), *time.split(".."))
    lines = priced_lines(evolve(answered(usage), requested=None), spread=True)
    assert {
        str(month): str(sum((line.cost.amount for line in lines if line.month == month), Decimal()))
        for month in {line.month for line in lines}
    } == by_month


def test_a_year_in_what_was_asked_is_spread_over_the_year() -> None:
    usage = older(cycle("2026-10-01", "2026-11-01", "365.00"), "2026-10-01", "2027-10-01")
    lines = priced_lines(answered(usage), spread=True)
    assert len(lines) == 365
    assert {line.cost.amount for line in lines} == {Decimal("1.00")}


def test_a_project_costs_nothing_before_it_was_created() -> None:
    # Created on 15 October, when its first cycle begins: 17 of its 31 days are in October.
    created = datetime(2026, 10, 15, tzinfo=UTC)
    younger = evolve(cycle("2026-10-15", "2026-11-15", "31.00", "two"), since=created)
    answer = as_spread(answered(FIRST, SECOND, younger))
    assert answer.complete
    assert total(answer) == "60.00 USD"  # 19.00, 24.00 and 17.00


@pytest.mark.parametrize(
    "since",
    [
        None,
        datetime(2026, 9, 1, tzinfo=UTC),  # it had no cycle that is known
        datetime(2026, 10, 10, tzinfo=UTC),  # nor from then to the 15th
        datetime(2031, 1, 1, tzinfo=UTC),  # which cannot be
    ],
)
def test_of_one_that_was_there_before_its_cycle_a_part_is_missing(since: datetime | None) -> None:
    younger = evolve(cycle("2026-10-15", "2026-11-15", "31.00", "two"), since=since)
    assert not as_spread(answered(FIRST, SECOND, younger)).complete
