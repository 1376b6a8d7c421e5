"""Moments and days of undocumented shape, and what lasts from one on. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import wraps
from typing import ParamSpec, TypeVar

from billfold.period import Period, midnight, utc
from billfold.wire import is_zero_time

P = ParamSpec("P")
T = TypeVar("T")

# ISO 8601, and what Ruby writes: "2026-10-01 00:00:00 +0200", "... UTC". Go and .NET write nine and
# seven digits of a second; what is finer than a microsecond is cut off, which moves no time on.
_TIME = re.compile(r"([0-9-]{10})[T ]([0-9:]{5,8}(?:\.[0-9]+)?) ?(Z|UTC|[+-][0-9]{2}:?[0-9]{2})")
_DATE = len("2026-10-01")
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
# From 2001 to 2100 in seconds since 1970, and what finer counts have more of in a second.
_EPOCHS, _FINER = (10**9, 4_102_444_800), (1, 1000, 10**6, 10**9)


def or_none(read: Callable[P, T | None]) -> Callable[P, T | None]:
    """Return what reads a time, and gives None for one that there is not, as in the year 10000."""

    @wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> T | None:
        try:
            return read(*args, **kwargs)
        except (ValueError, OverflowError):  # every error about periods is a ValueError
            return None

    return reading


def is_date(value: object) -> bool:
    """Return whether a value can be only a plain date."""
    return isinstance(value, str) and len(value) == _DATE


@or_none
def day(value: object) -> date | None:
    """Return the date that a date or a time begins with, as written."""
    if not isinstance(value, str) or is_zero_time(value):
        return None
    return date.fromisoformat(value[:_DATE])


@or_none
def as_written(value: object) -> datetime | None:
    """Return a time with the offset it is written with; for a plain date, its UTC midnight."""
    if not isinstance(value, str) or is_zero_time(value):
        return None
    if len(value) == _DATE:
        return midnight(date.fromisoformat(value))
    if (time := _TIME.fullmatch(value)) is None:
        return None
    return datetime.fromisoformat(f"{time[1]}T{time[2]}{time[3].replace('UTC', 'Z')}")


def whole_hour(moment: datetime) -> datetime:
    """Return a time, for one on an hour's last second the next hour's beginning."""
    is_last = (moment.minute, moment.second) == (59, 59)
    return moment.replace(microsecond=0) + timedelta(seconds=1) if is_last else moment


@or_none
def moment(value: object) -> datetime | None:
    """Return a time with its offset in UTC; for a plain date, its UTC midnight."""
    stated = as_written(value)
    return None if stated is None else utc(stated)


def end_of(value: object) -> datetime | None:
    """Return a time with its offset in UTC; for a plain date, the end of its UTC day."""
    whole = day_of(value) if is_date(value) else None
    return moment(value) if whole is None else whole.end


@or_none
def lasting(start: object, length: timedelta) -> Period | None:
    """Return what lasts so long from a time or a date on."""
    first = moment(start)
    return None if first is None else Period(first, first + length)


def hour(start: object) -> Period | None:
    """Return the hour that begins at a time, as metering stamps its entries."""
    return lasting(start, _HOUR)


def day_of(value: object) -> Period | None:
    """Return the day that a date names, or that begins at a time."""
    return lasting(value, _DAY)


def hour_of(value: object, count: object) -> Period | None:
    """Return the hour of a day that a date names, by its number from 0 to 23."""
    first = hour(value) if is_date(value) else None
    if first is None or not isinstance(count, Decimal) or count not in range(24):
        return None
    return Period(first.start + int(count) * _HOUR, first.end + int(count) * _HOUR)


@or_none
def days(first: object, last: object) -> Period | None:
    """Return whole UTC days, the last one included; None unless both are dates in this order."""
    start, end = day(first), day(last)
    return None if start is None or end is None else Period.days(start, end + _DAY)


def counted_moments(count: Decimal) -> list[datetime]:
    """Return the moment that a number counts the seconds to since 1970, or finer parts of them."""
    first, last = _EPOCHS
    finer = (each for each in _FINER if first * each <= count < last * each)
    return [datetime.fromtimestamp(int(count) // each, UTC) for each in finer]
