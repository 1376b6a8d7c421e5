"""What a reply says of the window it is for, in the words of its request. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

_TIME = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?", re.DOTALL)
# A start may be stated as a day, or by the clock of a place.
_NEAR = timedelta(days=1)


def later_start(tree: Any, query: Mapping[str, str]) -> tuple[str, datetime, datetime] | None:
    """Return where a reply says that it begins later than was asked, with both times, or None.

    So says a server that keeps less than was asked for. The start is the earliest of a request's
    times, and stands under its own name, beside the rows or in an object there. An end says
    nothing: that of a window which is not over is the present.
    """
    times = {name: at for name, value in query.items() if (at := _time(value)) is not None}
    if type(tree) is not dict or not times:
        return None
    name = min(times, key=times.__getitem__)
    for path, around in _objects(tree):
        stated = _time(around.get(name))
        if stated is not None and stated - times[name] > _NEAR:
            return f"{path}.{name}", stated, times[name]
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
