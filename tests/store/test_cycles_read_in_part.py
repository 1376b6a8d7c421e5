"""A billing cycle that no reading had whole says so, also where the one before it was read whole.

Web and db were read whole at the end of the first cycle, with 30.00 and 60.00: a day is 1.00 and
2.00, and five days of that cycle are in December. Of the second one web was read on the 9th with
5.00, db on the 12th with 7.00, and the other one failed each time: 27.00 are known of December.
"""

from datetime import UTC, date, datetime

import pytest

from billfold import Coverage, Period, State, Stream
from billfold.adapter import Reading
from billfold.errors import ForbiddenError
from store.cycles import cycle, keep, watched
from store.world import NOVEMBER, OCTOBER, World, charge, part, whole

FIRST = Period.days(date(2026, 11, 6), date(2026, 12, 6))
SECOND = Period.days(date(2026, 12, 6), date(2027, 1, 6))
THIRD = Period.days(date(2027, 1, 6), date(2027, 2, 6))
ON_9, ON_12 = datetime(2026, 12, 9, tzinfo=UTC), datetime(2026, 12, 12, tzinfo=UTC)
ON_13, LATER = datetime(2026, 12, 13, tzinfo=UTC), datetime(2027, 1, 8, tzinfo=UTC)
DECEMBER = Period.month(2026, 12)
BUSY = ForbiddenError("busy")
TOLD = f"{SECOND} was read in part only; the reading of 2026-12-12T00:00:00Z was partial"


@pytest.fixture
async def world(world: World) -> World:
    await watched(world)
    await keep(world, FIRST.end, cycle("30.00", FIRST, "web"), cycle("60.00", FIRST, "db"))
    await keep(world, ON_9, cycle("5.00", SECOND, "web"), Reading(part="db", error=BUSY))
    await keep(world, ON_12, Reading(part="web", error=BUSY), cycle("7.00", SECOND, "db"))
    world.now = ON_13
    return world


async def over(world: World) -> None:
    await keep(world, THIRD.start, cycle("31.00", THIRD, "web"), cycle("62.00", THIRD, "db"))
    world.now = LATER


async def spread(world: World) -> tuple[str, list[Coverage]]:
    async with world.history() as history:
        view = await history.costs(DECEMBER, by="month", spread=True, partial=True)
    (row,) = [row for row in view.rows if row.keys == ("2026-12",)]
    return str(row.native["EUR"]), [*view.coverage]


async def test_a_month_that_is_over_is_partial_when_it_is_spread(world: World) -> None:
    await over(world)
    total, (row,) = await spread(world)
    assert (total, row.state) == ("27.00 EUR", State.PARTIAL)
    assert row.covers == Period(FIRST.start, SECOND.end)
    assert row.detail is not None
    until = "as read until 2026-12-09T00:00:00Z, and in part until 2026-12-12T00:00:00Z"
    other = f"what was read is of {Period(FIRST.start, SECOND.end)}"
    assert row.detail.startswith(f"{until}; acme db, acme web: {other}; {TOLD}")


async def test_so_it_is_while_the_cycle_runs(world: World) -> None:
    total, rows = await spread(world)
    assert total == "27.00 EUR"
    assert [(row.part, row.state, row.known_until) for row in rows] == [
        (None, State.PARTIAL, ON_12),
        ("web", State.PARTIAL, ON_9),
    ]


async def test_trend_says_so_too(world: World) -> None:
    await over(world)
    async with world.history() as history:
        trend = await history.trend(3, by="account", spread=True)
    assert [month.complete for month in trend.months] == [False, False, False]
    december = trend.months[1].view
    assert [row.state for row in december.coverage] == [State.PARTIAL]


async def test_what_runs_is_the_cycle_that_was_read_in_part(world: World) -> None:
    async with world.history() as history:
        answer = await history.usage()
    assert {each.sub_account_id: (each.covers, each.known_until) for each in answer} == {
        "web": (SECOND, ON_9),
        "db": (SECOND, ON_12),
    }
    rows = [(row.part, row.state, row.covers, row.known_until) for row in answer.coverage]
    assert rows == [
        (None, State.PARTIAL, SECOND, ON_12),
        ("web", State.PARTIAL, SECOND, ON_9),
    ]


async def test_a_whole_reading_makes_it_whole(world: World) -> None:
    await keep(world, SECOND.end, cycle("31.00", SECOND, "web"), cycle("62.00", SECOND, "db"))
    await over(world)
    # 5 days at 3.00, and 26 of 31 days of 93.00
    total, (row,) = await spread(world)
    assert (total, row.state) == ("93.00 EUR", State.COMPLETE)


async def test_a_project_that_only_a_reading_in_part_has_is_told(world: World) -> None:
    await keep(world, SECOND.end, cycle("31.00", SECOND, "web"))  # db is gone
    await over(world)
    # web: 5.00 of the first cycle and 26.00; db: 10.00 and 7.00
    total, (row,) = await spread(world)
    assert (total, row.state) == ("48.00 EUR", State.PARTIAL)


async def test_a_month_in_part_beside_a_whole_one_is_told(world: World, tmp_path) -> None:
    world = World(tmp_path / "other")
    world.script.usage = whole(charge("vm", "1.00"))
    await world.sync(NOVEMBER.start, OCTOBER)
    world.script.usage = part(charge("vm", "2.00", covers=NOVEMBER), covers=NOVEMBER)
    await world.sync(datetime(2026, 11, 20, tzinfo=UTC), NOVEMBER)
    async with world.history() as history:
        (row,) = (await history.usage(Period(OCTOBER.start, NOVEMBER.end))).coverage
    assert (row.state, row.known_until) == (State.PARTIAL, datetime(2026, 11, 20, tzinfo=UTC))
    assert row.detail == (
        "2026-11 was read in part only; the reading of 2026-11-20T00:00:00Z was partial: cut off"
    )


async def test_so_are_days_in_part_beside_whole_ones(world: World, tmp_path) -> None:
    world = World(tmp_path / "other")
    world.script.daily = [Reading((), OCTOBER)]
    await world.sync(NOVEMBER.start, OCTOBER, streams=(Stream.DAILY,))
    world.script.daily = [Reading((), NOVEMBER, State.PARTIAL, "cut off")]
    await world.sync(datetime(2026, 11, 20, tzinfo=UTC), NOVEMBER, streams=(Stream.DAILY,))
    async with world.history() as history:
        (row,) = (await history.daily(Period(OCTOBER.start, NOVEMBER.end))).coverage
    assert (row.state, row.known_until) == (State.PARTIAL, datetime(2026, 11, 20, tzinfo=UTC))
    assert row.detail == (
        "2026-11 was read in part only; the reading of 2026-11-20T00:00:00Z was partial: cut off"
    )
