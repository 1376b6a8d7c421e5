"""Faults of time: a provider answers for more of it than was asked, or writes it in another way.

The former does a server that does not know a parameter, or rounds a bound away from the window.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from aiohttp.web import Request, StreamResponse

from billfold.simulators.faults.bodies import mutated
from billfold.simulators.faults.fault import Effect, Handler
from billfold.simulators.json_text import Number, parse, rewritten, write

# More than a month, so that what is beside a month asked is there, too.
_MARGIN = timedelta(days=40)
# Seconds and milliseconds, by the number of digits that a time of our days has.
_UNITS = {10: 1, 13: 1000}
_OUR_DAYS = range(2015, 2040)  # other numbers of as many digits are ids


def wider_window() -> Effect:
    """Answer for 40 days more on both sides of the window that a request's query names."""
    return _asked_for(-_MARGIN, _MARGIN)


def another_window(by: timedelta) -> Effect:
    """Answer for a window that begins and ends so much later than a request's query says."""
    return _asked_for(by, by)


def _asked_for(start: timedelta, end: timedelta) -> Effect:
    """Move the two times of a request's query, or of its body."""

    async def effect(request: Request, handler: Handler) -> StreamResponse:
        url = request.rel_url.update_query(_bounds_moved(request.query, start, end))
        moved = request.clone(rel_url=url)
        if request.method == "POST":
            moved._read_bytes = _body_moved(await request.read(), start, end)
        return await handler(moved)

    return effect


def respelled_times(zone: tzinfo) -> Effect:
    """Write every moment of a reply by the clock of another place, with its offset from UTC."""

    def visit(path: str, key: str, value: Any) -> Any:
        moment = _moment(value) if isinstance(value, str) and "T" in value else None
        is_known = moment is not None and moment.tzinfo is not None
        return moment.astimezone(zone).isoformat() if moment and is_known else value

    return mutated(lambda tree, _: rewritten(tree, visit))


def _body_moved(body: bytes, start: timedelta, end: timedelta) -> bytes:
    """Return the body of a query by POST with its two times moved."""
    try:
        tree = parse(body)
    except ValueError:
        return body
    if not isinstance(tree, dict):
        return body
    texts = {key: str(value) for key, value in tree.items() if is_moment(value)}
    moved = {
        key: Number(text) if isinstance(tree[key], Number) else text
        for key, text in _bounds_moved(texts, start, end).items()
    }
    return write({**tree, **moved}).encode()


def _bounds_moved(values: Mapping[str, str], start: timedelta, end: timedelta) -> dict[str, str]:
    """Return the two times among these, whatever they are called, moved."""
    bounds = {name: text for name, text in values.items() if _moment(text) is not None}
    if len(bounds) != 2:
        return {}
    first, last = sorted(bounds, key=lambda name: str(_moment(bounds[name])))
    return {first: _moved(bounds[first], start), last: _moved(bounds[last], end)}


def is_moment(value: object) -> bool:
    """Return whether a value of a parsed body says a day or a time, a number included."""
    return isinstance(value, str) and _moment(value) is not None


def _moment(text: str) -> datetime | None:
    """Return a day or a time, in ISO 8601 or as seconds or milliseconds since 1970; else None."""
    try:
        if not text.isdecimal():
            return datetime.fromisoformat(text)
        moment = datetime.fromtimestamp(int(text) // _UNITS.get(len(text), 10**20), UTC)
        return moment if moment.year in _OUR_DAYS else None
    except (ValueError, OverflowError):
        return None


def _moved(text: str, by: timedelta) -> str:
    """Return a day or a time moved, in the form that it has."""
    if text.isdecimal():
        return str(int(text) + int(by.total_seconds()) * _UNITS[len(text)])
    if "T" not in text:
        return str(date.fromisoformat(text) + by)
    moved = (datetime.fromisoformat(text) + by).isoformat()
    return moved.replace("+00:00", "Z") if text.endswith("Z") else moved
