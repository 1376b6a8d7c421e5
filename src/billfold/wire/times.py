"""Times in the text of a reply that ours cannot hold: finer ones, and those beyond UTC. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import msgspec

# msgspec rounds times, and so the last nanosecond of a month is the next one's: digits that no
# time of ours has are cut off. A number has no such beginning.
_ROUNDED_UP = b".999999"
# It begins with its text, which is found ten times as fast as one of classes.
_FINER_THAN_ANY = re.compile(rb"\.999999\d+")
_SECOND = re.compile(rb"\d\d-\d\d[Tt ]\d\d:\d\d:\d\d")
_TO_THE_SECOND = len("10-31T23:59:59")

# The first and the last day of all: by another clock than UTC's they may be a day that it lacks.
_FIRST, _LAST = b'"0001-01-01', b'"9999-12-31'
_OF_EITHER = re.compile(rb'"(?:0001-01-01|9999-12-31)[Tt ][^"]+"')


def held_by_ours(body: bytes) -> bytes:
    """Return a JSON body whose times are as fine as ours, and none beyond the years 1 to 9999.

    In UTC, which all times of ours are in. One that is beyond is no time: it becomes text that says
    so, which fits no time of a shape.
    """
    if _ROUNDED_UP in body:  # 5 % of decoding, and of all that is done with a reply below one
        body = _FINER_THAN_ANY.sub(_cut_off, body)
    if _FIRST in body or _LAST in body:
        body = _OF_EITHER.sub(_no_time_if_beyond, body)
    return body


def _cut_off(fraction: re.Match[bytes]) -> bytes:
    """Return a second's fraction as fine as times of ours are, and what is no time's as it is."""
    start = fraction.start()
    before = fraction.string[max(start - _TO_THE_SECOND, 0) : start]
    return _ROUNDED_UP if _SECOND.fullmatch(before) else fraction[0]


def _no_time_if_beyond(text: re.Match[bytes]) -> bytes:
    try:
        datetime.fromisoformat(msgspec.json.decode(text[0], type=str)).astimezone(UTC)
    except OverflowError:
        return text[0][:-1] + b', which UTC does not have"'
    except ValueError:  # no time, or no text in JSON
        pass
    return text[0]
