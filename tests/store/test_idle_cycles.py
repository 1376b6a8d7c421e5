"""A billing cycle in which a project was idle is known as it was read, whatever it used before.

The cycle from 10 November cost 30.00, 1.00 a day, and was read to its end: 9.00 of it are of
December. The next one was read once, on 11 December, when nothing was used yet.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from billfold import Account, Answer, Billfold, Money, Period, Secret, State
from billfold.adapter import Reading
from billfold.costs import CostView
from billfold.model import Usage
from store.cycles import InCycles, cycle, keep, watched
from store.world import World, usage

USED = Period.days(date(2026, 11, 10), date(2026, 12, 10))
IDLE = Period.days(date(2026, 12, 10), date(2027, 1, 10))
NEXT = Period.days(date(2027, 1, 10), date(2027, 2, 10))
DECEMBER = Period.month(2026, 12)
JUST_AFTER = datetime(2026, 12, 10, 0, 30, tzinfo=UTC)
READ, WHILE_IT_RUNS = (datetime(2026, 12, day, tzinfo=UTC) for day in (11, 15))
AFTER = datetime(2027, 1, 15, tzinfo=UTC)
NOTHING = Money.parse("0 EUR")
SINCE = "as read until 2026-12-11T00:00:00Z"


def idle(covers: Period, project: str = "a") -> Reading[Usage]:
    """Return a cycle in which nothing was used: its total is stated, and it has no charges."""
    stated = usage(covers=covers, sub_account_id=project, stated_total=NOTHING)
    return Reading((stated,), covers)


@pytest.fixture
async def world(tmp_path) -> World:
    world = World(tmp_path / "store")
    await watched(world)
    await keep(world, JUST_AFTER, cycle("30.00", USED))
    await keep(world, READ, idle(IDLE))
    return world


def filled(world: World) -> Billfold:
    account = Account("one", InCycles(world.script), Secret("token-0123456789"))
    return Billfold([account], clock=lambda: world.now, stored="missing", store=world.folder)


def by_key(view: CostView) -> dict[str, str]:
    return {row.keys[0]: str(row.native["EUR"]) for row in view.rows}


def holes(answer: Answer[Usage] | CostView) -> list[tuple[State, Period | None]]:
    return [(row.state, row.covers) for row in answer.coverage if row.is_hole]


async def test_a_month_that_it_has_most_of_is_partial_from_when_it_was_read(world: World) -> None:
    world.now = AFTER
    async with world.history() as history:
        view = await history.costs(DECEMBER, by="month", spread=True, partial=True)
        trend = await history.trend(2, by="account", spread=True)
    assert by_key(view) == {"2026-12": "9.00 EUR"}
    assert holes(view) == [(State.PARTIAL, Period(USED.start, IDLE.end))]
    assert SINCE in (view.coverage[0].detail or "")
    december, _ = trend.months
    assert by_key(december.view) == {"one": "9.00 EUR"}
    assert not december.view.complete


async def test_of_two_cycles_that_were_read_before_their_end_the_one_that_matters_is_named(
    tmp_path,
) -> None:
    """The first was read half an hour before its end, which is tolerated."""
    world = World(tmp_path / "store")
    await watched(world)
    await keep(world, datetime(2026, 12, 9, 23, 30, tzinfo=UTC), cycle("30.00", USED))
    await keep(world, READ, idle(IDLE))
    world.now = AFTER
    both = Period(USED.start, IDLE.end)
    assert await world.state(both, tolerance=timedelta(hours=1)) == (State.PARTIAL, SINCE)


async def test_so_it_is_where_the_provider_has_the_next_cycle_only(world: World) -> None:
    world.now, world.script.usage = AFTER, [cycle("5.00", NEXT)]
    async with filled(world) as fold:
        view = await fold.costs(DECEMBER, by="month", spread=True, partial=True)
    assert by_key(view) == {"2026-12": "9.00 EUR"}
    assert not view.complete
    assert any(SINCE in (row.detail or "") for row in view.coverage)


async def test_while_it_runs_the_month_is_known_until_it_was_read(world: World) -> None:
    world.now = WHILE_IT_RUNS
    async with world.history() as history:
        view = await history.costs(DECEMBER, by="month", spread=True, partial=True)
    assert by_key(view) == {"2026-12": "9.00 EUR"}
    assert [row.known_until for row in view.coverage] == [READ]


async def test_what_runs_is_the_idle_cycle_and_costs_nothing(world: World) -> None:
    world.now = WHILE_IT_RUNS
    async with world.history() as history:
        answer = await history.usage()
    (row,) = answer.coverage
    assert answer.totals() == {"EUR": NOTHING}
    assert (row.state, row.covers, row.known_until) == (State.COMPLETE, IDLE, READ)


async def test_read_to_its_end_it_leaves_the_month_complete(world: World) -> None:
    await keep(world, datetime(2027, 1, 10, 0, 30, tzinfo=UTC), idle(IDLE))
    world.now = AFTER
    async with world.history() as history:
        view = await history.costs(DECEMBER, by="month", spread=True)
    assert by_key(view) == {"2026-12": "9.00 EUR"}
    assert view.complete


async def test_before_what_was_used_it_is_as_it_was_read(tmp_path) -> None:
    world = World(tmp_path / "store")
    await watched(world)
    await keep(world, datetime(2026, 11, 11, tzinfo=UTC), idle(USED))
    await keep(world, datetime(2027, 1, 10, 0, 30, tzinfo=UTC), cycle("31.00", IDLE))
    world.now = AFTER
    async with world.history() as history:
        view = await history.costs(DECEMBER, by="month", spread=True, partial=True)
    assert by_key(view) == {"2026-12": "22.00 EUR"}  # 10 to 31 December
    assert holes(view) == [(State.PARTIAL, Period(USED.start, IDLE.end))]
