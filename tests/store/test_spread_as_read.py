"""Usage from a store is spread up to when it was read, whenever it is asked for.

A cycle from 10 November 12:00 was read on 20 November 00:00 with 9.50: 1.00 a day for nine days and
a half. So 12 to 14 November have 3.00, and no day after the 19th has anything.
"""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from billfold import Account, Billfold, Period, Secret, State, costs
from billfold.adapter import Reading
from billfold.costs import CostView
from billfold.model import Usage
from store.cycles import watched
from store.world import Scripted, World, charge, usage, whole

CYCLE = Period(datetime(2026, 11, 10, 12, tzinfo=UTC), datetime(2026, 12, 10, 12, tzinfo=UTC))
READ = datetime(2026, 11, 20, tzinfo=UTC)
THREE_DAYS = "2026-11-12..2026-11-15"

later = pytest.mark.parametrize(
    "asked", [READ, READ + timedelta(days=4, hours=12), datetime(2026, 12, 8, tzinfo=UTC)]
)


@pytest.fixture
async def world(tmp_path) -> World:
    world = World(tmp_path / "store")
    await watched(world)
    world.script.usage = whole(charge("vm", "9.50", covers=CYCLE), covers=CYCLE)
    await world.sync(READ)
    return world


def by_key(view: CostView) -> dict[str, str]:
    return {row.keys[0]: str(row.native["EUR"]) for row in view.rows}


@later
async def test_a_stretch_of_a_running_cycle_costs_the_same_whenever_it_is_asked_for(
    world: World, asked: datetime
) -> None:
    world.now = asked
    async with world.history() as history:
        view = await history.costs(THREE_DAYS, by="month", spread=True)
    assert by_key(view) == {"2026-11": "3.00 EUR"}
    assert view.complete


@later
async def test_no_day_after_the_reading_has_money(world: World, asked: datetime) -> None:
    world.now = asked
    async with world.history() as history:
        days = by_key(await history.costs(CYCLE, by="day", spread=True))
    assert days == {
        "2026-11-10": "0.50 EUR",
        **{f"2026-11-{day}": "1.00 EUR" for day in range(11, 20)},
    }


async def test_what_was_known_then_is_spread_as_it_was_read_then(world: World) -> None:
    world.script.usage = whole(charge("vm", "19.00", covers=CYCLE), covers=CYCLE)
    await world.sync(READ + timedelta(days=4, hours=12))  # in 14 days: as of then 1.31 a day
    world.now = datetime(2026, 12, 8, tzinfo=UTC)
    async with world.history() as history:
        then = await history.costs(THREE_DAYS, by="month", spread=True, as_of=READ)
        trend = await history.trend(1, by="account", spread=True, as_of=READ)
    assert by_key(then) == {"2026-11": "3.00 EUR"}
    (row,) = trend.months[0].view.rows
    assert str(row.native["EUR"]) == "9.50 EUR"


async def test_a_cycle_over_two_months_is_one_sum_in_costs_and_in_trend(tmp_path) -> None:
    # 25 October to 25 November, read on 5 November with 11.00: seven days of October
    cycle = Period.parse("2026-10-25..2026-11-25")
    world = World(tmp_path / "store")
    world.script.usage = whole(charge("vm", "11.00", covers=cycle), covers=cycle)
    await world.sync(datetime(2026, 11, 5, tzinfo=UTC))
    world.now = datetime(2026, 11, 24, tzinfo=UTC)
    async with world.history() as history:
        # Whom nobody had read in October may have been deleted by then.
        asked = "2026-10-25..2026-11-01"
        view = await history.costs(asked, by="month", spread=True, partial=True)
        trend = await history.trend(2, by="account", spread=True)
    assert by_key(view) == {"2026-10": "7.00 EUR"}
    assert [by_key(month.view) for month in trend.months] == [
        {"one": "7.00 EUR"},
        {"one": "4.00 EUR"},
    ]


@later
async def test_costs_ask_is_the_history_s_own_method(world: World, asked: datetime) -> None:
    world.now = asked
    async with world.history() as history:
        own = await history.costs(CYCLE, by="day", spread=True)
        assert await costs.ask(history, CYCLE, by="day", spread=True) == own


