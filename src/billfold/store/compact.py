"""Joins a store's small files; every row stays, and so every answer as of any moment."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from billfold.errors import StoreError
from billfold.store.book import COLUMNS, Book, no_store, race, writer_properties

if TYPE_CHECKING:
    from deltalake import DeltaTable

# Bytes, from and below which files of a month are of one size: those are joined with all smaller
# ones. So no row is written many times, and larger files are left alone.
_SIZES = ((512 * 2**10, 16 * 2**20), (0, 512 * 2**10))
# What billfold's writes are named like; the engine's list has them below the table's folder.
_WRITTEN = re.compile("month=[0-9]{4}-[0-9]{2}/part-[0-9a-f-]+-c000[.]zstd[.]parquet")
_MANY = 8  # files of one size: each query of a sync takes a millisecond or two to open one


@frozen
class Compacted:
    """What became of a table: its files and their bytes, before and now, and how many are gone.

    ``deleted`` are files that no reader of the last week can need.
    """

    table: str
    files_before: int
    files: int
    bytes_before: int
    bytes: int
    deleted: int


def compact(book: Book) -> list[Compacted]:
    """Join the small files of every table, and delete those that were joined a week ago. Blocks.

    Raises StoreError, also where there is no store, and where others changed the same files at the
    same time.
    """
    done = []
    for name in COLUMNS:
        with _turn(book, name) as is_mine, book.changing(name) as table:
            if is_mine is False:
                raise StoreError(
                    f"{book.url}: {name}: another process joins files; try again later"
                )
            if table is not None:
                files, size = _sizes(table)
                book.require_writable(name, size)
                table.optimize.compact(writer_properties=writer_properties())
                deleted = _tidied(table)
                now, size_now = _sizes(table)
                done.append(Compacted(name, files, now, size, size_now, deleted))
    if not done:
        raise no_store(book)
    return done


def join(book: Book) -> None:
    """Join the small files of months that have many, for every sync adds some. Blocks.

    What another process joins is left to it, and so is all where that cannot be known: in a bucket.
    Raises StoreError.
    """
    for name in COLUMNS:
        with _turn(book, name) as is_mine:
            if is_mine:
                _join(book, name)


def _join(book: Book, name: str) -> None:
    with book.changing(name) as table:
        months = {} if table is None else _crowded(table)
        if table is None or not months:
            return
        for month, (limit, size) in months.items():
            book.require_writable(name, size)
            with race():
                table.optimize.compact(
                    partition_filters=[("month", "=", month)],
                    target_size=limit,
                    writer_properties=writer_properties(),
                )
            table.update_incremental()
        _tidied(table)


@contextmanager
def _turn(book: Book, name: str) -> Iterator[bool | None]:
    """Yield whether no other process joins a table's files; None where that cannot be known.

    Two that join the same files would both write their rows: deltalake 1.6.6 lets them, whatever
    its commits say. The lock of a folder ends with its process.
    """
    folder = Path(book.url, name)
    if "://" in book.url or not folder.is_dir():
        yield None
        return
    try:
        import fcntl
    except ImportError:
        yield None
        return
    place = os.open(folder, os.O_RDONLY)
    try:
        is_mine: bool | None = True
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            is_mine = False
        except OSError:  # a file system without locks
            is_mine = None
        yield is_mine
    finally:
        os.close(place)


def _crowded(table: DeltaTable) -> dict[str, tuple[int, int]]:
    """Return the months that have many files of one size.

    With each is below which size files are to be joined, and the bytes of those.
    """
    import pyarrow as pa

    files = pa.table(table.get_add_actions(flatten=True))
    sizes: dict[str, list[int]] = {}
    columns = (files[name].to_pylist() for name in ("partition.month", "size_bytes"))
    for month, size in zip(*columns, strict=True):
        sizes.setdefault(month, []).append(size)
    found: dict[str, tuple[int, int]] = {}
    for month, own in sizes.items():
        for start, limit in _SIZES:
            if sum(start <= size < limit for size in own) >= _MANY:
                found[month] = (limit, sum(size for size in own if size < limit))
                break
    return found


def _tidied(table: DeltaTable) -> int:
    """Write a checkpoint and delete what nobody needs any more; return how many files that were."""
    table.create_checkpoint()
    table.cleanup_metadata()
    # Rows are what answers are made of, as of any moment; a file is only where they stand. One that
    # is no week old may still be read, or be about to be committed. What no commit names may be of
    # a process that died; where others keep files in this folder, it may be theirs.
    is_own = all(map(_WRITTEN.fullmatch, table.vacuum(dry_run=True, full=True)))
    deleted = table.vacuum(dry_run=False, full=is_own)
    table.update_incremental()
    return len(deleted)


def _sizes(table: DeltaTable) -> tuple[int, int]:
    """Return how many files a table has, and their bytes."""
    import pyarrow as pa

    sizes = pa.table(table.get_add_actions())["size_bytes"].to_pylist()
    return len(sizes), sum(sizes)
