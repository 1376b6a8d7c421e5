"""A sync that ended between its rows and what it says of them: its windows are not known whole."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from billfold import Account, Billfold, Period, Secret, State, Stream
from billfold.store.book import Book
from billfold.store.booking import book
from billfold.store.catching_up import unfinished
from store.cycles import InCycles, as_asked, cycle
from store.test_replay import Crash, Crashing
from store.world import (
    MID_NOVEMBER,
    NOVEMBER,
    OCTOBER,
    Script,
    Scripted,
    World,
    charge,
    part,
    whole,
)

DAY, TOKEN = timedelta(days=1), Secret("token-0123456789")
SAID = "the reading of 2026-11-21T12:00:00Z was partial: a sync was cut off while it was booked"


async def killed(world: World, period: Period | None = OCTOBER) -> None:
    """Read a month, or what runs, again in another store, and end as it is booked here."""
    other = World(world.folder.with_name("other"), scripts=world.scripts)
    (read,) = await other.sync(MID_NOVEMBER + DAY, period)
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


async def test_so_it_is_under_another_name(world: World) -> None:
    """Of October the old name of the account has 10.00, of which a killed sync made 12.00."""
    world.scripts = {"old": Script(whole(charge("a", "10.00")))}
    await world.sync(MID_NOVEMBER, OCTOBER)
    world.script.usage = whole(charge("a", "12.00"))
    await killed(world)
    november = whole(charge("n", "1.00", covers=NOVEMBER), covers=NOVEMBER)
    world.scripts = {"new": Script(november)}
    await world.sync(MID_NOVEMBER + 2 * DAY, NOVEMBER)
    state, said = await world.state(accounts=["new"])
    total = await world.total(accounts=["new"])
    assert (total, state) == ("12.00 EUR", State.PARTIAL)
    assert SAID in (said or "")
    assert (await world.state(NOVEMBER, accounts=["new"]))[0] is State.COMPLETE


async def test_so_it_is_of_what_a_provider_forgot(world: World) -> None:
    """Asked under the new name, the provider states the running cycle of 5.00 alone."""
    first = Period.parse("2026-10-01..2026-11-10")
    world.scripts = {"old": Script([as_asked(cycle("10.00", first))])}
    await world.sync(MID_NOVEMBER)
    world.script.usage = [as_asked(cycle("12.00", first))]
    await killed(world, None)
    running = cycle("5.00", Period(first.end, datetime(2026, 12, 10, tzinfo=UTC)))
    account = Account("new", InCycles(Script([evolve(running, part="a")])), TOKEN)
    world.now = MID_NOVEMBER + 2 * DAY
    given = {"clock": lambda: world.now, "store": world.folder, "stored": "missing"}
    async with Billfold([account], **given) as fold:
        answer = await fold.usage(Period(first.start, NOVEMBER.end))
    assert [str(each) for each in answer.totals(partial=True).values()] == ["17.00 EUR"]
    (row,) = [row for row in answer.coverage if SAID in (row.detail or "")]
    assert row.state is State.PARTIAL


async def test_it_is_asked_for_once_more_though_it_was_final(world: World) -> None:
    """A killed sync made 12.00 of 10.00; the next plain one reads October again, and no other."""
    world.script.usage = whole(charge("a", "10.00"))
    await world.sync(MID_NOVEMBER, OCTOBER)
    assert again(world) == []
    world.script.usage = whole(charge("a", "12.00"))
    await killed(world)
    assert again(world) == [("one", OCTOBER)]
    world.script.usage = part(charge("a", "12.00"))
    await world.sync(MID_NOVEMBER + 2 * DAY, OCTOBER)
    assert again(world) == [("one", OCTOBER)]
    world.script.usage = whole(charge("a", "12.00"))
    await world.sync(MID_NOVEMBER + 2 * DAY, OCTOBER)
    assert again(world) == []
    assert await world.state() == (State.COMPLETE, None)


def again(world: World) -> list[tuple[str, Period | None]]:
    accounts = [Account(name, Scripted(own), TOKEN) for name, own in world.scripts.items()]
    found = unfinished(Book(str(world.folder)), accounts, [Stream.USAGE], MID_NOVEMBER + 3 * DAY)
    return [(each.account.name, each.period) for each in found]
