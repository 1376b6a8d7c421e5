"""A month is covered by cycles only where those of all that was there then are known.

Project a is paid by the year, 365.00 from 1 January: 31.00 are of August. Project b has a cycle from
12 September; what it had in August was never read.
"""

from datetime import UTC, datetime

import pytest
from attrs import evolve

from billfold import Account, Billfold, Period, Secret, State
from billfold.adapter import Reading
from billfold.costs import CostView
from billfold.model import Category
from store.cycles import InCycles, as_asked, cycle, keep, watched
from store.world import NOVEMBER, OCTOBER, Script, World

AUGUST, YEAR = Period.month(2026, 8), Period.parse("2026-01-01..2027-01-01")
LATER = Period.parse("2026-09-12..2026-10-12")
ON_20_AUGUST, ON_15 = datetime(2026, 8, 20, tzinfo=UTC), datetime(2026, 9, 15, tzinfo=UTC)
ALL_OVER = datetime(2027, 1, 10, tzinfo=UTC)


def since(reading: Reading, created: datetime | None) -> Reading:
    return evolve(reading, items=tuple(evolve(each, since=created) for each in reading.items))


def yearly() -> Reading:
    reading = cycle("365.00", YEAR)
    (usage,) = reading.items
    fee = tuple(evolve(each, category=Category.PURCHASE) for each in usage.charges)
    return since(evolve(reading, items=(evolve(usage, charges=fee),)), YEAR.start)


def other(created: datetime | None) -> Reading:
    return since(cycle("6.00", LATER, "b"), created)


async def spread(world: World, month: Period) -> CostView:
    async with world.history() as history:
        return await history.costs(month, by="month", spread=True, partial=True)


def total(view: CostView) -> str:
    return ", ".join(map(str, view.native.values()))


@pytest.mark.parametrize(
    ("created", "complete"),
    [
        (YEAR.start, False),
        (None, False),
        (datetime(2026, 8, 31, tzinfo=UTC), False),
        (AUGUST.end, True),
        (LATER.start, True),
    ],
)
async def test_a_project_that_was_there_and_was_not_read_is_missing(
    world: World, created: datetime | None, complete: bool
) -> None:
    await watched(world)
    await keep(world, ON_20_AUGUST, yearly())
    await keep(world, ON_15, yearly(), other(created))
    view = await spread(world, AUGUST)
    assert (total(view), view.complete) == ("31.00 EUR", complete)
    said = [row.detail for row in view.coverage if row.state is State.UNAVAILABLE]
    assert said == ([] if complete else ["2026-08 of b is not in the store"])


async def test_its_id_is_said_as_its_provider_states_it(world: World) -> None:
    await watched(world)
    await keep(world, ON_20_AUGUST, yearly())
    capital = cycle("6.00", LATER, "proj_B")
    await keep(world, ON_15, yearly(), capital)
    view = await spread(world, AUGUST)
    assert [(row.part, row.detail) for row in view.coverage if row.state is State.UNAVAILABLE] == [
        ("proj_B", "2026-08 of proj_B is not in the store")
    ]
    # Its provider states what it lacks itself, and it is said once.
    script = Script([cycle("365.00", YEAR), evolve(capital, items=(), state=State.UNAVAILABLE)])
    script.usage[1] = evolve(script.usage[1], part="proj_B", covers=LATER)
    account = Account("one", InCycles(script), Secret("token-0123456789"))
    async with Billfold(
        [account], clock=lambda: ON_15, store=world.folder, stored="missing"
    ) as fold:
        answer = await fold.usage(AUGUST)
    said = [row for row in answer.coverage if "proj_B is not in the store" in (row.detail or "")]
    assert len(said) == 1


async def test_of_a_month_before_the_first_reading_nobody_knows_who_was_deleted(
    world: World,
) -> None:
    await keep(world, ON_15, yearly())
    view = await spread(world, AUGUST)
    assert (total(view), view.complete) == ("31.00 EUR", False)
    assert view.coverage[-1].detail == (
        "2026-08: nothing was read before 2026-09-15T00:00:00Z, and what was deleted by then is "
        "not known"
    )
    september = await spread(world, Period.month(2026, 9))
    assert (total(september), september.complete) == ("30.00 EUR", False)  # it runs


