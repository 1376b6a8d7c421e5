"""Whom the answer to a month that is over left as they had been read before its end.

The token had lost an organization, say, or a reply was empty where something is known.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import datetime

from billfold.columns import Row
from billfold.model import WINDOWED, State, Stream
from billfold.period import Period
from billfold.store.book import Book
from billfold.store.confirmed import Confirmed, confirmed
from billfold.store.literals import time_literal
from billfold.store.lost import losses, with_lost
from billfold.store.standing import held_windows, is_one_of
from billfold.store.sync_rows import period_of, syncs

_AT_ONCE = 100  # accounts in one query


def left_early(
    book: Book,
    accounts: Container[str],
    month: Period,
    final_at: Mapping[tuple[str, Stream], datetime],
) -> Iterator[tuple[str, Stream]]:
    """Yield which of these accounts answered for a month, and left some of it behind; and streams.

    ``final_at`` is from when on nothing more is stated of it, by provider and stream. Blocks, and
    raises StoreError.
    """
    may_have = _may_have(book, month, sorted({provider for provider, _ in final_at}))
    names = [name for name in may_have if name in accounts]
    for start in range(0, len(names), _AT_ONCE):
        several = names[start : start + _AT_ONCE]
        used = syncs(book, several, Stream.USAGE)
        lost = {name: losses(own) for name, own in used.items()}
        for stream in sorted({stream for _, stream in final_at}):
            readings = used
            if stream is not Stream.USAGE:
                readings = with_lost(book, syncs(book, several, stream), lost, None)
            for name, own in readings.items():
                final = final_at.get((own[-1]["provider"], stream)) if own else None
                if final is not None and _is_early(book, name, stream, own, month, final):
                    yield name, stream


def _may_have(book: Book, month: Period, providers: Sequence[str]) -> list[str]:
    """Return the accounts whose usage of a month was of others before, or left it unconfirmed."""
    rows = book.rows(
        "SELECT DISTINCT account FROM (SELECT account, stream FROM syncs "
        f"WHERE {is_one_of('provider', providers)} "
        f"AND {is_one_of('stream', sorted(each.value for each in WINDOWED))} "
        f"AND COALESCE(covers_start, requested_start, read_at) < {time_literal(month.end)} "
        f"AND COALESCE(covers_end, requested_end, read_at) > {time_literal(month.start)} "
        "GROUP BY account, stream HAVING MAX(unconfirmed) IS NOT NULL OR COUNT(DISTINCT "
        f"CASE WHEN stream = '{Stream.USAGE}' AND confirmed <> '[]' THEN confirmed END) > 1) "
        "AS changing ORDER BY account",
        "syncs",
    )
    return [row["account"] for row in rows]


def _is_early(
    book: Book,
    account: str,
    stream: Stream,
    readings: Sequence[Row],
    month: Period,
    final_at: datetime,
) -> bool:
    """Return whether a month was answered when it was final, and some of it read last before."""
    if not any(
        row["state"] == State.COMPLETE
        and row["read_at"] >= final_at
        and period_of(row, "requested") == month
        for row in readings
    ):
        return False
    early = [
        each
        for each in confirmed(readings)
        if each.read_at < final_at and month.encloses(each.period)
    ]
    if stream is Stream.USAGE:
        early = _standing(book, account, readings, month, early)
    return bool(early)


def _standing(
    book: Book, account: str, readings: Sequence[Row], month: Period, early: Sequence[Confirmed]
) -> list[Confirmed]:
    """Return those windows of usage that stand: what moved to another account is read there."""
    place = readings[-1]["provider"], readings[-1]["origin"]
    scopes = (each.scope for each in early if each.scope)
    held = held_windows(book, place, month, None, scopes).get(account, ())
    return [each for each in early if (each.scope, each.period) in held]
