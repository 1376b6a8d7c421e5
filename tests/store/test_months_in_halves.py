"""A month that was too large for one reply was read in halves: it is one month all the same."""

from datetime import UTC, date, datetime

from billfold import Period, State
from billfold.adapter import Reading
from billfold.model import Usage
from store.world import MID_NOVEMBER, NOVEMBER, World, charge, usage

FIRST = Period.days(date(2026, 11, 1), date(2026, 11, 16))
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
