"""What a reply says of the window it is for, in the words of its request. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import frozen

_TIME = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?", re.DOTALL)
# A bound may be stated as a day, the last one included, or by the clock of a place.
_NEAR_START, _NEAR_END = timedelta(days=1), timedelta(days=2)


@frozen
class Narrower:
    """A bound that a reply states inside of the window asked: its place, and both times."""

    place: str
    stated: datetime
    asked: datetime


def narrower_window(tree: Any, query: Mapping[str, str], now: datetime) -> Narrower | None:
    """Return by which bound a reply says that it holds less time than was asked for, or None.

    So says a server that keeps less, or limits a window's length. The bounds are the earliest and
    the latest of a request's times, and stand under their own names, beside the rows or in an
    object there. The end of a window that is not over is the present, so what is after it is not
    missing.
    """
    times = {name: at for name, value in query.items() if (at := _time(value)) is not None}
    if type(tree) is not dict or not times:
        return None
    first, last = min(times, key=times.__getitem__), max(times, key=times.__getitem__)
    for path, around in _objects(tree):
        start, end = _time(around.get(first)), _time(around.get(last))
        if start is not None and start - times[first] > _NEAR_START:
            return Narrower(f"{path}.{first}", start, times[first])
        if first != last and end is not None and min(times[last], now) - end > _NEAR_END:
            return Narrower(f"{path}.{last}", end, times[last])
    return None


def _objects(tree: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "$", tree
    yield from ((f"$.{key}", value) for key, value in tree.items() if type(value) is dict)


def _time(value: object) -> datetime | None:
    if not isinstance(value, str) or _TIME.fullmatch(value) is None:
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return None
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
