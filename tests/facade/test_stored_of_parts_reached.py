"""``stored="missing"``: whose month it is that a store has, and whose it does not have.

October was kept as it ended; on 5 November the provider has the cycles of November alone.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from billfold import Account, Answer, Billfold, Money, Period, Secret, State, Usage
from billfold.adapter import Reading
from billfold.errors import ForbiddenError
from billfold.period import span
from billfold_latitude import Latitude
from store.cycles import BySlug, InCycles, OfB, cycle
from store.world import NOVEMBER, OCTOBER, Script, Scripted, World

ON_5_NOVEMBER = datetime(2026, 11, 5, tzinfo=UTC)
AFTER = datetime(2026, 11, 1, 0, 20, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "store")


async def keep(world: World, **kept: Iterable[Reading[Any]]) -> None:
    world.scripts = {
        name: Script([evolve(each, state=State.COMPLETE, detail=None) for each in readings])
        for name, readings in kept.items()
    }
    await world.sync(AFTER)
    world.now = ON_5_NOVEMBER


def another_month(project: str, since: datetime | None = None) -> Reading[Any]:
    """Return what a provider says of a project that is billed, of a month that is over."""
    detail = "only the running cycle"
    return Reading((), NOVEMBER, State.UNAVAILABLE, detail, part=project, since=since)


async def october(
    world: World, *stated: Reading[Any], name: str = "one", adapter: type[Scripted] = InCycles
) -> Answer[Usage]:
    account = Account(name, adapter(Script([*stated])), Secret("token-0123456789"))
    async with Billfold(
        [account], clock=lambda: world.now, store=world.folder, stored="missing"
    ) as fold:
        return await fold.usage(OCTOBER)


def euros(amount: str) -> dict[str, Money]:
    return {"EUR": Money.parse(f"{amount} EUR")}


def of_b(answer: Answer[Usage]) -> list[str | None]:
    return [row.detail for row in answer.coverage if row.part == "b"]


async def test_a_project_of_which_the_store_has_nothing_is_a_hole(world: World) -> None:
    await keep(world, one=[cycle("31.00", OCTOBER, "a")])
    answer = await october(world, another_month("a"), another_month("b"))
    assert answer.totals(partial=True) == euros("31.00")
    assert not answer.complete
    assert of_b(answer) == ["2026-10 of b is not in the store"]


async def test_a_project_that_its_provider_says_is_younger_is_none(world: World) -> None:
    await keep(world, one=[cycle("31.00", OCTOBER, "a")])
    answer = await october(world, another_month("a"), another_month("b", NOVEMBER.start))
    assert answer.totals() == euros("31.00")


async def test_an_account_whose_payers_are_all_younger_had_nothing(world: World) -> None:
    await keep(world, one=[cycle("31.00", OCTOBER, "a")])
    younger = another_month("b", NOVEMBER.start), another_month("c", ON_5_NOVEMBER)
    answer = await october(world, *younger, name="two", adapter=Scripted)
    assert (len(answer), answer.complete) == (0, True)
    (row,) = answer.coverage
    assert (row.covers, row.detail) == (
        OCTOBER,
        "2026-10: nothing that is reached now was there before 2026-11-01T00:00:00Z",
    )


async def test_beside_its_projects_a_payer_may_have_had_others(world: World) -> None:
    await keep(world, one=[cycle("31.00", OCTOBER, "a")])
    younger = another_month("b", NOVEMBER.start), another_month("c", ON_5_NOVEMBER)
    assert not (await october(world, *younger, name="two", adapter=InCycles)).complete


@pytest.mark.parametrize(
    "beside",
    [
        another_month("c", NOVEMBER.start - timedelta(minutes=1)),
        another_month("c", OCTOBER.start - timedelta(days=90)),
        another_month("c"),
        Reading((), None, State.UNAVAILABLE, "only the running month"),
        Reading(state=State.FAILED, error=ForbiddenError("busy"), part="c"),
        Reading((), None, State.PARTIAL, "the list is cut off"),
    ],
)
async def test_one_that_is_older_or_of_which_that_is_not_stated_makes_it_a_hole(
    world: World, beside: Reading[Any]
) -> None:
    await keep(world, one=[cycle("31.00", OCTOBER, "a")])
    younger = another_month("b", NOVEMBER.start)
    for stated in (younger, beside), (beside, younger):
        assert not (await october(world, *stated, name="two", adapter=Scripted)).complete


@pytest.mark.parametrize(
    ("failed_at", "complete"), [(OCTOBER.end - timedelta(days=1), False), (AFTER, True)]
)
async def test_an_account_that_was_asked_in_vain_before_all_was_created_is_a_hole(
    world: World, failed_at: datetime, *, complete: bool
) -> None:
    failed = Reading[Any](state=State.FAILED, error=ForbiddenError("busy"))
    world.scripts = {"two": Script([failed])}
    await world.sync(failed_at)
    world.now = ON_5_NOVEMBER
    younger = another_month("b", NOVEMBER.start)
    answer = await october(world, younger, name="two", adapter=Scripted)
    assert answer.complete is complete


async def test_what_the_store_has_of_what_is_there_no_more_counts(world: World) -> None:
    await keep(world, one=[cycle("31.00", OCTOBER, "a")])
    answer = await october(world, another_month("b", NOVEMBER.start), adapter=Scripted)
    assert answer.totals() == euros("31.00")


@pytest.mark.parametrize(
    ("since", "complete"),
    [(NOVEMBER.start + timedelta(days=1), True), (OCTOBER.start + timedelta(days=20), False)],
)
async def test_of_two_months_the_one_before_it_was_created_is_no_hole(
    world: World, since: datetime, *, complete: bool
) -> None:
    await keep(world, one=[cycle("31.00", OCTOBER, "a")])
    stated = evolve(cycle("5.00", NOVEMBER, "b"), part="b", since=since)
    account = Account("two", Scripted(Script([stated])), Secret("token-0123456789"))
    async with Billfold(
        [account], clock=lambda: world.now, store=world.folder, stored="missing"
    ) as fold:
        answer = await fold.usage(Period(OCTOBER.start, NOVEMBER.end))
    assert answer.totals(partial=True) == euros("5.00")
    assert answer.complete is complete
    covers = span(row.covers for row in answer.coverage if row.covers is not None)
    assert covers == (Period(OCTOBER.start, NOVEMBER.end) if complete else NOVEMBER)


async def test_a_project_that_is_asked_no_more_is_not_the_account_s(world: World) -> None:
    await keep(world, one=[cycle("31.00", OCTOBER, "a")])
    answer = await october(world, another_month("b"), adapter=OfB)
    assert (len(answer), [row.state for row in answer.coverage]) == (0, [State.UNAVAILABLE])


async def test_of_two_that_were_kept_only_what_is_asked_for_counts(world: World) -> None:
    await keep(world, one=[cycle("31.00", OCTOBER, "a"), cycle("77.00", OCTOBER, "b")])
    answer = await october(world, another_month("b"), adapter=OfB)
    assert answer.totals() == euros("77.00")


async def test_of_two_that_were_kept_a_slug_asks_for_the_one_that_is_stated(world: World) -> None:
    await keep(world, one=[cycle("31.00", OCTOBER, "a"), cycle("77.00", OCTOBER, "b")])
    answer = await october(world, another_month("B"), adapter=BySlug)
    assert answer.totals() == euros("77.00")


async def test_a_slug_of_a_project_without_a_cycle_now_asks_for_its_earlier_ones(
    world: World,
) -> None:
    await keep(world, one=[cycle("31.00", OCTOBER, "a"), cycle("77.00", OCTOBER, "b")])
    idle = Reading[Any]((), None, State.UNAVAILABLE, "b has no billing cycle", part="b")
    answer = await october(world, idle, adapter=BySlug)
    assert answer.totals() == euros("77.00")


async def test_a_project_that_no_slug_names_any_more_is_not_the_account_s(world: World) -> None:
    await keep(world, one=[cycle("31.00", OCTOBER, "a"), cycle("77.00", OCTOBER, "b")])
    running = evolve(cycle("9.00", OCTOBER, "b"), state=State.COMPLETE, detail=None, part="b")
    answer = await october(world, running, adapter=BySlug)
    assert answer.totals() == euros("9.00")


async def test_a_slug_that_could_not_be_read_may_ask_for_what_is_kept(world: World) -> None:
    await keep(world, one=[cycle("31.00", OCTOBER, "a"), cycle("77.00", OCTOBER, "b")])
    failed = Reading[Any](state=State.FAILED, error=ForbiddenError("busy"), part="db")
    answer = await october(world, another_month("b"), failed, adapter=BySlug)
    assert answer.totals(partial=True) == euros("108.00")  # 31.00 and 77.00
    said = " | ".join(row.detail or "" for row in answer.coverage)
    assert "whether a is still asked for is not known, as a part failed" in said
    assert all(row.state in (State.PARTIAL, State.FAILED) for row in answer.coverage)


def test_projects_of_latitude_may_be_slugs() -> None:
    declares = Latitude.declares
    assert declares.by_name(Latitude(projects=("proj_1", "web")))
    assert not declares.by_name(Latitude(projects=("proj_1",)))
    assert not declares.by_name(Latitude())


async def test_what_another_name_booked_of_what_is_reached_now_counts(world: World) -> None:
    await keep(world, one=[cycle("31.00", OCTOBER, "a")], two=[cycle("77.00", OCTOBER, "b")])
    answer = await october(world, another_month("a"), another_month("B"))
    assert answer.totals() == euros("108.00")  # 31.00 and 77.00
    assert "acme b is as account two read it" in (answer.coverage[0].detail or "")


async def test_of_a_month_that_is_stated_in_part_each_has_its_own_rest(world: World) -> None:
    both = Period(OCTOBER.start, NOVEMBER.end)
    await keep(world, one=[cycle("31.00", OCTOBER, "a")])
    stated = [evolve(cycle("5.00", NOVEMBER, name), part=name) for name in "ab"]
    account = Account("one", Scripted(Script(stated)), Secret("token-0123456789"))
    async with Billfold(
        [account], clock=lambda: world.now, store=world.folder, stored="missing"
    ) as fold:
        answer = await fold.usage(both)
    assert answer.totals(partial=True) == euros("41.00")  # 31.00 and twice 5.00
    assert not answer.complete
    assert any("2026-10 of b is not in the store" in (row.detail or "") for row in answer.coverage)
