"""Joins a store's small files; every row stays, and so every answer as of any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from billfold.store.book import COLUMNS, Book

if TYPE_CHECKING:
    from deltalake import DeltaTable


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
                done.append(_compacted(name, table))
    return done


def _compacted(name: str, table: DeltaTable) -> Compacted:
    from deltalake import WriterProperties

    files, size = _files(table)
    table.optimize.compact(writer_properties=WriterProperties(compression="ZSTD"))
    table.create_checkpoint()
    table.cleanup_metadata()
    # Rows are what answers are made of, as of any moment; a file is only where they stand. One that
    # is no week old may still be read, or be about to be committed.
    deleted = table.vacuum(dry_run=False, full=True)
    table.update_incremental()
    now, size_now = _files(table)
    return Compacted(name, files, now, size, size_now, len(deleted))


def _files(table: DeltaTable) -> tuple[int, int]:
    """Return how many files a table has, and their bytes."""
    import pyarrow as pa

    sizes = pa.table(table.get_add_actions())["size_bytes"].to_pylist()
    return len(sizes), sum(sizes)
