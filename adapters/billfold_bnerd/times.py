"""Times of undocumented shape: the periods between bounds, and what seems to be a time. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from billfold.period import Period, midnight, utc_text
from billfold.wire import is_zero_time
from billfold_bnerd.moments import (
    as_written,
    counted_moments,
    day,
    is_date,
    moment,
    or_none,
    whole_hour,
)
from billfold_bnerd.named_periods import named_period, of_parts
from billfold_bnerd.values import text as plain_text

_OF_LISTS = (
    "from to, start end, period_start period_end, usage_start usage_end, "
    "billing_start billing_end, start_time end_time, from_date to_date, cycle_start cycle_end, "
    "billing_period_start billing_period_end, billing_cycle_start billing_cycle_end, begin end, "
    "von bis"
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
_LONG = 2 * len("2026-10-01 00:00:00.000000000 +00:00")
_ONE = (
    r"(19|20)[0-9]{2}(-?W[0-9]{2}|-[0-9]{2}(-[0-9]{2}"
    r"([T ][0-9:]{5,8}(\.[0-9]+)? ?(Z|UTC|[+-][0-9:]+)?)?)?)"
)
_WHOLE = re.compile(rf"{_ONE}((\.\.\.?|/){_ONE})?")
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}")
# A count of seconds since 1970 that is no count of anything else.
_FIRST_EPOCH = 10**8
# What is no count where no bound is either: 202609, 20260901.
_FIRST_MONTH = 190001

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


@or_none
def bounded(
    start: object, end: object, between: _Between = Period, *, is_open: bool = False
) -> Period | None:
    """Return the half-open period between two times or dates, as ``between`` reads them.

    As in the provider's own sample (section 2.1), an end on an hour's last second is included, and
    so is the day of a plain date, unless it is the first day of a month after the start. One that
    ``is_open`` is not.
    """
    first, last = as_written(start), as_written(end)
    if first is None or last is None:
        return None
    if is_date(end) and not is_open:
        last += timedelta(last.day != 1 or last <= first)
    return between(first, last if is_open else whole_hour(last))


def used_between(start: object, end: object) -> Period | None:
    """Return the period between two bounds of usage, which may be seconds since 1970, too."""
    if isinstance(start, str) and isinstance(end, str) and len(start) + len(end) < _LONG:
        return _between_texts(start, end)
    return bounded(counted(start), counted(end))


@lru_cache(maxsize=4096)  # many rows of a reply are of the same time, and each is asked twice
def _between_texts(start: str, end: str) -> Period | None:
    return bounded(start, end)


def counted(value: object) -> object:
    """Return a number of seconds since 1970 as the time that it is, and so those in an object."""
    if isinstance(value, dict):
        return {key: counted(inner) for key, inner in value.items()}
    moments = counted_moments(value) if isinstance(value, Decimal) else []
    return utc_text(moments[0]) if moments else value


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
            return bounded(start.strip(), end.strip(), between, is_open=separator == "...")
    return named_period(value)
