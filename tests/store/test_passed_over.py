"""A project that a later whole reading does not state stays as it was read, and that is said."""

from datetime import timedelta

from billfold import Period, State
from billfold.adapter import Reading
from store.world import MID_NOVEMBER, NOVEMBER, OCTOBER, Script, World, charge, part, usage

DAY = timedelta(days=1)
SAID = "acme db: as read at 2026-11-20T12:00:00Z, no later reading states it"


def project(name: str, cost: str, covers: Period = OCTOBER) -> Script:
    """Return what a provider states of one project."""
    charges = charge(name, cost, covers=covers, sub_account_id=name)
    return Script([Reading((usage(charges, covers=covers, sub_account_id=name),), covers)])


def both(*scripts: Script) -> Script:
    """Return what a provider states of several projects in one reply."""
    readings = [each for script in scripts for each in script.usage]
    items = tuple(item for reading in readings for item in reading.items)
    return Script([Reading(items, readings[0].covers)])


async def test_what_a_later_reading_does_not_state_stays_and_is_told(world: World) -> None:
    world.scripts = {"one": both(project("web", "1.00"), project("db", "2.00"))}
    await world.sync(MID_NOVEMBER, OCTOBER)
    assert await world.state() == (State.COMPLETE, None)
    world.scripts = {"one": project("web", "1.25")}
    await world.sync(MID_NOVEMBER + DAY, OCTOBER)
    assert await world.total() == "3.25 EUR"
    assert await world.state() == (State.COMPLETE, SAID)


async def test_until_it_is_stated_again(world: World) -> None:
    two = both(project("web", "1.00"), project("db", "2.00"))
    for days, script in enumerate((two, project("web", "1.00"), two)):
        world.scripts = {"one": script}
        await world.sync(MID_NOVEMBER + days * DAY, OCTOBER)
    assert await world.state() == (State.COMPLETE, None)


async def test_a_reading_that_was_cut_off_passes_nothing_over(world: World) -> None:
    world.scripts = {"one": both(project("web", "1.00"), project("db", "2.00"))}
    await world.sync(MID_NOVEMBER, OCTOBER)
    world.scripts = {"one": Script(part(charge("web", "1.00")))}
    await world.sync(MID_NOVEMBER + DAY, OCTOBER)
    _, detail = await world.state()
    assert "no later reading" not in (detail or "")


async def test_nor_does_the_reading_of_another_month(world: World) -> None:
    world.scripts = {"one": project("db", "2.00")}
    await world.sync(MID_NOVEMBER, OCTOBER)
    world.scripts = {"one": project("web", "1.00", NOVEMBER)}
    await world.sync(MID_NOVEMBER + DAY, NOVEMBER)
    async with world.history() as history:
        answer = await history.usage(Period(OCTOBER.start, NOVEMBER.end))
    assert answer.complete
    assert [row.detail for row in answer.coverage] == [None]


async def test_what_was_taken_back_is_not_told(world: World) -> None:
    world.scripts = {"one": both(project("web", "1.00"), project("db", "2.00"))}
    await world.sync(MID_NOVEMBER, OCTOBER)
    nothing = usage(sub_account_id="db")
    world.scripts = {"one": both(project("web", "1.00"), Script([Reading((nothing,), OCTOBER)]))}
    await world.sync(MID_NOVEMBER + DAY, OCTOBER)
    _, detail = await world.state()
    assert "no later reading" not in (detail or "")
