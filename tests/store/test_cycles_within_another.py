"""A cycle of one project lies within that of another: what has ended stays as it was read.

Project a costs 365.00 a year from 1 January. Project b costs 1.00 a day, by cycles of a month, and
its machine has the same id in each.
"""

from datetime import UTC, datetime

import pytest
from attrs import evolve

from billfold import Period, State
from store.cycles import as_asked, cycle, keep, watched
from store.world import World

YEAR = Period.parse("2026-01-01..2027-01-01")
FIRST, SECOND = Period.parse("2026-10-05..2026-11-05"), Period.parse("2026-11-05..2026-12-05")
ON_10 = datetime(2026, 11, 10, tzinfo=UTC)


@pytest.mark.parametrize("is_cut_off", [False, True])
async def test_the_next_cycle_takes_nothing_of_it_back(world: World, is_cut_off: bool) -> None:
    await watched(world)
    await keep(world, FIRST.end, cycle("308.00", YEAR), cycle("31.00", FIRST, "b"))
    b = as_asked(cycle("5.00", SECOND, "b"))
    if is_cut_off:
        b = evolve(b, state=State.PARTIAL, detail="cut off")
    world.script.usage = [as_asked(cycle("313.00", YEAR)), b]
    await world.sync(ON_10)
    assert await world.total(FIRST) == "344.00 EUR"  # 313.00 and 31.00
    async with world.history() as history:
        view = await history.costs(
            Period.parse("2026-10-05..2026-11-10"), by="sub_account", spread=True, partial=True
        )
    costs = {row.keys[0]: str(row.native["EUR"]) for row in view.rows}
    assert costs == {"a": "36.00 EUR", "b": "36.00 EUR"}  # 31 and 5 days
