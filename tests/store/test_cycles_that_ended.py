"""A billing cycle that had ended stands as it was read, whatever later readings were cut off.

Web is billed from the 10th, db from the 1st. Of October are 9 of 30 days of web's first cycle over
30.00, 22 of 31 days of its second one over 31.00, and all of db's: 31.00 at first, 32.00 later.
"""

from datetime import UTC, date, datetime, timedelta

from billfold import Coverage, Period, State
from billfold.adapter import Reading
from billfold.errors import ForbiddenError
from store.cycles import cycle, keep
from store.world import NOVEMBER, OCTOBER, World

SEPTEMBER = Period.month(2026, 9)
FIRST = Period.days(date(2026, 9, 10), date(2026, 10, 10))
SECOND = Period.days(date(2026, 10, 10), date(2026, 11, 10))
BUSY = Reading(part="web", error=ForbiddenError("busy"))
EARLY, HOUR = timedelta(minutes=2), timedelta(hours=1)
ON_14, ON_15 = datetime(2026, 10, 14, tzinfo=UTC), datetime(2026, 10, 15, 6, tzinfo=UTC)
IN_PART = "as read until 2026-10-09T23:57:00Z, and in part until 2026-10-09T23:58:00Z"


async def the_rest(world: World) -> None:
    """Read what runs whole before each cycle's end, and once more later."""
    db = cycle("32.00", OCTOBER, "db")
    await keep(world, ON_15 + timedelta(days=1), cycle("31.00", SECOND, "web"), db)
    await keep(world, OCTOBER.end - EARLY, cycle("31.00", SECOND, "web"), db)
    for moment in (SECOND.end - EARLY, SECOND.end - EARLY + HOUR):
        third = Period.days(date(2026, 11, 10), date(2026, 12, 10))
        web = cycle("31.00", SECOND, "web") if moment in SECOND else cycle("30.00", third, "web")
        await keep(world, moment, web, cycle("30.00", NOVEMBER, "db"))


async def october(world: World) -> tuple[str, Coverage]:
    async with world.history(tolerance=HOUR) as history:
        view = await history.costs(OCTOBER, by="month", spread=True, partial=True)
    (found,) = [row for row in view.rows if row.keys == ("2026-10",)]
    (row,) = view.coverage
    return str(found.native["EUR"]), row


async def test_what_another_project_cost_since_changes_nothing_in_it(world: World) -> None:
    web = cycle("30.00", FIRST, "web")
    await keep(world, SEPTEMBER.end - EARLY, web, cycle("30.00", SEPTEMBER, "db"))
    db = cycle("31.00", OCTOBER, "db")
    await keep(world, FIRST.end - EARLY, web, db)
    await keep(world, ON_14, cycle("31.00", SECOND, "web"), db)
    await keep(world, ON_15, BUSY, cycle("32.00", OCTOBER, "db"))
    await the_rest(world)
    total, row = await october(world)
    assert (total, row.state) == ("63.00 EUR", State.COMPLETE)  # 9.00, 22.00 and 32.00
    assert "estimated" in (row.detail or "")
    assert "in part" not in (row.detail or "")


async def with_a_last_minute(world: World, *last: Reading) -> tuple[str, Coverage]:
    """Read web's first cycle whole three minutes before its end, and in part a minute later."""
    db = cycle("31.00", OCTOBER, "db")
    await keep(world, FIRST.end - timedelta(minutes=3), cycle("29.00", FIRST, "web"), db)
    await keep(world, FIRST.end - EARLY, *last)
    await keep(world, ON_15, BUSY, cycle("32.00", OCTOBER, "db"))
    await the_rest(world)
    return await october(world)


async def test_one_that_such_a_reading_restated_itself_is_partial(world: World) -> None:
    failed = Reading(part="db", error=ForbiddenError("busy"))
    total, row = await with_a_last_minute(world, cycle("30.00", FIRST, "web"), failed)
    assert (total, row.state) == ("63.00 EUR", State.PARTIAL)
    assert (row.detail or "").startswith(IN_PART)


async def test_one_of_which_such_a_reading_had_nothing_is_known_as_it_was(world: World) -> None:
    total, row = await with_a_last_minute(world, BUSY, cycle("31.50", OCTOBER, "db"))
    assert (total, row.state) == ("62.70 EUR", State.COMPLETE)  # 9 of 30 days of 29.00 are 8.70
    assert (row.detail or "").startswith(
        "as read until 2026-10-09T23:57:00Z; acme web: what was read is of 2026-09-10..2026-11-10"
    )
