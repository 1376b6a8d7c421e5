"""A month of two billing cycles, of which an account read the first under an older name.

From 5 October on project a costs 1.00 a day: 31.00, and then 30.00.
"""

from datetime import UTC, datetime, timedelta

import pytest

from billfold import Period
from store.cycles import as_asked, cycle
from store.world import NOVEMBER, Script, World

FIRST, SECOND = Period.parse("2026-10-05..2026-11-05"), Period.parse("2026-11-05..2026-12-05")
AFTER_FIRST = datetime(2026, 11, 5, 0, 30, tzinfo=UTC)
AFTER_SECOND = datetime(2026, 12, 5, 0, 30, tzinfo=UTC)


async def renamed(world: World, project: str = "a") -> None:
    world.scripts = {"old": Script([as_asked(cycle("31.00", FIRST, project))])}
    await world.sync(AFTER_FIRST)
    world.scripts = {"new": Script([as_asked(cycle("30.00", SECOND))])}
    await world.sync(AFTER_SECOND)


async def test_it_counts_for_the_new_name(world: World) -> None:
    await renamed(world)
    assert await world.total(NOVEMBER, accounts=["new"]) == "61.00 EUR"  # 31.00 and 30.00
    async with world.history() as history:
        view = await history.costs(NOVEMBER, by="month", spread=True, accounts=["new"])
    assert {code: str(each) for code, each in view.native.items()} == {"EUR": "30.00 EUR"}
    assert view.complete


@pytest.mark.parametrize("names", [["old", "new"], ["new", "old"]])
async def test_where_both_names_are_asked_it_counts_once(world: World, names: list[str]) -> None:
    await renamed(world)
    assert await world.total(NOVEMBER, accounts=names) == "61.00 EUR"
    assert await world.total(SECOND, accounts=names) == "30.00 EUR"


async def test_it_is_not_added_to_what_runs(world: World) -> None:
    await renamed(world)
    async with world.history() as history:
        world.now = datetime(2026, 12, 4, tzinfo=UTC)
        answer = await history.usage(accounts=["new"])
    assert [each.covers for each in answer] == [SECOND]


async def test_another_project_s_is_not_the_new_name_s(world: World) -> None:
    await renamed(world, "b")
    assert await world.total(NOVEMBER, accounts=["new"]) == "30.00 EUR"
    async with world.history() as history:
        view = await history.costs(
            NOVEMBER, by="month", spread=True, partial=True, accounts=["new"]
        )
    assert not view.complete


FIRST_OF_A = Period.parse("2026-08-10..2026-09-10")
OLDER, OTHER = Period.parse("2026-09-10..2026-10-10"), Period.parse("2026-08-20..2026-09-20")
SEPTEMBER = Period.month(2026, 9)


@pytest.mark.parametrize("names", [["old", "new"], ["new", "old"], ["new"]])
@pytest.mark.parametrize("is_at_the_end", [False, True])
async def test_what_was_deleted_under_the_old_name_counts_once(
    world: World, names: list[str], is_at_the_end: bool
) -> None:
    """Projects a and b cost 1.00 a day, and b is deleted on 20 September: 30.00 and 19.00.

    The account is renamed on 1 October, or as the cycle of a ends on the tenth.
    """
    at = OLDER.end if is_at_the_end else SEPTEMBER.end
    first, b = as_asked(cycle("31.00", FIRST_OF_A)), as_asked(cycle("31.00", OTHER, "b"))
    second = as_asked(cycle("30.00" if is_at_the_end else "21.00", OLDER))
    for read_at, *stated in ((OLDER.start, first), (OTHER.end, b), (at, second)):
        world.scripts = {"old": Script(stated)}
        await world.sync(read_at)
    third = as_asked(cycle("1.00", Period(OLDER.end, datetime(2026, 11, 10, tzinfo=UTC))))
    world.scripts = {"new": Script([third if is_at_the_end else second])}
    await world.sync(at + timedelta(days=1 if is_at_the_end else 0, minutes=5))
    async with world.history() as history:
        view = await history.costs(SEPTEMBER, by="month", spread=True, partial=True, accounts=names)
    assert {code: str(each) for code, each in view.native.items()} == {"EUR": "49.00 EUR"}


async def test_what_was_deleted_before_an_account_was_split_is_nobody_s_twice(
    world: World,
) -> None:
    """Of September 30.00 are of a, and 19.00 of b, that another account reads on."""
    second, b = as_asked(cycle("30.00", OLDER)), as_asked(cycle("31.00", OTHER, "b"))
    world.scripts = {"old": Script([second, b])}
    await world.sync(OLDER.end)
    covers = Period(OLDER.end, datetime(2026, 11, 10, tzinfo=UTC))
    world.scripts = {
        "new": Script([as_asked(cycle("1.00", covers))]),
        "other": Script([as_asked(cycle("1.00", covers, "b"))]),
    }
    await world.sync(OLDER.end + timedelta(days=1))
    assert await world.total(SEPTEMBER, accounts=["new"]) == "30.00 EUR"
    assert await world.total(SEPTEMBER, accounts=["other"]) == "31.00 EUR"
    assert await world.total(SEPTEMBER) == "61.00 EUR"
