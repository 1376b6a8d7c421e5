"""What a value says about pages: that it points at one, or how many there are. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

_MOST_DIGITS = 18


def points(value: object) -> bool:
    """Return whether this is a cursor, an address, a number or a yes."""
    if links_to_next(value):
        return True
    if isinstance(value, Mapping):  # {"href": ...}
        return any(points(member) for member in value.values())
    if isinstance(value, str):
        return value.strip().lower() not in {"", "0", "false", "no", "null", "none"}
    return bool(value) and not isinstance(value, list | tuple)


def links_to_next(value: object) -> bool:
    """Return whether a list of links has one to the next page."""
    links = value if isinstance(value, list | tuple) else ()
    return any(
        isinstance(link, Mapping) and link.get("rel") == "next" and points(link.get("href"))
        for link in links
    )


def whole(value: object) -> int | None:
    """Return a whole number, also where it is written as text; nobody counts beyond 18 digits."""
    if isinstance(value, str):
        is_whole = value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS
        return int(value) if is_whole else None
    # `1e999999999` is a number, too, and would fill the memory as an int.
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if not -(10**_MOST_DIGITS) < value < 10**_MOST_DIGITS:
        return None
    return int(value) if int(value) == value else None
