"""By whose clock a reply says that its days are. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from billfold.wire.kinds import mentions
from billfold.wire.rows import fold

_NAMES = {
    *("timezone", "timezonename", "timezoneid", "tz", "tzname", "tzid", "billingtimezone"),
    *("reportingtimezone",),
}
# Under these a number says how far from UTC it is, in minutes, seconds or hours.
_OFFSETS = {"utcoffset", "tzoffset", "timezoneoffset", "gmtoffset", "offsetfromutc"}
# These may name where a machine stands, too: a clock is told by how it is written.
_EITHER = {"zone", "zonename", "zoneid"}
_CLOCK = re.compile(
    "(africa|america|antarctica|arctic|asia|atlantic|australia|brazil|canada|europe|indian|mexico"
    r"|pacific|us)/[a-z/_+-]+\d*|(utc|gmt|etc/gmt)?[+-]\d\d?(:?\d\d)?"
)
_NAMED = {*_NAMES, *_OFFSETS}
_CALLED = {*_NAMED, *_EITHER}
_UTC = {
    *("", "utc", "etc/utc", "gmt", "etc/gmt", "z", "zulu", "universal", "etc/universal"),
    *("utc+0", "utc+00:00", "+00:00", "+0000", "+00", "coordinated universal time"),
    *("utc-0", "utc-00:00", "-00:00", "-0000", "-00", "0", "0.0", "00:00", "00:00:00", "+0", "-0"),
}
_WIDTH = 40  # an object with more members is a map of rows
_LONGEST = 60  # letters of a zone's name, of which there is no longer one


def _has_days(shape: Any) -> bool:
    return mentions(shape, "DateType") is True


# Whether a shape reads days, which are days by somebody's clock.
has_days: Callable[[Any], bool] = cache(_has_days)


def other_zone(tree: object) -> tuple[str, str] | None:
    """Return the place and the name of a zone that a body states, and that is not UTC, or None.

    It stands beside the rows, in an object there, or in a row.
    """
    stated = (
        (f"{path}.{key}", str(value))
        for path, key, value in _members(tree)
        if _is_other(fold(key), value)
    )
    return next(stated, None)


def _is_other(name: str, zone: object) -> bool:
    """Return whether what is stated under a folded key is a clock, and not that of UTC."""
    if type(zone) in (int, float, Decimal):
        return name in _OFFSETS and bool(zone)
    if not isinstance(zone, str) or len(zone) > _LONGEST:
        return False
    written = zone.strip().lower()
    return written not in _UTC and (name in _NAMED or _CLOCK.fullmatch(written) is not None)


def _members(tree: object) -> Iterator[tuple[str, str, Any]]:
    """Yield path, key and value of what may be called a zone."""
    for path, around in _objects(tree):
        for key, value in around.items():
            if fold(key) in _CALLED:
                yield path, key, value


def _objects(tree: object) -> Iterator[tuple[str, dict[str, Any]]]:
    if type(tree) is not dict:
        return
    yield "$", tree
    if len(tree) <= _WIDTH:
        inner = ((f"$.{key}", value) for key, value in tree.items() if type(value) is dict)
        yield from (each for each in inner if len(each[1]) <= _WIDTH)
        lists = ((f"$.{key}", value) for key, value in tree.items() if type(value) is list)
        rows = ((f"{path}[{at}]", row) for path, each in lists for at, row in enumerate(each))
        yield from ((path, row) for path, row in rows if type(row) is dict and len(row) <= _WIDTH)
