"""What a reply says of the window it is for, in its request's words or common ones. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from billfold.wire.rows import ABOUT_A_LIST, fold

_TIME = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?", re.DOTALL)
# A bound may be stated as a day, the last one included, or by the clock of a place.
_NEAR_START, _NEAR_END = timedelta(days=1), timedelta(days=2)
# What a window is called that a reply is for, and its bounds in it: `period.start` and
# `period_start`. Without such a name they may be a project's, or a cycle's.
_WINDOWS = ("period", "window", "range", "interval", "timerange", "daterange", "timeframe")
_STARTS = ("start", "from", "since", "begin", "startdate", "startsat", "starttime", "fromdate")
_ENDS = ("end", "to", "until", "enddate", "endsat", "endtime", "todate")
_KEEPING = ("data", "dataavailable", "availabledata", "retention", "retained", "history")
_OLDEST = ("available", "availabledata", "availabledate", "dataavailable", "retained", "kept")
# The oldest that a provider keeps; the oldest record may be the first that there ever was.
_FLAT_STARTS = {
    *(f"{window}{start}" for window in _WINDOWS for start in _STARTS),
    *(f"{kept}{start}" for kept in _KEEPING for start in _STARTS),
    *(f"{oldest}{kept}" for oldest in ("oldest", "earliest") for kept in _OLDEST),
}
_FLAT_ENDS = {f"{window}{end}" for window in _WINDOWS for end in _ENDS}
_WIDTH = 40  # an object with more members is a map of rows


class Narrower(Struct, frozen=True):
    """A bound that a reply states inside of the window asked: its place, and both times."""

    place: str
    stated: datetime
    asked: datetime


def narrower_window(tree: Any, query: Mapping[str, str], now: datetime) -> Narrower | None:
    """Return by which bound a reply says that it holds less time than was asked for, or None.

    So says a server that keeps less, or limits a window's length. The bounds are the earliest and
    the latest of a request's times, and stand under their own names, beside the rows or in an
    object there, or as those of a period, window or range, or as the oldest that is kept. The end
    of a window that is not over is the present, so what is after it is not missing.
    """
    times = {name: at for name, value in query.items() if (at := _time(value)) is not None}
    if type(tree) is not dict or not times:
        return None
    first, last = min(times, key=times.__getitem__), max(times, key=times.__getitem__)
    for path, around in _objects(tree):
        starts, ends = _bounds(path, around)
        for key, start in _stated((first, *starts), around):
            if start - times[first] > _NEAR_START:
                return Narrower(f"{path}.{key}", start, times[first])
        for key, end in _stated((last, *ends) if first != last else (), around):
            if min(times[last], now) - end > _NEAR_END:
                return Narrower(f"{path}.{key}", end, times[last])
    return None


def _objects(tree: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "$", tree
    for key, value in tree.items():
        if type(value) is dict:
            yield f"$.{key}", value
            if fold(key) in ABOUT_A_LIST:
                yield from (
                    (f"$.{key}.{name}", inner)
                    for name, inner in value.items()
                    if type(inner) is dict
                )


def _bounds(path: str, around: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return the keys that state a window's start and its end, beside those of the request."""
    if len(around) > _WIDTH:
        return [], []
    is_window = fold(path.rpartition(".")[2]) in _WINDOWS
    starts, ends = (_STARTS, _ENDS) if is_window else (_FLAT_STARTS, _FLAT_ENDS)
    names = [(fold(key), key) for key in around]
    return (
        [key for name, key in names if name in starts],
        [key for name, key in names if name in ends],
    )


def _stated(keys: Iterable[str], around: dict[str, Any]) -> Iterator[tuple[str, datetime]]:
    for key in keys:
        if (time := _time(around.get(key))) is not None:
            yield key, time


def _time(value: object) -> datetime | None:
    is_time = isinstance(value, str) and _TIME.fullmatch(value) is not None
    return moment(str(value)) if is_time else None


def moment(text: str) -> datetime | None:
    """Return a time of ISO 8601 in UTC, which is its zone where it names none; None for no time."""
    try:
        stated = datetime.fromisoformat(text)
        return stated.astimezone(UTC) if stated.tzinfo else stated.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # no time, or one without a date in UTC
        return None
