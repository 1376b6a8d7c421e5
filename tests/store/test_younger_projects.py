"""A project that was created in a month leaves it complete, where its provider says when.

From 5 November one project costs 30.00 a cycle of thirty days, and so it did before: 30.00 are of
November. The other one was created on 15 November with a cycle from then on: 16.00 are.
"""

from datetime import UTC, datetime

import pytest
from attrs import evolve

from billfold import Period, State
from billfold.adapter import Reading
from store.cycles import as_asked, cycle, watched
from store.world import NOVEMBER, World

BEFORE, NOW = Period.parse("2026-10-06..2026-11-05"), Period.parse("2026-11-05..2026-12-05")
NEXT = Period.parse("2026-12-05..2027-01-04")
YOUNGER = Period.parse("2026-11-15..2026-12-15")


def younger(since: datetime | None) -> Reading:
    reading = as_asked(cycle("30.00", YOUNGER, "younger"))
    return evolve(reading, items=tuple(evolve(each, since=since) for each in reading.items))


async def november(world: World, since: datetime | None) -> tuple[str, State]:
    await watched(world)
    older = [as_asked(cycle("30.00", each, "older")) for each in (BEFORE, NOW, NEXT)]
    for end, *readings in (
        (BEFORE.end, older[0]),
        (NOW.end, older[1], younger(since)),
        (YOUNGER.end, older[2], younger(since)),
    ):
        world.script.usage = readings
        await world.sync(end)
    async with world.history() as history:
        view = await history.costs(NOVEMBER, by="month", spread=True, partial=True)
    (row,) = [row for row in view.rows if row.keys == ("2026-11",)]
    return str(row.native["EUR"]), view.coverage[0].state


@pytest.mark.parametrize(
    ("since", "state"), [(YOUNGER.start, State.COMPLETE), (None, State.DIFFERENT_WINDOW)]
)
async def test_it_has_nothing_before(world: World, since: datetime | None, state: State) -> None:
    assert await november(world, since) == ("46.00 EUR", state)


async def test_a_store_that_learns_it_later_has_not_changed(world: World) -> None:
    await november(world, None)
    world.script.usage = [as_asked(cycle("30.00", NEXT, "older")), younger(YOUNGER.start)]
    (outcome,) = await world.sync(datetime(2026, 12, 16, tzinfo=UTC))
    assert not outcome.changes
