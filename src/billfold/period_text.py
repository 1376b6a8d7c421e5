"""Reads texts that name a time: months, quarters, days, ranges, and words like ``last-month``."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from billfold.errors import PeriodError

Bounds = tuple[datetime, datetime]
# Its start, and what finds its end: the last day there is can begin a period, but has no end.
Named = tuple[datetime, Callable[[], datetime]]

FORMS = (
    "2026-10, 2026-10-05, 2026-Q3, 2026, today, yesterday, 7d, this-month, last-month, or a range "
    "like 2026-10-01..2026-10-15 (the end is excluded)"
)
_UNIT = re.compile(r"([0-9]{4})(?:-(?:([0-9]{2})|q([1-4])))?")  # a year, or its month or quarter
_LAST_DAYS = re.compile(r"([1-9][0-9]{0,3})d")


def midnight(day: date) -> datetime:
    """Return the first instant of a UTC day."""
    return datetime.combine(day, time(), UTC)


def next_day(moment: date) -> datetime:
    """Return the first instant of the UTC day after. Raises PeriodError after the last one."""
    try:
        return midnight(moment + timedelta(days=1))
    except OverflowError:
        raise PeriodError("there is no day after 9999-12-31") from None


def first_of(year: int, month: int) -> datetime:
    """Return the first instant of a UTC month. Raises PeriodError for one that does not exist."""
    try:
        return datetime(year, month, 1, tzinfo=UTC)
    except ValueError:
        raise PeriodError(f"there is no month {month} in year {year}") from None


def next_month(moment: datetime, count: int = 1) -> datetime:
    """Return the first instant of the UTC month so many months after a moment's own."""
    months = moment.month - 1 + count
    try:
        return datetime(moment.year + months // 12, months % 12 + 1, 1, tzinfo=UTC)
    except ValueError:
        raise PeriodError("there is no month after 9999-12") from None


def unit_text(first: date, end: date) -> str | None:
    """Return the month, quarter or year from a day up to another: ``2026-10``; None for none."""
    if first.day != 1 or end.day != 1:
        return None
    months = (end.year - first.year) * 12 + end.month - first.month
    match months, (first.month - 1) % months if months else 1:
        case 1, _:
            return first.isoformat()[:7]
        case 3, 0:
            return f"{first.isoformat()[:4]}-Q{first.month // 3 + 1}"
        case 12, 0:
            return first.isoformat()[:4]
        case _:
            return None


def read_bounds(text: str, now: datetime | None) -> Bounds:
    """Return start and end of the period that a text names, ``now`` being the time in UTC.

    The bounds of a range are as they are written, with their own offsets, or none. Raises
    PeriodError with examples for a text that names no period, and for a word that depends on
    ``now`` where that is None.
    """
    first, dots, last = text.strip().partition("..")
    if not dots:
        named = _named(first, now)
        if named is None:
            raise PeriodError(f"{text!r} is not a period; {_hint(first)}write {FORMS}")
        start, end = named
        return start, end()
    for side, bound in (("start", first), ("end", last)):
        if not bound.strip():
            raise PeriodError(f"{text!r} has no {side}; write {FORMS}")
    return _bound(first, now), _bound(last, now)


def _bound(text: str, now: datetime | None) -> datetime:
    """Return the first moment of what a text names, or the time that it is."""
    named = _named(text, now)
    if named is not None:
        return named[0]
    bound = text.strip()
    try:
        is_date = len(bound) <= len("2026-10-01")
        return midnight(date.fromisoformat(bound)) if is_date else datetime.fromisoformat(bound)
    except ValueError:
        raise PeriodError(
            f"{bound!r} is neither a month, a date nor a time; {_hint(bound)}write {FORMS}"
        ) from None


def _named(text: str, now: datetime | None) -> Named | None:
    """Return the period that a text without ``..`` names, None for no period."""
    word = text.strip().lower().replace("_", "-")
    if unit := _UNIT.fullmatch(word):
        year, month, quarter = (int(part) if part else None for part in unit.groups())
        assert year is not None
        first = first_of(year, _first_month(month, quarter))
        return first, partial(next_month, first, 1 if month else 3 if quarter else 12)
    if len(word) == len("2026-10-01") and word[0].isdigit():
        return _day(word)
    days = _LAST_DAYS.fullmatch(word)
    if word not in _BY_CLOCK and not days:
        return None
    if now is None:
        raise PeriodError(
            f"{text.strip()!r} depends on the time: Period.parse(text, now=datetime.now(UTC))"
        )
    return _last_days(now, int(days[1])) if days else _BY_CLOCK[word](now)


def _first_month(month: int | None, quarter: int | None) -> int:
    if month is None:
        return 1 if quarter is None else quarter * 3 - 2
    return month


def _day(text: str) -> Named:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise PeriodError(f"there is no day {text}; write one like 2026-10-05") from None
    return midnight(day), partial(next_day, day)


def _last_days(now: datetime, count: int) -> Named:
    """Return the last UTC days, the running one among them."""
    return midnight(now.date() - timedelta(days=count - 1)), partial(next_day, now.date())


_BY_CLOCK: dict[str, Callable[[datetime], Named]] = {
    "today": lambda now: _last_days(now, 1),
    "yesterday": lambda now: _last_days(now - timedelta(days=1), 1),
    "this-month": lambda now: (next_month(now, 0), partial(next_month, now)),
    "last-month": lambda now: (next_month(now, -1), partial(next_month, now, 0)),
}
WORDS = tuple(_BY_CLOCK)


def _hint(text: str) -> str:
    from difflib import get_close_matches

    similar = get_close_matches(text.strip().lower(), WORDS, 1)
    return f"did you mean {similar[0]}? " if similar else ""
