"""What is asked of a part of a month that was kept: its own days and entries, and no others."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billfold import Money, Period, State, Stream
from billfold.adapter import Reading
from billfold.model import DailyCost
from store.world import NOVEMBER, World, charge, entry, whole

LAST_MINUTES = datetime(2026, 11, 30, 23, 58, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 3, tzinfo=UTC)
COSTS = {1: "1.10", 2: "2.20", 3: "0", 5: "3.33", 30: "6.00"}


def days(first: int, end: int) -> Period:
    return Period.days(date(2026, 11, first), date(2026, 11, end))


def of_november(day: int) -> DailyCost:
    cost = Money(Decimal(COSTS.get(day, "0")), "EUR")
    return DailyCost(date(2026, 11, day), cost, billing_account_id="acme")


async def kept(world: World, read_at: datetime = LAST_MINUTES) -> None:
    begun = range(1, read_at.day + 1)
    world.script.daily = [Reading(tuple(map(of_november, begun)), NOVEMBER)]
    world.script.ledger = [
        Reading(
            (
                entry("a", "5", datetime(2026, 11, 2, 12, tzinfo=UTC)),
                entry("b", "-3", datetime(2026, 11, 30, 23, tzinfo=UTC)),
            ),
            NOVEMBER,
        )
    ]
    await world.sync(read_at, NOVEMBER, streams=(Stream.DAILY, Stream.LEDGER))
    world.now = DECEMBER


@pytest.mark.parametrize(
    ("period", "count", "total", "state"),
    [
        (days(2, 4), 2, "2.20", State.COMPLETE),
        (days(1, 6), 5, "6.63", State.COMPLETE),
        # Two minutes of the last day were not read.
        (Period.day(date(2026, 11, 30)), 1, "6.00", State.PARTIAL),
        (Period(datetime(2026, 11, 28, tzinfo=UTC), DECEMBER), 3, "6.00", State.PARTIAL),
        (NOVEMBER, 30, "12.63", State.PARTIAL),
    ],
)
async def test_days_of_a_part_are_its_own(
    world: World, period: Period, count: int, total: str, state: State
) -> None:
    await kept(world)
    async with world.history() as history:
        answer = await history.daily(period)
    assert len(answer) == count
    assert answer.totals(partial=True) == {"EUR": Money.parse(f"{total} EUR")}
    assert [row.state for row in answer.coverage] == [state]
    assert all(row.covers and row.covers.end <= period.end for row in answer.coverage)


async def test_a_part_that_ended_after_the_last_reading_is_partial(world: World) -> None:
    await kept(world, datetime(2026, 11, 2, 12, tzinfo=UTC))
    world.now = datetime(2026, 11, 20, tzinfo=UTC)
    async with world.history() as history:
        first = await history.daily(days(1, 2))
        both = await history.daily(days(1, 4))
    assert first.complete
    assert first.totals() == {"EUR": Money.parse("1.10 EUR")}
    (row,) = both.coverage
    assert (row.state, row.covers) == (State.PARTIAL, days(1, 4))
    assert row.detail == "as read until 2026-11-02T12:00:00Z"


@pytest.mark.parametrize("period", [days(3, 10), days(20, 21), days(20, 30)])
async def test_of_a_part_that_began_after_the_last_reading_nothing_is_known(
    world: World, period: Period
) -> None:
    noon = entry("a", "5", datetime(2026, 11, 2, 12, tzinfo=UTC))
    world.script.ledger = [Reading((noon,), NOVEMBER)]
    world.script.daily = [Reading((of_november(1), of_november(2)), NOVEMBER)]
    read_at = datetime(2026, 11, 2, 20, tzinfo=UTC)
    await world.sync(read_at, NOVEMBER, streams=(Stream.DAILY, Stream.LEDGER))
    world.now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    async with world.history() as history:
        answers = [await history.daily(period), await history.ledger(period)]
    for answer in answers:
        (row,) = answer.coverage
        assert not answer.items
        # A part that runs says until when it is known as well.
        assert row.known_until == (read_at if period.end > world.now else None)
        assert (row.state, row.detail) == (State.PARTIAL, "as read until 2026-11-02T20:00:00Z")


async def test_entries_of_a_part_are_its_own(world: World) -> None:
    await kept(world)
    noon = Period(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, 12, 1, tzinfo=UTC))
    async with world.history() as history:
        answer = await history.ledger(noon)
        none = await history.ledger(days(3, 30))
    assert [each.id for each in answer] == ["a"]
    assert answer.complete
    assert not none.items
    assert none.complete


async def test_a_usage_is_never_cut(world: World) -> None:
    world.script.usage = whole(charge("vm", "31.00", covers=NOVEMBER), covers=NOVEMBER)
    await world.sync(DECEMBER, NOVEMBER)
    async with world.history() as history:
        answer = await history.usage(days(2, 4))
    (row,) = answer.coverage
    assert (row.state, row.covers) == (State.DIFFERENT_WINDOW, NOVEMBER)
    assert answer.totals(partial=True) == {"EUR": Money.parse("31 EUR")}
