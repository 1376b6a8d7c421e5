"""Joins a store's small files; every row stays, and so every answer as of any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from billfold.store.book import COLUMNS, Book, race, writer_properties

if TYPE_CHECKING:
    from deltalake import DeltaTable

_SMALL = 16 * 2**20  # bytes: larger files are left alone, so that joining stays cheap
_MANY = 16  # files that each reading of a month has to open


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

    Raises StoreError, also where others changed the same files at the same time.
    """
    done = []
    for name in COLUMNS:
        with book.changing(name) as table:
            if table is not None:
                files, size = _sizes(table)
                book.require_writable(name, size)
                table.optimize.compact(writer_properties=writer_properties())
                deleted = _tidied(table)
                now, size_now = _sizes(table)
                done.append(Compacted(name, files, now, size, size_now, deleted))
    return done


def join(book: Book) -> None:
    """Join the small files of months that have many, for every sync adds some. Blocks.

    What another process joins first is joined. Raises StoreError.
    """
    for name in COLUMNS:
        with book.changing(name) as table:
            months = {} if table is None else _crowded(table)
            if table is None or not months:
                continue
            for month, size in months.items():
                book.require_writable(name, size)
                with race():
                    table.optimize.compact(
                        partition_filters=[("month", "=", month)],
                        target_size=_SMALL,
                        writer_properties=writer_properties(),
                    )
                table.update_incremental()
            _tidied(table)


def _crowded(table: DeltaTable) -> dict[str, int]:
    """Return the months that have many small files, and the bytes of these."""
    import pyarrow as pa

    files = pa.table(table.get_add_actions(flatten=True))
    small: dict[str, list[int]] = {}
    columns = (files[name].to_pylist() for name in ("partition.month", "size_bytes"))
    for month, size in zip(*columns, strict=True):
        if size < _SMALL:
            small.setdefault(month, []).append(size)
    return {month: sum(sizes) for month, sizes in small.items() if len(sizes) >= _MANY}


def _tidied(table: DeltaTable) -> int:
    """Write a checkpoint and delete what nobody needs any more; return how many files that were."""
    table.create_checkpoint()
    table.cleanup_metadata()
    # Rows are what answers are made of, as of any moment; a file is only where they stand. One that
    # is no week old may still be read, or be about to be committed.
    deleted = table.vacuum(dry_run=False, full=True)
    table.update_incremental()
    return len(deleted)


def _sizes(table: DeltaTable) -> tuple[int, int]:
    """Return how many files a table has, and their bytes."""
    import pyarrow as pa

    sizes = pa.table(table.get_add_actions())["size_bytes"].to_pylist()
    return len(sizes), sum(sizes)
