"""``stored="missing"``: of a period that is over, nobody knows what was deleted unseen.

Project a costs 365.00 a year from 1 January, 31.00 of it in October.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from billfold import Account, Billfold, Period, Secret, State
from billfold.adapter import Reading
from billfold.costs import CostView
from store.cycles import InCycles, cycle, keep, watched
from store.world import OCTOBER, World

YEAR = Period.parse("2026-01-01..2027-01-01")
ON_8_NOVEMBER = datetime(2026, 11, 8, tzinfo=UTC)  # 311.00 of 311 days
UNKNOWN = "and what was deleted by then is not known"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "store")


async def october(world: World, *stated: Reading) -> CostView:
    world.now, world.script.usage = ON_8_NOVEMBER, [*stated]
    account = Account("one", InCycles(world.script), Secret("token-0123456789"))
    given = {"clock": lambda: world.now, "store": world.folder, "stored": "missing"}
    async with Billfold([account], **given) as fold:
        return await fold.costs(OCTOBER, by="month", spread=True, partial=True)


async def test_without_any_reading_the_cycle_that_runs_does_not_prove_a_month_before(
    world: World,
) -> None:
    view = await october(world, cycle("311.00", YEAR))
    assert [str(each) for each in view.native.values()] == ["31.00 EUR"]
    said = f"2026-10: nothing was read before 2026-11-08T00:00:00Z, {UNKNOWN}"
    assert not view.complete
    assert said in {row.detail for row in view.coverage if row.state is State.UNAVAILABLE}


async def test_so_it_is_of_an_account_that_states_nothing_any_more(world: World) -> None:
    covers = Period.parse("2026-11-02..2026-12-02")
    await keep(world, datetime(2026, 11, 5, tzinfo=UTC), cycle("3.00", covers))
    view = await october(world, Reading((), detail="the key sees no project"))
    assert not view.complete
    assert any(UNKNOWN in (row.detail or "") for row in view.coverage)


async def test_of_an_account_that_was_read_before_the_month_nothing_is_unknown(
    world: World,
) -> None:
    await watched(world)
    view = await october(world, cycle("311.00", YEAR))
    assert [str(each) for each in view.native.values()] == ["31.00 EUR"]
    assert view.complete
    nothing = await october(world, Reading((), detail="the key sees no project"))
    assert nothing.complete
