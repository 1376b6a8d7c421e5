"""Rows of a sync that ended before it said how it went: their windows are not known to be whole."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import TYPE_CHECKING

from billfold.columns import Row
from billfold.model import WINDOWED, State, Stream

if TYPE_CHECKING:
    import pyarrow as pa


def with_untold(stream: Stream, readings: Sequence[Row], rows: pa.Table | None) -> Sequence[Row]:
    """Return how readings went, and that those were cut off whose rows stand and which say nothing.

    Whatever was read whole after one is known as it was read then.
    """
    if rows is None or not readings or stream not in WINDOWED:
        return readings
    told = {row["sync_id"] for row in readings}
    untold = [each for each in rows["sync_id"].unique().to_pylist() if each not in told]
    cut_off = [_cut_off(readings[-1], rows, each) for each in untold]
    return sorted([*readings, *cut_off], key=itemgetter("known_at")) if cut_off else readings


def _cut_off(like: Row, rows: pa.Table, sync_id: str) -> Row:
    """Return what a sync would have said of its rows."""
    import pyarrow.compute as pc

    own = rows.filter(pc.call_function("equal", [rows["sync_id"], sync_id]))
    start, end = min(own["window_start"].to_pylist()), max(own["window_end"].to_pylist())
    known_at = max(own["known_at"].to_pylist())
    return {
        **dict.fromkeys(like),
        **{name: like[name] for name in ("account", "provider", "origin")},
        **{"sync_id": sync_id, "known_at": known_at, "read_at": known_at, "state": State.PARTIAL},
        **{"covers_start": start, "covers_end": end, "changes": own.num_rows, "withdrawn": 0},
        "confirmed": "[]",
        "detail": "a sync was cut off while it was booked",
    }
