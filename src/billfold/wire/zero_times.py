"""Dates that software writes where there is no time. Pure."""

from __future__ import annotations

# MySQL's, that of Go and .NET, and where Unix begins to count.
_ZEROS = ("0000-00-00", "0001-01-01", "1970-01-01")


def is_zero_time(value: object) -> bool:
    """Return whether a value is a date, or a time of one, that stands for none."""
    return isinstance(value, str) and value.startswith(_ZEROS)
