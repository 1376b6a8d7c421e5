"""A store is proven sound, and whatever is not is named; joining its files changes no answer."""

import fcntl
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from attrs import define
from deltalake import DeltaTable, write_deltalake

from billfold import Money, State
from billfold.errors import StoreError
from billfold.model import Stream
from billfold.store.book import Book
from billfold.store.booking import book
from billfold.store.check import Fault, check
from billfold.store.compact import compact, join
from store.test_replay import Crash, Crashing
from store.world import (
    MID_NOVEMBER,
    MID_OCTOBER,
    NOVEMBER,
    OCTOBER,
    World,
    charge,
    part,
    prepaid,
    whole,
)

DAY = timedelta(days=1)
LATEST = "record_id = 'a' AND sign = 1 AND known_at > TIMESTAMP '2026-10-21T00:00:00Z'"


async def filled(world: World) -> Book:
    """Return a store in which a charge was restated and another withdrawn."""
    total = {"stated_total": Money(Decimal("12.50"), "EUR")}
    world.script.usage = whole(charge("a", "10.50"), charge("b", "2.00"), **total)
    world.script.balances = prepaid("5.00", MID_OCTOBER)
    await world.sync(MID_OCTOBER, streams=(Stream.USAGE, Stream.BALANCES))
    total = {"stated_total": Money(Decimal("11.25"), "EUR")}
    world.script.usage = whole(charge("a", "11.25"), **total)
    await world.sync(MID_OCTOBER + DAY)
    return Book(str(world.folder))


def faults(store: Book) -> tuple[Fault, ...]:
    """Return what is wrong."""
    return check(Book(store.url), MID_NOVEMBER).faults


def rows_of(store: Book, where: str) -> pa.Table:
    """Return rows of usage."""
    found = store.query(f"SELECT * FROM usage WHERE {where}", "usage")
    assert found is not None
    return found


def add(world: World, rows: pa.Table) -> None:
    """Write rows as billfold never would."""
    write_deltalake(world.folder / "usage", rows, mode="append")


async def test_a_store_of_restatements_and_withdrawals_is_sound(world: World) -> None:
    store = await filled(world)
    report = check(store, MID_NOVEMBER)
    assert report.faults == ()
    # The usage and two charges; the usage and a charge restated, by two rows each; one withdrawn.
    assert report.rows == {"usage": 8, "balances": 1, "syncs": 3}


async def test_no_store_is_no_sound_store(world: World) -> None:
    with pytest.raises(StoreError, match="there is no store here: run billfold sync"):
        check(Book(str(world.folder)), MID_NOVEMBER)


async def test_a_row_that_stands_twice_is_named(world: World) -> None:
    store = await filled(world)
    add(world, rows_of(store, LATEST))
    found = faults(store)
    assert [each.rule for each in found] == ["signs", "total"]
    assert found[0].detail.startswith("a of account one does not stand exactly once: its signs")
    assert found[1].detail == (
        "acme of account one, 2026-10: 11.25 EUR is stated, and the charges add up to 22.50 EUR"
    )


@pytest.mark.parametrize(("read_at", "is_proven"), [(MID_OCTOBER, False), (MID_NOVEMBER, True)])
async def test_a_total_is_proven_after_a_partial_reading_where_its_window_was_over(
    world: World, read_at: datetime, *, is_proven: bool
) -> None:
    total = {"stated_total": Money(Decimal("10.50"), "EUR")}
    world.script.usage = whole(charge("a", "10.50"), **total)
    await world.sync(read_at, OCTOBER)
    world.script.usage = part(charge("a", "10.50"))
    await world.sync(read_at + DAY, OCTOBER)
    store = Book(str(world.folder))
    add(world, rows_of(store, "record_id = 'a' AND sign = 1"))
    assert [each.rule for each in faults(store)] == ["signs", *["total"] * is_proven]


async def test_an_amount_that_does_not_cancel_is_named(world: World) -> None:
    store = await filled(world)
    taken = rows_of(store, "record_id = 'b'")
    place = taken.column_names.index("cost")
    costs = pa.array([Decimal(3)] * taken.num_rows, taken["cost"].type)
    add(world, taken.set_column(place, "cost", costs))
    assert "signs" in {each.rule for each in faults(store)}


async def test_a_commit_that_is_gone_is_named(world: World) -> None:
    store = await filled(world)
    last = sorted((world.folder / "usage" / "_delta_log").glob("*.json"))[-1]
    last.unlink()
    (fault,) = faults(store)
    assert fault.rule == "syncs"
    assert fault.detail.endswith(" of account one booked 5 rows, and 0 are there")


