"""The month that ended last, for as long as it was not read to its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from billfold.accounts.account import Account
from billfold.model import ANSWERED, WINDOWED, State, Stream
from billfold.period import Period
from billfold.store.book import Book
from billfold.store.literals import time_literal
from billfold.store.standing import is_one_of
from billfold.store.sync import Question

# The states of a reading for which the provider was asked, whether it answered or failed.
_ASKED = sorted({*ANSWERED, State.FAILED, State.TIMED_OUT})
# After these there is nothing to be asked for again: all was read, or it is not to be had any more.
_SETTLED = (State.COMPLETE, State.DIFFERENT_WINDOW, State.UNAVAILABLE, State.UNSUPPORTED)


def unfinished(
    book: Book, accounts: Iterable[Account], streams: Iterable[Stream], now: datetime
) -> list[Question]:
    """Return what to ask once more of the UTC month before: what was asked for while it ran.

    A provider that has answered since its end, or said that it cannot, is not asked again; one that
    still states more then (`Declaration.late_data`), not before that is over. Blocks, and raises
    StoreError.
    """
    month = Period.month_of(now).previous_month()
    windowed = [stream for stream in streams if stream in WINDOWED]
    if not windowed:
        return []
    rows = book.rows(_query(month, windowed), "syncs")
    settled = {(row["account"], row["stream"]): row["settled_at"] for row in rows}
    return [
        Question(account, stream, month)
        for account in accounts
        for stream in windowed
        if (name := (account.name, stream.value)) in settled
        and not _is_final(account, stream, month, settled[name])
    ]


def _is_final(account: Account, stream: Stream, month: Period, settled_at: datetime | None) -> bool:
    """Return whether a month is known as it stays; ``settled_at`` is when that was asked last."""
    if settled_at is None:
        return False
    late_data = account.adapter.declares.late_data.get(stream)
    return late_data is None or late_data.not_final(month, settled_at) is None


def _query(month: Period, streams: Iterable[Stream]) -> str:
    start, end = time_literal(month.start), time_literal(month.end)
    # Who failed without a window was asked for what ran then.
    is_about = (
        f"{is_one_of('state', _ASKED)} "
        f"AND COALESCE(covers_start, requested_start, read_at) < {end} "
        f"AND COALESCE(covers_end, requested_end, read_at) > {start}"
    )
    is_settled = (
        f"requested_start = {start} AND requested_end = {end} AND read_at >= {end} "
        f"AND {is_one_of('state', _SETTLED)}"
    )
    return (
        "SELECT account, stream, MAX(CASE WHEN settled = 1 THEN read_at END) AS settled_at "
        "FROM (SELECT account, stream, known_at, MIN(read_at) AS read_at, "
        f"MAX(CASE WHEN {is_about} THEN 1 ELSE 0 END) AS about, "
        f"MIN(CASE WHEN {is_settled} THEN 1 ELSE 0 END) AS settled "
        f"FROM syncs WHERE {is_one_of('stream', sorted(streams))} "
        "GROUP BY account, stream, known_at) AS readings "
        "GROUP BY account, stream HAVING MAX(about) = 1"
    )
