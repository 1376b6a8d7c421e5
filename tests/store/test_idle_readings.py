"""An account is read before anything was used: that is about the running month, and until then.

A cycle from 12 November is read on the 20th with 80.00: 10.00 a day for eight days.
"""

from datetime import UTC, date, datetime

import pytest
from attrs import evolve

from billfold import Account, Billfold, Period, Secret, State
from billfold.adapter import Reading
from store.cycles import watched
from store.world import NOVEMBER, Scripted, World, charge, whole

IDLE = datetime(2026, 11, 10, tzinfo=UTC)
READ = datetime(2026, 11, 20, tzinfo=UTC)
CYCLE = Period.days(date(2026, 11, 12), date(2026, 12, 12))


async def first_used(world: World) -> None:
    await watched(world)
    world.script.usage = [Reading(())]
    await world.sync(IDLE)
    world.script.usage = whole(charge("vm", "80.00", covers=CYCLE), covers=CYCLE)
    await world.sync(READ)


async def test_what_is_used_after_it_is_known_until_it_was_read_itself(world: World) -> None:
    await first_used(world)
    for period in (None, NOVEMBER):
        async with world.history() as history:
            (row,) = (await history.usage(period)).coverage
            view = await history.costs(period, by="month", spread=True, partial=True)
        assert (row.covers, row.known_until) == (CYCLE, READ)
        assert [(each.keys, str(each.native["EUR"])) for each in view.rows] == [
            (("2026-11",), "80.00 EUR")
        ]


async def test_a_cycle_that_is_read_after_its_end_leaves_nothing_of_it(world: World) -> None:
    await first_used(world)
    world.script.usage = whole(charge("vm", "300.00", covers=CYCLE), covers=CYCLE)
    await world.sync(datetime(2026, 12, 12, 0, 30, tzinfo=UTC))
    assert await world.state(NOVEMBER) == (
        State.DIFFERENT_WINDOW,
        "acme: what was read is of 2026-11-12..2026-12-12",
    )


async def test_the_time_before_what_was_used_is_not_missing_where_nobody_had_a_cycle(
    world: World,
) -> None:
    await first_used(world)
    account = Account("one", Scripted(world.script), Secret("token-0123456789"))
    world.script.usage = [evolve(*world.script.usage, state=State.DIFFERENT_WINDOW)]
    async with Billfold(
        [account], clock=lambda: READ, stored="missing", store=world.folder
    ) as fold:
        (row,) = (await fold.usage(NOVEMBER)).coverage
    assert (row.state, row.covers, row.detail) == (State.DIFFERENT_WINDOW, CYCLE, None)


async def test_it_says_nothing_of_months_that_were_never_read(world: World) -> None:
    world.script.usage = [Reading((), detail="nothing was used")]
    await world.sync(READ)
    for text, months in (
        ("2025-01", "2025-01"),
        ("2026-10", "2026-10"),
        ("2026-10-01..2026-10-15", "2026-10"),  # a part of a month is kept with all of it
        ("2026-09-15..2026-10-02", "2026-09-01..2026-11-01"),
        ("2026-10-04T12:00:00Z..2026-10-04T13:00:00Z", "2026-10"),
    ):
        said = f"{text} was never read: run billfold sync --period {months}"
        assert await world.state(Period.parse(text)) == (State.UNAVAILABLE, said)
    assert (await world.state(NOVEMBER))[0] is State.COMPLETE
    async with world.history() as history:
        trend = await history.trend(4)
    assert [str(each.month) for each in trend.months if each.answered] == ["2026-11"]


async def test_one_that_failed_is_about_whatever_is_asked_for(world: World) -> None:
    world.script.usage = [Reading(state=State.FAILED, detail="gone")]
    await world.sync(READ)
    state, detail = await world.state(Period.month(2026, 10))
    assert (state, detail) == (
        State.UNAVAILABLE,
        "2026-10 was not answered; the reading of 2026-11-20T00:00:00Z was failed: gone; "
        "run billfold sync --period 2026-10",
    )


@pytest.mark.parametrize(
    ("read_at", "state"),
    [
        (datetime(2026, 12, 12, 0, 30, tzinfo=UTC), State.COMPLETE),
        (datetime(2026, 12, 11, tzinfo=UTC), State.PARTIAL),
    ],
)
async def test_a_cycle_is_as_well_known_as_it_was_read_if_none_began_after_it(
    world: World, read_at: datetime, state: State
) -> None:
    await watched(world)
    world.script.usage = whole(charge("vm", "300.00", covers=CYCLE), covers=CYCLE)
    await world.sync(read_at)
    world.script.usage = [Reading((), detail="a has no billing cycle")]
    await world.sync(datetime(2026, 12, 20, tzinfo=UTC))
    async with world.history() as history:
        (row,) = (await history.usage(CYCLE)).coverage
        (december,) = (await history.usage(Period.month(2026, 12))).coverage
    assert (row.state, row.covers) == (state, CYCLE)
    assert await world.total(CYCLE) == "300.00 EUR"
    assert december.state is not State.COMPLETE  # its first days are the cycle's


async def test_of_a_longer_time_the_month_in_which_nothing_began_counts(world: World) -> None:
    await watched(world)
    world.script.usage = whole(charge("vm", "300.00", covers=CYCLE), covers=CYCLE)
    await world.sync(datetime(2026, 12, 12, 0, 30, tzinfo=UTC))
    world.script.usage = [Reading((), detail="a has no billing cycle")]
    await world.sync(datetime(2026, 12, 20, tzinfo=UTC))
    longer = Period(CYCLE.start, datetime(2026, 12, 15, tzinfo=UTC))
    assert (await world.state(longer))[0] is State.DIFFERENT_WINDOW
