"""A month that was too large for one reply was read in halves: it is one month all the same."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve

from billfold import Period, State
from billfold.adapter import Reading
from billfold.model import Usage
from billfold.store.check import check
from billfold.store.restatements import restatements
from store.world import MID_NOVEMBER, NOVEMBER, World, charge, usage

FIRST = Period.days(date(2026, 11, 1), date(2026, 11, 16))
LATER = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = Period.days(date(2026, 11, 16), date(2026, 12, 1))


def halves(first: str, second: str) -> list[Reading[Usage]]:
    """Return November in two readings, with a charge in each."""
    return [
        Reading((usage(charge(name, cost, covers=covers), covers=covers),), covers)
        for name, cost, covers in (("a", first, FIRST), ("b", second, SECOND))
    ]


async def test_what_runs_of_a_month_read_in_halves_is_both(world: World) -> None:
    world.script.usage = halves("15.00", "14.00")
    await world.sync(MID_NOVEMBER)
    async with world.history() as history:
        running = await history.usage()
        november = await history.usage(NOVEMBER)
    for answer in (running, november):
        (row,) = answer.coverage
        assert (row.state, row.covers, row.known_until) == (State.COMPLETE, NOVEMBER, MID_NOVEMBER)
        assert [str(each) for each in answer.totals().values()] == ["29.00 EUR"]  # 15.00 + 14.00


async def test_a_half_that_ended_is_another_window_where_no_other_was_read(world: World) -> None:
    world.script.usage = halves("15.00", "14.00")[:1]
    await world.sync(datetime(2026, 11, 17, tzinfo=UTC))
    async with world.history() as history:
        (row,) = (await history.usage()).coverage
    assert (row.state, row.covers) == (State.DIFFERENT_WINDOW, FIRST)


def in_one(first: str, second: str, **more: Any) -> list[Reading[Usage]]:
    """Return November in one reading, with the charges of both halves."""
    charges = charge("a", first, covers=FIRST), charge("b", second, covers=SECOND)
    return [Reading((usage(*charges, covers=NOVEMBER),), NOVEMBER, **more)]


def cut_off(readings: list[Reading[Usage]]) -> list[Reading[Usage]]:
    """Return the same readings, of which the last was cut off."""
    *before, last = readings
    return [*before, evolve(last, state=State.PARTIAL, detail="cut off")]


async def usages(world: World) -> list[tuple[Period, str]]:
    """Return the windows that are known of November, each with the sum of its charges."""
    async with world.history() as history:
        answer = await history.usage(NOVEMBER)
    (row,) = answer.coverage
    assert row.state is State.PARTIAL
    assert "was partial: cut off" in str(row.detail)
    return [(each.covers, str(*each.totals().values())) for each in answer]


async def is_sound(world: World) -> bool:
    async with world.history() as history:
        return not check(history.book, world.now).faults


@pytest.mark.parametrize("read", [1, 2])
async def test_halves_that_were_cut_off_leave_a_month_as_it_was_read_whole(
    world: World, read: int
) -> None:
    world.script.usage = in_one("1.50", "0.50")
    await world.sync(MID_NOVEMBER)
    world.script.usage = cut_off(halves("1.50", "0.60")[:read])
    await world.sync(LATER)
    assert await usages(world) == [(NOVEMBER, "2.00 EUR")]  # 1.50 + 0.50
    assert await is_sound(world)
    world.script.usage = halves("1.50", "0.60")
    await world.sync(LATER)
    assert await world.total(NOVEMBER) == "2.10 EUR"  # 1.50 + 0.60


async def test_a_month_that_was_cut_off_leaves_its_halves_as_they_were_read_whole(
    world: World,
) -> None:
    world.script.usage = halves("1.50", "0.50")
    await world.sync(MID_NOVEMBER)
    world.script.usage = cut_off(in_one("1.50", "0.60"))
    await world.sync(LATER)
    assert await usages(world) == [(FIRST, "1.50 EUR"), (SECOND, "0.50 EUR")]
    assert await is_sound(world)


async def test_halves_that_were_cut_off_restate_the_same_halves(world: World) -> None:
    world.script.usage = halves("1.50", "0.50")
    await world.sync(MID_NOVEMBER)
    world.script.usage = cut_off(halves("1.50", "0.60"))
    await world.sync(LATER)
    assert await usages(world) == [(FIRST, "1.50 EUR"), (SECOND, "0.60 EUR")]


async def test_a_month_that_was_never_whole_is_as_it_was_read_last(world: World) -> None:
    world.script.usage = cut_off(in_one("1.50", "0.50"))
    await world.sync(MID_NOVEMBER)
    world.script.usage = cut_off(halves("1.50", "0.60"))
    await world.sync(LATER)
    assert await usages(world) == [(FIRST, "1.50 EUR"), (SECOND, "0.60 EUR")]
    assert await is_sound(world)


@pytest.mark.parametrize("is_halved_first", [True, False])
async def test_a_part_of_the_month_has_every_charge_of_the_usage_as_it_was_read_last(
    world: World, *, is_halved_first: bool
) -> None:
    readings = [halves("15.00", "14.00"), in_one("15.00", "14.00")]
    for day, reading in enumerate(readings if is_halved_first else readings[::-1], 2):
        world.script.usage = reading
        await world.sync(datetime(2026, 12, day, tzinfo=UTC), NOVEMBER)
    # The whole month of 15.00 + 14.00, or its second half alone.
    expected = ["15.00 EUR", "14.00 EUR"] if is_halved_first else ["14.00 EUR"]
    window = NOVEMBER if is_halved_first else SECOND
    other = f"acme: what was read is of {window}"
    async with world.history() as history:
        answer = await history.usage(Period.days(date(2026, 11, 20), date(2026, 11, 25)))
        found = restatements(history.book, ["one"], NOVEMBER)
        assert check(history.book, world.now).faults == ()
    assert [str(each.cost) for one in answer for each in one.charges] == expected
    assert [row.detail for row in answer.coverage] == [other]
    assert "a" not in {each.record_id for each in found}
