"""A project that was created in a month leaves it complete, where its provider says when.

From 5 November one project costs 30.00 a cycle of thirty days, and so it did before: 30.00 are of
November. The other one was created on 15 November with a cycle from then on: 16.00 are.
"""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from billfold import Period, State
from billfold.adapter import Reading
from billfold.errors import ForbiddenError
from billfold.period import utc_text
from store.cycles import as_asked, cycle
from store.world import NOVEMBER, OCTOBER, Script, World

BEFORE, NOW = Period.parse("2026-10-06..2026-11-05"), Period.parse("2026-11-05..2026-12-05")
NEXT = Period.parse("2026-12-05..2027-01-04")
YOUNGER = Period.parse("2026-11-15..2026-12-15")


def younger(since: datetime | None, name: str = "younger") -> Reading:
    reading = as_asked(cycle("30.00", YOUNGER, name))
    return evolve(reading, items=tuple(evolve(each, since=since) for each in reading.items))


async def november(world: World, since: datetime | None) -> tuple[str, State]:
    older = [as_asked(cycle("30.00", each, "older")) for each in (BEFORE, NOW, NEXT)]
    for end, *readings in (
        (BEFORE.end, older[0]),
        (NOW.end, older[1], younger(since)),
        (YOUNGER.end, older[2], younger(since)),
    ):
        world.script.usage = readings
        await world.sync(end)
    async with world.history() as history:
        view = await history.costs(NOVEMBER, by="month", spread=True, partial=True)
    (row,) = [row for row in view.rows if row.keys == ("2026-11",)]
    return str(row.native["EUR"]), view.coverage[0].state


@pytest.mark.parametrize(
    ("since", "state"), [(YOUNGER.start, State.COMPLETE), (None, State.DIFFERENT_WINDOW)]
)
async def test_it_has_nothing_before(world: World, since: datetime | None, state: State) -> None:
    assert await november(world, since) == ("46.00 EUR", state)


async def test_a_store_that_learns_it_later_has_not_changed(world: World) -> None:
    await november(world, None)
    world.script.usage = [as_asked(cycle("30.00", NEXT, "older")), younger(YOUNGER.start)]
    (outcome,) = await world.sync(datetime(2026, 12, 16, tzinfo=UTC))
    assert not outcome.changes


@pytest.mark.parametrize(
    ("since", "complete"),
    [
        ((YOUNGER.start,), True),
        ((YOUNGER.start, NOVEMBER.start), True),
        ((YOUNGER.start, NOVEMBER.start - timedelta(minutes=1)), False),
        ((YOUNGER.start, None), False),
    ],
)
async def test_a_month_before_all_that_is_known_of_an_account_had_nothing(
    world: World, since: tuple[datetime | None, ...], *, complete: bool
) -> None:
    world.script.usage = [younger(each, f"p{number}") for number, each in enumerate(since)]
    await world.sync(YOUNGER.start + timedelta(days=1))
    async with world.history() as history:
        answer = await history.usage(OCTOBER)
    assert (len(answer), answer.complete) == (0, complete)
    first = utc_text(min(filter(None, since)))
    said = f"2026-10: all that is known of was created later, the first at {first}"
    assert [row.detail == said for row in answer.coverage] == [complete]


async def test_it_is_a_hole_where_the_account_was_asked_in_vain_before_its_end(
    world: World,
) -> None:
    world.script.usage = [Reading(state=State.FAILED, error=ForbiddenError("busy"))]
    await world.sync(NOVEMBER.start - timedelta(days=1))
    world.script.usage = [younger(YOUNGER.start)]
    await world.sync(YOUNGER.start + timedelta(days=1))
    assert (await world.state(OCTOBER))[0] is State.UNAVAILABLE
    assert (await world.state(Period.month(2026, 9)))[0] is State.COMPLETE


async def test_so_it_is_before_anything_was_known(world: World) -> None:
    world.script.usage = [younger(YOUNGER.start)]
    await world.sync(YOUNGER.start + timedelta(days=1))
    assert (await world.state(OCTOBER, as_of=YOUNGER.start))[0] is State.UNAVAILABLE


async def test_so_it_is_of_an_account_that_left_an_older_one_to_another(world: World) -> None:
    older = younger(OCTOBER.start - timedelta(days=90), "older")
    world.scripts = {"one": Script([older]), "two": Script([older, younger(YOUNGER.start)])}
    await world.sync(YOUNGER.start + timedelta(days=1))
    async with world.history() as history:
        both = await history.usage(OCTOBER)
        alone = await history.usage(OCTOBER, accounts=["two"])
    assert [row.state for row in both.coverage] == [State.UNAVAILABLE] * 2
    assert [row.state for row in alone.coverage] == [State.UNAVAILABLE]
