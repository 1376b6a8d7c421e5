"""Until when what stands was seen, by readings that were whole, cut off, or failed in part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import evolve

from billfold.columns import Row
from billfold.model import Stream
from billfold.period import Period, span
from billfold.store.confirmed import Confirmed
from billfold.store.scopes import one_spelling
from billfold.store.stands import Stands
from billfold.store.sync_rows import is_about, is_whole, last_answered, unconfirmed


def seen_until(
    stands: Stands, windows: Sequence[Confirmed], readings: Sequence[Row]
) -> Mapping[tuple[str | None, Period], datetime]:
    """Return until when usages were seen to cost what they cost, by their scopes and windows.

    That is when one was read whole, or any of it was stated otherwise later, and its window's end
    at most: the same whatever period is asked for, as each has a share of it.
    """
    time = span(each.period for each in windows)
    if stands.stream is not Stream.USAGE or stands.rows is None or time is None:
        return {}
    stated, about = stands.stated_at(readings), [row for row in readings if is_about(row, time)]
    found = dict[tuple[str | None, Period], datetime]()
    for each in windows:
        key, read_at = (each.scope, each.period), known_since(stands.stream, each, about).read_at
        found[key] = min(max(read_at, stated.get(key, read_at)), each.period.end)
    return found


def known_since(stream: Stream, each: Confirmed, about: Sequence[Row]) -> Confirmed:
    """Return a window as read when a later reading was cut off that has the lines that are known.

    If a part of it failed, nobody knows.
    """
    own = last_answered([row for row in about if is_about(row, each.period)])
    if is_whole(stream, own) or any(row["error"] for row in own):
        return each
    if each.scope in {scope and one_spelling(scope) for scope in unconfirmed(own)}:
        return each
    return evolve(each, read_at=max([each.read_at, *(row["read_at"] for row in own)]))
