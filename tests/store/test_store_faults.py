"""What is wrong with a store is said with its place and a way out, and nothing is lost by it."""

import os
import resource
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from billfold.errors import StoreError
from billfold.store.book import Book
from billfold.store.check import check
from billfold.store.tables import SCHEMA
from billfold.store.views import Shown
from store.world import MID_NOVEMBER, MID_OCTOBER, OCTOBER, World, charge, whole

DAY = timedelta(days=1)
NOBODY = 65534

# The fingerprints that version 1 wrote of what filled() books.
VERSION_1 = {
    "a": "a32a3a573b11850f5653db9f27f179fe",
    '["acme",null,"2026-10-01T00:00:00Z"]': "6ea812b9df940e0f2df5dbefc15bdb41",
}


async def filled(world: World, cost: str = "10.50") -> World:
    """Return a world whose store holds a charge."""
    world.script.usage = whole(charge("a", cost))
    await world.sync(MID_OCTOBER)
    return world


async def refusal(world: World) -> str:
    """Return why a sync could not be booked."""
    with pytest.raises(StoreError) as caught:
        await world.sync(MID_OCTOBER + DAY)
    return str(caught.value)


async def test_a_store_of_a_newer_version_is_refused(world: World) -> None:
    await filled(world)
    DeltaTable(world.folder / "usage").alter.set_table_description(f"billfold {SCHEMA + 1}")
    assert await refusal(world) == (
        f"{world.folder}: usage was written by a newer billfold (its version is {SCHEMA + 1}, this "
        f"one writes {SCHEMA}): update billfold"
    )


async def test_what_a_disk_has_no_room_for_is_refused_before_it_is_written(world: World) -> None:
    await filled(world)
    more_than_any = 2**62
    with pytest.raises(StoreError) as caught:
        Book(str(world.folder)).require_writable("usage", more_than_any)
    said = str(caught.value)
    assert said.startswith(f"{world.folder}: usage: no space left: ")
    assert said.endswith(
        ", and up to 4,611,686,018,427,518,976 may be needed; "
        "make room; all that was booked before is whole"
    )


async def test_a_table_of_others_is_never_written_to(world: World) -> None:
    # In one commit, which is how most tables begin.
    write_deltalake(world.folder / "usage", pa.table({"month": ["2026-10"], "cost": [1.5]}))
    world.script.usage = whole(charge("a", "10.50"))
    assert await refusal(world) == (
        f"{world.folder}: usage is a Delta table that billfold did not make; name another place "
        "for the store"
    )
    assert DeltaTable(world.folder / "usage").version() == 0


@pytest.mark.parametrize(("version", "digits"), [(1, 32), (2, 16)])
async def test_a_store_of_an_older_version_has_longer_fingerprints_that_say_the_same(
    world: World, version: int, digits: int
) -> None:
    await filled(world)
    place = f"{world.folder}/older/usage"
    rows = Book(str(world.folder)).query("SELECT * FROM usage", "usage")
    assert rows is not None
    ids = rows["record_id"].to_pylist()
    prints = pa.array([VERSION_1[name][:digits] for name in ids], pa.string())
    rows = rows.set_column(rows.column_names.index("fingerprint"), "fingerprint", prints)
    write_deltalake(place, rows, partition_by=["month"], description=f"billfold {version}")
    shutil.copytree(world.folder / "syncs", world.folder / "older" / "syncs")
    older = World(world.folder / "older", scripts=world.scripts)
    (same,) = await older.sync(MID_OCTOBER + DAY)
    assert same.changes.counts == {"new": 0, "changed": 0, "withdrawn": 0}
    older.script.usage = whole(charge("a", "11.75"))
    (other,) = await older.sync(MID_OCTOBER + 2 * DAY)
    assert other.changes.counts == {"new": 0, "changed": 1, "withdrawn": 0}
    assert await older.total() == "11.75 EUR"
    assert await older.total(as_of=MID_OCTOBER + DAY) == "10.50 EUR"
    assert check(Book(str(older.folder)), MID_OCTOBER + 3 * DAY).faults == ()
    assert DeltaTable(place).metadata().description == f"billfold {SCHEMA}"


async def test_a_process_that_died_while_a_table_was_made_leaves_one_to_go_on_with(
    world: World,
) -> None:
    await filled(world)
    for log in sorted((world.folder / "usage" / "_delta_log").glob("*.json"))[1:]:
        log.unlink()
    await world.sync(MID_OCTOBER + DAY)
    assert await world.total() == "10.50 EUR"
    await world.sync(MID_OCTOBER + 2 * DAY)


async def test_a_moved_store_is_the_same_store(world: World) -> None:
    await filled(world)
    moved = World(world.folder.with_name("it's moved ✓"), scripts=world.scripts)
    shutil.move(world.folder, moved.folder)
    moved.script.usage = whole(charge("a", "11.00"))
    await moved.sync(MID_OCTOBER + DAY)
    assert await moved.total() == "11.00 EUR"
    assert await moved.total(as_of=MID_OCTOBER) == "10.50 EUR"


async def test_a_log_that_was_cut_is_said(world: World) -> None:
    await filled(world)
    log = world.folder / "usage" / "_delta_log" / f"{1:020}.json"
    log.write_text(log.read_text()[:300])
    said = await refusal(world)
    assert said.startswith(f"{world.folder}: usage: ")
    assert said.endswith("; run billfold store check, or put back a copy of it")
    assert "unknown" not in said


