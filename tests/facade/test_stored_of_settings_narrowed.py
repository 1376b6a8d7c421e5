"""``stored="missing"``: what the settings name no more does not say how well the rest is known.

The account read projects a and b on the 20th of October. Then its settings named b alone, or its
organization acme alone, and October was read to its end. On 5 November its provider has forgotten
it.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from attrs import evolve, frozen

from billfold import Account, Answer, Billfold, Money, Period, Secret, State
from billfold.adapter import Declaration, Reading
from billfold.model import DailyCost, Stream
from store.cycles import BySlug, InCycles, OfB, as_asked, cycle
from store.world import MID_OCTOBER, OCTOBER, Script, Scripted, World, charge, usage

ON_5_NOVEMBER = datetime(2026, 11, 5, tzinfo=UTC)
AFTER = datetime(2026, 11, 1, 0, 20, tzinfo=UTC)
FORGOTTEN = Reading[Any]((), None, State.UNAVAILABLE, "only what runs")
A, B = as_asked(cycle("31.00", OCTOBER, "a")), as_asked(cycle("77.00", OCTOBER, "b"))


@frozen(eq=False)
class OfAcme(Scripted):
    """Is limited to an organization by its settings."""

    declares: ClassVar[Declaration] = evolve(Scripted.declares, reach=lambda _: ("acme",))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "store")


async def keep(world: World, at: datetime, period: Period = OCTOBER, /, **scripts: Script) -> None:
    world.scripts = scripts
    await world.sync(at, period, streams=(Stream.USAGE, Stream.DAILY))
    world.now = ON_5_NOVEMBER


async def asked(
    world: World, adapter: type[Scripted], stream: Stream, *stated: Reading[Any]
) -> Answer[Any]:
    script = Script()
    setattr(script, stream.value, [*stated])
    account = Account("one", adapter(script), Secret("token-0123456789"))
    async with Billfold(
        [account], clock=lambda: world.now, store=world.folder, stored="missing"
    ) as fold:
        answer: Answer[Any] = await getattr(fold, stream.value)(OCTOBER)
        return answer


def euros(amount: str) -> dict[str, Money]:
    return {"EUR": Money.parse(f"{amount} EUR")}


def said(answer: Answer[Any]) -> str:
    return " | ".join(row.detail or "" for row in answer.coverage)


@pytest.mark.parametrize("adapter", [OfB, BySlug])
async def test_a_project_that_counts_no_more_does_not_keep_a_month_partial(
    world: World, adapter: type[Scripted]
) -> None:
    await keep(world, MID_OCTOBER, one=Script([A, B]))
    await keep(world, AFTER, one=Script([B]))
    answer = await asked(world, adapter, Stream.USAGE, evolve(FORGOTTEN, part="b"))
    assert answer.totals() == euros("77.00")
    assert "acme a" not in said(answer)


async def test_what_counts_still_keeps_it_partial(world: World) -> None:
    await keep(world, MID_OCTOBER, one=Script([A, B]))
    await keep(world, AFTER, one=Script([A]))
    answer = await asked(world, OfB, Stream.USAGE, evolve(FORGOTTEN, part="b"))
    assert answer.totals(partial=True) == euros("77.00")
    assert not answer.complete
    assert "as read until 2026-10-20T12:00:00Z" in said(answer)


def of_payers(*payers: str, days: int = 1) -> Script:
    """Return what payers used, and so many days of each, at 1.00 euro."""
    used = tuple(usage(charge("vm", "1.00"), billing_account_id=each) for each in payers)
    cost = Money.parse("1.00 EUR")
    read = tuple(
        DailyCost(date(2026, 10, day), cost, billing_account_id=each)
        for each in payers
        for day in range(1, days + 1)
    )
    return Script([Reading(used, OCTOBER)], daily=[Reading(read, OCTOBER)])


async def test_days_of_an_organization_that_counts_no_more_do_not_either(world: World) -> None:
    await keep(world, MID_OCTOBER, one=of_payers("acme", "bee"))
    await keep(world, AFTER, one=of_payers("acme"))
    for stream in (Stream.USAGE, Stream.DAILY):
        answer = await asked(world, OfAcme, stream, FORGOTTEN)
        assert answer.totals() == euros("1.00")
        assert "bee" not in said(answer)


@pytest.mark.parametrize("stream", [Stream.USAGE, Stream.DAILY])
@pytest.mark.parametrize("days", [0, 1])
async def test_of_an_organization_that_was_not_reached_then_nothing_was_read(
    world: World, stream: Stream, days: int
) -> None:
    await keep(world, AFTER, one=of_payers("bee", days=days))
    answer = await asked(world, OfAcme, stream, FORGOTTEN)
    assert (len(answer), [row.state for row in answer.coverage]) == (0, [State.UNAVAILABLE])


async def test_nor_does_what_others_state_otherwise_of_it(world: World) -> None:
    await keep(world, AFTER, two=Script([as_asked(cycle("30.00", OCTOBER, "a"))]))
    await keep(world, AFTER, one=Script([A, B]))
    assert not (await asked(world, InCycles, Stream.USAGE, FORGOTTEN)).complete
    answer = await asked(world, OfB, Stream.USAGE, evolve(FORGOTTEN, part="b"))
    assert answer.totals() == euros("77.00")


async def test_of_whom_nothing_counts_nothing_was_read(world: World) -> None:
    await keep(world, AFTER, one=Script([A]))
    answer = await asked(world, OfB, Stream.USAGE, evolve(FORGOTTEN, part="b"))
    assert (len(answer), [row.state for row in answer.coverage]) == (0, [State.UNAVAILABLE])


async def test_of_two_accounts_each_is_limited_by_its_own_settings(world: World) -> None:
    await keep(
        world, AFTER, one=Script([A, B]), two=Script([as_asked(cycle("5.00", OCTOBER, "c"))])
    )
    forgotten = {name: Script([evolve(FORGOTTEN, part=name)]) for name in "bc"}
    accounts = [
        Account("one", OfB(forgotten["b"]), Secret("token-0123456789")),
        Account("two", InCycles(forgotten["c"]), Secret("token-0123456789")),
    ]
    async with Billfold(
        accounts, clock=lambda: world.now, store=world.folder, stored="missing"
    ) as fold:
        answer = await fold.usage(OCTOBER)
    assert answer.totals() == euros("82.00")  # 77.00 and 5.00


async def test_a_longer_period_is_as_well_known_as_what_counts(world: World) -> None:
    both = Period.parse("2026-09..2026-11")
    september = Period.month(2026, 9)
    stated = [
        as_asked(cycle(cost, september, name)) for cost, name in (("1.00", "a"), ("2.00", "b"))
    ]
    await keep(world, datetime(2026, 10, 2, tzinfo=UTC), september, one=Script(stated))
    await keep(world, MID_OCTOBER, one=Script([A, B]))
    await keep(world, AFTER, one=Script([B]))
    account = Account("one", OfB(Script([evolve(FORGOTTEN, part="b")])), Secret("token-0123456789"))
    async with Billfold(
        [account], clock=lambda: world.now, store=world.folder, stored="missing"
    ) as fold:
        answer = await fold.usage(both)
    assert answer.totals() == euros("79.00")  # 2.00 and 77.00
