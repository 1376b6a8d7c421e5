"""What a cycle cost is spread over the time in which it was seen to cost that, whoever read it how.

The cycle from 20 October to 20 November costs 1.00 a day, as it is read: of what was read on
19 November, 30.00, there are 12.00 in October and 18.00 in November.
"""

from datetime import UTC, date, datetime

import pytest

from billfold import Account, Billfold, Period, Secret, State
from billfold.adapter import Reading
from billfold.costs import CostView
from billfold.errors import ForbiddenError
from store.cycles import InCycles, cycle, keep, watched
from store.world import NOVEMBER, OCTOBER, World

CYCLE = Period.days(date(2026, 10, 20), date(2026, 11, 20))
FIRST = Period.days(date(2026, 9, 20), date(2026, 10, 20))
NEXT = Period.days(date(2026, 11, 20), date(2026, 12, 20))
ON_10, ON_19, ON_25 = (datetime(2026, 11, day, tzinfo=UTC) for day in (10, 19, 25))
BUSY = Reading(part="db", error=ForbiddenError("busy"))

whenever = pytest.mark.parametrize(
    "asked", [ON_19, ON_25, datetime(2026, 12, 3, tzinfo=UTC)], ids=["it runs", "over", "long ago"]
)


async def spread(world: World, period: Period) -> CostView:
    async with world.history() as history:
        return await history.costs(period, by="sub_account", spread=True, partial=True)


async def costs_of(world: World, project: str = "a") -> list[str]:
    """Return what a project cost in October and in November."""
    views = [await spread(world, month) for month in (OCTOBER, NOVEMBER)]
    return [str(row.native["EUR"]) for view in views for row in view.rows if row.keys == (project,)]


@whenever
async def test_a_cycle_that_no_reading_had_whole_is_in_each_month_by_its_days(
    world: World, asked: datetime
) -> None:
    await keep(world, ON_10, cycle("21.00", CYCLE), BUSY)
    await keep(world, ON_19, cycle("30.00", CYCLE), BUSY)
    world.now = asked
    assert await costs_of(world) == ["12.00 EUR", "18.00 EUR"]
    async with world.history() as history:
        (october,) = (await history.usage(OCTOBER)).coverage
        trend = await history.trend(3, by="sub_account", spread=True)
    assert (october.state, october.covers) == (State.PARTIAL, CYCLE)
    (cells,) = [row.months for row in trend.rows]
    found = [str(cell.native["EUR"]) for cell in cells if cell is not None]
    assert found == ["12.00 EUR", "18.00 EUR"]


async def test_so_it_is_where_it_was_read_to_its_end(world: World) -> None:
    await keep(world, CYCLE.end, cycle("31.00", CYCLE), BUSY)
    world.now = ON_25
    assert await costs_of(world) == ["12.00 EUR", "19.00 EUR"]


@whenever
async def test_what_a_reading_restated_that_failed_in_part_is_spread_until_then(
    world: World, asked: datetime
) -> None:
    await keep(world, ON_10, cycle("21.00", CYCLE), cycle("42.00", CYCLE, "db"))
    await keep(world, ON_19, cycle("30.00", CYCLE), BUSY)
    world.now = asked
    assert await costs_of(world) == ["12.00 EUR", "18.00 EUR"]
    # Of the other one nothing is known since: 2.00 a day for 21 days.
    assert await costs_of(world, "db") == ["24.00 EUR", "18.00 EUR"]


async def test_a_cycle_that_was_read_to_its_end_is_no_other_one_s(world: World) -> None:
    """That of db runs, and was read last when that of a had days to go."""
    db = Period.days(date(2026, 10, 25), date(2026, 11, 25))
    await keep(world, ON_10, cycle("21.00", CYCLE), cycle("16.00", db, "db"))
    await keep(world, CYCLE.end, cycle("31.00", CYCLE), BUSY)
    world.now = datetime(2026, 11, 21, tzinfo=UTC)
    assert await costs_of(world) == ["12.00 EUR", "19.00 EUR"]
    assert await costs_of(world, "db") == ["7.00 EUR", "9.00 EUR"]


async def until_it_was_deleted(world: World, last: datetime, cost: str) -> None:
    """Read a project's first cycle to its end, and the next one, in which it is deleted."""
    await watched(world)
    await keep(world, FIRST.end, cycle("30.00", FIRST), cycle("30.00", FIRST, "stays"))
    await keep(world, last, cycle(cost, CYCLE), cycle(cost, CYCLE, "stays"))
    await keep(world, CYCLE.end, cycle("31.00", CYCLE, "stays"))
    await keep(world, ON_25, cycle("5.00", NEXT, "stays"))


@pytest.mark.parametrize("asked", [ON_25, datetime(2026, 12, 21, tzinfo=UTC)])
async def test_a_month_is_whole_once_its_cycles_were_read_after_it(
    world: World, asked: datetime
) -> None:
    await until_it_was_deleted(world, ON_19, "30.00")
    world.now = asked
    view = await spread(world, OCTOBER)
    assert {row.keys[0]: str(row.native["EUR"]) for row in view.rows} == {
        "a": "31.00 EUR",  # 19.00 of the first cycle, and 12.00
        "stays": "31.00 EUR",
    }
    assert view.complete


async def test_what_that_month_lacks_is_in_the_next_one(world: World) -> None:
    await until_it_was_deleted(world, ON_19, "30.00")
    world.now = datetime(2026, 12, 21, tzinfo=UTC)
    view = await spread(world, NOVEMBER)
    (row,) = view.coverage
    assert row.state is State.PARTIAL
    assert "as read until" in (row.detail or "")


async def test_a_month_whose_cycle_was_read_before_its_end_is_partial(world: World) -> None:
    """As read on 28 October: 8.00, and nothing of the last three days."""
    await until_it_was_deleted(world, datetime(2026, 10, 28, tzinfo=UTC), "8.00")
    world.now = ON_25
    view = await spread(world, OCTOBER)
    assert {row.keys[0]: str(row.native["EUR"]) for row in view.rows} == {
        "a": "27.00 EUR",
        "stays": "31.00 EUR",
    }
    assert [row.state for row in view.coverage] == [State.PARTIAL]


async def test_not_spread_the_whole_cycle_is_not_known(world: World) -> None:
    await until_it_was_deleted(world, ON_19, "30.00")
    world.now = ON_25
    for asked in (OCTOBER, CYCLE):
        async with world.history() as history:
            answer = await history.usage(asked)
        assert not answer.complete
        assert "as read until 2026-11-19T00:00:00Z" in (answer.coverage[0].detail or "")


async def test_what_the_provider_states_now_is_spread_until_now(world: World) -> None:
    """Beside a project that is gone, of which the store has 21.00 as read on 10 November."""
    await keep(world, ON_10, cycle("21.00", CYCLE), cycle("42.00", CYCLE, "stays"))
    world.now, world.script.usage = ON_19, [cycle("60.00", CYCLE, "stays")]
    account = Account("one", InCycles(world.script), Secret("token-0123456789"))
    async with Billfold(
        [account], clock=lambda: world.now, stored="missing", store=world.folder
    ) as fold:
        view = await fold.costs(OCTOBER, by="sub_account", spread=True, partial=True)
    assert {row.keys[0]: str(row.native["EUR"]) for row in view.rows} == {
        "a": "12.00 EUR",
        "stays": "24.00 EUR",
    }
