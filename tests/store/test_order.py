"""Days and entries come back in the order that they have, whichever reading stated them last."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from billfold import Money, Stream
from billfold.adapter import Reading
from billfold.model import DailyCost
from store.world import MID_OCTOBER, OCTOBER, World, entry


def day(number: int, org: str = "acme", cost: str = "1") -> DailyCost:
    amount = Money(Decimal(cost), "EUR")
    return DailyCost(date(2026, 10, number), amount, billing_account_id=org)


async def dates(world: World, *readings: tuple[DailyCost, ...]) -> list[tuple[str | None, int]]:
    for hours, items in enumerate(readings):
        world.script.daily = [Reading(items, OCTOBER)]
        await world.sync(MID_OCTOBER + timedelta(hours=hours), OCTOBER, streams=(Stream.DAILY,))
    async with world.history() as history:
        answer = await history.daily(OCTOBER)
    return [(each.billing_account_id, each.date.day) for each in answer]


@pytest.mark.parametrize("first", ["acme", "zeta"])
async def test_days_of_two_organizations_come_by_organization_and_day(
    world: World, first: str
) -> None:
    """Of the one that was read first, the second reading has its days at other places."""
    early = (day(1, first), day(3, first))
    late = (*(day(number, "beta") for number in (2, 4)), *early, day(5, first))
    expected = [("beta", 2), ("beta", 4), *((first, number) for number in (1, 3, 5))]
    assert await dates(world, early, late) == sorted(expected)


async def test_a_day_that_cost_more_later_stays_at_its_place(world: World) -> None:
    first = (day(3), day(2), day(1))
    again = (day(1), day(2), day(3, cost="2"), day(4))
    assert await dates(world, first, again) == [("acme", number) for number in (1, 2, 3, 4)]


async def test_entries_of_several_readings_come_newest_first_as_a_provider_lists_them(
    world: World,
) -> None:
    entries = [entry(str(n), "1", datetime(2026, 10, n, tzinfo=UTC)) for n in range(1, 7)]
    for count in (2, 5, 6):
        world.script.ledger = [Reading(tuple(reversed(entries[:count])), OCTOBER)]
        now = MID_OCTOBER + timedelta(hours=count)
        await world.sync(now, OCTOBER, streams=(Stream.LEDGER,))
    async with world.history() as history:
        assert [each.id for each in await history.ledger(OCTOBER)] == list("654321")
