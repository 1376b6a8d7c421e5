"""A sync that ended between its rows and what it says of them: its windows are not known whole."""

from datetime import timedelta

import pytest

from billfold import State
from billfold.store.book import Book
from billfold.store.booking import book
from store.test_replay import Crash, Crashing
from store.world import MID_NOVEMBER, NOVEMBER, OCTOBER, World, charge, part, whole

DAY = timedelta(days=1)
SAID = "the reading of 2026-11-21T12:00:00Z was partial: a sync was cut off while it was booked"


async def killed(world: World) -> None:
    """Read October again in another store, and end as it is booked here."""
    other = World(world.folder.with_name("other"), scripts=world.scripts)
    (read,) = await other.sync(MID_NOVEMBER + DAY, OCTOBER)
    store = Crashing(Book(str(world.folder)), "syncs", is_before=True)
    with pytest.raises(Crash):
        book(store, [read.reading], "killed", lambda: MID_NOVEMBER + DAY)


async def test_a_month_whose_rows_no_sync_is_known_of_is_partial_until_it_is_read_again(
    world: World,
) -> None:
    """10.00, of which a killed sync made 12.00; then all of it is read."""
    world.script.usage = whole(charge("a", "10.00"))
    await world.sync(MID_NOVEMBER, OCTOBER)
    world.script.usage = whole(charge("a", "12.00"))
    await killed(world)
    assert (await world.total(), await world.state()) == ("12.00 EUR", (State.PARTIAL, SAID))
    world.script.usage = whole(charge("n", "1.00", covers=NOVEMBER), covers=NOVEMBER)
    await world.sync(MID_NOVEMBER + 2 * DAY, NOVEMBER)
    assert (await world.state())[0] is State.PARTIAL
    assert (await world.state(NOVEMBER))[0] is State.COMPLETE
    world.script.usage = whole(charge("a", "12.00"))
    await world.sync(MID_NOVEMBER + 3 * DAY, OCTOBER)
    assert (await world.total(), await world.state()) == ("12.00 EUR", (State.COMPLETE, None))


async def test_a_sync_that_told_of_one_month_has_not_told_of_the_next(world: World) -> None:
    """5.00 and 5.00 of November, of which a sync that told of October makes 6.00, and dies."""
    fives = [charge(name, "5.00", covers=NOVEMBER) for name in "xy"]
    world.script.usage = whole(*fives, covers=NOVEMBER)
    await world.sync(MID_NOVEMBER - 10 * DAY, NOVEMBER)
    other = World(world.folder.with_name("other"), scripts=world.scripts)
    world.script.usage = whole(charge("q", "1.00"))
    (october,) = await other.sync(MID_NOVEMBER + DAY, OCTOBER)
    world.script.usage = part(charge("x", "6.00", covers=NOVEMBER), covers=NOVEMBER)
    (november,) = await other.sync(MID_NOVEMBER + DAY, NOVEMBER)
    store = Book(str(world.folder))
    book(store, [october.reading], "killed", lambda: MID_NOVEMBER + DAY)
    crashing = Crashing(store, "syncs", is_before=True)
    with pytest.raises(Crash):
        book(crashing, [november.reading], "killed", lambda: MID_NOVEMBER + DAY)
    world.now = MID_NOVEMBER + 2 * DAY
    state, said = await world.state(NOVEMBER)
    assert (await world.total(NOVEMBER), state) == ("11.00 EUR", State.PARTIAL)
    assert said is not None
    assert said.endswith("a sync was cut off while it was booked")
    assert await world.state(OCTOBER) == (State.COMPLETE, None)