async def test_rows_without_their_sync_are_named_until_they_are_read_again(world: World) -> None:
    store = await filled(world)
    world.script.usage = whole(charge("a", "11.25"), charge("c", "1.00"))
    other = World(world.folder.with_name("other"), scripts=world.scripts)
    (read,) = await other.sync(MID_OCTOBER + 3 * DAY)
    with pytest.raises(Crash):
        book(
            Crashing(store, "syncs", is_before=True),  # type: ignore[arg-type]
            [read.reading],
            "cut off",
            lambda: MID_OCTOBER + 3 * DAY,
        )
    (fault,) = faults(store)
    assert fault.detail == (
        "sync cut off of account one was cut off: its rows count, and prove no coverage until "
        "billfold sync reads them again"
    )
    world.script.usage = whole(charge("n", "1.00", covers=NOVEMBER), covers=NOVEMBER)
    await world.sync(MID_NOVEMBER, NOVEMBER)
    assert faults(store) == (fault,)
    world.script.usage = whole(charge("a", "11.25"), charge("c", "1.00"))
    await world.sync(MID_NOVEMBER, OCTOBER)
    assert faults(store) == ()


@define
class Meanwhile:
    """A book in which something happens after the first look at whose rows are there."""

    book: Book
    happens: Callable[[], object] | None

    @property
    def url(self) -> str:
        """Where the book is."""
        return self.book.url

    def rows(self, sql: str, *names: str) -> Any:
        """Ask the book."""
        found = self.book.rows(sql, *names)
        if names == ("syncs", "usage") and self.happens is not None:
            self.happens()
            self.happens = None
        return found


async def test_a_sync_that_runs_meanwhile_is_not_cut_off(world: World) -> None:
    store = await filled(world)
    world.script.usage = whole(charge("a", "11.25"), charge("c", "1.00"))
    other = World(world.folder.with_name("other"), scripts=world.scripts)
    (read,) = await other.sync(MID_OCTOBER + 3 * DAY)
    booked = [read.reading], "running", lambda: MID_OCTOBER + 3 * DAY
    with pytest.raises(Crash):
        book(Crashing(store, "syncs", is_before=True), *booked)  # type: ignore[arg-type]
    runs = Meanwhile(store, lambda: book(Book(store.url), *booked))
    assert check(runs, MID_NOVEMBER).faults == ()  # type: ignore[arg-type]


async def test_a_record_under_two_accounts_is_named(world: World) -> None:
    store = await filled(world)
    rows = rows_of(store, LATEST)
    place = rows.column_names.index("account")
    add(world, rows.set_column(place, "account", pa.array(["two"], pa.string())))
    details = {each.rule: each.detail for each in faults(store)}
    assert details["owner"] == "a of acme stands under the accounts one and two: it counts twice"


async def test_a_balance_under_two_accounts_is_named(world: World) -> None:
    store = await filled(world)
    rows = store.query("SELECT * FROM balances", "balances")
    assert rows is not None
    place = rows.column_names.index("account")
    twice = rows.set_column(place, "account", pa.array(["two"], pa.string()))
    write_deltalake(world.folder / "balances", twice, mode="append")
    details = {each.rule: each.detail for each in faults(store)}
    assert details["owner"].endswith(
        " of acme stands under the accounts one and two: it counts twice"
    )


async def test_charges_without_their_usage_are_named_and_leave_no_answer_complete(
    world: World,
) -> None:
    store = await filled(world)
    usage = rows_of(store, "row = 'usage' AND sign = 1 ORDER BY known_at DESC LIMIT 1")
    place = usage.column_names.index("sign")
    add(world, usage.set_column(place, "sign", pa.array([-1], usage["sign"].type)))
    details = {each.rule: each.detail for each in faults(store)}
    assert details["parts"] == (
        "1 charge of account one, 2026-10, in no usage that is known, "
        "and in no answer, until billfold sync reads all of it"
    )
    assert await world.state() == (
        State.PARTIAL,
        "not counted: 1 charge in no usage that is known; run billfold store check",
    )


async def test_rows_from_a_clock_that_was_wrong_are_named(world: World) -> None:
    store = await filled(world)
    (fault,) = (each for each in check(store, MID_OCTOBER).faults if each.table == "usage")
    assert fault.detail == (
        "rows are known at 2026-10-21T12:00:00Z, which has not come yet by this clock"
    )


async def test_a_table_that_cannot_be_read_is_a_fault_among_others(world: World) -> None:
    store = await filled(world)
    for each in (world.folder / "usage").glob("month=*/*.parquet"):
        each.unlink()
    (fault,) = faults(store)
    assert (fault.table, fault.rule) == ("usage", "unreadable")


