"""Of an account that was made of a part of another one, what that booked before is known, too.

Account all read acme (50.00) and bee (20.00) in October; since November beta reads bee alone.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from attrs import evolve

from billfold import Answer, Money, Period, State, Stream
from billfold.adapter import Reading
from billfold.model import DailyCost, Usage
from store.world import NOVEMBER, OCTOBER, Script, World, charge, usage

AFTER, ON_5 = (datetime(2026, 11, day, 1, tzinfo=UTC) for day in (1, 5))
COSTS = {"acme": "50.00", "bee": "20.00", "cat": "3.00"}
BOTH = Period(OCTOBER.start, NOVEMBER.end)
STREAMS = (Stream.USAGE, Stream.DAILY)


def of(covers: Period, *names: str) -> Script:
    """Return what organizations cost in a month, and on its third day."""
    items, days = list[Usage](), list[DailyCost]()
    for name in names:
        line = evolve(charge(f"{name}-vm", COSTS[name], covers=covers), billing_account_id=name)
        items.append(usage(line, covers=covers, billing_account_id=name))
        on = date(covers.start.year, covers.start.month, 3)
        cost = Money.parse(f"{COSTS[name]} EUR")
        days.append(DailyCost(on, cost, billing_account_id=name))
    return Script(usage=[Reading(tuple(items), covers)], daily=[Reading(tuple(days), covers)])


async def read(world: World, at: datetime, month: Period, **scripts: Script) -> None:
    world.scripts = scripts
    await world.sync(at, month, streams=STREAMS)


async def asked(
    world: World, period: Period, *names: str, stream: Stream = Stream.USAGE, **options: Any
) -> Answer[Any]:
    async with world.history() as history:
        answer: Answer[Any] = await getattr(history, stream.value)(
            period, accounts=list(names) or None, **options
        )
        return answer


def total(answer: Answer[Any]) -> str:
    return ", ".join(map(str, answer.totals(partial=True).values()))


async def test_a_month_that_it_never_read_is_as_the_other_one_read_it(world: World) -> None:
    await read(world, AFTER, OCTOBER, all=of(OCTOBER, "acme", "bee"))
    await read(world, ON_5, NOVEMBER, alpha=of(NOVEMBER, "acme"), beta=of(NOVEMBER, "bee"))
    for stream in STREAMS:
        answer = await asked(world, OCTOBER, "beta", stream=stream)
        assert (total(answer), answer.complete) == ("20.00 EUR", True), stream
        assert "bee is as account all read it" in (answer.coverage[0].detail or "")
        every = await asked(world, OCTOBER, stream=stream)
        assert (total(every), every.complete) == ("70.00 EUR", True)  # 50.00 and 20.00


async def test_what_came_to_an_account_that_had_others_is_counted_beside_these(
    world: World,
) -> None:
    """Beta had cat before bee came to it."""
    await read(world, AFTER, OCTOBER, all=of(OCTOBER, "acme", "bee"), beta=of(OCTOBER, "cat"))
    await read(world, ON_5, NOVEMBER, all=of(NOVEMBER, "acme"), beta=of(NOVEMBER, "bee", "cat"))
    for stream in STREAMS:
        answer = await asked(world, OCTOBER, "beta", stream=stream)
        assert total(answer) == "23.00 EUR", stream  # 20.00 and 3.00
        every = await asked(world, OCTOBER, stream=stream)
        assert (total(every), every.complete) == ("73.00 EUR", True), stream


async def test_of_two_months_each_is_as_the_account_read_it_that_read_it(world: World) -> None:
    """Acme is 50.00 a month, and bee 20.00."""
    await read(world, AFTER, OCTOBER, all=of(OCTOBER, "acme", "bee"))
    at = datetime(2026, 12, 5, tzinfo=UTC)
    await read(world, at, NOVEMBER, alpha=of(NOVEMBER, "acme"), beta=of(NOVEMBER, "bee"))
    for stream in STREAMS:
        for names, cost in ((["beta"], "40.00"), (["all"], "140.00"), ([], "140.00")):
            answer = await asked(world, BOTH, *names, stream=stream)
            assert (total(answer), answer.complete) == (f"{cost} EUR", True), (stream, names)


async def test_of_two_months_one_that_both_names_read_counts_once(world: World) -> None:
    at = datetime(2026, 12, 5, tzinfo=UTC)
    await read(world, AFTER, OCTOBER, old=of(OCTOBER, "acme"))
    await read(world, at, NOVEMBER, neu=of(NOVEMBER, "acme"))
    await read(world, at + timedelta(hours=1), OCTOBER, neu=of(OCTOBER, "acme"))
    for stream in STREAMS:
        for names in (["neu"], ["old"], []):
            answer = await asked(world, BOTH, *names, stream=stream)
            assert (total(answer), answer.complete) == ("100.00 EUR", True)  # twice 50.00


async def test_of_two_months_the_one_that_nobody_read_whole_is_missing(world: World) -> None:
    await read(world, AFTER, OCTOBER, all=of(OCTOBER, "acme"))
    await read(world, ON_5, NOVEMBER, beta=of(NOVEMBER, "acme", "bee"))
    (row,) = (await asked(world, BOTH, "beta")).coverage
    assert (row.state, "2026-10 was not read" in (row.detail or "")) == (State.PARTIAL, True)


async def test_what_the_other_one_did_not_read_either_is_missing(world: World) -> None:
    await read(world, AFTER, OCTOBER, all=of(OCTOBER, "acme", "bee"))
    both = {"alpha": of(NOVEMBER, "acme"), "beta": of(NOVEMBER, "bee", "cat")}
    await read(world, ON_5, NOVEMBER, **both)
    answer = await asked(world, OCTOBER, "beta")
    assert (total(answer), answer.complete) == ("20.00 EUR", False)


async def test_what_each_half_left_to_the_whole_is_not_the_other_half_s(world: World) -> None:
    await read(world, AFTER, OCTOBER, all=of(OCTOBER, "acme", "bee"))
    halves = {"alpha": of(OCTOBER, "acme"), "beta": of(OCTOBER, "bee")}
    await read(world, ON_5, OCTOBER, **halves)
    assert total(await asked(world, OCTOBER, "beta")) == "20.00 EUR"
    assert total(await asked(world, OCTOBER, "alpha")) == "50.00 EUR"
    assert total(await asked(world, OCTOBER, "alpha", "beta")) == "70.00 EUR"
