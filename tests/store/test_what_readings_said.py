"""What a reading said beside its records stays with the answers that it stands in."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from billfold import DailyCost, Money, Period, State, Stream
from billfold.adapter import Reading
from billfold.errors import ForbiddenError
from store.cycles import watched
from store.world import (
    MID_OCTOBER,
    NOVEMBER,
    OCTOBER,
    World,
    charge,
    entry,
    part,
    prepaid,
    usage,
    whole,
)

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


NO_MONTH = "the reply says that it is from 2026-10-05 to 2026-11-05, which is no month"


@pytest.mark.parametrize("asked", [None, OCTOBER])
@pytest.mark.parametrize("stream", [Stream.USAGE, Stream.DAILY, Stream.LEDGER])
async def test_what_says_that_it_is_of_another_window_than_it_covers_stays_so(
    world: World, stream: Stream, asked: Period | None
) -> None:
    """A reading that is no complete answer for October is none from the store either."""
    read: dict[Stream, Any] = {
        Stream.USAGE: usage(charge("a", "1.00")),
        Stream.DAILY: DailyCost(
            date=date(2026, 10, 2), cost=Money(Decimal("1.00"), "EUR"), billing_account_id="acme"
        ),
        Stream.LEDGER: entry("a", "-1.00", datetime(2026, 10, 2, tzinfo=UTC)),
    }
    told = Reading((read[stream],), OCTOBER, State.DIFFERENT_WINDOW, NO_MONTH)
    setattr(world.script, stream.value, [told])
    await world.sync(MID_OCTOBER, asked, streams=(stream,))
    async with world.history() as history:
        answer = await getattr(history, stream.value)(OCTOBER)
    (row,) = answer.coverage
    assert (answer.complete, len(answer.items)) == (False, 1)
    assert row.detail == (
        "2026-10 was read in part only; the reading of 2026-10-20T12:00:00Z was different_window: "
        + NO_MONTH
    )
    # What the provider says of October alone, later, is whole again.
    setattr(world.script, stream.value, [evolve(told, state=State.COMPLETE, detail=None)])
    await world.sync(MID_OCTOBER + timedelta(hours=1), asked, streams=(stream,))
    async with world.history() as history:
        assert (await getattr(history, stream.value)(OCTOBER)).complete


async def test_a_cycle_that_was_asked_for_by_its_month_is_known_whole(world: World) -> None:
    """Another window than the month, and all of it: the reading says so, and which."""
    await watched(world)
    cycle = Period.parse("2026-10-10..2026-11-10")
    billed = usage(charge("a", "1.00", covers=cycle), covers=cycle)
    world.script.usage = [Reading((billed,), cycle, State.DIFFERENT_WINDOW, "whole cycles only")]
    await world.sync(MID_OCTOBER, OCTOBER)
    assert (await world.state(cycle))[0] is State.COMPLETE
    assert (await world.state(OCTOBER))[0] is State.DIFFERENT_WINDOW


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
        Reading(state=State.UNAVAILABLE, detail="it is of another month", part="A"),
        Reading((usage(charge("a", "1.00")),), OCTOBER, part="B"),
    ]
    await world.sync(MID_OCTOBER)
    assert await world.state() == (
        State.PARTIAL,
        "2026-10 was read in part only; the reading of 2026-10-20T12:00:00Z was unavailable for A: "
        "it is of another month",
    )


async def test_the_one_that_failed_is_named_where_its_own_words_do_not(world: World) -> None:
    missing = ForbiddenError("no permission")
    world.script.usage = [
        Reading((usage(charge("a", "1.00")),), OCTOBER, part="A"),
        Reading(part="B", error=missing),
    ]
    (outcome,) = await world.sync(MID_OCTOBER)
    (row,) = outcome.reading.answer.coverage
    assert (row.part, row.said) == ("B", "B: no permission")
    assert await world.state() == (
        State.PARTIAL,
        "2026-10 was read in part only; the reading of 2026-10-20T12:00:00Z was partial for B: no permission",
    )
