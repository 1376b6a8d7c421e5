"""``stored="missing"``: cycles that cross, and cycles that nobody has."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from billfold import Account, Billfold, Money, Period, Secret, State
from billfold.adapter import Reading
from store.cycles import InCycles, as_asked, cycle, keep, watched
from store.world import NOVEMBER, Script, World

OCTOBER_S = Period.parse("2026-10-05..2026-11-05")
NOVEMBER_S = Period.parse("2026-11-05..2026-12-05")
MOVED = Period.parse("2026-11-12..2026-12-12")
DECEMBER_S = Period.parse("2026-12-05..2027-01-05")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "store")


def fold(world: World) -> Billfold:
    account = Account("one", InCycles(world.script), Secret("token-0123456789"))
    return Billfold([account], clock=lambda: world.now, store=world.folder, stored="missing")


async def test_a_cycle_that_crosses_an_older_one_is_as_stated_now(world: World) -> None:
    await keep(world, datetime(2026, 11, 10, tzinfo=UTC), cycle("310.00", NOVEMBER_S))
    await keep(world, datetime(2026, 11, 20, tzinfo=UTC), cycle("120.00", MOVED))
    world.now = datetime(2026, 11, 25, tzinfo=UTC)
    world.script.usage = [cycle("130.00", MOVED)]
    async with fold(world) as asked:
        answer = await asked.usage(NOVEMBER)
    assert {each.covers: each.totals()["EUR"] for each in answer} == {
        NOVEMBER_S: Money.parse("310.00 EUR"),
        MOVED: Money.parse("130.00 EUR"),
    }
    said = " ".join(row.detail or "" for row in answer.coverage)
    assert "2026-11-05..2026-12-05 and 2026-11-12..2026-12-12 overlap" in said
    assert State.PARTIAL in {row.state for row in answer.coverage}


async def test_a_cycle_that_gives_way_to_what_the_store_has_is_named(world: World) -> None:
    await keep(world, datetime(2026, 11, 10, tzinfo=UTC), cycle("310.00", NOVEMBER_S))
    world.now = datetime(2026, 11, 20, tzinfo=UTC)
    world.script.usage = [cycle("120.00", MOVED)]
    async with fold(world) as asked:
        answer = await asked.usage(NOVEMBER)
    assert answer.totals(partial=True) == {"EUR": Money.parse("310.00 EUR")}
    assert answer.coverage[0].detail == (
        "from the store, read at 2026-11-10T00:00:00Z; acme a: "
        "what was read is of 2026-11-05..2026-12-05; 2026-11-01..2026-11-05 is not in the store; "
        "120.00 EUR of 2026-11-12..2026-12-12, as stated now, is not counted beside it"
    )


async def first_is_kept_and_third_runs(world: World) -> None:
    await keep(world, datetime(2026, 11, 5, 0, 30, tzinfo=UTC), cycle("310.00", OCTOBER_S))
    world.now = datetime(2026, 12, 6, tzinfo=UTC)
    world.script.usage = [cycle("11.00", DECEMBER_S)]


async def test_time_between_two_cycles_that_nobody_has_is_named(world: World) -> None:
    await first_is_kept_and_third_runs(world)
    async with fold(world) as asked:
        answer = await asked.usage(Period.parse("2026-Q4"))
    assert answer.totals(partial=True) == {"EUR": Money.parse("321.00 EUR")}
    unread = "2026-10-01..2026-10-05, 2026-11-05..2026-12-05 is not in the store"
    *rows, before = answer.coverage
    assert rows
    assert all((row.detail or "").endswith(unread) for row in rows)
    assert (before.detail or "").startswith("2026-Q4: nothing was read before ")  # so of October


async def test_time_after_a_kept_cycle_that_nobody_has_is_named(world: World) -> None:
    await first_is_kept_and_third_runs(world)
    world.script.usage = [Reading(state=State.UNAVAILABLE, detail="only the running cycle")]
    async with fold(world) as asked:
        answer = await asked.usage(NOVEMBER)
    assert answer.coverage[0].detail == (
        "from the store, read at 2026-11-05T00:30:00Z; acme a: "
        "what was read is of 2026-10-05..2026-11-05; 2026-11-05..2026-12-01 is not in the store"
    )


async def renamed_after_the_first_of_three(world: World) -> Account:
    """Keep a cycle of 31.00 under an older name and one of 30.00 under the new: 1.00 a day."""
    world.scripts = {"old": Script()}
    await watched(world)
    world.script.usage = [as_asked(cycle("31.00", OCTOBER_S))]
    await world.sync(datetime(2026, 11, 5, 0, 30, tzinfo=UTC))
    world.scripts = {"new": Script([as_asked(cycle("30.00", NOVEMBER_S))])}
    await world.sync(datetime(2026, 12, 5, 0, 30, tzinfo=UTC))
    world.now = datetime(2026, 12, 6, tzinfo=UTC)
    said = Reading[Any]((), DECEMBER_S, State.UNAVAILABLE, "only the running cycle", part="a")
    return Account("new", InCycles(Script([said])), Secret("token-0123456789"))


async def test_a_month_of_two_cycles_has_the_older_name_s_when_both_are_over(world: World) -> None:
    account = await renamed_after_the_first_of_three(world)
    async with Billfold(
        [account], clock=lambda: world.now, store=world.folder, stored="missing"
    ) as asked:
        answer = await asked.usage(NOVEMBER)
        view = await asked.costs(NOVEMBER, by="month", spread=True)
    assert answer.totals(partial=True) == {"EUR": Money.parse("61.00 EUR")}  # 31.00 and 30.00
    assert "not in the store" not in " ".join(row.detail or "" for row in answer.coverage)
    assert view.native == {"EUR": Money.parse("30.00 EUR")}  # 4 days and 26 days
    assert view.complete


async def test_what_the_older_name_did_not_read_either_is_not_in_the_store(world: World) -> None:
    account = await renamed_after_the_first_of_three(world)
    october = Period.month(2026, 10)
    async with Billfold(
        [account], clock=lambda: world.now, store=world.folder, stored="missing"
    ) as asked:
        answer = await asked.usage(october)
        view = await asked.costs(october, by="month", spread=True, partial=True)
    assert answer.totals(partial=True) == {"EUR": Money.parse("31.00 EUR")}
    assert not answer.complete
    assert view.native == {"EUR": Money.parse("27.00 EUR")}  # from the 5th to the 31st
    assert not view.complete
