"""A project that readings found without a billing cycle had nothing before its first one.

Project a costs 1.00 a day, in cycles that are months. That of b costs 1.00 a day from 10 October:
30.00 are of September, and 31.00 and 22.00 of October.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from attrs import evolve

from billfold import Account, Billfold, Period, Secret, State
from billfold.adapter import Reading
from billfold.costs import CostView
from store.cycles import InCycles, as_asked, cycle
from store.test_later_columns import written_without
from store.world import NOVEMBER, OCTOBER, Script, World

SEPTEMBER = Period.month(2026, 9)
OF_B, NEXT_OF_B = Period.parse("2026-10-10..2026-11-10"), Period.parse("2026-11-10..2026-12-10")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
ON_5_OCTOBER, ON_8_OCTOBER = (datetime(2026, 10, day, tzinfo=UTC) for day in (5, 8))
AT_10 = datetime(2026, 10, 10, 12, tzinfo=UTC)
IDLE = Reading((), part="b")


def of(project: str, cost: str, covers: Period, since: datetime | None = LONG_AGO) -> Reading:
    reading = as_asked(cycle(cost, covers, project))
    items = tuple(evolve(each, since=since) for each in reading.items)
    return evolve(reading, items=items, part=project, since=since)


async def sync(world: World, at: datetime, *readings: Reading) -> None:
    world.script.usage = list(readings)
    await world.sync(at)


async def september(world: World, *beside: Reading) -> None:
    await sync(world, SEPTEMBER.start, of("a", "0.00", SEPTEMBER), *beside)
    await sync(world, SEPTEMBER.end, of("a", "30.00", SEPTEMBER), *beside)


async def october(world: World, *beside: Reading, since: datetime | None = LONG_AGO) -> None:
    await sync(world, ON_8_OCTOBER, of("a", "7.00", OCTOBER), *beside)
    b = of("b", "22.00", OF_B, since)
    await sync(world, OCTOBER.end, of("a", "31.00", OCTOBER), b)
    b = of("b", "31.00", OF_B, since)
    await sync(world, OF_B.end, of("a", "9.00", NOVEMBER), b)


def another(project: str, covers: Period) -> Reading:
    """Return what a provider says of a project's running cycle, of a month that it is not of."""
    return Reading((), covers, State.UNAVAILABLE, "only the running cycle", part=project)


async def beside_the_store(world: World, period: Period, *stated: Reading) -> CostView:
    account = Account("one", InCycles(Script([*stated])), Secret("token-0123456789"))
    given = {"clock": lambda: world.now, "store": world.folder, "stored": "missing"}
    async with Billfold([account], **given) as fold:
        return await fold.costs(period, by="month", spread=True, partial=True)


async def from_the_store(world: World, period: Period) -> CostView:
    async with world.history() as history:
        return await history.costs(period, by="month", spread=True, partial=True)


def total(view: CostView) -> str:
    return ", ".join(map(str, view.native.values()))


def words(view: CostView) -> str:
    return " | ".join(row.detail or "" for row in view.coverage)


@pytest.mark.parametrize(("beside", "complete"), [((IDLE,), True), ((), False)])
async def test_a_month_without_a_cycle_yet_is_no_hole_beside_the_providers_answer(
    world: World, beside: Sequence[Reading], complete: bool
) -> None:
    await september(world, *beside)
    world.now = datetime(2026, 11, 5, tzinfo=UTC)
    stated = another("a", NOVEMBER), another("b", OF_B)
    view = await beside_the_store(world, SEPTEMBER, *stated)
    assert (total(view), view.complete) == ("30.00 EUR", complete)
    assert ("2026-09 of b is not in the store" in words(view)) is not complete


@pytest.mark.parametrize("since", [LONG_AGO, None, ON_5_OCTOBER])
@pytest.mark.parametrize(("beside", "complete"), [((IDLE,), True), ((), False)])
async def test_the_month_of_a_first_cycle_is_whole_where_a_reading_found_none_before(
    world: World, since: datetime | None, beside: Sequence[Reading], complete: bool
) -> None:
    await september(world, *beside)
    await october(world, *beside, since=since)
    stored = await from_the_store(world, OCTOBER)
    assert (total(stored), stored.complete) == ("53.00 EUR", complete)
    stated = another("a", NOVEMBER), another("b", NEXT_OF_B)
    filled = await beside_the_store(world, OCTOBER, *stated)
    assert (total(filled), filled.complete) == ("53.00 EUR", complete)


async def test_so_it_is_while_the_first_cycle_still_runs(world: World) -> None:
    await september(world, IDLE)
    await sync(world, ON_8_OCTOBER, of("a", "7.00", OCTOBER), IDLE)
    await sync(world, OCTOBER.end, of("a", "31.00", OCTOBER), of("b", "22.00", OF_B))
    world.now = datetime(2026, 11, 5, tzinfo=UTC)
    (runs,) = of("b", "26.00", OF_B).items
    running = Reading((runs,), OF_B, State.DIFFERENT_WINDOW, "the running cycle", part="b")
    view = await beside_the_store(world, OCTOBER, another("a", NOVEMBER), running)
    assert (total(view), view.complete) == ("53.00 EUR", True)


