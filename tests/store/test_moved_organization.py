"""An organization that moves to an account of its own stays known, whoever is asked first."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from attrs import evolve

from billfold import Money, State, Stream
from billfold.adapter import Reading
from billfold.model import DailyCost, LedgerEntry
from store.world import MID_NOVEMBER, OCTOBER, Script, World, charge, entry, prepaid, usage

HOUR = timedelta(hours=1)
AT = datetime(2026, 10, 3, 12, tzinfo=UTC)
STREAMS = (Stream.USAGE, Stream.DAILY, Stream.LEDGER, Stream.BALANCES)
# What each organization states: acme and one of the others are three euros.
COSTS = {"acme": "1.00", "bee": "2.00", "bumblebee": "2.00"}


def stating(*organizations: str) -> Script:
    """Return what a provider states of organizations."""
    used, days, moves, balances = [], [], list[LedgerEntry](), []
    for name in organizations:
        whose = {"billing_account_id": name}
        line = evolve(charge(f"{name}-vm", COSTS[name]), **whose)
        used.append(evolve(usage(line), **whose))
        days.append(DailyCost(AT.date(), Money(Decimal(COSTS[name]), "EUR"), **whose))
        moves.append(evolve(entry(f"{name}-e", f"-{COSTS[name]}", AT), **whose))
        (reading,) = prepaid(COSTS[name], AT)
        balances.append(evolve(reading.items[0], scope=name, **whose))
    return Script(
        usage=[Reading(tuple(used), OCTOBER)],
        daily=[Reading(tuple(days), OCTOBER)],
        ledger=[Reading(tuple(moves), OCTOBER)],
        balances=[Reading(tuple(balances))],
    )


async def known(world: World, stream: Stream) -> tuple[str, dict[str, tuple[State, str]]]:
    """Return the sum of what is known, and how well, by account."""
    async with world.history() as history:
        window = () if stream is Stream.BALANCES else (OCTOBER,)
        answer = await getattr(history, stream.value)(*window)
    total = answer.totals(partial=True)
    total = total["prepaid"] if stream is Stream.BALANCES else total
    rows = {row.account: (row.state, row.detail or "") for row in answer.coverage}
    return str(total["EUR"]).lstrip("-"), rows


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
async def test_in_one_sync_it_is_booked_whoever_is_asked_first(
    world: World, stream: Stream, names: tuple[str, str]
) -> None:
    world.scripts = {"a": stating("acme", "bee")}
    await world.sync(MID_NOVEMBER, OCTOBER, streams=(stream,))
    scripts = {"a": stating("acme"), "b": stating("bee")}
    world.scripts = {name: scripts[name] for name in names}
    await world.sync(MID_NOVEMBER + HOUR, OCTOBER, streams=(stream,))
    total, rows = await known(world, stream)
    assert total == "3.00 EUR"
    assert {state for state, _ in rows.values()} == {State.COMPLETE}
    assert "counted" not in rows["b"][1]
    world.scripts = {"a": stating("acme"), "b": stating("bee")}
    for outcome in await world.sync(MID_NOVEMBER + 2 * HOUR, OCTOBER, streams=(stream,)):
        assert not outcome.changes


@pytest.mark.parametrize("stream", STREAMS)
async def test_until_both_are_asked_together_it_stays_where_it_was(
    world: World, stream: Stream
) -> None:
    for hours, name, script in (
        (0, "a", stating("acme", "bee")),
        (1, "b", stating("bee")),
        (2, "a", stating("acme")),
    ):
        world.scripts = {name: script}
        await world.sync(MID_NOVEMBER + hours * HOUR, OCTOBER, streams=(stream,))
    total, rows = await known(world, stream)
    assert (total, rows["a"][0]) == ("3.00 EUR", State.COMPLETE)
    assert "bee is already counted in account a" in rows["b"][1]
    world.scripts = {"a": stating("acme"), "b": stating("bee")}
    await world.sync(MID_NOVEMBER + 3 * HOUR, OCTOBER, streams=(stream,))
    total, rows = await known(world, stream)
    assert (total, rows["b"]) == ("3.00 EUR", (State.COMPLETE, rows["b"][1]))
    assert "counted" not in rows["b"][1]
    assert "bee" not in rows["a"][1]


async def test_a_project_that_is_not_named_any_more_keeps_what_it_cost(world: World) -> None:
    one = evolve(usage(charge("vm", "1.00")), sub_account_id="one")
    two = evolve(usage(charge("vm2", "2.00")), sub_account_id="two")
    for hours, used in enumerate(((one, two), (one,))):
        world.script.usage = [Reading(used, OCTOBER)]
        await world.sync(MID_NOVEMBER + hours * HOUR, OCTOBER)
    assert await world.total() == "3.00 EUR"
