"""A month is one account's, read whole or in halves, of two that reach the same organization.

November of acme is 0.50 in its first half and 0.23 in the second: 0.73.
"""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from billfold import Answer, State
from billfold.adapter import Reading
from billfold.errors import ForbiddenError
from billfold.model import Usage
from billfold.store.check import check
from store.test_months_in_halves import halves, in_one
from store.world import NOVEMBER, Script, World

FAILED = Reading[Usage](part="acme", error=ForbiddenError("no permission"))
HALVES = halves("0.50", "0.23")
FIRST, SECOND = HALVES
WHOLE = in_one("0.50", "0.23")
HOUR = timedelta(hours=1)


async def read(world: World, at: datetime, name: str, *readings: Reading[Usage]) -> None:
    world.scripts = {name: Script([*readings])}
    await world.sync(at, NOVEMBER)


async def november(world: World) -> list[Answer[Usage]]:
    """Return what is known of it to the first account, to the second, and to both."""
    async with world.history() as history:
        assert not check(history.book, world.now).faults
        return [await history.usage(NOVEMBER, accounts=[*names]) for names in ("a", "b", "ab")]


def total(answer: Answer[Usage]) -> str:
    return ", ".join(map(str, answer.totals(partial=True).values()))


@pytest.mark.parametrize("is_over", [True, False])
@pytest.mark.parametrize("again", [HALVES, WHOLE])
async def test_a_half_that_the_other_account_read_counts_once(
    world: World, again: list[Reading[Usage]], *, is_over: bool
) -> None:
    at = datetime(2026, 12, 2, tzinfo=UTC) if is_over else datetime(2026, 11, 20, tzinfo=UTC)
    await read(world, at, "a", FIRST, evolve(FAILED, covers=SECOND.covers))
    await read(world, at + HOUR, "b", *HALVES)
    of_the_first, *_ = await november(world)
    assert not of_the_first.complete
    await read(world, at + 2 * HOUR, "a", *WHOLE)
    for answer in await november(world):
        assert (total(answer), answer.complete) == ("0.73 EUR", True)
    await read(world, at + 3 * HOUR, "b", *again)
    await read(world, at + 4 * HOUR, "a", *again)
    for answer in await november(world):
        assert (total(answer), answer.complete) == ("0.73 EUR", True)


async def test_what_only_the_other_account_has_read_of_it_is_missing(world: World) -> None:
    at = datetime(2026, 12, 2, tzinfo=UTC)
    await read(world, at, "a", FIRST, evolve(FAILED, covers=SECOND.covers))
    await read(world, at + HOUR, "b", *HALVES)
    for answer in await november(world):
        assert {row.state for row in answer.coverage if row.is_hole} == {State.PARTIAL}
