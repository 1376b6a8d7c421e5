"""A running month is known until it was read, also by a reading that was cut off."""

from datetime import UTC, datetime

import pytest

from billfold import State, Stream
from billfold.adapter import Reading
from billfold.costs import CostView
from billfold.errors import ForbiddenError
from billfold.model import Usage
from store.world import NOVEMBER, OCTOBER, World, charge, part, whole

ON_11, ON_20, ON_25 = (datetime(2026, 11, day, tzinfo=UTC) for day in (11, 20, 25))


def by_day(view: CostView) -> dict[str, str]:
    return {row.keys[0]: str(row.native["EUR"]) for row in view.rows}


async def cut_off_on_20(world: World) -> None:
    """Book 19.00 of November, of which another part was not read, and ask five days later."""
    world.script.usage = part(charge("a", "19.00", covers=NOVEMBER), covers=NOVEMBER)
    await world.sync(ON_20)
    world.now = ON_25


@pytest.mark.parametrize("is_known_before", [False, True])
async def test_it_is_known_until_it_was_cut_off_and_spread_up_to_then(
    world: World, is_known_before: bool
) -> None:
    if is_known_before:
        world.script.usage = whole(charge("a", "10.00", covers=NOVEMBER), covers=NOVEMBER)
        await world.sync(ON_11)
    await cut_off_on_20(world)
    async with world.history() as history:
        (row,) = (await history.usage(NOVEMBER)).coverage
        view = await history.costs(NOVEMBER, by="day", spread=True, partial=True)
        (month,) = (await history.trend(1)).months
    assert (row.state, row.known_until) == (State.PARTIAL, ON_20)
    # 19.00 over the nineteen days before the 20th
    assert by_day(view) == {f"2026-11-{day:02}": "1.00 EUR" for day in range(1, 20)}
    assert month.known_until == ON_20


async def test_days_are_known_until_they_were_cut_off(world: World) -> None:
    world.script.daily = [Reading((), NOVEMBER, State.PARTIAL, "cut off")]
    await world.sync(ON_20, streams=(Stream.DAILY,))
    world.now = ON_25
    async with world.history() as history:
        (row,) = (await history.daily(NOVEMBER)).coverage
    assert (row.state, row.known_until) == (State.PARTIAL, ON_20)


async def test_what_failed_in_part_is_known_until_it_was_read_whole(world: World) -> None:
    world.script.usage = whole(charge("a", "10.00", covers=NOVEMBER), covers=NOVEMBER)
    await world.sync(ON_11)
    world.script.usage = [
        *whole(charge("a", "19.00", covers=NOVEMBER), covers=NOVEMBER),
        Reading(part="bee", error=ForbiddenError("no permission")),
    ]
    await world.sync(ON_20)
    world.now = ON_25
    async with world.history() as history:
        (row,) = (await history.usage(NOVEMBER)).coverage
    assert (row.state, row.known_until) == (State.PARTIAL, ON_11)


async def test_a_month_that_is_over_is_known_until_no_moment(world: World) -> None:
    await cut_off_on_20(world)
    world.now = datetime(2026, 12, 2, tzinfo=UTC)
    async with world.history() as history:
        (row,) = (await history.usage(NOVEMBER)).coverage
    assert (row.state, row.known_until) == (State.PARTIAL, None)


async def test_what_is_forgotten_of_another_month_says_nothing_of_the_running_one(
    world: World,
) -> None:
    world.script.usage = whole(charge("a", "10.00", covers=NOVEMBER), covers=NOVEMBER)
    await world.sync(ON_11)
    gone = Reading[Usage]((), NOVEMBER, State.UNAVAILABLE, "only November", part="a")
    world.script.usage = [gone]
    await world.sync(ON_20, OCTOBER)
    assert await world.state(NOVEMBER) == (State.COMPLETE, None)
    assert await world.state(OCTOBER) == (
        State.UNAVAILABLE,
        "2026-10 was not answered; the reading of 2026-11-20T00:00:00Z was unavailable: "
        "only November",
    )
