"""``stored="missing"``: while a provider fails that forgets months, those that are over are known.

October cost 50.00 and was kept as it ended; November has cost 7.00 when it was read last.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from attrs import evolve, frozen

from billfold import Account, Answer, Billfold, Money, Period, ProviderError, Secret, State, Stream
from billfold.adapter import Declaration, Reading
from store.world import NOVEMBER, OCTOBER, Script, Scripted, World, charge, whole

BOTH = Period(OCTOBER.start, NOVEMBER.end)
AFTER, ON_5, ON_9 = (
    datetime(2026, 11, day, hour, tzinfo=UTC) for day, hour in ((1, 1), (5, 0), (9, 0))
)
FAILS = Reading[Any](state=State.FAILED, error=ProviderError("no answer"), part="acme")


@frozen(eq=False)
class OfOneMonth(Scripted):
    """States the running month alone."""

    declares: ClassVar[Declaration] = evolve(
        Scripted.declares, only_current=frozenset({Stream.USAGE})
    )


@frozen(eq=False)
class Unreachable(OfOneMonth):
    """Fails before anything is read of anybody."""

    async def usage(self, client: object, period: Period | None) -> Any:
        """Raise that there is no answer."""
        raise ProviderError("no answer")
        yield


@pytest.fixture
async def world(tmp_path: Path) -> World:
    world = World(tmp_path / "store")
    for at, covers, cost in ((AFTER, OCTOBER, "50.00"), (ON_5, NOVEMBER, "7.00")):
        world.script.usage = whole(charge("vm", cost, covers=covers), covers=covers)
        await world.sync(at, covers)
    world.now = ON_9
    return world


async def asked(
    world: World, period: Period, *readings: Reading[Any], adapter: type[Scripted] = OfOneMonth
) -> Answer[Any]:
    account = Account("one", adapter(Script([*readings])), Secret("token-0123456789"))
    async with Billfold(
        [account], clock=lambda: world.now, store=world.folder, stored="missing"
    ) as fold:
        return await fold.usage(period)


def euros(amount: str) -> dict[str, Money]:
    return {"EUR": Money.parse(f"{amount} EUR")}


async def test_the_month_that_is_over_is_the_store_s_and_the_failure_is_shown(
    world: World,
) -> None:
    answer = await asked(world, BOTH, FAILS)
    assert answer.totals(partial=True) == euros("50.00")
    assert [each.part for each in answer.failures] == ["acme"]
    assert not answer.complete
    said = "; ".join(row.detail or "" for row in answer.coverage)
    assert "2026-10 is from the store, read at 2026-11-01T01:00:00Z" in said


async def test_so_it_is_where_all_of_the_account_fails(world: World) -> None:
    answer = await asked(world, BOTH, adapter=Unreachable)
    assert answer.totals(partial=True) == euros("50.00")
    assert [each.message for each in answer.failures] == ["no answer"]
    assert not answer.complete


async def test_so_it_is_beside_another_organization_that_is_read(world: World) -> None:
    (bee,) = whole(charge("b", "3.00", covers=NOVEMBER), covers=NOVEMBER, billing_account_id="bee")
    other = evolve(bee, state=State.DIFFERENT_WINDOW, detail="only November", part="bee")
    answer = await asked(world, BOTH, other, FAILS)
    assert answer.totals(partial=True) == euros("53.00")  # 50.00 and bee's 3.00
    assert not answer.complete


async def test_nothing_is_put_in_the_place_of_what_runs(world: World) -> None:
    answer = await asked(world, NOVEMBER, FAILS)
    assert (answer.items, [row.state for row in answer.coverage]) == ((), [State.FAILED])


async def test_who_answers_for_any_month_has_forgotten_none(world: World) -> None:
    answer = await asked(world, BOTH, FAILS, adapter=Scripted)
    assert answer.items == ()
