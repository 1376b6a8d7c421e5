"""What is known of other time than was asked for names whose it is, and which time."""

from datetime import UTC, date, datetime

from billfold import Period, State
from store.cycles import cycle, keep, watched
from store.world import NOVEMBER, OCTOBER, World, charge, whole

FIRST = Period.days(date(2026, 10, 20), date(2026, 11, 20))
ON_19, ON_22 = (datetime(2026, 11, day, tzinfo=UTC) for day in (19, 22))
JUST_AFTER = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)


async def test_projects_whose_cycle_is_not_the_month_asked_are_named(world: World) -> None:
    await watched(world)
    db, web = cycle("30.00", NOVEMBER, "db"), cycle("62.00", FIRST, "web")
    await keep(world, ON_19, db, web, cycle("31.00", FIRST, "api"))
    async with world.history() as history:
        rows = (await history.usage(NOVEMBER)).coverage
    said = "acme api, acme web: what was read is of 2026-10-20..2026-11-20"
    assert {(row.state, row.detail) for row in rows} == {(State.DIFFERENT_WINDOW, said)}


async def test_projects_whose_cycle_has_ended_are_named_where_what_runs_was_asked(
    world: World,
) -> None:
    await watched(world)
    await keep(world, JUST_AFTER, cycle("62.00", FIRST, "web"))
    world.now = ON_22
    async with world.history() as history:
        (row,) = (await history.usage()).coverage
    assert (row.state, row.detail) == (
        State.DIFFERENT_WINDOW,
        "acme web: what was read has ended, and nothing was read of what runs",
    )


async def test_some_days_of_a_month_are_named_too(world: World) -> None:
    days = Period.days(date(2026, 10, 5), date(2026, 10, 15))
    world.script.usage = whole(charge("a", "1.00", covers=days), covers=days)
    await world.sync(ON_19, days)
    assert await world.state(OCTOBER) == (
        State.DIFFERENT_WINDOW,
        "acme: what was read is of 2026-10-05..2026-10-15",
    )
