"""``stored="missing"``: what a provider forgot comes from a store, and everything else from itself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from attrs import evolve, field, frozen

from billfold import Account, Billfold, ConfigError, Money, Period, Secret, State
from billfold.adapter import Reading, Readings
from store.world import MID_NOVEMBER, OCTOBER, Scripted, World, charge, whole

LAST_MINUTES = datetime(2026, 10, 31, 23, 58, tzinfo=UTC)


@frozen(eq=False)
class Forgetful(Scripted):
    """Answers for November alone, and says so of any other month."""

    provider: ClassVar[str] = "scripted"
    asked: list[Period | None] = field(factory=list)

    async def usage(self, client: object, period: Period | None) -> Readings[Any]:
        self.asked.append(period)
        for reading in self.script.usage:
            yield reading
        if not self.script.usage:
            yield Reading(state=State.UNAVAILABLE, detail="only the running month")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "store")


async def kept(world: World) -> None:
    world.script.usage = whole(charge("vm", "12.34"))
    await world.sync(LAST_MINUTES)
    world.now = MID_NOVEMBER
    world.script.usage = []


def fold(world: World, **options: Any) -> Billfold:
    account = Account("one", Forgetful(world.script), Secret("token-0123456789"))
    options = {"store": world.folder, "stored": "missing", **options}
    return Billfold([account], clock=lambda: world.now, **options)


async def test_what_a_provider_forgot_comes_from_the_store(world: World) -> None:
    await kept(world)
    async with fold(world) as asked:
        answer = await asked.usage(OCTOBER)
    (row,) = answer.coverage
    assert row.state is State.PARTIAL
    assert row.detail == (
        "from the store, read at 2026-10-31T23:58:00Z; as read until 2026-10-31T23:58:00Z"
    )
    assert answer.totals(partial=True) == {"EUR": Money.parse("12.34 EUR")}


async def test_a_tail_within_the_tolerance_is_complete(world: World) -> None:
    await kept(world)
    async with fold(world, tolerance=timedelta(hours=1)) as asked:
        answer = await asked.usage(OCTOBER)
    assert answer.complete
    assert "as read until" in (answer.coverage[0].detail or "")


async def test_what_a_provider_answers_is_never_taken_from_the_store(world: World) -> None:
    await kept(world)
    world.script.usage = whole(charge("vm", "15.00"))
    async with fold(world) as asked:
        answer = await asked.usage(OCTOBER)
    assert answer.totals() == {"EUR": Money.parse("15 EUR")}
    assert answer.coverage[0].detail is None


def project(name: str, cost: str, covers: Period = OCTOBER) -> Reading[Any]:
    machine = evolve(charge(f"vm of {name}", cost, covers=covers), sub_account_id=name)
    return whole(machine, covers=covers, sub_account_id=name)[0]


async def two_projects(world: World) -> None:
    world.script.usage = [project("a", "10.00"), project("b", "5.00")]
    await world.sync(datetime(2026, 11, 2, 12, tzinfo=UTC), OCTOBER)
    world.now = MID_NOVEMBER


async def test_a_project_that_was_answered_before_another_was_forgotten_counts_once(
    world: World,
) -> None:
    await two_projects(world)
    forgotten = Reading[Any](state=State.UNAVAILABLE, detail="b is forgotten", part="b")
    world.script.usage = [project("a", "11.00"), forgotten]
    async with fold(world) as asked:
        answer = await asked.usage(OCTOBER)
    assert answer.totals() == {"EUR": Money.parse("16 EUR")}


async def test_a_project_of_another_cycle_is_filled_up_beside_one_of_the_month(
    world: World,
) -> None:
    await two_projects(world)
    cycle = Period(datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))
    other = evolve(project("b", "7.00", cycle), state=State.DIFFERENT_WINDOW)
    world.script.usage = [project("a", "10.00"), other]
    async with fold(world) as asked:
        answer = await asked.usage(OCTOBER)
    assert answer.totals() == {"EUR": Money.parse("15 EUR")}


async def test_a_cycle_that_the_store_knows_no_better_is_the_provider_s(world: World) -> None:
    cycle = Period(datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))
    world.script.usage = [
        project("a", "10.00"),
        evolve(project("b", "6.00", cycle), state=State.DIFFERENT_WINDOW),
    ]
    await world.sync(datetime(2026, 11, 2, 12, tzinfo=UTC), OCTOBER)
    world.script.usage[1] = evolve(project("b", "7.00", cycle), state=State.DIFFERENT_WINDOW)
    async with fold(world) as asked:
        answer = await asked.usage(OCTOBER)
    assert [row.detail for row in answer.coverage] == [
        None,
        "2026-10-01..2026-10-20 is not in the store",
    ]
    assert answer.totals(partial=True) == {"EUR": Money.parse("17 EUR")}


async def test_without_it_the_store_is_not_asked(world: World) -> None:
    await kept(world)
    async with fold(world, stored=None) as asked:
        answer = await asked.usage(OCTOBER)
    assert answer.coverage[0].state is State.UNAVAILABLE


async def test_a_store_that_is_not_there_changes_nothing(world: World, tmp_path: Path) -> None:
    async with fold(world, store=tmp_path / "nowhere") as asked:
        answer = await asked.usage(OCTOBER)
    assert answer.coverage[0].detail == "only the running month"
    assert not (tmp_path / "nowhere").exists()


def test_any_other_word_is_refused(world: World) -> None:
    with pytest.raises(ConfigError, match="History answers only from a store"):
        fold(world, stored="only")


async def test_open_takes_the_store_and_its_tolerance_from_the_configuration(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await kept(world)
    config = tmp_path / "billfold.toml"
    monkeypatch.setenv("TOKEN", "token-0123456789")
    config.write_text(
        '[[accounts]]\nname = "one"\nprovider = "aether"\ntoken_env = "TOKEN"\n'
        f'[store]\nurl = "{world.folder}"\ntolerance = "1h"\n'
    )
    opened = Billfold.open(config, stored="missing", clock=lambda: world.now)
    forgetful = Forgetful(world.script)
    (account,) = opened.accounts
    assert isinstance(account.adapter.stored.tolerance, timedelta)  # type: ignore[attr-defined]
    adapter = evolve(account.adapter, live=forgetful, declares=forgetful.declares)
    swapped = evolve(account, adapter=adapter)
    async with Billfold([swapped], clock=lambda: world.now) as asked:
        assert (await asked.usage(OCTOBER)).complete
