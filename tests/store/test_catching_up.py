"""A month that was read while it ran is asked for once more when it is over, as long as it helps."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from attrs import evolve, frozen

from billfold import Account, Period, Secret, State, Stream
from billfold.adapter import Declaration, LateData, Reading
from billfold.store.book import Book
from billfold.store.catching_up import unfinished
from store.cycles import InCycles
from store.test_moved_organization import STREAMS, stating
from store.world import (
    MID_NOVEMBER,
    MID_OCTOBER,
    OCTOBER,
    Script,
    Scripted,
    World,
    charge,
    part,
    whole,
)

LAST_MINUTES = datetime(2026, 10, 31, 23, 58, tzinfo=UTC)
DAY = timedelta(days=1)


@frozen(eq=False)
class Late(Scripted):
    """An adapter whose provider states a lease once its job has ended, which takes two days."""

    declares: ClassVar[Declaration] = evolve(
        Scripted.declares,
        late_data={Stream.USAGE: LateData(timedelta(days=2), "jobs take a while")},
    )


@frozen(eq=False)
class VeryLate(Scripted):
    """An adapter whose provider states more for sixty days."""

    declares: ClassVar[Declaration] = evolve(
        Scripted.declares, late_data={Stream.USAGE: LateData(timedelta(days=60), "bills follow")}
    )


def asked_again(
    world: World,
    now: datetime = MID_NOVEMBER,
    adapter: type[Scripted] = Scripted,
    streams: tuple[Stream, ...] = (Stream.USAGE, Stream.BALANCES),
) -> list[tuple[str, Stream, Period]]:
    accounts = [
        Account(name, adapter(script), Secret("token-0123456789"))
        for name, script in world.scripts.items()
    ]
    found = unfinished(Book(str(world.folder)), accounts, streams, now)
    return [(each.account.name, each.stream, each.period) for each in found]


async def test_what_was_read_last_while_it_ran_is_asked_for_until_it_is_answered(
    world: World,
) -> None:
    assert asked_again(world) == []
    world.script.usage = whole(charge("a", "10.50"))
    await world.sync(LAST_MINUTES)
    assert asked_again(world, LAST_MINUTES) == []
    assert asked_again(world) == [("one", Stream.USAGE, OCTOBER)]
    world.script.usage = part(charge("a", "10.50"))
    await world.sync(MID_NOVEMBER, OCTOBER)
    assert asked_again(world) == [("one", Stream.USAGE, OCTOBER)]
    world.script.usage = whole(charge("a", "10.75"))
    await world.sync(MID_NOVEMBER, OCTOBER)
    assert asked_again(world) == []


async def test_of_running_cycles_no_month_is_asked_for_as_they_are_all_that_there_is(
    world: World,
) -> None:
    """Asked for October, a reply would have no cycle of a project whose next one began by then."""
    world.script.usage = whole(charge("a", "10.50"))
    await world.sync(LAST_MINUTES)
    every = (Stream.USAGE, Stream.INVOICES)
    assert asked_again(world, adapter=InCycles) == []
    world.script.invoices = [Reading((), OCTOBER)]
    await world.sync(LAST_MINUTES, streams=every)
    assert asked_again(world, adapter=InCycles, streams=every) == [
        ("one", Stream.INVOICES, OCTOBER)
    ]


@pytest.mark.parametrize("state", [State.FAILED, State.TIMED_OUT])
async def test_a_month_in_which_every_reading_failed_is_asked_for_when_it_is_over(
    world: World, state: State
) -> None:
    world.script.usage = [Reading((), None, state, "503")]
    await world.sync(LAST_MINUTES)
    assert asked_again(world) == [("one", Stream.USAGE, OCTOBER)]
    world.script.usage = whole(charge("a", "10.75"))
    await world.sync(MID_NOVEMBER, OCTOBER)
    assert asked_again(world) == []


@pytest.mark.parametrize("state", [State.UNAVAILABLE, State.DIFFERENT_WINDOW])
async def test_a_provider_that_cannot_answer_any_more_is_asked_once(
    world: World, state: State
) -> None:
    world.script.usage = whole(charge("a", "10.50"))
    await world.sync(LAST_MINUTES)
    covers = Period.month(2026, 11) if state is State.DIFFERENT_WINDOW else None
    world.script.usage = [Reading((), covers, state, "only what runs is known")]
    await world.sync(MID_NOVEMBER, OCTOBER)
    assert asked_again(world) == []


async def test_a_provider_that_states_more_when_a_month_is_over_is_asked_until_that_is_done(
    world: World,
) -> None:
    """Two days are the provider's own: what it states on the first of November is not all."""
    again = [("one", Stream.USAGE, OCTOBER)]
    world.script.usage = whole(charge("a", "1.00"))
    for read, then in (
        (datetime(2026, 11, 1, 0, 10, tzinfo=UTC), again),
        (datetime(2026, 11, 2, 23, 59, tzinfo=UTC), again),
        (datetime(2026, 11, 3, tzinfo=UTC), []),
    ):
        await world.sync(read, OCTOBER)
        assert asked_again(world, read, Late) == then
        assert asked_again(world, read) == []


async def test_who_syncs_once_a_month_asks_for_a_month_until_it_is_final(world: World) -> None:
    """The first of November is too early for October, the first of December is not."""
    world.script.usage = whole(charge("a", "1.00"))
    await world.sync(datetime(2026, 10, 1, 0, 10, tzinfo=UTC))
    await world.sync(datetime(2026, 11, 1, 0, 10, tzinfo=UTC), OCTOBER)
    december = datetime(2026, 12, 1, 0, 10, tzinfo=UTC)
    assert asked_again(world, december, Late) == [("one", Stream.USAGE, OCTOBER)]
    assert asked_again(world, december) == []
    # Half a year after the third of November.
    for day, then in (4, [("one", Stream.USAGE, OCTOBER)]), (6, []):
        assert asked_again(world, datetime(2027, 5, day, tzinfo=UTC), Late) == then
    world.script.usage = whole(charge("a", "1.40"))
    await world.sync(december, OCTOBER)
    assert asked_again(world, december, Late) == []


