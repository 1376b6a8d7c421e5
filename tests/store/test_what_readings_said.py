"""What a reading said beside its records stays with the answers that it stands in."""

from attrs import evolve

from billfold import State, Stream
from billfold.adapter import Reading
from store.world import MID_OCTOBER, NOVEMBER, OCTOBER, World, charge, part, prepaid, usage, whole

UNREAD = "not read: `$.discount_cents`"


async def test_an_amount_that_was_not_read_is_named_from_the_store(world: World) -> None:
    (read,) = whole(charge("a", "1.00"))
    world.script.usage = [evolve(read, detail=UNREAD)]
    await world.sync(MID_OCTOBER)
    said = f"read at 2026-10-20T12:00:00Z: {UNREAD}"
    assert await world.state() == (State.COMPLETE, said)
    world.script.usage = part(charge("a", "1.00"))
    await world.sync(MID_OCTOBER)
    state, detail = await world.state()
    assert state is State.PARTIAL
    assert str(detail).startswith(f"{said}; the reading of 2026-10-20T12:00:00Z was partial")


async def test_what_a_later_whole_reading_does_not_say_is_gone(world: World) -> None:
    (read,) = whole(charge("a", "1.00"))
    world.script.usage = [evolve(read, detail=UNREAD)]
    await world.sync(MID_OCTOBER)
    world.script.usage = [read]
    await world.sync(NOVEMBER.start, OCTOBER)
    assert await world.state() == (State.COMPLETE, None)


async def test_an_amount_beside_balances_is_named_from_the_store(world: World) -> None:
    (read,) = prepaid("5.00", MID_OCTOBER)
    world.script.balances = [evolve(read, detail=UNREAD)]
    await world.sync(MID_OCTOBER, streams=(Stream.BALANCES,))
    async with world.history() as history:
        (row,) = (await history.balances()).coverage
    assert (row.state, row.detail) == (
        State.COMPLETE,
        f"as read at 2026-10-20T12:00:00Z; {UNREAD}",
    )


async def test_of_two_organizations_the_one_that_was_not_read_is_told(world: World) -> None:
    world.script.usage = [
        Reading(state=State.UNAVAILABLE, detail="A is of another month", part="A"),
        Reading((usage(charge("a", "1.00")),), OCTOBER, part="B"),
    ]
    await world.sync(MID_OCTOBER)
    assert await world.state() == (
        State.PARTIAL,
        "read in part only; the reading of 2026-10-20T12:00:00Z was unavailable: "
        "A is of another month",
    )
