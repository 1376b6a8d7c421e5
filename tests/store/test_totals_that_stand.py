"""A stored usage states a total only beside the charges that make it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from billfold import Money, State
from billfold.adapter import Reading
from billfold.errors import ForbiddenError
from billfold.model import Charge, Check, Usage
from store.world import OCTOBER, World, charge, usage

DAY = timedelta(days=1)
ON_10, ON_20, ON_31, LATER = (
    datetime(2026, 10, 10, tzinfo=UTC),
    datetime(2026, 10, 20, tzinfo=UTC),
    datetime(2026, 10, 31, 23, 58, tzinfo=UTC),
    datetime(2026, 11, 2, tzinfo=UTC),
)
TOTAL = "charges vs. stated total"


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def stating(total: str, *charges: Charge) -> Usage:
    """Return a usage with a total, and the check that its days add up to it."""
    check = Check("days", eur(total), eur(total))
    return usage(*charges, stated_total=eur(total), checks=(check,))


def cut_off(total: str, *charges: Charge) -> list[Reading[Usage]]:
    return [Reading((stating(total, *charges),), OCTOBER, State.PARTIAL, "cut off")]


def whole(total: str, *charges: Charge) -> list[Reading[Usage]]:
    return [Reading((stating(total, *charges),), OCTOBER)]


async def known(world: World) -> Usage:
    async with world.history() as history:
        (stored,) = await history.usage(OCTOBER)
    return stored


async def test_a_total_stays_that_of_the_charges_while_none_of_them_is_restated(
    world: World,
) -> None:
    world.script.usage = whole("89.35", charge("fee", "79.35"), charge("day 1", "10.00"))
    await world.sync(ON_10)
    for moment in (ON_20, ON_31):  # the days cannot be read, and a fee is new
        rest = charge("rest", "31.00", derived=True)
        world.script.usage = cut_off(
            "373.79", charge("fee", "79.35"), charge("new", "263.44"), rest
        )
        (outcome,) = await world.sync(moment)
        assert not outcome.changes
        assert outcome.remarks() == [
            "acme: cut off, this reading adds no charges, and restates no total"
        ]
    stored = await known(world)
    assert stored.stated_total == eur("89.35")  # 79.35 + 10.00
    assert [each.name for each in stored.checks] == ["days"]
    async with world.history() as history:
        (row,) = (await history.usage(OCTOBER)).coverage
    assert (row.state, row.known_until) == (State.PARTIAL, ON_10)
    world.now = LATER
    assert await world.state() == (
        State.PARTIAL,
        "as read until 2026-10-10T00:00:00Z; the reading of 2026-10-31T23:58:00Z was partial: "
        "cut off",
    )


async def test_a_total_is_dropped_where_some_charges_are_restated_and_new_ones_not_added(
    world: World,
) -> None:
    world.script.usage = whole("347.29", charge("fee", "342.79"), charge("day", "4.50"))
    await world.sync(ON_20)
    more = charge("fee", "342.79"), charge("day", "4.90"), charge("new", "100.00")
    world.script.usage = cut_off("447.69", *more)
    (outcome,) = await world.sync(ON_31)
    assert dict(outcome.changes.counts) == {"new": 0, "changed": 2, "withdrawn": 0}
    world.now = LATER
    stored = await known(world)
    assert (stored.stated_total, stored.checks) == (None, ())
    assert stored.unchecked == ("days", TOTAL)
    assert await world.total() == "347.69 EUR"  # 342.79 + 4.90
    assert await world.state() == (
        State.PARTIAL,
        "as read until 2026-10-20T00:00:00Z, and in part until 2026-10-31T23:58:00Z; the reading "
        "of 2026-10-31T23:58:00Z was partial: cut off; acme: no total is known, as only some "
        "charges were restated",
    )
    (again,) = await world.sync(LATER - timedelta(hours=1), OCTOBER)
    assert not again.changes
    world.script.usage = whole("447.69", *more)
    await world.sync(LATER, OCTOBER)
    stored = await known(world)
    assert (stored.stated_total, len(stored.checks), stored.unchecked) == (eur("447.69"), 1, ())
    assert await world.state() == (State.COMPLETE, None)


async def test_a_total_is_dropped_though_it_is_stated_as_before(world: World) -> None:
    world.script.usage = whole("5.00", charge("a", "3.00"), charge("b", "2.00"))
    await world.sync(ON_20)
    world.script.usage = cut_off("5.00", charge("a", "4.00"), charge("rest", "1.00", derived=True))
    await world.sync(ON_31)
    assert (await known(world)).stated_total is None
    assert await world.total() == "6.00 EUR"  # 4.00 as restated, and 2.00
    world.script.usage = whole("5.00", charge("a", "3.00"), charge("b", "2.00"))
    await world.sync(LATER, OCTOBER)
    assert (await known(world)).stated_total == eur("5.00")


async def test_of_a_month_that_was_never_read_whole_neither_a_total_of_other_charges_stands(
    world: World,
) -> None:
    world.script.usage = cut_off("9.00", charge("a", "3.00"), charge("r", "6.00", derived=True))
    await world.sync(ON_10)
    assert (await known(world)).stated_total == eur("9.00")
    world.script.usage = cut_off("9.00", charge("b", "2.00"), charge("r", "7.00", derived=True))
    await world.sync(ON_20)
    assert (await known(world)).stated_total is None
    assert await world.total() == "5.00 EUR"  # 3.00 and 2.00, and no rest of either


@pytest.mark.parametrize("total", ["89.35", "12.00"])
async def test_while_another_organization_fails_the_total_is_of_the_charges_too(
    world: World, total: str
) -> None:
    world.script.usage = whole("80.35", charge("fee", "79.35"), charge("day", "1.00"))
    await world.sync(ON_20)
    late = charge("fee", "79.35"), charge("day", "5.00"), charge("late", "100.00")
    world.script.usage = [
        *whole(total, *late),
        Reading(part="bee", error=ForbiddenError("no permission")),
    ]
    await world.sync(ON_31)
    world.now = LATER
    assert (await known(world)).stated_total is None
    state, words = await world.state()
    assert state is State.PARTIAL
    assert (words or "").startswith(
        "as read until 2026-10-20T00:00:00Z, and in part until 2026-10-31T23:58:00Z"
    )
