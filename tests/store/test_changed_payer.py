"""A project or organization that is billed to another in mid-month leaves the month complete."""

from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve

from billfold import Answer, State
from billfold.adapter import Reading
from billfold.model import Usage
from billfold.store.check import check
from store.world import MID_NOVEMBER, NOVEMBER, Script, World, charge, usage

ON_10 = datetime(2026, 11, 10, tzinfo=UTC)
AFTER = datetime(2026, 12, 2, tzinfo=UTC)


def used(payer: str, project: str | None, cost: str) -> Usage:
    whose: dict[str, Any] = {"billing_account_id": payer, "sub_account_id": project}
    line = evolve(charge(f"vm of {project or payer}", cost, covers=NOVEMBER), **whose)
    return usage(line, covers=NOVEMBER, **whose)


async def read(world: World, at: datetime, **accounts: list[Usage]) -> None:
    world.scripts = {
        name: Script([Reading(tuple(items), NOVEMBER)]) for name, items in accounts.items()
    }
    await world.sync(at, NOVEMBER)


async def november(world: World, *names: str) -> Answer[Usage]:
    async with world.history() as history:
        assert not check(history.book, world.now).faults
        return await history.usage(NOVEMBER, accounts=names)


@pytest.mark.parametrize("stays", [True, False])
async def test_of_a_project_as_its_new_payer_s(world: World, *, stays: bool) -> None:
    """Its old payer, red, still has another project or is not reached any more."""
    other = [used("red", "q", "5.00")] if stays else []
    await read(world, ON_10, one=[used("red", "p", "1.00"), *other])
    await read(world, MID_NOVEMBER, one=[used("blue", "p", "2.00"), *other])
    await read(world, AFTER, one=[used("blue", "p", "3.00"), *other])
    answer = await november(world, "one")
    assert str(answer.totals()["EUR"]) == ("8.00 EUR" if stays else "3.00 EUR")


async def test_of_a_project_that_was_not_read_after_it(world: World) -> None:
    await read(world, ON_10, one=[used("red", "p", "1.00"), used("red", "q", "5.00")])
    await read(world, MID_NOVEMBER, one=[used("blue", "p", "2.00"), used("red", "q", "5.00")])
    world.now = AFTER
    (row,) = (await november(world, "one")).coverage
    assert (row.state, row.detail) == (State.PARTIAL, "as read until 2026-11-20T12:00:00Z")


async def test_of_an_organization_that_moved_to_another_account(world: World) -> None:
    acme, bee = used("acme", None, "1.00"), used("bee", None, "2.00")
    await read(world, ON_10, a=[acme, bee])
    await read(world, MID_NOVEMBER, a=[acme], b=[bee])
    await read(world, AFTER, a=[acme], b=[bee])
    for names, total in (("a", "1.00 EUR"), ("b", "2.00 EUR"), ("ab", "3.00 EUR")):
        assert str((await november(world, *names)).totals()["EUR"]) == total


async def test_of_a_project_that_was_deleted_it_does_not(world: World) -> None:
    await read(world, ON_10, one=[used("red", "p", "1.00"), used("red", "q", "5.00")])
    await read(world, AFTER, one=[used("red", "q", "5.00")])
    answer = await november(world, "one")
    assert [row.state for row in answer.coverage] == [State.PARTIAL]
    assert str(answer.totals(partial=True)["EUR"]) == "6.00 EUR"
