"""Times in the text of a reply that are finer than ours. Pure."""

from __future__ import annotations

import re

# msgspec rounds times, and so the last nanosecond of a month is the next one's: digits that no
# time of ours has are cut off. A number has no such beginning.
ROUNDED_UP = b".999999"
# It begins with its text, which is found ten times as fast as one of classes.
_FINER_THAN_ANY = re.compile(rb"\.999999\d+")
_SECOND = re.compile(rb"\d\d-\d\d[Tt ]\d\d:\d\d:\d\d")
_TO_THE_SECOND = len("10-31T23:59:59")


def as_fine_as_ours(body: bytes) -> bytes:
    """Return a JSON body whose times are to the microsecond, cut off and never rounded up.

    One without ``ROUNDED_UP`` is so already, as nearly all are.
    """
    return _FINER_THAN_ANY.sub(_cut_off, body) if ROUNDED_UP in body else body


def _cut_off(fraction: re.Match[bytes]) -> bytes:
    """Return a second's fraction as fine as times of ours are, and what is no time's as it is."""
    start = fraction.start()
    before = fraction.string[max(start - _TO_THE_SECOND, 0) : start]
    return ROUNDED_UP if _SECOND.fullmatch(before) else fraction[0]
