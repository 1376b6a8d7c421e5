"""Up to when a reply says that it knows what it states. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain
from typing import Any

from billfold.wire.members import objects_around, objects_in
from billfold.wire.speakers import Speaker, speakers
from billfold.wire.stated_window import moment

# Keys of nothing but these words say up to when what a reply states is known.
_KNOWN = {
    *("data", "usage", "complete", "completed", "known", "metered", "measured", "recorded"),
    *("available", "processed", "final", "up", "to", "as", "of", "until", "through"),
    *("synced", "synchronized", "aggregated", "collected", "ingested", "updated", "last"),
}
_UP_TO = {"until", "through", "of"}
# Keys that say when a reply was made, or what it shows: nothing later can be in it.
_MADE = {"generated", "calculated", "computed", "aggregated", "refreshed", "cached", "snapshot"}
# The same where they say whose that is: an `updated_at` alone may be any record's.
_TOUCHED = {
    "updated",
    "update",
    "synced",
    "synchronized",
    "sync",
    "metered",
    "metering",
    "measured",
}
_TOUCHED |= {"collected", "ingested", "recorded", "aggregation", "refresh"}
# The objects that such a key is about the reply in, and not about a thing.
_ABOUT = {"meta", "metadata", "info", "stats", "summary", "data", "report", "usage", "freshness"}
_WHEN, _WHAT = {"at", "on", "time", "date"}, {"data", "usage", "cost", "costs", "report", "last"}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_WIDTH = 40  # members of an object that is around rows, and no map of them
_DAY = timedelta(days=1)
_DATE = len("2026-10-01")


@lru_cache(maxsize=4096)
def names_end_of_knowledge(key: str) -> bool:
    """Return whether a key says up to when a reply knows what it states.

    ``data_until`` does, and so do ``generated_at`` and ``last_updated``.
    """
    spelled = [word.lower() for word in _WORD.findall(key)]
    if not spelled or spelled[-1] in _UP_TO:
        return bool(spelled) and _KNOWN.issuperset(spelled)
    others = set(spelled[:-1])
    is_made = spelled[-1] in _WHEN and bool(others & _MADE) and others <= _MADE | _WHAT
    return is_made or _names_last_touch(key)


@lru_cache(maxsize=4096)
def _names_last_touch(key: str) -> bool:
    """Return whether a key says when data were last renewed, as ``last_metered_at`` does."""
    spelled = {word.lower() for word in _WORD.findall(key)}
    done = spelled & (_MADE | _TOUCHED)
    return bool(done) and bool(spelled & _WHAT) and spelled <= _MADE | _TOUCHED | _WHAT | _WHEN


def known_until(tree: Any, kind: Any) -> tuple[str, datetime] | None:
    """Return the earliest time up to which a decoded body says it is known, and its place, or None.

    An object that speaks for the whole reply says it, or one in that. What ``kind``, the body's
    shape, reads of these is its reader's. A plain date is known to its end.
    """
    if type(tree) is not dict or len(tree) > _WIDTH:
        return None
    around = objects_around(tree, _WIDTH)
    if around and not any(map(names_end_of_knowledge, chain.from_iterable(around))):
        return None  # as nearly no reply says it
    found: tuple[str, datetime] | None = None
    speaking = speakers(tree, kind)[0] or [Speaker("$", tree, frozenset(), tree)]
    for speaker in speaking:
        info, path = speaker.info, speaker.path
        if len(info) > _WIDTH:
            continue
        for key in filter(names_end_of_knowledge, info):
            if key not in speaker.read:
                found = _earlier(found, f"{path}.{key}", info[key])
        for key, value in objects_in(info):
            if len(value) <= _WIDTH:
                for name in filter(names_end_of_knowledge, value):
                    if key in _ABOUT or not _names_last_touch(name):
                        found = _earlier(found, f"{path}.{key}.{name}", value[name])
    return found


def _earlier(
    found: tuple[str, datetime] | None, place: str, value: object
) -> tuple[str, datetime] | None:
    stated = _time(value)
    if stated is None or (found is not None and found[1] <= stated):
        return found
    return place, stated


def _time(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        if len(value) == _DATE:
            return datetime.combine(date.fromisoformat(value), time(), UTC) + _DAY
    except (ValueError, OverflowError):
        return None
    return moment(value)


def expected_until(ends: datetime, query: Mapping[str, str]) -> datetime:
    """Return up to when a reply should know what was asked for, of which a day's delay is usual.

    ``ends`` is the end of what is wanted in all, of which the times of a query may be a part.
    """
    times = [at for value in query.values() if (at := _time(value)) is not None]
    return min(ends, max(times, default=ends)) - _DAY