async def test_a_month_of_which_nothing_was_answered_in_time_is_given_up(world: World) -> None:
    """Else each month of an account that was closed would be asked for, sync by sync."""
    world.script.usage = [Reading((), None, State.FAILED, "503")]
    await world.sync(LAST_MINUTES)
    await world.sync(MID_NOVEMBER, OCTOBER)
    assert asked_again(world, MID_NOVEMBER, Late) == [("one", Stream.USAGE, OCTOBER)]
    assert asked_again(world, datetime(2026, 12, 1, 0, 10, tzinfo=UTC), Late) == []


@pytest.mark.parametrize(("day", "months"), [(29, [9, 10]), (30, [10])])
async def test_every_month_that_may_still_grow_is_asked_for_and_the_oldest_first(
    world: World, day: int, months: list[int]
) -> None:
    """Sixty days after September is 30 November."""
    world.scripts["two"] = Script()
    for script in world.scripts.values():
        script.usage = [Reading((), None, State.FAILED, "503")]
    for month in (8, 9, 10, 11):
        await world.sync(datetime(2026, month, 20, tzinfo=UTC))
    assert asked_again(world, datetime(2026, 11, day, tzinfo=UTC), VeryLate) == [
        (name, Stream.USAGE, Period.month(2026, month))
        for month in months
        for name in world.scripts
    ]


def without_bee(script: Script) -> Script:
    """Return a script whose days and entries are acme's alone: bee used nothing yet."""
    acme = stating("acme")
    return evolve(script, daily=acme.daily, ledger=acme.ledger)


@pytest.mark.parametrize("is_idle", [False, True])
async def test_a_month_that_lost_an_organization_before_its_end_is_asked_for_while_it_is_the_last(
    world: World, is_idle: bool
) -> None:
    both = stating("acme", "bee")
    for at, script in (
        (MID_OCTOBER, without_bee(both) if is_idle else both),
        (MID_NOVEMBER, stating("acme")),
    ):
        world.scripts = {"a": script}
        await world.sync(at, OCTOBER, streams=STREAMS)
    again = [("a", stream, OCTOBER) for stream in STREAMS if stream is not Stream.BALANCES]
    assert asked_again(world, MID_NOVEMBER, streams=STREAMS) == again
    assert asked_again(world, datetime(2026, 11, 30, 23, tzinfo=UTC), streams=STREAMS) == again
    assert asked_again(world, datetime(2026, 12, 1, tzinfo=UTC), streams=STREAMS) == []
    world.scripts = {"a": both}
    await world.sync(MID_NOVEMBER + DAY, OCTOBER, streams=STREAMS)
    assert asked_again(world, MID_NOVEMBER + DAY, streams=STREAMS) == []


async def test_one_that_is_lost_after_the_month_was_read_to_its_end_is_not_asked_for(
    world: World,
) -> None:
    for at, names in ((MID_NOVEMBER, ("acme", "bee")), (MID_NOVEMBER + DAY, ("acme",))):
        world.scripts = {"a": stating(*names)}
        await world.sync(at, OCTOBER, streams=STREAMS)
    assert asked_again(world, MID_NOVEMBER + DAY, streams=STREAMS) == []


async def test_one_that_has_an_account_of_its_own_is_not_asked_for(world: World) -> None:
    for at, scripts in (
        (MID_OCTOBER, {"a": stating("acme", "bee")}),
        (MID_OCTOBER + DAY, {"a": stating("acme")}),
        (MID_NOVEMBER, {"a": stating("acme"), "b": stating("bee")}),
    ):
        world.scripts = scripts
        await world.sync(at, OCTOBER, streams=STREAMS)
    assert asked_again(world, MID_NOVEMBER, streams=STREAMS) == []


async def test_an_empty_answer_where_something_is_known_is_asked_for_again(world: World) -> None:
    world.script.usage = whole(charge("a", "5.00"))
    await world.sync(MID_OCTOBER)
    world.script.usage = [Reading()]
    await world.sync(datetime(2026, 11, 1, 0, 10, tzinfo=UTC), OCTOBER)
    assert asked_again(world) == [("one", Stream.USAGE, OCTOBER)]
    world.script.usage = whole(charge("a", "5.10"))
    await world.sync(datetime(2026, 11, 2, tzinfo=UTC), OCTOBER)
    assert asked_again(world) == []
    assert await world.total() == "5.10 EUR"


@pytest.mark.parametrize("state", [State.COMPLETE, State.PARTIAL])
async def test_a_month_of_which_something_was_read_is_asked_for_half_a_year(
    world: World, state: State
) -> None:
    """Half a year, 183 days, after the first of November is the third of May."""
    world.script.usage = [evolve(*whole(charge("a", "1.00")), state=state, detail="so far")]
    await world.sync(MID_OCTOBER)
    world.script.usage = [Reading((), None, State.FAILED, "401")]
    await world.sync(MID_NOVEMBER, OCTOBER)
    for now in (datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 5, 2, 23, tzinfo=UTC)):
        assert asked_again(world, now) == [("one", Stream.USAGE, OCTOBER)]
    assert asked_again(world, datetime(2027, 5, 3, tzinfo=UTC)) == []
    world.script.usage = whole(charge("a", "1.40"))
    await world.sync(datetime(2026, 12, 1, tzinfo=UTC), OCTOBER)
    assert asked_again(world, datetime(2026, 12, 2, tzinfo=UTC)) == []