@pytest.mark.parametrize(
    ("period", "cost"),
    [
        ("2026-Q3", "92.00"),  # 31 days of July and of August, and 30 of September, at 1.00
        ("2026-08..2026-11", "92.00"),  # to the end of October
        ("2026-07-25..2026-08-10", "16.00"),  # to 9 August: the end is excluded
        ("2026-08-01..2026-08-19", "18.00"),
        ("2026-07-25..2026-09-25", "62.00"),  # 7, 31 and 24 days
        ("2026-08-25..2026-09-10", "16.00"),
    ],
)
async def test_so_of_any_time_with_a_month_or_a_part_of_one_before_the_first_reading(
    world: World, period: str, cost: str
) -> None:
    await keep(world, ON_15, yearly())
    await keep(world, ALL_OVER, yearly())
    view = await spread(world, Period.parse(period))
    assert (total(view), view.complete) == (f"{cost} EUR", False)
    assert "nothing was read before 2026-09-15" in (view.coverage[-1].detail or "")


@pytest.mark.parametrize(
    ("period", "cost", "complete"),
    [
        ("2026-09", "30.00", False),  # of project c, deleted on the 10th, 18.00 more
        ("2026-08-25..2026-09-25", "31.00", False),
        ("2026-09-01..2026-09-16", "15.00", False),
        ("2026-09-15..2026-09-16", "1.00", True),
        ("2026-09-15..2026-10-01", "16.00", True),
        ("2026-10", "31.00", True),
        ("2026-10-10..2026-12", "52.00", True),  # 22 and 30 days
    ],
)
async def test_of_no_day_before_the_first_reading_anybody_knows_who_was_deleted(
    world: World, period: str, cost: str, complete: bool
) -> None:
    """What a project cost that was deleted by then nobody states any more."""
    await keep(world, ON_15, yearly())
    await keep(world, ALL_OVER, yearly())
    view = await spread(world, Period.parse(period))
    assert (total(view), view.complete) == (f"{cost} EUR", complete)
    said = [row.detail for row in view.coverage if row.state is State.UNAVAILABLE]
    told = "nothing was read before 2026-09-15T00:00:00Z, and what was deleted by then is not known"
    assert said == ([] if complete else [f"{Period.parse(period)}: {told}"])


async def test_an_account_that_is_read_every_day_is_complete_from_its_first_day_on(
    world: World,
) -> None:
    """Read at 00:10 each day of September, project a is known to have cost 1.00 on each."""
    for day in range(1, 31):
        await keep(world, datetime(2026, 9, day, 0, 10, tzinfo=UTC), yearly())
    await keep(world, SEPTEMBER.end, yearly())
    for period, cost in (("2026-09-02..2026-09-20", "18.00"), ("2026-09-02..2026-10-01", "29.00")):
        view = await spread(world, Period.parse(period))
        assert (total(view), view.complete) == (f"{cost} EUR", True)


SEPTEMBER = Period.month(2026, 9)
FROM_10 = Period.parse("2026-10-10..2026-11-10")


def idle(project: str = "b") -> Reading:
    return Reading((), detail=f"{project} has no billing cycle", part=project)


def daily(cost: str, covers: Period) -> Reading:
    return evolve(since(as_asked(cycle(cost, covers)), YEAR.start), part="a")


@pytest.mark.parametrize(
    ("beside", "complete"),
    [((idle(),), True), ((idle("c"), idle("b")), True), ((idle("ab"),), False), ((), False)],
)
async def test_a_project_without_a_cycle_yet_is_missing_only_where_no_reading_named_it(
    world: World, beside: tuple[Reading, ...], complete: bool
) -> None:
    """Project a costs 1.00 a day. That of b, created long ago, costs 31.00 from 10 October."""
    await watched(world)
    for day, cost in ((5, "4.00"), (20, "19.00")):
        world.script.usage = [daily(cost, SEPTEMBER), *beside]
        await world.sync(datetime(2026, 9, day, tzinfo=UTC))
    world.script.usage = [daily("30.00", SEPTEMBER), *beside]
    await world.sync(SEPTEMBER.end)
    b = since(as_asked(cycle("31.00", FROM_10, "b")), YEAR.start)
    world.script.usage = [daily("31.00", OCTOBER), b]
    await world.sync(FROM_10.end)
    for period, cost in ((SEPTEMBER, "30.00"), (Period.parse("2026-09-06..2026-09-10"), "4.00")):
        view = await spread(world, period)
        assert (total(view), view.complete) == (f"{cost} EUR", complete)
        said = [row.detail for row in view.coverage if row.state is State.UNAVAILABLE]
        assert said == ([] if complete else [f"{period} of b is not in the store"])
    two = await spread(world, Period.parse("2026-08..2026-09"))
    assert not two.complete  # of August nothing was read


