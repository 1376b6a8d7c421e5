"""Who writes looks at one state of the store, and looks again where another came first."""

from datetime import datetime
from pathlib import Path

import pyarrow as pa

from billfold.arrow import arrow_schema
from billfold.store.book import Book
from billfold.store.tables import SYNCS
from store.world import MID_OCTOBER


def row(sync_id: str) -> pa.Table:
    cells = {"month": "2026-10", "sync_id": sync_id, "known_at": MID_OCTOBER}
    return pa.Table.from_pylist([cells], schema=arrow_schema(SYNCS))


def now() -> datetime:
    return MID_OCTOBER


def names(book: Book) -> set[str]:
    return {each["sync_id"] for each in book.rows("SELECT sync_id FROM syncs", "syncs")}


def test_what_another_adds_while_one_looks_is_a_lost_race(tmp_path: Path) -> None:
    mine, theirs = Book(str(tmp_path)), Book(str(tmp_path))
    mine.append("syncs", lambda _: row("first"), now)
    looks: list[tuple[set[str], set[str]]] = []

    def rows_of(known_at: datetime) -> pa.Table:
        before = names(mine)
        if not looks:
            theirs.append("syncs", lambda _: row("theirs"), now)
        looks.append((before, names(mine)))
        return row("mine")

    mine.append("syncs", rows_of, now)
    assert looks == [({"first"}, {"first"}), ({"first", "theirs"}, {"first", "theirs"})]
    assert names(theirs) == {"first", "theirs", "mine"}
