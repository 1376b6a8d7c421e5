"""``stored="missing"``: what a provider of billing cycles states of a project no more is a store's.

A project is deleted, or begins no new cycle: its provider then answers without a word of it.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from billfold import Account, Billfold, Money, Period, ProviderError, Secret, State
from billfold.adapter import Reading
from billfold.model import Category
from billfold_latitude import Latitude
from store.cycles import InCycles, as_asked, cycle, keep, watched
from store.world import NOVEMBER, Scripted, World, charge, usage

CYCLE = Period.parse("2026-11-05..2026-12-05")
ON_10_NOVEMBER = datetime(2026, 11, 10, tzinfo=UTC)
ON_20_NOVEMBER = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "store")


def fold(world: World, adapter: type[Scripted] = InCycles) -> Billfold:
    account = Account("one", adapter(world.script), Secret("token-0123456789"))
    return Billfold([account], clock=lambda: world.now, store=world.folder, stored="missing")


def euros(text: str) -> dict[str, Money]:
    return {"EUR": Money.parse(f"{text} EUR")}


async def two_are_kept_and_b_runs(world: World, covers: Period) -> None:
    await keep(world, ON_10_NOVEMBER, cycle("310.00", covers, "a"), cycle("150.00", covers, "b"))
    world.now = ON_20_NOVEMBER
    world.script.usage = [cycle("250.00", covers, "b")]


async def test_a_project_that_is_gone_is_the_store_s_and_the_others_are_of_now(
    world: World,
) -> None:
    await two_are_kept_and_b_runs(world, NOVEMBER)
    world.script.usage = [*map(as_asked, world.script.usage)]
    async with fold(world) as asked:
        answer = await asked.usage(NOVEMBER)
    assert answer.totals() == euros("560.00")  # 310.00 and 250.00
    (row,) = answer.coverage
    assert row.detail == "2026-11 of a is from the store, read at 2026-11-10T00:00:00Z"
    assert row.known_until == ON_10_NOVEMBER


def licence(cost: str, project: str) -> Reading[Any]:
    """Return a cycle of what is paid for all of it."""
    reading = cycle(cost, CYCLE, project)
    (used,) = reading.items
    bought = tuple(evolve(line, category=Category.PURCHASE) for line in used.charges)
    return evolve(reading, items=(evolve(used, charges=bought),))


async def test_of_a_week_in_its_cycle_the_project_that_is_gone_has_its_days(world: World) -> None:
    await watched(world)
    await keep(world, ON_10_NOVEMBER, licence("300.00", "a"), licence("150.00", "b"))
    world.now = ON_20_NOVEMBER
    world.script.usage = [licence("150.00", "b")]
    week = Period.parse("2026-11-06..2026-11-09")
    async with fold(world) as asked:
        view = await asked.costs(week, by="sub_account", spread=True)
    assert view.native == euros("45.00")  # 3 of 30 days of 300.00, and of 150.00
    assert view.complete


async def test_a_cycle_after_which_none_began_stays_in_its_last_month(world: World) -> None:
    await watched(world)
    await keep(world, datetime(2026, 12, 5, 0, 30, tzinfo=UTC), cycle("330.00", CYCLE))
    world.now = datetime(2026, 12, 6, tzinfo=UTC)
    december = Period.month(2026, 12)
    world.script.usage = [Reading(detail="a has no billing cycle")]
    async with fold(world) as asked:
        answer = await asked.usage(december)
        view = await asked.costs(december, by="month", spread=True, partial=True)
    assert answer.totals(partial=True) == euros("330.00")
    assert not answer.complete
    assert {row.state: row.detail for row in answer.coverage} == {
        State.COMPLETE: "a has no billing cycle",
        State.DIFFERENT_WINDOW: (
            "2026-11-05..2026-12-05 of a is from the store, read at 2026-12-05T00:30:00Z; acme a: "
            "what was read is of 2026-11-05..2026-12-05"
        ),
    }
    # 30 days of 11.00, of which 26 are November's and 4 December's
    assert {row.keys: row.native for row in view.rows} == {("2026-12",): euros("44.00")}


async def test_the_last_project_that_is_gone_is_the_store_s(world: World) -> None:
    await two_are_kept_and_b_runs(world, NOVEMBER)
    world.script.usage = [Reading(detail="the key sees no project")]
    async with fold(world) as asked:
        answer = await asked.usage(NOVEMBER)
    assert answer.totals() == euros("460.00")  # 310.00 and 150.00
    assert "2026-11 of a, b is from the store" in (answer.coverage[0].detail or "")


async def test_a_project_that_is_gone_fills_no_gap_of_another_one(world: World) -> None:
    gone = Period.parse("2026-10-20..2026-11-20")
    await keep(world, ON_10_NOVEMBER, cycle("310.00", gone, "a"), cycle("150.00", CYCLE, "b"))
    world.now = datetime(2026, 11, 25, tzinfo=UTC)
    world.script.usage = [cycle("150.00", CYCLE, "b")]
    async with fold(world) as asked:
        answer = await asked.usage(NOVEMBER)
    assert answer.totals(partial=True) == euros("460.00")
    detail = answer.coverage[0].detail or ""
    assert "2026-10-20..2026-11-20 of a is from the store" in detail
    assert "2026-11-01..2026-11-05 is not in the store" in detail


async def test_a_project_whose_team_is_named_by_now_is_stated(world: World) -> None:
    nobody_s = evolve(usage(charge("vm", "10.00"), covers=NOVEMBER), billing_account_id=None)
    before = evolve(nobody_s, sub_account_id="b")
    await keep(world, ON_10_NOVEMBER, Reading((before,), NOVEMBER))
    world.now = ON_20_NOVEMBER
    world.script.usage = [as_asked(cycle("250.00", NOVEMBER, "B"))]
    async with fold(world) as asked:
        answer = await asked.usage(NOVEMBER)
    assert answer.totals() == euros("250.00")


@pytest.mark.parametrize(
    "failing",
    [
        Reading[Any](state=State.FAILED, error=ProviderError("no answer"), part="a"),
        Reading[Any](state=State.PARTIAL, detail="a page was cut off"),
    ],
)
async def test_a_project_that_could_not_be_read_is_not_gone(
    world: World, failing: Reading[Any]
) -> None:
    await two_are_kept_and_b_runs(world, NOVEMBER)
    world.script.usage = [*map(as_asked, world.script.usage), failing]
    async with fold(world) as asked:
        answer = await asked.usage(NOVEMBER)
    assert answer.totals(partial=True) == euros("250.00")
    assert not answer.complete


async def test_what_a_provider_of_any_month_states_no_more_is_restated(world: World) -> None:
    await two_are_kept_and_b_runs(world, NOVEMBER)
    world.script.usage = [*map(as_asked, world.script.usage)]
    async with fold(world, Scripted) as asked:
        answer = await asked.usage(NOVEMBER)
    assert answer.totals() == euros("250.00")


def test_latitude_states_running_cycles_alone() -> None:
    assert Latitude.declares.only_running_cycles
