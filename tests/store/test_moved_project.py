"""A project that the settings name of another account than before is that account's from then on.

Account old reads projects a (1.00) and b; b is at 2.00 when it is moved, and grows to 12.00.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from attrs import evolve, frozen

from billfold import Account, Billfold, Period, Secret, State, Stream
from billfold.adapter import Declaration, Reading
from billfold.store.check import check
from billfold.store.sync import questions, sync
from store.cycles import as_asked, cycle
from store.world import OCTOBER, Script, Scripted, World

OF_B = Period.parse("2026-09-20..2026-10-20")
HOUR = timedelta(hours=1)


@frozen(eq=False)
class Limited(Scripted):
    """Is limited to projects by its settings."""

    declares: ClassVar[Declaration] = evolve(
        Scripted.declares, reach=lambda adapter: adapter.projects
    )
    projects: tuple[str, ...] = ()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "store")


def a() -> Reading[Any]:
    return as_asked(cycle("1.00", OCTOBER, "a"))


def b(cost: str) -> Reading[Any]:
    return as_asked(cycle(cost, OF_B, "b"))


def limited(name: str, projects: str, *readings: Reading[Any]) -> Account:
    adapter = Limited(Script([*readings]), tuple(projects))
    return Account(name, adapter, Secret("token-0123456789"))


async def read(world: World, day: int, *accounts: Account) -> None:
    world.now = datetime(2026, 10, day, tzinfo=UTC)
    async with Billfold(accounts, clock=lambda: world.now) as fold, world.history() as history:
        asked = questions(accounts, None, (Stream.USAGE,), world.now)
        assert [each async for each in sync(fold, history.book, asked, clock=lambda: world.now)]
        assert not check(history.book, world.now + HOUR).faults


@pytest.mark.parametrize("is_first", [True, False])
async def test_it_is_known_as_the_account_states_it_that_names_it(
    world: World, *, is_first: bool
) -> None:
    await read(world, 5, limited("old", "ab", a(), b("2.00")))
    old, new = limited("old", "a", a()), limited("new", "b", b("12.00"))
    await read(world, 10, *([old, new] if is_first else [new, old]))
    assert await world.total() == "13.00 EUR"  # 1.00 and 12.00
    async with world.history() as history:
        alone = await history.usage(OCTOBER, accounts=["new"])
    assert str(alone.totals(partial=True)["EUR"]) == "12.00 EUR"


async def test_until_another_states_it_it_stays(world: World) -> None:
    await read(world, 5, limited("old", "ab", a(), b("2.00")))
    await read(world, 10, limited("old", "a", a()))
    assert await world.total() == "3.00 EUR"
    cut_off = evolve(b("12.00"), state=State.PARTIAL, detail="cut off")
    await read(world, 11, limited("old", "a", a()), limited("new", "b", cut_off))
    assert await world.total() == "3.00 EUR"


async def test_an_account_that_is_not_asked_keeps_it(world: World) -> None:
    await read(world, 5, limited("old", "ab", a(), b("2.00")))
    await read(world, 10, limited("new", "b", b("12.00")))
    assert await world.total() == "3.00 EUR"


async def test_what_both_name_is_the_first_one_s(world: World) -> None:
    for day in (5, 6):
        await read(
            world, day, limited("old", "ab", a(), b("2.00")), limited("new", "b", b("12.00"))
        )
    assert await world.total() == "3.00 EUR"


async def test_what_stays_is_as_it_was_read_itself_whatever_was_handed_over(world: World) -> None:
    # b's cycle is old's until the 10th; a's month is old's all the time, and read last on the 31st.
    await read(world, 5, limited("old", "ab", a(), b("2.00")))
    for day in (10, 31):
        await read(world, day, limited("old", "a", a()), limited("new", "ab", a(), b("12.00")))
    world.now = datetime(2026, 11, 1, 12, tzinfo=UTC)
    async with world.history() as history:
        both = await history.usage(OCTOBER)
        alone = await history.usage(OCTOBER, accounts=["new"])
    (old,) = [row for row in both.coverage if row.account == "old"]
    assert old.detail == "as read until 2026-10-31T00:00:00Z"
    assert old.covers == OCTOBER
    (row,) = alone.coverage
    assert row.detail is not None
    assert "acme a is as account old read it: as read until 2026-10-31T00:00:00Z" in row.detail
