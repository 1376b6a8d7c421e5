"""Rows of a sync that ended before it said how it went: their windows are not known to be whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import TYPE_CHECKING

from billfold.columns import Row
from billfold.model import WINDOWED, State, Stream
from billfold.period import Period
from billfold.store.book import Book
from billfold.store.literals import text_literal, time_literal
from billfold.store.tables import TABLES

if TYPE_CHECKING:
    import pyarrow as pa


def with_untold(stream: Stream, readings: Sequence[Row], rows: pa.Table | None) -> Sequence[Row]:
    """Return how readings went, and that those were cut off whose rows stand and which say nothing.

    Whatever was read whole after one is known as it was read then.
    """
    if rows is None or not readings or stream not in WINDOWED:
        return readings
    cut_off = [_cut_off(readings[-1], each) for each in _untold(readings, rows)]
    return sorted([*readings, *cut_off], key=itemgetter("known_at")) if cut_off else readings


def untold_since(book: Book, stream: Stream, month: Period) -> dict[str, datetime]:
    """Return by account when rows of a month that was over were last booked without one in syncs.

    Blocks, and raises StoreError.
    """
    table, since = TABLES[stream].name, f"known_at >= {time_literal(month.end)}"
    rows = book.rows(
        "SELECT booked.account AS account, MAX(booked.known_at) AS known_at FROM "
        f"(SELECT account, sync_id, MAX(known_at) AS known_at FROM {table} "
        f"WHERE month = {text_literal(str(month))} AND {since} "
        "GROUP BY account, sync_id) AS booked LEFT JOIN "
        "(SELECT account, sync_id, MAX(known_at) AS known_at FROM syncs "
        f"WHERE stream = {text_literal(stream.value)} AND {since} "
        "GROUP BY account, sync_id) AS reported "
        "ON booked.account = reported.account AND booked.sync_id = reported.sync_id "
        "WHERE reported.known_at IS NULL OR booked.known_at > reported.known_at "
        "GROUP BY booked.account",
        table,
        "syncs",
    )
    return {row["account"]: row["known_at"] for row in rows}


def _untold(readings: Iterable[Row], rows: pa.Table) -> Iterator[pa.Table]:
    """Yield the rows of each sync that were booked after it last said how it went.

    It books an account's windows one after another, and says of each how it went before the next.
    """
    import pyarrow.compute as pc

    told: dict[str, datetime] = {}
    for row in readings:
        told[row["sync_id"]] = max(row["known_at"], told.get(row["sync_id"], row["known_at"]))
    for sync_id in rows["sync_id"].unique().to_pylist():
        own = rows.filter(pc.call_function("equal", [rows["sync_id"], sync_id]))
        if sync_id in told:
            own = own.filter(pc.call_function("greater", [own["known_at"], told[sync_id]]))
        if own.num_rows:
            yield own


def _cut_off(like: Row, own: pa.Table) -> Row:
    """Return what a sync would have said of its rows."""
    start, end = min(own["window_start"].to_pylist()), max(own["window_end"].to_pylist())
    known_at = max(own["known_at"].to_pylist())
    return {
        **dict.fromkeys(like),
        **{name: like[name] for name in ("account", "provider", "origin")},
        **{
            "sync_id": own["sync_id"][0].as_py(),
            "known_at": known_at,
            "read_at": known_at,
            "state": State.PARTIAL,
        },
        **{"covers_start": start, "covers_end": end, "changes": own.num_rows, "withdrawn": 0},
        "confirmed": "[]",
        "detail": "a sync was cut off while it was booked",
    }