async def test_of_an_account_that_had_no_cycle_at_all_nothing_is_missing(world: World) -> None:
    for at in (datetime(2026, 9, 20, tzinfo=UTC), SEPTEMBER.end):
        world.script.usage = [idle()]
        await world.sync(at)
    await keep(world, FROM_10.end, since(cycle("31.00", FROM_10, "b"), YEAR.start))
    view = await spread(world, SEPTEMBER)
    assert not any("not in the store" in (row.detail or "") for row in view.coverage)


@pytest.mark.parametrize("now", [ON_15, ALL_OVER])
async def test_beside_what_the_provider_states_it_is_missing_as_well(
    world: World, now: datetime
) -> None:
    await keep(world, ON_20_AUGUST, yearly())
    await keep(world, ON_15, yearly(), other(YEAR.start))
    world.now = now
    forgotten = Reading(state=State.UNAVAILABLE, detail="only the running cycle")
    world.script.usage = [yearly()] if now == ON_15 else [forgotten]
    account = Account("one", InCycles(world.script), Secret("token-0123456789"))
    given = {"clock": lambda: world.now, "store": world.folder, "stored": "missing"}
    async with Billfold([account], **given) as fold:
        view = await fold.costs(AUGUST, by="month", spread=True, partial=True)
    assert (total(view), view.complete) == ("31.00 EUR", False)
    assert "2026-08 of b is not in the store" in [row.detail for row in view.coverage]


async def test_the_time_before_a_project_was_created_is_not_called_missing(world: World) -> None:
    covers = Period.parse("2026-11-05..2026-12-05")
    await watched(world)
    await keep(world, covers.start, since(cycle("0.00", covers), covers.start))
    await keep(world, covers.end, since(cycle("30.00", covers), covers.start))
    world.script.usage = [Reading(state=State.UNAVAILABLE, detail="only the running cycle")]
    account = Account("one", InCycles(world.script), Secret("token-0123456789"))
    given = {"clock": lambda: world.now, "store": world.folder, "stored": "missing"}
    async with Billfold([account], **given) as fold:
        view = await fold.costs(NOVEMBER, by="month", spread=True)
    assert total(view) == "26.00 EUR"  # 5 to 30 November, of thirty days
    assert not any("not in the store" in (row.detail or "") for row in view.coverage)


FIRST, SECOND = Period.parse("2026-09-20..2026-10-20"), Period.parse("2026-10-20..2026-11-20")
AFTER_FIRST = datetime(2026, 10, 20, 0, 10, tzinfo=UTC)
AFTER_SECOND = datetime(2026, 11, 20, 0, 10, tzinfo=UTC)


def both(covers: Period, a: str, b: str) -> list[Reading]:
    return [as_asked(cycle(a, covers)), as_asked(cycle(b, covers, "b"))]


@pytest.mark.parametrize("is_at_the_end", [False, True])
async def test_a_project_handed_over_has_its_cycles_in_both_accounts(
    world: World, is_at_the_end: bool
) -> None:
    """Project a costs 1.00 a day and b 2.00: 31.00 and 62.00 of October.

    Account m reads both, and then n reads b: since 10 November, or since the cycle's end, when m
    had read 16.00 and 32.00 of it.
    """
    world.scripts = {"m": Script()}
    await watched(world)
    world.script.usage = both(FIRST, "30.00", "60.00")
    await world.sync(AFTER_FIRST)
    if is_at_the_end:
        world.script.usage = both(SECOND, "16.00", "32.00")
        await world.sync(datetime(2026, 11, 5, tzinfo=UTC))
    else:
        a, b = both(SECOND, "21.00", "42.00")
        world.scripts = {"m": Script([a]), "n": Script([b])}
        await world.sync(datetime(2026, 11, 10, tzinfo=UTC))
    a, b = both(SECOND, "31.00", "62.00")
    world.scripts = {"m": Script([a]), "n": Script([b])}
    await world.sync(AFTER_SECOND)
    view = await spread(world, OCTOBER)
    assert total(view) == "93.00 EUR"
    assert [(row.account, row.state) for row in view.coverage] == [
        ("m", State.COMPLETE),
        ("n", State.COMPLETE),
    ]
