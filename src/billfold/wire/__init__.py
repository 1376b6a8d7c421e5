"""Bytes to typed shapes: exact numbers, and the path of whatever does not fit. Pure.

Also what a reply has beyond its shape: the pages that it announces.
"""

from billfold.wire.announced import Announcement, announced_pages
from billfold.wire.cosmetic import Cosmetic
from billfold.wire.decoding import (
    DriftError,
    Problem,
    Time,
    decode,
    decode_or_none,
    fingerprint,
    parse_at,
    parse_rows,
)

__all__ = [
    "Announcement",
    "Cosmetic",
    "DriftError",
    "Problem",
    "Time",
    "announced_pages",
    "decode",
    "decode_or_none",
    "fingerprint",
    "parse_at",
    "parse_rows",
]
