"""Half-open windows of UTC time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from attrs import field, frozen

from billfold.errors import PeriodError

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_FORMS = "2026-10, 2026-10-01, 2026-10-01..2026-10-15 or two times with an offset joined by '..' (the end is not included)"


def utc(moment: datetime) -> datetime:
    """Return an aware time in UTC; raises PeriodError for a naive one."""
    if not isinstance(moment, datetime):
        raise PeriodError(f"a period is bounded by datetimes, not {type(moment).__name__}; use Period.days for dates")
    if moment.tzinfo is None:
        raise PeriodError(f"{moment.isoformat()} has no time zone; billfold does not guess one")
    return moment.astimezone(UTC)


def utc_text(moment: datetime) -> str:
    """Write a time as RFC 3339 in UTC with ``Z``; microseconds only when there are any."""
    return utc(moment).replace(tzinfo=None).isoformat() + "Z"


def midnight(day: date) -> datetime:
    """Return the first instant of a UTC day."""
    return datetime.combine(day, time(), UTC)


def _next_month(moment: datetime) -> datetime:
    try:
        return datetime(moment.year + moment.month // 12, moment.month % 12 + 1, 1, tzinfo=UTC)
    except ValueError:
        raise PeriodError(f"there is no month after {moment:%Y-%m}") from None


@frozen(order=True)
class Period:
    """The time from ``start`` up to, not including, ``end``; both aware, kept in UTC.

    Raises PeriodError when a bound is naive, and when the period is empty or inverted.
    """

    start: datetime = field(converter=utc)
    end: datetime = field(converter=utc)

    def __attrs_post_init__(self) -> None:
        if self.start >= self.end:
            raise PeriodError(
                f"the period is empty: its start {utc_text(self.start)} is not before its end {utc_text(self.end)}"
            )

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """Return one UTC calendar month."""
        try:
            start = datetime(year, month, 1, tzinfo=UTC)
        except ValueError:
            raise PeriodError(f"there is no month {month} in year {year}") from None
        return cls(start, _next_month(start))

    @classmethod
    def month_of(cls, moment: datetime) -> Period:
        """Return the UTC calendar month that an aware time lies in."""
        inside = utc(moment)
        return cls.month(inside.year, inside.month)

    @classmethod
    def days(cls, first: date, end: date) -> Period:
        """Return whole UTC days, from ``first`` up to, not including, ``end``."""
        return cls(midnight(first), midnight(end))

    @classmethod
    def day(cls, day: date) -> Period:
        """Return one UTC day."""
        return cls.days(day, day + timedelta(days=1))

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``2026-10``, ``2026-10-01``, ``2026-10-01..2026-10-15`` (end exclusive), or two RFC 3339 times around ``..``."""
        first, dots, last = text.strip().partition("..")
        if dots:
            return cls(_bound(first), _bound(last))
        if month := _MONTH.fullmatch(first):
            return cls.month(int(month[1]), int(month[2]))
        if len(first) == 10:
            return cls.day(_bound(first).date())
        raise PeriodError(f"{text!r} is not a period; write {_FORMS}")

    def before(self) -> Period:
        """Return the UTC calendar month before the one this period starts in."""
        return Period.month_of(self.start.replace(day=1) - timedelta(days=1))

    def split_months(self) -> tuple[Period, ...]:
        """Cut at every UTC month's start; the parts are in order, touch, and together are this period."""
        parts = []
        start = self.start
        while start < self.end:
            end = min(_next_month(start), self.end)
            parts.append(Period(start, end))
            start = end
        return tuple(parts)

    def split_days(self) -> tuple[Period, ...]:
        """Cut at every UTC midnight; the parts are in order, touch, and together are this period."""
        parts = []
        start = self.start
        while start < self.end:
            end = min(midnight(start.date() + timedelta(days=1)), self.end)
            parts.append(Period(start, end))
            start = end
        return tuple(parts)

    def touches(self, other: Period) -> bool:
        """Tell whether the two share any time; meeting at a bound is sharing none."""
        return self.start < other.end and other.start < self.end

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= utc(moment) < self.end

    def __str__(self) -> str:
        if self == Period.month_of(self.start):
            return f"{self.start:%Y-%m}"
        if self.start.time() == self.end.time() == time():
            return f"{self.start:%Y-%m-%d}..{self.end:%Y-%m-%d}"
        return f"{utc_text(self.start)}..{utc_text(self.end)}"


def _bound(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise PeriodError(f"{text.strip()!r} is neither a date nor a time; write {_FORMS}") from None
    return moment if "T" in text or " " in text.strip() else moment.replace(tzinfo=UTC)


def hull(periods: Iterable[Period]) -> Period | None:
    """Return the smallest period around all of them, or None for none."""
    all_of_them = tuple(periods)
    if not all_of_them:
        return None
    return Period(min(p.start for p in all_of_them), max(p.end for p in all_of_them))
