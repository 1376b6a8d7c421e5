"""A month that was read while it ran is asked for once more when it is over, as long as it helps."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from attrs import evolve, frozen

from billfold import Account, Period, Secret, State, Stream
from billfold.adapter import Declaration, LateData, Reading
from billfold.store.book import Book
from billfold.store.catching_up import unfinished
from store.world import MID_NOVEMBER, OCTOBER, Script, Scripted, World, charge, part, whole

LAST_MINUTES = datetime(2026, 10, 31, 23, 58, tzinfo=UTC)


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
    world: World, now: datetime = MID_NOVEMBER, adapter: type[Scripted] = Scripted
) -> list[tuple[str, Stream, Period]]:
    accounts = [
        Account(name, adapter(script), Secret("token-0123456789"))
        for name, script in world.scripts.items()
    ]
    found = unfinished(Book(str(world.folder)), accounts, (Stream.USAGE, Stream.BALANCES), now)
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
