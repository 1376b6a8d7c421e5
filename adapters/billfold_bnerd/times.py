"""Times and periods in the several forms that b'nerd may write them in. Pure.

See CONTRACT.md, sections 2.1, 2.3 and 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from billfold.period import Period, midnight, utc

BOUNDS = (("from", "to"), ("start", "end"), ("start_date", "end_date"))
_DATE = len("2026-10-01")
_DAY = timedelta(days=1)

# Every error about periods is a ValueError; beyond the year 9999 it is an OverflowError.
_UNREADABLE = (ValueError, OverflowError)


def moment(value: object) -> datetime | None:
    """Return a time with its offset in UTC, or the UTC midnight that a plain date begins with.

    None for anything else.
    """
    if not isinstance(value, str):
        return None
    try:
        if len(value) == _DATE:
            return midnight(date.fromisoformat(value))
        return utc(datetime.fromisoformat(value))
    except _UNREADABLE:
        return None


def day(value: object) -> date | None:
    """Return the date that a date or a time begins with, as written; None for anything else."""
    try:
        return date.fromisoformat(value[:_DATE]) if isinstance(value, str) else None
    except ValueError:
        return None


def bounded(start: object, end: object) -> Period | None:
    """Return the half-open period between two times or dates; None for anything else.

    The provider's own sample ends on the last second of its window (section 2.1). So an end on an
    hour's last second is included, and so is the day of a plain date, unless it is the first day of
    a month after the start.
    """
    first, last = moment(start), moment(end)
    if first is None or last is None:
        return None
    try:
        if len(str(end)) == _DATE:
            last += timedelta(0) if last.day == 1 and last > first else _DAY
        elif (last.minute, last.second) == (59, 59):
            last = last.replace(microsecond=0) + timedelta(seconds=1)
        return Period(first, last)
    except _UNREADABLE:
        return None


def hour(start: object) -> Period | None:
    """Return the hour that begins at a time, as metering stamps its entries; None for the rest."""
    first = moment(start)
    if first is None:
        return None
    try:
        return Period(first, first + timedelta(hours=1))
    except _UNREADABLE:
        return None


def days(first: object, last: object) -> Period | None:
    """Return whole UTC days, the last one included; None unless both are dates in this order."""
    start, end = day(first), day(last)
    if start is None or end is None:
        return None
    try:
        return Period.days(start, end + _DAY)
    except _UNREADABLE:
        return None


def period(value: object) -> Period | None:
    """Return the period of ``2026-10``, a date or an object of two bounds; None for the rest."""
    if isinstance(value, Mapping):
        periods = (bounded(value.get(start), value.get(end)) for start, end in BOUNDS)
        return next(filter(None, periods), None)
    try:
        return Period.parse(value) if isinstance(value, str) else None
    except _UNREADABLE:
        return None


def billed_month(value: object) -> Period | None:
    """Return the period an invoice states; a date stands for its month, as bills are monthly."""
    stated = period(value)
    if stated is not None and isinstance(value, str) and ".." not in value:
        return Period.month_of(stated.start)
    return stated
