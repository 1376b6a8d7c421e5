"""Asked for what runs, the store answers for the cycles that do, as their provider would."""

from datetime import UTC, date, datetime

from billfold import Money, Period, State
from store.cycles import as_asked, cycle
from store.world import World, charge, part, whole

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
