"""Asked for what runs, the store answers for the cycles that do, as their provider would."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from billfold import Money, Period, State
from billfold.adapter import Reading
from billfold.errors import ForbiddenError
from store.cycles import as_asked, cycle
from store.world import Script, World, charge, part, whole

ENDED = Period.days(date(2026, 10, 20), date(2026, 11, 20))
RUNNING = Period.days(date(2026, 11, 20), date(2026, 12, 20))
JUST_AFTER = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 22, tzinfo=UTC)


async def ended(world: World) -> None:
    world.script.usage = whole(charge("a", "62.00", covers=ENDED), covers=ENDED)
    await world.sync(JUST_AFTER)


async def current(world: World) -> tuple[str, State, Period | None]:
    async with world.history() as history:
        answer = await history.usage()
    (row,) = answer.coverage
    (total,) = answer.totals(partial=True).values()
    return str(total), row.state, row.covers


async def test_a_cycle_that_ended_in_the_month_is_not_added_to_the_running_one(
    world: World,
) -> None:
    await ended(world)
    world.script.usage = whole(charge("b", "1.00", covers=RUNNING), covers=RUNNING)
    await world.sync(LATER)
    assert await current(world) == ("1.00 EUR", State.COMPLETE, RUNNING)
    async with world.history() as history:
        both = await history.usage(Period.month(2026, 11))
    assert both.totals(partial=True) == {"EUR": Money.parse("63 EUR")}


async def test_a_cycle_that_runs_no_more_is_another_window(world: World) -> None:
    await ended(world)
    world.now = LATER
    assert await current(world) == ("62.00 EUR", State.DIFFERENT_WINDOW, ENDED)


async def test_of_a_project_that_was_deleted_the_ended_cycle_does_not_run(world: World) -> None:
    november, now = Period.month(2026, 11), datetime(2026, 11, 25, tzinfo=UTC)
    other = cycle("30.00", november, "other")
    world.script.usage = [as_asked(cycle("62.00", ENDED, "gone")), as_asked(other)]
    await world.sync(datetime(2026, 11, 19, tzinfo=UTC))
    world.now = now
    assert await current(world) == ("92.00 EUR", State.PARTIAL, Period(ENDED.start, november.end))
    world.script.usage = [as_asked(other)]  # so the next cycle did not begin
    await world.sync(now)
    assert await current(world) == ("30.00 EUR", State.COMPLETE, november)
    async with world.history() as history:
        both = await history.usage(november)
    assert both.totals(partial=True) == {"EUR": Money.parse("92 EUR")}


async def test_a_running_cycle_that_was_read_in_part_is_partial(world: World) -> None:
    await ended(world)
    world.script.usage = part(charge("b", "1.00", covers=RUNNING), covers=RUNNING)
    await world.sync(LATER)
    total, state, _ = await current(world)
    assert (total, state) == ("1.00 EUR", State.PARTIAL)


async def of(world: World, *names: str) -> tuple[str, set[State]]:
    async with world.history() as history:
        answer = await history.usage(accounts=list(names) or None)
    totals = answer.totals(partial=True).values()
    return ", ".join(map(str, totals)), {row.state for row in answer.coverage}


def stating(*cycles: Reading[Any]) -> Script:
    return Script([*map(as_asked, cycles)])


ASKED = [(), ("old",), ("new",)]


@pytest.mark.parametrize("names", ASKED)
async def test_what_ended_under_an_older_name_is_not_added_to_what_runs(
    world: World, names: tuple[str, ...]
) -> None:
    world.scripts = {"old": stating(cycle("62.00", ENDED), cycle("5.00", ENDED, "b"))}
    await world.sync(ENDED.end - timedelta(minutes=1))
    world.scripts = {"new": stating(cycle("1.00", RUNNING), cycle("0.50", RUNNING, "b"))}
    await world.sync(LATER)
    assert await of(world, *names) == ("1.50 EUR", {State.COMPLETE})


@pytest.mark.parametrize("names", ASKED)
async def test_nor_is_what_two_accounts_read_before_one_of_them_was_left(
    world: World, names: tuple[str, ...]
) -> None:
    world.scripts = {name: stating(cycle("62.00", ENDED)) for name in ("old", "new")}
    await world.sync(ENDED.end - timedelta(minutes=1))
    world.scripts = {"new": stating(cycle("1.00", RUNNING))}
    await world.sync(LATER)
    assert await of(world, *names) == ("1.00 EUR", {State.COMPLETE})


async def test_what_runs_of_another_project_takes_the_place_of_none(world: World) -> None:
    world.scripts = {"old": stating(cycle("62.00", ENDED))}
    await world.sync(JUST_AFTER)
    world.scripts = {"new": stating(cycle("1.00", RUNNING, "b"))}
    await world.sync(LATER)
    assert await of(world, "old") == ("62.00 EUR", {State.DIFFERENT_WINDOW})
    assert (await of(world))[0] == "63.00 EUR"  # 62.00 and 1.00


async def test_an_account_that_was_asked_in_vain_is_not_known_by_what_another_has(
    world: World,
) -> None:
    world.scripts = {"old": stating(cycle("62.00", ENDED))}
    await world.sync(ENDED.end - timedelta(minutes=1))
    failed = Reading[Any](state=State.FAILED, error=ForbiddenError("busy"))
    world.scripts = {"old": Script([failed]), "new": stating(cycle("1.00", RUNNING))}
    await world.sync(LATER)
    total, states = await of(world, "old")
    assert total == "1.00 EUR"
    assert states != {State.COMPLETE}