def stated_now(reading: Reading, since: datetime | None = None) -> Reading:
    items = tuple(evolve(each, since=since) for each in reading.items)
    return evolve(reading, items=items, state=State.DIFFERENT_WINDOW, detail="only what runs")


@pytest.mark.parametrize(("beside", "complete"), [((IDLE,), True), ((), False)])
async def test_what_the_store_knows_too_is_all_of_the_month_of_an_only_project(
    world: World, beside: Sequence[Reading], complete: bool
) -> None:
    await sync(world, SEPTEMBER.start, *(beside or (of("a", "0.00", SEPTEMBER),)))
    await sync(world, ON_8_OCTOBER, *(beside or (of("a", "0.00", SEPTEMBER),)))
    await sync(world, OCTOBER.end, of("b", "22.00", OF_B, None))
    world.now = datetime(2026, 11, 5, tzinfo=UTC)
    view = await beside_the_store(world, OCTOBER, stated_now(of("b", "26.00", OF_B, None)))
    assert (total(view), view.complete) == ("22.00 EUR", complete)
    assert ("2026-10-01..2026-10-10 is not in the store" in words(view)) is not complete


async def test_so_it_is_beside_a_project_that_is_younger(world: World) -> None:
    """That of b costs 1.00 a day, too, from 28 October, when it was created: 4.00."""
    covers, since = Period.parse("2026-10-28..2026-11-28"), datetime(2026, 10, 28, tzinfo=UTC)
    await sync(world, SEPTEMBER.start, Reading(()))
    await sync(world, datetime(2026, 10, 30, tzinfo=UTC), of("b", "2.00", covers, since))
    await sync(world, OCTOBER.end, of("b", "4.00", covers, since))
    world.now = datetime(2026, 11, 24, tzinfo=UTC)
    younger = evolve(another("a", Period.parse("2026-11-24..2026-12-24")), since=world.now)
    stated = stated_now(of("b", "27.00", covers, since), since), younger
    view = await beside_the_store(world, OCTOBER, *stated)
    assert (total(view), view.complete) == ("4.00 EUR", True)


async def test_a_project_created_at_the_end_of_a_month_is_no_hole_in_it(world: World) -> None:
    """The cycle of a is stated still, twenty minutes after its end, and b began at that moment."""
    await sync(world, OCTOBER.start, of("a", "0.00", OCTOBER))
    younger = evolve(another("b", NOVEMBER), since=NOVEMBER.start)
    a = of("a", "31.00", OCTOBER)
    await sync(world, OCTOBER.end, a, of("b", "0.00", NOVEMBER, NOVEMBER.start))
    world.now = datetime(2026, 11, 1, 0, 20, tzinfo=UTC)
    view = await beside_the_store(world, OCTOBER, a, younger)
    assert (total(view), view.complete) == ("31.00 EUR", True)
    older = evolve(younger, since=LONG_AGO)
    view = await beside_the_store(world, OCTOBER, a, older)
    assert (total(view), view.complete) == ("31.00 EUR", False)
    assert "2026-10 of b is not in the store" in words(view)


async def test_each_month_before_it_needs_such_a_reading(world: World) -> None:
    both = Period(SEPTEMBER.start, OCTOBER.end)
    await september(world)
    await october(world, IDLE)
    assert total(await from_the_store(world, both)) == "83.00 EUR"  # 30.00, 31.00 and 22.00
    assert not (await from_the_store(world, both)).complete
    assert (await from_the_store(world, OCTOBER)).complete


async def test_a_project_may_be_created_on_the_day_of_its_first_cycle(world: World) -> None:
    """It is created at ten and used from noon on: 1.00 a day, 21.50 of October."""
    at_ten = datetime(2026, 10, 10, 10, tzinfo=UTC)
    covers = Period(AT_10, datetime(2026, 11, 10, 12, tzinfo=UTC))
    await sync(world, OCTOBER.start, of("a", "0.00", OCTOBER))
    await sync(world, OCTOBER.end, of("a", "31.00", OCTOBER), of("b", "21.50", covers, at_ten))
    await sync(world, covers.end, of("a", "9.50", NOVEMBER), of("b", "31.00", covers, at_ten))
    assert (await from_the_store(world, OCTOBER)).complete


async def test_what_another_part_says_of_it_is_no_reading_of_it(world: World) -> None:
    said = evolve(of("a", "30.00", SEPTEMBER), detail="b: b has no billing cycle")
    await sync(world, SEPTEMBER.start, said)
    await sync(world, SEPTEMBER.end, said)
    await october(world, IDLE)
    view = await from_the_store(world, SEPTEMBER)
    assert (total(view), view.complete) == ("30.00 EUR", False)
    assert "2026-09 of b is not in the store" in words(view)


async def test_a_store_of_an_older_version_does_not_know_who_had_none(world: World) -> None:
    await september(world, IDLE)
    older = written_without(world, ("idle",), "usage", "syncs")
    older.now = datetime(2026, 11, 5, tzinfo=UTC)
    stated = another("a", NOVEMBER), another("b", OF_B)
    view = await beside_the_store(older, SEPTEMBER, *stated)
    assert (total(view), view.complete) == ("30.00 EUR", False)
    await september(older, IDLE)
    older.now = datetime(2026, 11, 5, tzinfo=UTC)
    assert (await beside_the_store(older, SEPTEMBER, *stated)).complete
