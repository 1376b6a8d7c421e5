"""Of an account that has nothing of its own a month is as well known as another one read it.

Account a reads acme (1.00) and bee (2.00), and b bee alone, on the 20th of October; then b is not
asked any more.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from billfold import Answer, Money, Period, State, Stream
from billfold.adapter import Reading
from store.test_moved_organization import stating
from store.world import MID_NOVEMBER, MID_OCTOBER, NOVEMBER, OCTOBER, Script, World

DAY = timedelta(days=1)
STREAMS = (Stream.USAGE, Stream.DAILY, Stream.LEDGER)
BOTH = {"a": stating("acme", "bee"), "b": stating("bee")}
ALONE = {"a": stating("acme", "bee")}


async def read(world: World, *several: tuple[datetime, dict[str, Script]]) -> None:
    for at, scripts in several:
        world.scripts = scripts
        await world.sync(at, OCTOBER, streams=STREAMS)


async def asked(
    world: World, stream: Stream, *names: str, period: Period = OCTOBER, **options: Any
) -> Answer[Any]:
    async with world.history() as history:
        answer: Answer[Any] = await getattr(history, stream.value)(
            period, accounts=list(names) or None, **options
        )
        return answer


def known(answer: Answer[Any]) -> tuple[str, list[State]]:
    total = ", ".join(map(str, answer.totals(partial=True).values()))
    return total.lstrip("-"), [row.state for row in answer.coverage]


def said(answer: Answer[Any]) -> str:
    return " | ".join(row.detail or "" for row in answer.coverage)


async def test_the_month_is_complete_once_the_other_one_read_it_whole(world: World) -> None:
    await read(world, (MID_OCTOBER, BOTH), (MID_OCTOBER + DAY, ALONE), (MID_NOVEMBER, ALONE))
    for stream in STREAMS:
        assert known(await asked(world, stream)) == ("3.00 EUR", [State.COMPLETE] * 2), stream
        answer = await asked(world, stream, "b")
        assert known(answer) == ("2.00 EUR", [State.COMPLETE]), stream
        assert said(answer) == "bee is as account a read it at 2026-11-20T12:00:00Z"
        before = await asked(world, stream, "b", as_of=MID_NOVEMBER - DAY)
        assert known(before) == ("2.00 EUR", [State.PARTIAL]), stream


async def test_so_it_is_of_a_name_that_an_account_had_for_a_day(world: World) -> None:
    await read(
        world,
        (MID_OCTOBER, ALONE),
        (MID_OCTOBER + DAY, {"neu": stating("acme", "bee")}),
        (MID_NOVEMBER, ALONE),
    )
    for stream in STREAMS:
        assert known(await asked(world, stream)) == ("3.00 EUR", [State.COMPLETE] * 2), stream
        assert known(await asked(world, stream, "neu")) == ("3.00 EUR", [State.COMPLETE]), stream


async def test_read_before_its_end_by_both_it_is_partial(world: World) -> None:
    await read(world, (MID_OCTOBER, BOTH), (MID_OCTOBER + DAY, ALONE))
    world.now = MID_NOVEMBER
    for stream in STREAMS:
        answer = await asked(world, stream, "b")
        assert known(answer) == ("2.00 EUR", [State.PARTIAL]), stream
        assert "as read until 2026-10-2" in said(answer)


async def test_lost_by_the_other_one_it_is_partial(world: World) -> None:
    lost = {"a": stating("acme")}
    await read(world, (MID_OCTOBER, BOTH), (MID_OCTOBER + DAY, lost), (MID_NOVEMBER, lost))
    for stream in STREAMS:
        answer = await asked(world, stream, "b")
        assert known(answer) == ("2.00 EUR", [State.PARTIAL]), stream
        assert "as read until 2026-10-20T12:00:00Z" in said(answer)


async def test_cut_off_when_the_other_one_read_it_it_is_partial(world: World) -> None:
    script = stating("acme", "bee")
    for each in STREAMS:
        (reading,) = getattr(script, each.value)
        setattr(script, each.value, [evolve(reading, state=State.PARTIAL, detail="cut off")])
    await read(world, (MID_OCTOBER, BOTH), (MID_NOVEMBER, {"a": script}))
    for stream in STREAMS:
        assert known(await asked(world, stream, "b")) == ("2.00 EUR", [State.PARTIAL]), stream


async def test_what_the_other_one_does_not_reach_leaves_it_partial(world: World) -> None:
    """Nothing was used in bumblebee by then, and what it used since nobody read."""
    more = stating("bee", "bumblebee")
    (used,) = more.usage
    more.usage = [evolve(used, items=(used.items[0], evolve(used.items[1], charges=())))]
    for each in (Stream.DAILY, Stream.LEDGER):
        (reading,) = getattr(more, each.value)
        setattr(more, each.value, [evolve(reading, items=reading.items[:1])])
    await read(world, (MID_OCTOBER, {"a": BOTH["a"], "b": more}), (MID_NOVEMBER, ALONE))
    for stream in STREAMS:
        answer = await asked(world, stream, "b")
        assert known(answer) == ("2.00 EUR", [State.PARTIAL]), stream
        assert "as read until 2026-10-20T12:00:00Z" in said(answer)


async def test_where_it_read_another_amount_at_the_end_it_is_partial(world: World) -> None:
    other = stating("bee")
    (used,) = other.usage
    line = evolve(used.items[0].charges[0], cost=Money.parse("2.50 EUR"))
    other.usage = [evolve(used, items=(evolve(used.items[0], charges=(line,)),))]
    await read(world, (MID_OCTOBER, BOTH), (MID_NOVEMBER, {**ALONE, "b": other}))
    await read(world, (MID_NOVEMBER + DAY, ALONE))
    answer = await asked(world, Stream.USAGE, "b")
    assert known(answer) == ("2.00 EUR", [State.PARTIAL])
    assert "account a has 2.00 EUR, this reading states 2.50 EUR" in said(answer)


@pytest.mark.parametrize("is_read_again", [True, False])
async def test_of_a_month_in_which_nothing_moved_it_is_said_who_read_it(
    world: World, *, is_read_again: bool
) -> None:
    nothing = [Reading[Any]((), OCTOBER, detail="not final before 2026-11-22")]
    quiet = {name: evolve(script, daily=nothing, ledger=nothing) for name, script in BOTH.items()}
    await read(world, (MID_OCTOBER, quiet))
    world.now = MID_NOVEMBER
    if is_read_again:
        await read(world, (MID_NOVEMBER, {"a": quiet["a"]}))
    state = State.COMPLETE if is_read_again else State.PARTIAL
    as_read = "bee is as account a read it: read at 2026-11-20T12:00:00Z: not final before"
    for stream in (Stream.DAILY, Stream.LEDGER):
        answer = await asked(world, stream, "b")
        assert (answer.items, [row.state for row in answer.coverage]) == ((), [state]), stream
        assert (as_read in said(answer)) is is_read_again


async def test_of_two_months_too(world: World) -> None:
    await read(world, (MID_OCTOBER, BOTH), (MID_NOVEMBER, ALONE))
    script = stating("acme", "bee")
    (used,) = script.usage
    items = (
        evolve(
            each,
            covers=NOVEMBER,
            charges=tuple(evolve(line, period=NOVEMBER) for line in each.charges),
        )
        for each in used.items
    )
    idle = Reading[Any]((), NOVEMBER)
    world.scripts = {"a": Script([Reading(tuple(items), NOVEMBER)], daily=[idle], ledger=[idle])}
    await world.sync(datetime(2026, 12, 5, tzinfo=UTC), NOVEMBER, streams=STREAMS)
    for stream in STREAMS:
        answer = await asked(world, stream, "b", period=Period(OCTOBER.start, NOVEMBER.end))
        # Bee is 2.00 a month in its usage, and has no days or entries of November.
        total = "4.00 EUR" if stream is Stream.USAGE else "2.00 EUR"
        assert known(answer) == (total, [State.COMPLETE]), stream
