"""A ledger's entry that its provider moves to another month counts once, in that month."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from billfold import Money, Period, Stream
from billfold.adapter import Reading, State
from billfold.model import LedgerEntry
from billfold.store.check import check
from billfold.store.restatements import restatements
from store.world import NOVEMBER, OCTOBER, World, entry

LEDGER = (Stream.LEDGER,)
IN_OCTOBER = entry("e", "-3", datetime(2026, 10, 31, 23, tzinfo=UTC))
IN_NOVEMBER = entry("e", "-3", datetime(2026, 11, 1, 1, tzinfo=UTC))
MISSED = "acme: what only a cut-off reading has is not counted"
OTHER = entry("f", "-1", datetime(2026, 10, 2, tzinfo=UTC))


def stated(*entries: LedgerEntry, state: State = State.COMPLETE) -> list[Reading[LedgerEntry]]:
    return [Reading(entries, state=state, detail=None if state is State.COMPLETE else "cut off")]


async def read(world: World, day: int, *periods: Period) -> None:
    for period in periods:
        await world.sync(datetime(2026, 11, day, tzinfo=UTC), period, streams=LEDGER)


async def amounts(world: World, as_of: datetime | None = None) -> list[list[Money]]:
    async with world.history() as history:
        return [
            [each.amount for each in await history.ledger(month, as_of=as_of)]
            for month in (OCTOBER, NOVEMBER)
        ]


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


@pytest.mark.parametrize("read_again", [(NOVEMBER,), (OCTOBER, NOVEMBER), (NOVEMBER, OCTOBER)])
async def test_it_counts_once_whichever_month_is_read_again(
    world: World, read_again: tuple[Period, ...]
) -> None:
    world.script.ledger = stated(IN_OCTOBER)
    await read(world, 2, OCTOBER)
    world.script.ledger = stated(IN_NOVEMBER)
    await read(world, 3, *read_again)
    assert await amounts(world) == [[], [eur("-3")]]
    assert await amounts(world, datetime(2026, 11, 2, 12, tzinfo=UTC)) == [[eur("-3")], []]
    async with world.history() as history:
        assert not check(history.book, world.now).faults


async def test_moved_back_it_is_where_it_was(world: World) -> None:
    for day, each in enumerate((IN_OCTOBER, IN_NOVEMBER, IN_OCTOBER), 2):
        world.script.ledger = stated(each)
        await read(world, day, OCTOBER, NOVEMBER)
    assert await amounts(world) == [[eur("-3")], []]


async def test_a_reading_that_was_cut_off_moves_nothing(world: World) -> None:
    world.script.ledger = stated(IN_OCTOBER, OTHER)
    await read(world, 2, OCTOBER)
    world.script.ledger = stated(IN_NOVEMBER, state=State.PARTIAL)
    await read(world, 3, NOVEMBER)
    assert await amounts(world) == [[eur("-3"), eur("-1")], []]
    world.script.ledger = stated(IN_NOVEMBER, OTHER)
    await read(world, 4, NOVEMBER)
    assert await amounts(world) == [[eur("-1")], [eur("-3")]]


IN_BOTH = entry("g", "-5", datetime(2026, 11, 2, tzinfo=UTC))


@pytest.mark.parametrize("is_over", [True, False])
async def test_what_left_one_month_and_only_a_cut_off_reading_has_in_the_other_is_missed_there(
    world: World, *, is_over: bool
) -> None:
    before = datetime(2026, 12, 2, tzinfo=UTC) if is_over else NOVEMBER.end - timedelta(minutes=2)
    after, tolerance = datetime(2026, 12, 3, tzinfo=UTC), timedelta(hours=0 if is_over else 1)
    world.script.ledger = stated(IN_OCTOBER, OTHER, IN_BOTH)
    for each in (OCTOBER, NOVEMBER):
        await world.sync(before, each, streams=LEDGER)
    world.script.ledger = stated(IN_NOVEMBER, OTHER, IN_BOTH)
    await world.sync(after, OCTOBER, streams=LEDGER)
    world.script.ledger = stated(IN_NOVEMBER, OTHER, IN_BOTH, state=State.PARTIAL)
    (outcome,) = await world.sync(after, NOVEMBER, streams=LEDGER)
    assert MISSED in "; ".join(outcome.remarks())
    assert await amounts(world) == [[eur("-1")], [eur("-5")]]
    async with world.history(tolerance=tolerance) as history:
        answers = [await history.ledger(each) for each in (OCTOBER, NOVEMBER, None)]
    october, november, ever = answers
    assert october.complete
    (row,) = november.coverage
    assert (row.state, MISSED in (row.detail or "")) == (State.PARTIAL, True)
    assert ever.coverage[0].state is State.PARTIAL
    world.script.ledger = stated(IN_NOVEMBER, OTHER, IN_BOTH)
    await world.sync(after, NOVEMBER, streams=LEDGER)
    assert await amounts(world) == [[eur("-1")], [eur("-5"), eur("-3")]]
    async with world.history() as history:
        assert (await history.ledger(NOVEMBER)).complete


async def test_of_two_accounts_only_the_one_that_moves_it_is_touched(world: World) -> None:
    world.scripts = {"one": world.script, "two": type(world.script)()}
    other = LedgerEntry(
        id="e", at=IN_OCTOBER.at, amount=eur("-7"), kind="usage", billing_account_id="other"
    )
    world.scripts["one"].ledger, world.scripts["two"].ledger = stated(IN_OCTOBER), stated(other)
    await read(world, 2, OCTOBER)
    world.scripts["one"].ledger = stated(IN_NOVEMBER)
    await read(world, 3, NOVEMBER)
    assert await amounts(world) == [[eur("-7")], [eur("-3")]]


async def test_the_month_that_it_left_says_that_it_was_restated(world: World) -> None:
    world.script.ledger = stated(IN_OCTOBER, OTHER)
    await read(world, 2, OCTOBER)
    world.script.ledger = stated(IN_NOVEMBER, OTHER)
    await read(world, 3, NOVEMBER)
    async with world.history() as history:
        (found,) = restatements(history.book, ["one"], OCTOBER)
    assert (found.record_id, found.change, found.moved) == ("e", "withdrawn", {"EUR": eur("3")})


async def test_check_names_an_entry_that_stands_in_two_months(world: World) -> None:
    world.script.ledger = stated(IN_OCTOBER)
    await read(world, 2, OCTOBER)
    async with world.history() as history:
        rows = history.book.query("SELECT * FROM ledger", "ledger")
    assert rows is not None
    changed = {"window_start": NOVEMBER.start, "window_end": NOVEMBER.end, "fingerprint": "0" * 10}
    for name, value in changed.items():
        place = rows.column_names.index(name)
        rows = rows.set_column(place, name, pa.array([value], rows.schema.field(name).type))
    write_deltalake(world.folder / "ledger", rows, mode="append")
    async with world.history() as history:
        found = check(history.book, world.now).faults
    assert [each.detail for each in found if each.rule == "signs"] == [
        "e of account one does not stand exactly once: its signs add up to 2, or its amounts do "
        "not cancel"
    ]
