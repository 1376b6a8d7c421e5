"""Times of undocumented shape: moments, days, and the periods between them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from attrs import frozen
from msgspec import Struct

from billfold.period import Period, midnight, utc, utc_text
from billfold.wire import is_zero_time
from billfold_bnerd.values import text as plain_text

_OF_LISTS = (
    "from to, start end, period_start period_end, usage_start usage_end, "
    "billing_start billing_end, start_time end_time, from_date to_date, cycle_start cycle_end, "
    "billing_period_start billing_period_end, billing_cycle_start billing_cycle_end, begin end"
)
# A project's or a subscription's own, which may be longer than what it costs is for.
_LIVES = "start_date end_date, started_at ended_at, starts_at ends_at, begins_at ends_at"


def _pairs(words: str) -> tuple[tuple[str, str], ...]:
    return tuple((start, end) for start, end in map(str.split, words.split(",")))


BOUNDS_OF_LISTS = _pairs(_OF_LISTS)
BOUNDS_OF_LIVES = _pairs(_LIVES)
BOUNDS = BOUNDS_OF_LISTS + BOUNDS_OF_LIVES
# What stands between the bounds of a period in one text, longest first: Ruby's ranges, which leave
# their end out where they have three dots, and ISO 8601's intervals.
_SEPARATORS = ("...", "..", "/")
_BETWEEN = re.compile(r" *(?:\.\.\.?|/) *")
_DATE = len("2026-10-01")
_LONG = 2 * len("2026-10-01 00:00:00.000000000 +00:00")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"([0-9]{4})-?Q([1-4])", re.IGNORECASE)
_WEEK = re.compile(r"([0-9]{4})-?W([0-9]{2})")
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}")
# ISO 8601, and what Ruby writes: "2026-10-01 00:00:00 +0200", "... UTC". Go and .NET write nine and
# seven digits of a second; what is finer than a microsecond is cut off, which moves no time on.
_TIME = re.compile(r"([0-9-]{10})[T ]([0-9:]{5,8}(?:\.[0-9]+)?) ?(Z|UTC|[+-][0-9]{2}:?[0-9]{2})")
_ONE = (
    r"(19|20)[0-9]{2}(-?W[0-9]{2}|-[0-9]{2}(-[0-9]{2}"
    r"([T ][0-9:]{5,8}(\.[0-9]+)? ?(Z|UTC|[+-][0-9:]+)?)?)?)"
)
_WHOLE = re.compile(rf"{_ONE}((\.\.\.?|/){_ONE})?")
# In English and in German, from January.
_NAMES = (
    "jan(?:uar|uary)?,feb(?:ruar|ruary)?,m(?:ar(?:ch)?|(?:ä|ae)?rz),apr(?:il)?,ma[iy],jun[ei]?,"
    "jul[iy]?,aug(?:ust)?,sept?(?:ember)?,o[ck]t(?:ober)?,nov(?:ember)?,de[cz](?:ember)?"
)
_LONGEST_NAME = len("September ")
_NAMED = [re.compile(rf"{name}\.?", re.IGNORECASE) for name in _NAMES.split(",")]
_DAY, _HOUR, _SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
_HOURS = range(24)
# A count of seconds since 1970 that is no count of anything else.
_FIRST_EPOCH = 10**8
# From 2001 to 2100, and what finer counts have more of in a second.
_EPOCHS, _FINER = (10**9, 4_102_444_800), (1, 1000, 10**6, 10**9)
# What is no count where no bound is either: 202609, 20260901.
_FIRST_MONTH = 190001
# What names a time with a year, and what may stand before both: `billing_year`, `usage_month`.
_PARTS = ("month", "day", "quarter", "week")
_PARTS_OF = ("", "billing_", "usage_", "period_", "service_")
_NUMBER = re.compile("[0-9]{1,2}")
# Every error about periods is a ValueError; beyond the year 9999 it is an OverflowError.
UNREADABLE = (ValueError, OverflowError)

_Between = Callable[[datetime, datetime], Period]


class Time(Struct, frozen=True):
    """When something was, as far as it says so.

    ``is_stamp`` is whether one text names the period, which no window cuts as it does bounds,
    ``is_life`` whether it is that of a project or subscription, ``is_begun`` whether it is only the
    first hour of what may be longer, or a month that may be only the hour that ``starts`` then;
    that is known without an end, too. ``is_odd`` is whether it says when in no way that we read,
    ``clockless`` what that is as if in UTC, where it has no offset.
    """

    period: Period | None = None
    is_stamp: bool = False
    starts: datetime | None = None
    is_odd: bool = False
    is_life: bool = False
    is_begun: bool = False
    clockless: Period | None = None

    def or_from(self, around: Time) -> Time:
        """Return this, or where it names no period what the objects around say."""
        return self if self.period is not None or around == NO_TIME else around


NO_TIME = Time()


def is_whole(value: object) -> bool:
    """Return whether a value is a date, a time, a month, a week or a range, and nothing else."""
    return isinstance(value, str) and _WHOLE.fullmatch(value) is not None and not states_none(value)


def names_one_time(value: object) -> bool:
    """Return whether a value is one text for a time, and not its two bounds, which windows cut."""
    return isinstance(value, str) and "/" not in value and ".." not in value


def states_none(value: object) -> bool:
    """Return whether a value states no time: nothing, or one that stands for none.

    So does an object, a list or a text of two bounds where neither is one.
    """
    if isinstance(value, dict | list):
        return all(map(states_none, value.values() if isinstance(value, dict) else value))
    bounds = _BETWEEN.split(value) if isinstance(value, str) else [value]
    return all(bound in (None, "") or is_zero_time(bound) for bound in bounds)


def as_written(value: object) -> datetime | None:
    """Return a time with the offset it is written with; for a plain date, its UTC midnight."""
    if not isinstance(value, str) or is_zero_time(value):
        return None
    try:
        if len(value) == _DATE:
            return midnight(date.fromisoformat(value))
        if (time := _TIME.fullmatch(value)) is None:
            return None
        offset = "Z" if time[3] == "UTC" else time[3]
        return datetime.fromisoformat(f"{time[1]}T{time[2]}{offset}")
    except UNREADABLE:
        return None


def moment(value: object) -> datetime | None:
    """Return a time with its offset in UTC; for a plain date, its UTC midnight."""
    stated = as_written(value)
    try:
        return None if stated is None else utc(stated)
    except UNREADABLE:
        return None


def end_of(value: object) -> datetime | None:
    """Return a time with its offset in UTC; for a plain date, the end of its UTC day."""
    if isinstance(value, str) and len(value) == _DATE:
        whole = day_of(value)
        return None if whole is None else whole.end
    return moment(value)


def day(value: object) -> date | None:
    """Return the date that a date or a time begins with, as written."""
    if not isinstance(value, str) or is_zero_time(value):
        return None
    try:
        return date.fromisoformat(value[:_DATE])
    except ValueError:
        return None


def bounded(start: object, end: object, between: _Between = Period) -> Period | None:
    """Return the half-open period between two times or dates, as ``between`` reads them.

    As in the provider's own sample (section 2.1), an end on an hour's last second is included, and
    so is the day of a plain date, unless it is the first day of a month after the start.
    """
    if start is None or end is None:
        return None
    first, last = as_written(start), as_written(end)
    if first is None or last is None:
        return None
    try:
        if len(str(end)) == _DATE:
            last += timedelta(0) if last.day == 1 and last > first else _DAY
        elif (last.minute, last.second) == (59, 59):
            last = last.replace(microsecond=0) + _SECOND
        return between(first, last)
    except UNREADABLE:
        return None


def used_between(start: object, end: object) -> Period | None:
    """Return the period between two bounds of usage, which may be seconds since 1970, too."""
    if isinstance(start, str) and isinstance(end, str) and len(start) + len(end) < _LONG:
        return _between_texts(start, end)
    return bounded(_counted(start), _counted(end))


@lru_cache(maxsize=4096)  # many rows of a reply are of the same time, and each is asked twice
def _between_texts(start: str, end: str) -> Period | None:
    return bounded(start, end)


def _counted(value: object) -> object:
    """Return a number of seconds since 1970 as the time that it is."""
    moments = counted_moments(value) if isinstance(value, Decimal) else []
    return utc_text(moments[0]) if moments else value


def hour(start: object) -> Period | None:
    """Return the hour that begins at a time, as metering stamps its entries."""
    first = moment(start)
    try:
        return None if first is None else Period(first, first + timedelta(hours=1))
    except UNREADABLE:
        return None


def hour_of(value: object, count: object) -> Period | None:
    """Return the hour of a day that a date names, by its number from 0 to 23."""
    start = moment(value) if isinstance(value, str) and len(value) == _DATE else None
    if start is None or not isinstance(count, Decimal) or count not in _HOURS:
        return None
    return hour(utc_text(start + int(count) * _HOUR))


def day_of(value: object) -> Period | None:
    """Return the day that a date names, or that begins at a time."""
    start = moment(value)
    try:
        return None if start is None else Period(start, start + _DAY)
    except UNREADABLE:
        return None


def says_when(key: str, value: object) -> bool:
    """Return whether a value under a key of times seems to be one: text with digits, or a number.

    A small number is a count, but for a date's part, and in a list.
    """
    if isinstance(value, list):
        return any(isinstance(item, Decimal) or says_when(key, item) for item in value)
    if isinstance(value, dict):
        return any(says_when(key, inner) or says_when(part, inner) for part, inner in value.items())
    if isinstance(value, str):
        return any(map(str.isdigit, value)) and not states_none(value)
    if not isinstance(value, Decimal):
        return False
    is_bound = any(key in pair for pair in BOUNDS)
    least = _FIRST_EPOCH if is_bound else _FIRST_MONTH
    return value >= least or key in ("date", "day", "month", "week")


def counted_moments(count: Decimal) -> list[datetime]:
    """Return the moment that a number counts the seconds to since 1970, or finer parts of them."""
    first, last = _EPOCHS
    finer = (each for each in _FINER if first * each <= count < last * each)
    return [datetime.fromtimestamp(int(count) // each, UTC) for each in finer]


def begins(value: object) -> list[datetime | None]:
    """Return when something begins that a value names, none where it names no time.

    None in the list is a time that cannot be read: what has the digits of a year.
    """
    stated = period(value)
    start = moment(value) if stated is None else stated.start
    if start is None and (written := day(value)) is not None:
        start = midnight(written)
    if start is None and isinstance(value, dict):
        return [each for inner in value.values() for each in begins(inner)]
    is_time = isinstance(value, str) and _YEAR.search(value) is not None and not states_none(value)
    return [start] if start is not None or is_time else []


def month_named(value: object) -> int | None:
    """Return which month of some year a text names, by its name alone."""
    if not isinstance(value, str) or len(value) > _LONGEST_NAME:
        return None
    months = (at for at, name in enumerate(_NAMED, 1) if name.fullmatch(value.strip()))
    return next(months, None)


def days(first: object, last: object) -> Period | None:
    """Return whole UTC days, the last one included; None unless both are dates in this order."""
    start, end = day(first), day(last)
    try:
        return None if start is None or end is None else Period.days(start, end + _DAY)
    except UNREADABLE:
        return None


def period(value: object, between: _Between = Period) -> Period | None:
    """Return the period of ``2026-10``, a date, or two bounds: an object, a list, a text."""
    if isinstance(value, dict):
        periods = (bounded(value.get(start), value.get(end), between) for start, end in BOUNDS)
        return next(filter(None, periods), None) or of_parts(value).period
    if isinstance(value, list):
        return bounded(value[0], value[1], between) if len(value) == 2 else None
    value = plain_text(value) if isinstance(value, Decimal) else value
    if not isinstance(value, str) or is_zero_time(value):
        return None
    for separator in _SEPARATORS:
        start, found, end = value.partition(separator)
        if found:
            return _range(start.strip(), end.strip(), between, excluded=separator == "...")
    try:
        if month := _MONTH.fullmatch(value) or _COMPACT.fullmatch(value):
            return Period.month(int(month[1]), int(month[2]))
        if quarter := _QUARTER.fullmatch(value):
            return _quarter(int(quarter[1]), int(quarter[2]))
        if _YEAR.fullmatch(value):
            return _year(int(value))
        if week := _WEEK.fullmatch(value):
            monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return Period.days(monday, monday + 7 * _DAY)
        return Period.day(date.fromisoformat(value)) if len(value) == _DATE else None
    except UNREADABLE:
        return None


@frozen
class Parts:
    """The period that a year names with a month, a quarter, a week or a day, each by a key.

    ``keys`` are those that state it, readable or not.
    """

    period: Period | None = None
    keys: tuple[str, ...] = ()


def of_parts(node: Mapping[str, object]) -> Parts:
    """Return what an object says of when by its keys ``year`` and ``month``, or their like."""
    for of in _PARTS_OF:
        if (year := node.get(f"{of}year")) is None:
            continue
        keys = [key for key in _PARTS if node.get(f"{of}{key}") not in (None, "")]
        stated = [plain_text(node[f"{of}{key}"]) for key in keys]
        if (text := plain_text(year)) is not None and _YEAR.fullmatch(text):
            named = tuple(f"{of}{key}" for key in ("year", *keys))
            return Parts(_of_numbers(int(text), dict(zip(keys, stated, strict=True))), named)
    return Parts()


def _of_numbers(year: int, parts: Mapping[str, str | None]) -> Period | None:
    numbers = {key: int(each) for key, each in parts.items() if each and _NUMBER.fullmatch(each)}
    month, day, quarter, week = (numbers.get(key) for key in _PARTS)
    if len(numbers) < len(parts):
        return None
    try:
        if month is not None:
            return Period.month(year, month) if day is None else Period.day(date(year, month, day))
        if quarter is not None:
            return _quarter(year, quarter) if day is None else None
        if week is not None:
            return period(f"{year}-W{week:02}") if day is None else None
        return _year(year) if day is None else None
    except UNREADABLE:
        return None


def _year(year: int) -> Period:
    return Period(Period.month(year, 1).start, Period.month(year, 12).end)


def _quarter(year: int, quarter: int) -> Period:
    return Period(Period.month(year, 3 * quarter - 2).start, Period.month(year, 3 * quarter).end)


def _range(start: str, end: str, between: _Between, *, excluded: bool) -> Period | None:
    if not excluded:
        return bounded(start, end, between)
    first, last = as_written(start), as_written(end)
    try:
        return None if first is None or last is None else between(first, last)
    except UNREADABLE:
        return None
