"""``stored="missing"``: what another account booked of what this one reaches, under its own name.

October was kept by account old, as it ended: organization acme cost 50.00, bee 20.00. The provider
answers for the running month alone, and says of another whom it is not about.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from attrs import evolve, frozen

from billfold import Account, Answer, Billfold, Money, Period, Secret, State, Stream
from billfold.adapter import Declaration, Reading
from billfold.model import DailyCost, Usage
from store.world import NOVEMBER, OCTOBER, Script, Scripted, World, charge

AFTER = datetime(2026, 11, 1, 0, 20, tzinfo=UTC)
ON_5_NOVEMBER = datetime(2026, 11, 5, tzinfo=UTC)
SEPTEMBER = Period.month(2026, 9)
BOTH = Period(OCTOBER.start, NOVEMBER.end)
FORGOTTEN = Reading[Any](state=State.UNAVAILABLE, detail="only the running month")
COSTS = {"acme": "50.00", "bee": "20.00"}


@frozen(eq=False)
class OfBee(Scripted):
    """Is limited to organization bee by its settings."""

    declares: ClassVar[Declaration] = evolve(Scripted.declares, reach=lambda _: ("BEE",))


@frozen(eq=False)
class OfAcme(Scripted):
    """Is limited to organization acme by its settings."""

    declares: ClassVar[Declaration] = evolve(Scripted.declares, reach=lambda _: ("acme",))


@frozen(eq=False)
class Running(Scripted):
    """States what runs, and of every other period that it forgot it."""

    async def usage(self, client: object, period: Period | None) -> Any:
        """Yield what the script states of November."""
        for reading in self.script.usage if period in (None, NOVEMBER) else [FORGOTTEN]:
            yield reading


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "store")


def month(covers: Period, *names: str) -> list[Reading[Usage]]:
    """Return a reading of what organizations cost in a month, each in a part of its own."""
    return [
        Reading(
            (
                Usage(
                    requested=None,
                    covers=covers,
                    charges=(
                        evolve(
                            charge(f"{name}-vm", COSTS[name], covers=covers),
                            billing_account_id=name,
                        ),
                    ),
                    billing_account_id=name,
                ),
            ),
            covers,
            part=name,
        )
        for name in names
    ]


async def keep(world: World, at: datetime, name: str, *readings: Reading[Any]) -> None:
    world.scripts = {name: Script([*readings])}
    await world.sync(at)


async def asked(
    world: World,
    period: Period,
    *accounts: tuple[str, type[Scripted], Script],
    stream: Stream = Stream.USAGE,
) -> Answer[Any]:
    world.now = ON_5_NOVEMBER
    named = [
        Account(name, adapter(script), Secret("token-0123456789"))
        for name, adapter, script in accounts
    ]
    async with Billfold(
        named, clock=lambda: world.now, store=world.folder, stored="missing"
    ) as fold:
        answer: Answer[Any] = await getattr(fold, stream.value)(period)
        return answer


def euros(amount: str) -> Any:
    return {"EUR": Money.parse(f"{amount} EUR")}


def said(answer: Answer[Any]) -> str:
    return " | ".join(row.detail or "" for row in answer.coverage)


async def test_after_a_split_each_has_what_its_settings_name(world: World) -> None:
    await keep(world, AFTER, "old", *month(OCTOBER, "acme", "bee"))
    forgot = Script([FORGOTTEN])
    answer = await asked(world, OCTOBER, ("old", OfAcme, forgot), ("beta", OfBee, forgot))
    assert answer.totals() == euros("70.00")  # 50.00 and 20.00
    assert "bee is as account old read it" in said(answer)
    assert "never read" not in said(answer)


async def test_after_a_renaming_it_is_what_the_new_name_has_read_since(world: World) -> None:
    await keep(world, AFTER, "old", *month(OCTOBER, "acme", "bee"))
    await keep(world, AFTER, "new", *month(NOVEMBER, "bee"))
    answer = await asked(world, OCTOBER, ("new", Scripted, Script([FORGOTTEN])))
    assert answer.totals() == euros("20.00")


async def test_of_a_name_that_was_never_read_it_is_what_the_provider_states_now(
    world: World,
) -> None:
    await keep(world, AFTER, "old", *month(OCTOBER, "acme", "bee"))
    now = Script(month(NOVEMBER, "acme", "bee"))
    answer = await asked(world, OCTOBER, ("new", Running, now))
    assert answer.totals() == euros("70.00")


async def test_what_others_booked_that_it_does_not_reach_is_not_its_own(world: World) -> None:
    await keep(world, AFTER, "old", *month(OCTOBER, "acme"))
    answer = await asked(world, OCTOBER, ("new", Running, Script(month(NOVEMBER, "bee"))))
    assert (len(answer), [row.state for row in answer.coverage]) == (0, [State.UNAVAILABLE])


async def test_what_both_names_read_in_turn_is_missing_under_neither(world: World) -> None:
    await keep(world, datetime(2026, 10, 1, 0, 20, tzinfo=UTC), "old", *month(SEPTEMBER, "acme"))
    await keep(world, AFTER, "new", *month(OCTOBER, "acme"))
    period = Period(SEPTEMBER.start, OCTOBER.end)
    answer = await asked(world, period, ("new", Scripted, Script([FORGOTTEN])))
    assert answer.totals() == euros("100.00")  # 50.00 in each
    assert "was not read" not in said(answer)


async def test_beside_the_running_month_nothing_is_said_to_be_missing(world: World) -> None:
    await keep(world, AFTER, "old", *month(OCTOBER, "acme"))
    (running,) = month(NOVEMBER, "acme")
    other = evolve(running, state=State.DIFFERENT_WINDOW, detail="only the running month")
    answer = await asked(world, BOTH, ("new", Scripted, Script([other])))
    assert answer.totals() == euros("100.00")
    assert "acme is as account old read it" in said(answer)
    assert "not in the store" not in said(answer)
    assert "was not read" not in said(answer)


async def test_days_are_under_the_older_name_too(world: World) -> None:
    def day(on: date, cost: str) -> DailyCost:
        return DailyCost(on, Money.parse(f"{cost} EUR"), billing_account_id="acme")

    world.scripts = {"old": Script(daily=[Reading((day(date(2026, 10, 3), "1.50"),), OCTOBER)])}
    await world.sync(AFTER, OCTOBER, streams=(Stream.DAILY,))
    november = Reading((day(date(2026, 11, 2), "0.25"),), NOVEMBER, part="acme")
    other = evolve(november, state=State.DIFFERENT_WINDOW)
    script = Script(daily=[other])
    answer = await asked(world, BOTH, ("new", Scripted, script), stream=Stream.DAILY)
    assert answer.totals() == euros("1.75")  # 1.50 and 0.25
    part = Period.parse("2026-10-04..2026-12-01")
    answer = await asked(world, part, ("new", Scripted, script), stream=Stream.DAILY)
    assert answer.totals() == euros("0.25")
