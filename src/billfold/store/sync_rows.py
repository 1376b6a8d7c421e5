"""How readings went: the rows that a sync wrote of each, and whether they were whole."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import chain, groupby
from operator import itemgetter

import msgspec

from billfold.columns import Row
from billfold.model import ANSWERED, READ_WHOLE, State, Stream
from billfold.period import Period
from billfold.store.book import Book
from billfold.store.literals import text_literal, time_literal
from billfold.store.standing import is_one_of
from billfold.store.tables import TABLES

_SCOPES: msgspec.json.Decoder[list[str | None]] = msgspec.json.Decoder(list[str | None])
_IDS: msgspec.json.Decoder[list[str]] = msgspec.json.Decoder(list[str])


def syncs(
    book: Book, accounts: Sequence[str], stream: Stream, as_of: datetime | None = None
) -> dict[str, list[Row]]:
    """Return how each reading of accounts went, by account in the order they were booked.

    Raises StoreError, also where the table is gone that they were booked in.
    """
    until = "" if as_of is None else f" AND known_at <= {time_literal(as_of)}"
    found: dict[str, list[Row]] = {account: [] for account in accounts}
    for row in book.rows(
        "SELECT account, provider, origin, known_at, read_at, state, detail, error, confirmed, "
        "unconfirmed, counted_elsewhere, requested_start, requested_end, covers_start, covers_end, "
        "part, sync_id, withdrawn, differing, idle, "
        'COALESCE("new", 0) + COALESCE(changed, 0) + COALESCE(withdrawn, 0) AS changes '
        f"FROM syncs WHERE {is_one_of('account', accounts)} "
        f"AND stream = {text_literal(stream.value)}{until} ORDER BY known_at",
        "syncs",
    ):
        found[row["account"]].append(row)
    if any(found.values()):
        book.require(TABLES[stream].name)
    return found


def unconfirmed(rows: Sequence[Row]) -> list[str | None]:
    """Return the scopes of which rows stated nothing where something is known."""
    lists = (_SCOPES.decode(row["unconfirmed"]) for row in rows if row["unconfirmed"])
    return [*chain.from_iterable(lists)]


def idle(row: Row) -> AbstractSet[str]:
    """Return the ids, in one spelling, of the parts that were read in full and have no record."""
    return {each.casefold() for each in _IDS.decode(row["idle"])} if row["idle"] else set()


def last_reading(readings: Sequence[Row]) -> list[Row]:
    """Return the rows of the last reading."""
    return [row for row in readings if row["known_at"] == readings[-1]["known_at"]]


def last_answered(readings: Sequence[Row]) -> list[Row]:
    """Return the rows of the last reading that had anything to book."""
    return last_reading([row for row in readings if State(row["state"]) in ANSWERED])


def cut_off_rows(stream: Stream, about: Sequence[Row]) -> list[Row]:
    """Return the rows of the readings that were not whole."""
    by_reading = (list(rows) for _, rows in groupby(about, itemgetter("known_at")))
    return [row for rows in by_reading if not is_whole(stream, rows) for row in rows]


def is_read_whole(stream: Stream, state: State, covers: Period | None, asked: Period) -> bool:
    """Return whether what was read covers a window that was asked for.

    A usage says which window it is of. What is no usage does not: it is of the one asked for. Who
    covers just that, and says that it is of another, does not know which it is of.
    """
    if state is State.DIFFERENT_WINDOW and covers == asked:
        return False
    if state is State.COMPLETE or stream is Stream.USAGE:
        return state in READ_WHOLE
    return state is State.DIFFERENT_WINDOW and covers is not None and covers.encloses(asked)


def is_whole(stream: Stream, rows: Sequence[Row]) -> bool:
    """Return whether the rows of a reading say that it was whole."""
    offered = [row for row in rows if row["state"] != State.UNSUPPORTED]
    return bool(offered) and all(
        is_read_whole(
            stream,
            State(row["state"]),
            period_of(row, "covers"),
            period_of(row, "requested") or Period.month_of(row["read_at"]),
        )
        for row in offered
    )


def period_of(row: Row, name: str) -> Period | None:
    """Return the period of a row under ``name``, "covers" or "requested"."""
    start, end = row[f"{name}_start"], row[f"{name}_end"]
    return None if start is None else Period(start, end)


def first_read(readings: Sequence[Row]) -> datetime | None:
    """Return when an account was read first; None where it was never answered."""
    return min((row["read_at"] for row in readings if row["state"] in ANSWERED), default=None)


def is_about(row: Row, window: Period) -> bool:
    """Return whether a row says anything of a window.

    Who answered without a window used nothing in the month of asking; who failed was asked for
    whatever runs.
    """
    about = period_of(row, "covers") or period_of(row, "requested")
    if about is None and State(row["state"]) in ANSWERED:
        about = Period.month_of(row["read_at"])
    return about is None or about.overlaps(window)
