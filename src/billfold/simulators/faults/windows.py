"""A fault of windows: the provider answers for more time than it was asked for.

So does a server that does not know a parameter, or rounds a bound away from the window.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from aiohttp.web import Request, StreamResponse

from billfold.simulators.faults.fault import Effect, Handler

# More than a month, so that what is beside a month asked is there, too.
_MARGIN = timedelta(days=40)


def wider_window() -> Effect:
    """Answer for 40 days more on both sides of the window that a request's query names."""

    async def effect(request: Request, handler: Handler) -> StreamResponse:
        return await handler(_widened(request))

    return effect


def _widened(request: Request) -> Request:
    """Return the request with its two times, whatever they are called, further apart."""
    bounds = {name: text for name, text in request.query.items() if _moment(text) is not None}
    if len(bounds) != 2:
        return request
    start, end = sorted(bounds, key=lambda name: str(_moment(bounds[name])))
    url = request.rel_url.update_query(
        {start: _moved(bounds[start], -_MARGIN), end: _moved(bounds[end], _MARGIN)}
    )
    return request.clone(rel_url=url)


def is_moment(value: object) -> bool:
    """Return whether a value is text that says a day or a time."""
    return isinstance(value, str) and _moment(value) is not None


def _moment(text: str) -> datetime | None:
    """Return a day or a time in ISO 8601; None for other text, a number included."""
    try:
        return None if text.isdecimal() else datetime.fromisoformat(text)
    except ValueError:
        return None


def _moved(text: str, by: timedelta) -> str:
    """Return a day or a time moved, in the form that it has."""
    if "T" not in text:
        return str(date.fromisoformat(text) + by)
    moved = (datetime.fromisoformat(text) + by).isoformat()
    return moved.replace("+00:00", "Z") if text.endswith("Z") else moved
