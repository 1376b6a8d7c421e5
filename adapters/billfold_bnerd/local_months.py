"""Which months a time is, by the clock that it is written by. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from billfold.period import Period, month_turn, utc
from billfold_bnerd.moments import as_written, or_none, whole_hour
from billfold_bnerd.times import counted, period, used_between

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
# How far the provider's clock, Germany's, is ahead of UTC: not at all where it shows that.
AHEAD = (timedelta(), timedelta(hours=1), timedelta(hours=2))
# The farthest that any clock is from UTC.
FARTHEST = timedelta(hours=14)
_OFFSET = re.compile(r":[0-9]{2}(?:\.[0-9]+)? ?(?:Z|UTC|[+-])")
_NO_OFFSET = re.compile(r"[0-9-]{10}[T ][0-9:]{5,8}(?:\.[0-9]+)?(?= *(?:\.\.|/|$))")


def on_own_clock(stated: Period) -> Period:
    """Return a time of more than a day as the months that it is by the provider's own clock.

    What begins at 22:00 or 23:00 in UTC on the last of September is October's, not September's.
    """
    start = month_turn(stated.start)
    if start == stated.start or stated.end - stated.start <= _DAY:
        return stated
    return Period(start, month_turn(stated.end))


def span_of(value: object) -> Period | None:
    """Return the time of use that a value names, whole months without an offset, too."""
    return period(counted(value)) or on_whatever_clock(value)


def span_between(start: object, end: object) -> Period | None:
    """Return the time of use between two bounds, whole months without an offset, too."""
    return used_between(start, end) or _whole_months(without_offset_between(start, end))


def without_offset(value: object) -> Period | None:
    """Return a time between bounds of which no offset is known, as if they were in UTC."""
    return period(_as_utc(value))


def without_offset_between(start: object, end: object) -> Period | None:
    """Return what :func:`without_offset` does for two bounds."""
    return used_between(_as_utc(start), _as_utc(end))


def billed_period(value: object) -> Period | None:
    """Return the period an invoice states, on the clock that it is written by.

    A date or a time stands for its month, as bills are monthly. A start on an hour's last second is
    the next hour's, as an end is. Bounds in UTC that are a month's of another clock, as from 22:00
    on the last of September, are that month; a start alone is, where the clock is Germany's. Times
    without an offset are read where they are whole months, as those are on whatever clock.
    """
    if (alone := as_written(value)) is not None:
        return _month_begun(alone)
    stated = period(value, Period.of_local)
    if stated is None:
        return on_whatever_clock(value)
    begun = _from_whole_hour(stated)
    return _months_of_another_clock(begun) or begun


def on_whatever_clock(value: object) -> Period | None:
    """Return the whole months between bounds that have no offset, or the one that one begins."""
    clock = _as_utc(value)
    if (alone := as_written(clock)) is None:
        return _whole_months(period(clock))
    month = _month_begun(alone)
    return month if month is not None and month.start == alone else None


def month_begun_by(value: object) -> Period | None:
    """Return the month that a time is the first moment of, on its own clock or on Germany's."""
    written = as_written(value)
    month = None if written is None else _month_begun(written)
    turn = None if month is None or written is None else month_turn(utc(written))
    return month if month is not None and turn == month.start else None


@or_none
def latest_on_any_clock(value: object) -> datetime | None:
    """Return the latest moment in UTC that a time without an offset can be."""
    stated = as_written(_as_utc(value))
    return None if stated is None else stated + FARTHEST


@or_none
def on_farthest_clocks(clockless: datetime) -> tuple[datetime, datetime] | None:
    """Return the first and the last moment, in UTC, that a time without an offset may be."""
    return clockless - FARTHEST, clockless + FARTHEST


def _as_utc(value: object) -> object:
    """Return times without an offset as if they were in UTC, and none for those with one."""
    if isinstance(value, dict):
        return {key: _as_utc(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_utc(inner) for inner in value]
    if not isinstance(value, str):
        return value
    return None if _OFFSET.search(value) else _NO_OFFSET.sub(r"\g<0>Z", value)


@or_none
def _month_begun(start: datetime) -> Period | None:
    is_hour = (start.minute, start.second, start.microsecond) == (0, 0, 0)
    begun = start + AHEAD[-1] if is_hour and not start.utcoffset() else start
    return Period.month(begun.year, begun.month)


def _from_whole_hour(stated: Period) -> Period:
    begun = whole_hour(stated.start)
    return Period(begun, stated.end) if begun < stated.end else stated


def _whole_months(stated: Period | None) -> Period | None:
    begun = None if stated is None else _from_whole_hour(stated)
    return begun if begun is not None and begun.is_whole_months else None


@or_none
def _months_of_another_clock(stated: Period) -> Period | None:
    start, end = (Period.month_of(at + FARTHEST).start for at in (stated.start, stated.end))
    shifts = stated.start - start, stated.end - end
    is_shifted = all(shifts) and abs(shifts[0] - shifts[1]) <= _HOUR
    return Period(start, end) if is_shifted and max(map(abs, shifts)) <= FARTHEST else None