async def test_joining_small_files_keeps_every_answer_as_of_every_moment(world: World) -> None:
    moments = [MID_OCTOBER + number * DAY for number in range(6)]
    for number, moment in enumerate(moments):
        world.script.usage = whole(charge("a", f"{number}.50"), charge("b", "2.50"))
        await world.sync(moment)
    before = [await world.total(as_of=moment) for moment in moments]
    done = compact(Book(str(world.folder)))
    assert [(each.table, each.files_before, each.files) for each in done] == [
        ("usage", 6, 1),
        ("syncs", 6, 1),
    ]
    assert [await world.total(as_of=moment) for moment in moments] == before
    assert before == ["3.00 EUR", "4.00 EUR", "5.00 EUR", "6.00 EUR", "7.00 EUR", "8.00 EUR"]
    store = Book(str(world.folder))
    # Statistics of decimals would bend this sum and lose rows to the filter.
    sums = "SELECT SUM(cost) AS cost FROM usage WHERE cost IS NOT NULL AND cost > 1 AND sign = 1"
    assert store.rows(sums, "usage") == [{"cost": Decimal("20.00")}]  # 1.50 to 5.50, and 2.50
    world.script.usage = whole(charge("a", "9.00"))
    await world.sync(datetime(2026, 10, 1, tzinfo=UTC))  # a clock that went back
    assert await world.total(as_of=moments[-1]) == before[-1]
    assert await world.total(OCTOBER) == "9.00 EUR"
    assert faults(store) == ()


async def test_many_small_files_of_a_month_are_joined_and_few_are_left_alone(world: World) -> None:
    store = Book(str(world.folder))
    moments = [MID_OCTOBER + timedelta(hours=number) for number in range(8)]
    for number, moment in enumerate(moments):
        assert len(files(world)) == number
        world.script.usage = whole(charge("a", f"{number}.50"), charge("b", "2.50"))
        await world.sync(moment)
        if moment is not moments[-1]:
            join(store)
    before = [await world.total(as_of=moment) for moment in moments]
    join(store)
    assert [len(each) for each in (files(world), files(world, "syncs"))] == [1, 1]
    assert [await world.total(as_of=moment) for moment in moments] == before
    assert before[:2] + before[-1:] == ["3.00 EUR", "4.00 EUR", "10.00 EUR"]
    assert faults(store) == ()
    version = DeltaTable(world.folder / "usage").version()
    join(store)
    assert DeltaTable(world.folder / "usage").version() == version


async def test_files_of_others_in_the_store_are_not_deleted(world: World) -> None:
    store = await filled(world)
    table = world.folder / "usage"
    of_a_process_that_died = table / "month=2026-10" / "part-00000-0a1b-c000.zstd.parquet"
    theirs = [table / "notes.txt", table / "old" / "part-0.parquet"]
    theirs[1].parent.mkdir()
    for each in (of_a_process_that_died, *theirs):
        each.write_text("written long ago")
        os.utime(each, (1_000_000_000, 1_000_000_000))
    compact(store)
    assert [each.exists() for each in theirs] == [True, True]
    for each in theirs:
        each.unlink()
    compact(store)
    assert not of_a_process_that_died.exists()
    assert faults(store) == ()


async def test_files_that_another_process_joins_are_left_to_it(world: World) -> None:
    for number in range(8):
        world.script.usage = whole(charge("a", f"{number}.50"))
        await world.sync(MID_OCTOBER + timedelta(hours=number))
    store = Book(str(world.folder))
    another = os.open(world.folder / "usage", os.O_RDONLY)
    fcntl.flock(another, fcntl.LOCK_EX)
    try:
        join(store)
        with pytest.raises(StoreError, match="usage: another process joins files; try again later"):
            compact(store)
        assert len(files(world)) == 8
    finally:
        os.close(another)
    join(store)
    assert len(files(world)) == 1
    assert faults(store) == ()


async def test_larger_files_are_joined_when_there_are_many_of_them(world: World) -> None:
    store = Book(str(world.folder))
    for number in range(8):
        # What nothing compresses: each file is larger than those that are joined first.
        text = Random(number).randbytes(700_000).hex()
        world.script.usage = whole(charge("a", f"{number}.50", description=text))
        await world.sync(MID_OCTOBER + timedelta(hours=number))
        if number < 7:
            join(store)
            assert len(files(world)) == number + 1
    join(store)
    assert len(files(world)) == 1
    assert await world.total() == "7.50 EUR"
    assert faults(store) == ()


def files(world: World, table: str = "usage") -> list[str]:
    """Return the files of a table, if there is one."""
    place = world.folder / table
    return DeltaTable(place).file_uris() if place.exists() else []
