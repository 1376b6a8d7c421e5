"""An organization that is gone has a new name only where another one states its records.

Account a reads acme, 1.00 of each stream, and bee, 2.00; then bee is gone and another one is there.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve

from billfold import Money, State, Stream
from billfold.adapter import Reading
from store.test_moved_organization import STREAMS, known, stating
from store.world import MID_NOVEMBER, OCTOBER, Script, World

HOUR = timedelta(hours=1)
STAYS = "nothing was stated for bee: what is known stays"
AS_READ = "bee: as read at 2026-11-20T12:00:00Z, no later reading states it"
WITH_IDS = (Stream.USAGE, Stream.LEDGER)


def changed(script: Script, name: str, **fields: Any) -> Script:
    """Return a script with other fields in all that an organization has, but its usage's own."""

    def of(item: Any) -> Any:
        if item.billing_account_id != name:
            return item
        lines = {"charges": tuple(map(of, item.charges))} if hasattr(item, "charges") else {}
        own = {each: value for each, value in fields.items() if hasattr(item, each)}
        return evolve(item, **own, **lines)

    def read(readings: list[Any]) -> list[Any]:
        return [evolve(each, items=tuple(map(of, each.items))) for each in readings]

    return Script(
        usage=read(script.usage),
        balances=read(script.balances),
        ledger=read(script.ledger),
        daily=read(script.daily),
    )


def called(name: str, *others: str) -> Script:
    """Return what is stated of others, and of bee by another name."""
    return changed(stating(*others, "bee"), "bee", billing_account_id=name)


async def read(world: World, *scripts: Script, streams: tuple[Stream, ...] = STREAMS) -> list[str]:
    """Read one script after another; return what the last sync said."""
    remarks: list[str] = []
    for hours, script in enumerate(scripts):
        world.scripts = {"a": script}
        asked = MID_NOVEMBER + hours * HOUR
        done = await world.sync(asked, OCTOBER, streams=streams)
        remarks = [said for each in done for said in each.remarks()]
    return remarks


@pytest.mark.parametrize("stream", [Stream.USAGE, Stream.LEDGER, Stream.DAILY])
async def test_its_records_under_a_new_name_are_not_counted_twice(
    world: World, stream: Stream
) -> None:
    await read(world, stating("acme", "bee"), called("wasp", "acme"), streams=(stream,))
    assert await known(world, stream) == ("3.00 EUR", {"a": (State.COMPLETE, "")})


@pytest.mark.parametrize("streams", [STREAMS, STREAMS[::-1]])
async def test_what_one_stream_proves_is_so_in_the_others(
    world: World, streams: tuple[Stream, ...]
) -> None:
    said = await read(world, stating("acme", "bee"), called("wasp", "acme"), streams=streams)
    assert "taken back: 1 record of bee" in said
    for stream in STREAMS:
        total, rows = await known(world, stream)
        assert total == "3.00 EUR"
        assert "bee" not in rows["a"][1]


@pytest.mark.parametrize("stream", STREAMS)
async def test_another_one_with_records_of_its_own_takes_nothing_back(
    world: World, stream: Stream
) -> None:
    # 1.00 of acme, 2.00 of bee that nobody states, and 5.00 of wasp.
    wasp = changed(called("wasp", "acme"), "wasp", id="w", amount=Money.parse("5.00 EUR"))
    wasp = changed(wasp, "wasp", cost=Money.parse("5.00 EUR"))
    if stream is Stream.LEDGER:
        wasp = changed(wasp, "wasp", amount=Money.parse("-5.00 EUR"))
    await read(world, stating("acme", "bee"), wasp, streams=(stream,))
    total, rows = await known(world, stream)
    assert total == "8.00 EUR"
    assert (AS_READ if stream is Stream.USAGE else STAYS) in rows["a"][1]


async def test_another_one_that_used_nothing_takes_nothing_back(world: World) -> None:
    # Its days are stated all the same, each with zero.
    nothing = changed(called("wasp", "acme"), "wasp", cost=Money.parse("0.00 EUR"), id="w")
    await read(world, stating("acme", "bee"), nothing, streams=(Stream.USAGE, Stream.DAILY))
    for stream, words in ((Stream.USAGE, AS_READ), (Stream.DAILY, STAYS)):
        assert await known(world, stream) == ("3.00 EUR", {"a": (State.COMPLETE, words)})


async def test_a_day_of_the_same_amount_is_another_one_s_on_another_day(world: World) -> None:
    later = changed(called("wasp", "acme"), "wasp", date=date(2026, 10, 4))
    await read(world, stating("acme", "bee"), later, streams=(Stream.DAILY,))
    total, rows = await known(world, Stream.DAILY)
    assert total == "5.00 EUR"  # 1.00 of acme, and twice 2.00
    assert rows["a"][1] == STAYS


async def test_a_new_name_is_that_of_one_organization(world: World) -> None:
    # bee and bumblebee, of 2.00 each, are gone; wasp has what was bee's.
    before, after = stating("acme", "bee", "bumblebee"), called("wasp", "acme")
    await read(world, before, after)
    for stream in STREAMS:
        total, rows = await known(world, stream)
        assert total == "5.00 EUR"
        assert "bumblebee" in rows["a"][1]
        assert not rows["a"][1].startswith("bee")


@pytest.mark.parametrize(("cost", "total"), [("2.00", "3.00 EUR"), ("5.00", "8.00 EUR")])
async def test_an_id_that_begins_with_the_name_is_the_same_with_the_same_amount(
    world: World, cost: str, total: str
) -> None:
    bee = changed(stating("acme", "bee"), "bee", id="bee/vm@3")
    amount = Money.parse(f"{cost} EUR")
    wasp = changed(called("wasp", "acme"), "wasp", id="Wasp/vm@3", cost=amount)
    await read(world, bee, wasp, streams=(Stream.USAGE,))
    assert await world.total() == total


@pytest.mark.parametrize("stream", WITH_IDS)
async def test_one_that_states_some_of_its_records_is_not_known_to_be_it(
    world: World, stream: Stream
) -> None:
    # bee has 2.00 twice; wasp has the one of the same id, and the other stays.
    first = stating("acme", "bee")
    (used,), (moves,) = first.usage, first.ledger
    line, entry = used.items[1].charges[0], moves.items[1]
    both = evolve(used.items[1], charges=(line, evolve(line, id="other")))
    first.usage = [Reading((used.items[0], both), OCTOBER)]
    first.ledger = [Reading((*moves.items, evolve(entry, id="other")), OCTOBER)]
    await read(world, first, called("wasp", "acme"), streams=(stream,))
    total, rows = await known(world, stream)
    assert total == "5.00 EUR"
    assert "bee" in rows["a"][1]