async def test_costs_ask_is_the_facade_s_own_method(world: World) -> None:
    # 19.00 until 29 November 12:00: all of it in November, 1.00 a day
    world.script.usage = whole(charge("vm", "19.00", covers=CYCLE), covers=CYCLE)
    account = Account("one", Scripted(world.script), Secret("token-0123456789"))
    read = datetime(2026, 11, 29, 12, tzinfo=UTC)
    async with Billfold([account], clock=lambda: read) as fold:
        own = await fold.costs(CYCLE, by="month", spread=True)
        assert await costs.ask(fold, CYCLE, by="month", spread=True) == own
    assert by_key(own) == {"2026-11": "19.00 EUR"}


async def test_each_project_is_spread_until_it_was_read_itself(tmp_path) -> None:
    # From 5 November: the first project is deleted after the 10th, the second has used 10.00 a day
    # for 15 days on the 20th.
    cycle, read = Period.parse("2026-11-05..2026-12-05"), datetime(2026, 11, 20, tzinfo=UTC)

    def of(project: str, cost: str) -> Usage:
        return usage(charge(project, cost, covers=cycle), covers=cycle, sub_account_id=project)

    world = World(tmp_path / "store")
    await watched(world)
    world.script.usage = [Reading((of("first", "50.00"), of("second", "50.00")), cycle)]
    await world.sync(datetime(2026, 11, 10, tzinfo=UTC))
    world.script.usage = [Reading((of("second", "150.00"),), cycle)]
    await world.sync(read)
    async with world.history() as history:
        week = await history.costs("2026-11-06..2026-11-09", by="month", spread=True)
        days = await history.costs(by="day", spread=True)
        answer = await history.usage()
    assert by_key(week) == {"2026-11": "60.00 EUR"}
    assert week.complete
    assert by_key(days) == {
        **{f"2026-11-{day:02}": "20.00 EUR" for day in range(5, 10)},
        **{f"2026-11-{day}": "10.00 EUR" for day in range(10, 20)},
    }
    assert [(row.part, row.state, row.covers, row.known_until) for row in answer.coverage] == [
        (None, State.COMPLETE, cycle, read),
        ("first", State.COMPLETE, cycle, datetime(2026, 11, 10, tzinfo=UTC)),
    ]


async def test_a_cycle_that_is_over_is_spread_until_it_was_read(tmp_path) -> None:
    """From 20 September to 20 October, read last on 5 October with 3.60: deleted after that.

    At 0.24 a day that is 2.64 of eleven days in September, and 0.96 of four in October.
    """
    cycle, month = Period.parse("2026-09-20..2026-10-20"), Period.month(2026, 10)

    def of(project: str, cost: str, covers: Period) -> Usage:
        own = charge(project, cost, covers=covers, sub_account_id=project)
        return usage(own, covers=covers, sub_account_id=project)

    stays = of("stays", "31.00", month)
    world = World(tmp_path / "store")
    world.script.usage = [Reading((of("gone", "2.40", cycle),), cycle)]
    await world.sync(datetime(2026, 9, 30, tzinfo=UTC))
    world.script.usage = [Reading((of("gone", "3.60", cycle), stays), cycle)]
    await world.sync(datetime(2026, 10, 5, tzinfo=UTC))
    world.script.usage = [Reading((stays,), month)]
    for day in (6, 19):
        await world.sync(datetime(2026, 10, day, tzinfo=UTC))
    # While it runs, when it is over, and long after.
    moments = datetime(2026, 10, 19, 23), datetime(2026, 10, 20, 1), datetime(2026, 11, 3)
    for now, days in product(moments, (0, 20)):
        world.now = now.replace(tzinfo=UTC)
        async with world.history(tolerance=timedelta(days)) as history:
            september, october = [
                await history.costs(each, by="sub_account", spread=True, partial=True)
                for each in ("2026-09", "2026-10")
            ]
            items = (await history.usage(month)).items
        assert by_key(september)["gone"] == "2.64 EUR", now
        assert by_key(october)["gone"] == "0.96 EUR", now
        assert {each.sub_account_id: each.known_until for each in items} == {
            "gone": datetime(2026, 10, 5, tzinfo=UTC),
            "stays": datetime(2026, 10, 19, tzinfo=UTC),
        }
