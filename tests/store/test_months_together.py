"""Months that are asked for together are as complete as each alone: what runs has its own readings."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from billfold import Period, State
from billfold.adapter import Reading
from billfold.errors import ForbiddenError
from store.world import NOVEMBER, OCTOBER, World, charge, whole

ON_2, ON_11, ON_20, ON_25 = (datetime(2026, 11, day, tzinfo=UTC) for day in (2, 11, 20, 25))
BOTH = Period(OCTOBER.start, NOVEMBER.end)
HOUR = timedelta(hours=1)
FORBIDDEN: list[Reading[Any]] = [Reading(error=ForbiddenError("no permission"))]
FORGOTTEN: list[Reading[Any]] = [Reading(state=State.UNAVAILABLE, detail="only the current month")]


async def both_whole(world: World) -> None:
    for month, cost, now in ((OCTOBER, "41.00", ON_2), (NOVEMBER, "14.00", ON_11)):
        world.script.usage = whole(charge("a", cost, covers=month), covers=month)
        await world.sync(now, month)


async def over_both(world: World, now: datetime) -> State:
    world.now = now
    (state, _), (november, _) = await world.state(BOTH), await world.state(NOVEMBER)
    assert await world.total(BOTH) == "55.00 EUR"  # 41.00 + 14.00
    assert state == november
    return state


@pytest.mark.parametrize("answer", [FORBIDDEN, FORGOTTEN])
async def test_a_month_that_is_over_and_asked_for_in_vain_leaves_the_running_one_whole(
    world: World, answer: list[Reading[Any]]
) -> None:
    await both_whole(world)
    world.script.usage = answer
    await world.sync(ON_20, OCTOBER)
    assert await over_both(world, ON_20 + HOUR) is State.COMPLETE


async def test_a_month_that_is_over_and_read_again_leaves_the_running_one_as_it_failed(
    world: World,
) -> None:
    await both_whole(world)
    world.script.usage = FORBIDDEN
    await world.sync(ON_20)
    world.script.usage = whole(charge("a", "41.00"))
    await world.sync(ON_20 + HOUR, OCTOBER)
    assert await over_both(world, ON_25) is State.PARTIAL


async def test_a_month_ahead_is_not_missing(world: World) -> None:
    await both_whole(world)
    world.now = ON_20
    quarter, (november, _) = Period.parse("2026-Q4"), await world.state(NOVEMBER)
    assert await world.state(quarter) == (State.COMPLETE, None)
    assert await world.total(quarter) == "55.00 EUR"  # 41.00 + 14.00
    assert november is State.COMPLETE
    world.now = datetime(2026, 12, 1, 1, tzinfo=UTC)
    state, detail = await world.state(quarter)
    assert (state, (detail or "").endswith("2026-12 was not read")) == (State.PARTIAL, True)


async def test_what_was_said_of_a_month_that_was_read_again_since_is_not_said(
    world: World,
) -> None:
    """Both are read as November begins, October again when it is final: 31.00, and 1.00 so far."""
    not_final = "not final from 2026-10-30 on"
    first = NOVEMBER.start + HOUR
    (october,) = whole(charge("a", "31.00"))
    world.script.usage = [evolve(october, detail=not_final)]
    await world.sync(first, OCTOBER)
    world.script.usage = whole(charge("a", "1.00", covers=NOVEMBER), covers=NOVEMBER)
    await world.sync(first, NOVEMBER)
    said = f"read at 2026-11-01T01:00:00Z: {not_final}"
    assert await world.state(BOTH) == (State.COMPLETE, said)
    world.script.usage = [october]
    await world.sync(ON_11, OCTOBER)
    assert await world.state(BOTH) == (State.COMPLETE, None)
    assert await world.total(BOTH) == "32.00 EUR"