async def test_a_table_that_is_gone_is_said_and_no_answer_is_made_of_what_is_left(
    world: World,
) -> None:
    await filled(world)
    shutil.rmtree(world.folder / "usage" / "_delta_log")
    said = (
        f"{world.folder}: usage is not there, and what was read was booked in it: put back a copy "
        "of it, or name another place by --store"
    )
    assert await refusal(world) == said
    async with world.history() as history:
        (failure,) = (await history.usage(OCTOBER)).failures
    assert said in str(failure)
    with pytest.raises(StoreError, match="usage is not there"):
        Shown(Book(str(world.folder))).is_empty()
    (fault,) = check(Book(str(world.folder)), world.now).faults
    assert (fault.table, fault.detail) == ("usage", said)
    # What was not asked for has no table to be gone.
    assert not (world.folder / "ledger").exists()


async def test_without_the_table_of_who_was_read_nothing_is_answered(world: World) -> None:
    await filled(world)
    shutil.rmtree(world.folder / "syncs")
    said = (
        f"{world.folder}: syncs is not there, and what was read was booked in it: put back a copy "
        "of it, or name another place by --store"
    )
    with pytest.raises(StoreError) as refused:
        async with world.history() as history:
            await history.usage(OCTOBER)
    assert str(refused.value) == said
    with pytest.raises(StoreError, match="syncs is not there"):
        Shown(Book(str(world.folder))).is_empty()
    with pytest.raises(StoreError, match="syncs is not there"):
        await world.sync(MID_NOVEMBER, OCTOBER)
    assert not (world.folder / "syncs").exists()
    (fault,) = check(Book(str(world.folder)), world.now).faults
    assert (fault.table, fault.detail) == ("syncs", said)


async def test_a_full_disk_is_said_and_loses_nothing(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    await filled(world)
    world.script.usage = whole(*(charge(f"c{number}", "1.00") for number in range(3_000)))
    with files_up_to(3_000):
        said = await refusal(world)
    assert said.startswith(f"{world.folder}: usage: no space left: up to ")
    assert said.endswith("; make room; all that was booked before is whole")
    assert capfd.readouterr().err == ""
    assert await world.total() == "10.50 EUR"
    await world.sync(MID_OCTOBER + 2 * DAY)
    assert await world.total() == "3000.00 EUR"


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_read_only_store_is_read_and_not_written(world: World) -> None:
    with tempfile.TemporaryDirectory() as name:
        kept = World(Path(name) / "store", scripts=world.scripts)
        await filled(kept)
        kept.script.usage = whole(charge("a", "11.00"))
        with read_only(Path(name)):
            said = await refusal(kept)
            assert await kept.total() == "10.50 EUR"
        assert said.endswith("; let this user write there, or name another place by --store")


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take the right to write a folder from this user, who is somebody else if root."""
    folders = [folder, *(each for each in folder.rglob("*") if each.is_dir())]
    for each in folders:
        each.chmod(0o555)
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(was)
        for each in folders:
            each.chmod(0o755)


async def test_a_file_in_the_place_of_the_store_is_said(world: World) -> None:
    world.folder.write_text("notes")
    world.script.usage = whole(charge("a", "1.00"))
    said = await refusal(world)
    assert said == (
        f"{world.folder}: the folder cannot be made: File exists; name another place by --store"
    )


async def test_a_folder_that_the_system_does_not_make_is_said(world: World) -> None:
    nowhere = World(Path("/proc/nowhere"), scripts=world.scripts)
    nowhere.script.usage = whole(charge("a", "1.00"))
    assert await refusal(nowhere) == (
        "/proc/nowhere: the folder cannot be made: No such file or directory; "
        "name another place by --store"
    )


@pytest.mark.parametrize("name", ["it's", 'a "b"', "Ström ✓", "'; DROP TABLE usage; --", "%_\\n"])
async def test_a_name_is_a_name_whatever_it_is_written_with(world: World, name: str) -> None:
    texts = {"resource_id": name, "tags": {name: name}, "description": f"\0{name}\n"}
    world.script.usage = whole(charge(name, "10.50", **texts), billing_account_id=name)
    await world.sync(MID_OCTOBER)
    world.script.usage = whole(charge(name, "11.50", **texts), billing_account_id=name)
    (outcome,) = await world.sync(MID_OCTOBER + DAY)
    assert outcome.changes.counts["changed"] == 1
    (known,) = await world.charges()
    assert (known.id, known.resource_id, known.tags) == (name, name, {name: name})
    assert known.description == f"\0{name}\n"
    rows = Book(str(world.folder)).rows("SELECT SUM(cost) AS cost FROM usage", "usage")
    assert rows == [{"cost": Decimal("11.50")}]


async def test_a_clock_that_went_back_takes_nothing_from_what_was_known(world: World) -> None:
    await filled(world)
    world.script.usage = whole(charge("a", "11.00"))
    await world.sync(MID_OCTOBER - DAY)
    assert await world.total() == "11.00 EUR"
    assert await world.total(as_of=MID_OCTOBER) == "10.50 EUR"
    assert await world.total(as_of=MID_OCTOBER - DAY) == ""
