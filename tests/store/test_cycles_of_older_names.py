"""A month of two billing cycles, of which an account read the first under an older name.

From 5 October on project a costs 1.00 a day: 31.00, and then 30.00.
"""

from datetime import UTC, datetime, timedelta

import pytest

from billfold import Period
from billfold.costs import CostView
from store.cycles import as_asked, cycle, watched
from store.world import NOVEMBER, Script, World

FIRST, SECOND = Period.parse("2026-10-05..2026-11-05"), Period.parse("2026-11-05..2026-12-05")
AFTER_FIRST = datetime(2026, 11, 5, 0, 30, tzinfo=UTC)
AFTER_SECOND = datetime(2026, 12, 5, 0, 30, tzinfo=UTC)


async def renamed(world: World, project: str = "a") -> None:
    world.scripts = {"old": Script()}
    await watched(world)
    world.script.usage = [as_asked(cycle("31.00", FIRST, project))]
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


async def test_where_both_names_are_asked_it_counts_once(world: World) -> None:
    await renamed(world)
    for names in (["old", "new"], ["new", "old"]):
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
ASKED = (["old", "new"], ["new", "old"], ["new"])


async def by_month(world: World, month: Period, names: list[str]) -> CostView:
    async with world.history() as history:
        return await history.costs(month, by="month", spread=True, partial=True, accounts=names)


@pytest.mark.parametrize("is_at_the_end", [False, True])
async def test_what_was_deleted_under_the_old_name_counts_once(
    world: World, is_at_the_end: bool
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
    for names in ASKED:
        view = await by_month(world, SEPTEMBER, names)
        assert [str(each) for each in view.native.values()] == ["49.00 EUR"], names


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


async def test_the_first_cycle_of_what_was_deleted_under_the_new_name_counts_too(
    world: World,
) -> None:
    """Projects a and b cost 1.00 a day each; b is deleted in the second cycle, after 10.00 of it.

    Of November 30.00 are of a, and 4.00 and 10.00 of b.
    """
    world.scripts = {"old": Script()}
    await watched(world)
    world.script.usage = [as_asked(cycle("31.00", FIRST, each)) for each in "ab"]
    await world.sync(AFTER_FIRST)
    world.scripts = {"new": Script([as_asked(cycle("10.00", SECOND, each)) for each in "ab"])}
    await world.sync(SECOND.start + timedelta(days=10))
    for at, cost in ((datetime(2026, 11, 25, tzinfo=UTC), "20.00"), (AFTER_SECOND, "30.00")):
        world.script.usage = [as_asked(cycle(cost, SECOND))]
        await world.sync(at)
    for names in ASKED:
        assert await world.total(NOVEMBER, accounts=names) == "102.00 EUR"
        view = await by_month(world, NOVEMBER, names)
        assert [str(each) for each in view.native.values()] == ["44.00 EUR"], names


async def test_what_was_deleted_before_both_names_were_read_counts_once(world: World) -> None:
    """Project b is deleted on 20 September, after 31.00; a is read under both names since the 25th.

    Of September 9.00 and 18.00 are of a, as read on the 28th under the old name, and 19.00 of b.
    """
    stays = as_asked(cycle("31.00", FIRST_OF_A))
    world.scripts = {"old": Script()}
    await watched(world)
    for at, *stated in (
        (OLDER.start, stays),
        (OTHER.end, as_asked(cycle("31.00", OTHER, "b")), as_asked(cycle("10.00", OLDER))),
    ):
        world.script.usage = stated
        await world.sync(at)
    for day, cost in ((25, "15.00"), (28, "18.00")):
        used = as_asked(cycle(cost, OLDER))
        world.scripts = {"old": Script([used]), "new": Script([used])}
        await world.sync(datetime(2026, 9, day, tzinfo=UTC))
    world.scripts = {"new": Script([as_asked(cycle("30.00", OLDER))])}
    await world.sync(OLDER.end)
    for names in ASKED:
        view = await by_month(world, SEPTEMBER, names)
        assert [str(each) for each in view.native.values()] == ["46.00 EUR"], names
        assert not view.complete


async def test_what_an_account_beside_has_that_this_one_never_reached_is_not_its_own(
    world: World,
) -> None:
    """Account old reaches a and b, account new only a, and is younger."""
    a, b = as_asked(cycle("31.00", FIRST_OF_A)), as_asked(cycle("31.00", OTHER, "b"))
    world.scripts = {"old": Script([a, b])}
    await world.sync(datetime(2026, 8, 25, tzinfo=UTC))
    world.scripts = {"old": Script([a, b]), "new": Script([a])}
    await world.sync(datetime(2026, 8, 28, tzinfo=UTC))
    await world.sync(FIRST_OF_A.end)
    august = Period.month(2026, 8)
    assert await world.total(august, accounts=["new"]) == "31.00 EUR"
    assert await world.total(august, accounts=["old"]) == "62.00 EUR"
