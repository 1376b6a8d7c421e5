"""Periods that are named: a month, a quarter, a week, a year, or by numbers of these. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from attrs import frozen

from billfold.period import Period
from billfold_bnerd.moments import or_none
from billfold_bnerd.values import text

# In English and in German, from January.
_NAMES = (
    "jan(?:uar|uary)?,feb(?:ruar|ruary)?,m(?:ar(?:ch)?|(?:ä|ae)?rz),apr(?:il)?,ma[iy],jun[ei]?,"
    "jul[iy]?,aug(?:ust)?,sept?(?:ember)?,o[ck]t(?:ober)?,nov(?:ember)?,de[cz](?:ember)?"
)
_LONGEST_NAME = len("September ")
_MONTHS = [re.compile(rf"{name}\.?", re.IGNORECASE) for name in _NAMES.split(",")]
# What names a time with a year, and what may stand before both: `billing_year`, `usage_month`.
_PARTS = ("month", "day", "quarter", "week")
_BEFORE = ("", "billing_", "usage_", "period_", "service_")
_YEAR, _NUMBER = re.compile("(?:19|20)[0-9]{2}"), re.compile("[0-9]{1,2}")


def _day(year: int, month: int, day: int) -> Period:
    return Period.day(date(year, month, day))


def _week(year: int, week: int) -> Period:
    monday = date.fromisocalendar(year, week, 1)
    return Period.days(monday, monday + timedelta(days=7))


def _quarter(year: int, quarter: int) -> Period:
    return Period(Period.month(year, 3 * quarter - 2).start, Period.month(year, 3 * quarter).end)


def _year(year: int) -> Period:
    return Period(Period.month(year, 1).start, Period.month(year, 12).end)


_WRITTEN: Mapping[re.Pattern[str], Callable[..., Period]] = {
    re.compile("([0-9]{4})-([0-9]{2})"): Period.month,
    re.compile("((?:19|20)[0-9]{2})(0[1-9]|1[0-2])"): Period.month,
    re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})"): _day,
    re.compile("([0-9]{4})-?Q([1-4])", re.IGNORECASE): _quarter,
    re.compile("((?:19|20)[0-9]{2})"): _year,
    re.compile("([0-9]{4})-?W([0-9]{2})"): _week,
}
_NUMBERED: Mapping[tuple[str, ...], Callable[..., Period]] = {
    ("month",): Period.month,
    ("month", "day"): _day,
    ("quarter",): _quarter,
    ("week",): _week,
    (): _year,
}


@or_none
def named_period(value: str) -> Period | None:
    """Return the period of ``2026-10``, ``202610``, ``2026-10-05``, Q4, W41 or a year alone."""
    for written, read in _WRITTEN.items():
        if found := written.fullmatch(value):
            return read(*map(int, found.groups()))
    return None


def month_named(value: object) -> int | None:
    """Return which month of some year a text names, by its name alone."""
    if not isinstance(value, str) or len(value) > _LONGEST_NAME:
        return None
    months = (at for at, name in enumerate(_MONTHS, 1) if name.fullmatch(value.strip()))
    return next(months, None)


@frozen
class Parts:
    """The period that a year names with a month, a quarter, a week or a day, each by a key.

    ``keys`` are those that state it, readable or not.
    """

    period: Period | None = None
    keys: tuple[str, ...] = ()


def of_parts(node: Mapping[str, object]) -> Parts:
    """Return what an object says of when by its keys ``year`` and ``month``, or their like."""
    for before in _BEFORE:
        year = text(node.get(f"{before}year"))
        if year is not None and _YEAR.fullmatch(year):
            keys = [key for key in _PARTS if node.get(f"{before}{key}") not in (None, "")]
            stated = {key: text(node[f"{before}{key}"]) for key in keys}
            named = tuple(f"{before}{key}" for key in ("year", *keys))
            return Parts(_of_numbers(int(year), stated), named)
    return Parts()


def _part(key: str, stated: str | None) -> int | None:
    """Return the number of a month, a day or the like; a month's is that of its name, too."""
    if stated is not None and _NUMBER.fullmatch(stated):
        return int(stated)
    return month_named(stated) if key == "month" else None


@or_none
def _of_numbers(year: int, parts: Mapping[str, str | None]) -> Period | None:
    stated = {key: _part(key, each) for key, each in parts.items()}
    numbers = {key: each for key, each in stated.items() if each is not None}
    longest = next((key for key in ("month", "quarter", "week") if key in numbers), "year")
    names = tuple(key for key in (longest, "day") if key in numbers)
    if len(numbers) < len(parts) or names not in _NUMBERED:
        return None
    return _NUMBERED[names](year, *(numbers[name] for name in names))
