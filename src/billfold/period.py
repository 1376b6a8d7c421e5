"""Half-open windows of UTC time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

import msgspec
from attrs import field, frozen

from billfold.errors import PeriodError
from billfold.makers import maker
from billfold.period_text import first_of, next_day, next_month, read_bounds, unit_text
from billfold.period_text import midnight as midnight

# A provider's day or month may have begun before it has by our clock, or after.
CLOCK_DIFFERENCE = timedelta(minutes=5)
_CENTRAL_EUROPE = (timedelta(hours=1), timedelta(hours=2))  # ahead of UTC
_LAST_DAY = datetime(9999, 12, 31, tzinfo=UTC)


def utc(moment: datetime) -> datetime:
    """Return an aware time in UTC; raises PeriodError for a naive one."""
    if not isinstance(moment, datetime):
        raise PeriodError(
            f"a period is bounded by datetimes, not {type(moment).__name__}; "
            "use Period.days for dates"
        )
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        raise PeriodError(f"{moment.isoformat()} has no time zone; billfold does not guess one")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise PeriodError(f"{moment.isoformat()} is beyond the years 1 to 9999 in UTC") from None


def utc_or_none(moment: datetime | None) -> datetime | None:
    """Return an aware time in UTC, None for one that UTC does not have; PeriodError for a naive."""
    if moment is None:
        return None
    try:
        return utc(moment)
    except PeriodError:
        if moment.utcoffset() is None:
            raise
        return None


def has_not_come(moment: datetime, now: datetime) -> bool:
    """Return whether an aware time is surely ahead of ``now``, by a clock that differs, too."""
    return now + CLOCK_DIFFERENCE < moment


def month_turn(moment: datetime) -> datetime:
    """Return the UTC month's start that a time in UTC is by Central Europe's clock, or the time.

    By that clock a month begins at 22:00 or 23:00 on the last day of the one before.
    """
    for ahead in _CENTRAL_EUROPE if moment.hour in (22, 23) else ():
        begun = moment + ahead if moment < _LAST_DAY else moment
        if (begun.day, begun.time()) == (1, time()):
            return begun
    return moment


def utc_text(moment: datetime) -> str:
    """Write a time as RFC 3339 in UTC with ``Z``; microseconds only when there are any."""
    text: str = msgspec.to_builtins(
        utc(moment)
    )  # a tenth of the time of isoformat(), which asks the zone for its name
    return text


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
                f"the period is empty: its start {utc_text(self.start)} "
                f"is not before its end {utc_text(self.end)}"
            )

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """Return one UTC calendar month."""
        start = first_of(year, month)
        return cls(start, next_month(start))

    @classmethod
    def month_of(cls, moment: datetime) -> Period:
        """Return the UTC calendar month that an aware time lies in."""
        inside = utc(moment)
        return cls.month(inside.year, inside.month)

    @classmethod
    def last_month(cls, now: datetime | None = None) -> Period:
        """Return the UTC calendar month before the one of ``now`` (None: the machine's)."""
        return cls.month_of(datetime.now(UTC) if now is None else now).previous_month()

    @classmethod
    def days(cls, first: date, end: date) -> Period:
        """Return whole UTC days, from ``first`` up to, not including, ``end``."""
        return cls(midnight(first), midnight(end))

    @classmethod
    def day(cls, day: date) -> Period:
        """Return one UTC day."""
        return cls(midnight(day), next_day(day))

    @classmethod
    def of_local(cls, start: datetime, end: datetime) -> Period:
        """Return the period that two aware times name on the clock they are written by.

        Their offsets are dropped: from ``2026-10-01T00:00+02:00`` to ``2026-11-01T00:00+01:00`` is
        October, as its provider means it, and no part of September.
        """
        for bound in (start, end):
            utc(bound)  # a naive time names no clock
        return cls(start.replace(tzinfo=UTC), end.replace(tzinfo=UTC))

    @classmethod
    def parse(cls, text: str, now: datetime | None = None) -> Period:
        """Read ``2026-10``, ``2026-10-05``, ``2026-Q3``, ``2026``, or two of them around ``..``.

        The end of a range is exclusive, and each of its bounds is the first moment of what it
        names, or an RFC 3339 time: ``2026-10..2026-12`` is October and November. With ``now``, an
        aware time, also ``today``, ``yesterday``, ``7d`` (the last seven days, today among them),
        ``this-month`` and ``last-month``; all in UTC. Raises PeriodError, with examples.
        """
        return cls(*read_bounds(text, None if now is None else utc(now)))

    @property
    def is_whole_months(self) -> bool:
        """Whether the period begins and ends with a UTC calendar month."""
        return all(bound == first_of(bound.year, bound.month) for bound in (self.start, self.end))

    def previous_month(self) -> Period:
        """Return the UTC calendar month before the one this period starts in."""
        return Period.month(
            self.start.year - (self.start.month == 1), (self.start.month - 2) % 12 + 1
        )

    def split_months(self) -> tuple[Period, ...]:
        """Cut at every UTC month's start.

        The parts are in order, touch, and together are this period.
        """
        parts = []
        start = self.start
        while start < self.end:
            same_month = (start.year, start.month) == (self.end.year, self.end.month)
            end = self.end if same_month else next_month(start)
            parts.append(Period(start, end))
            start = end
        return tuple(parts)

    def months_begun(self, now: datetime) -> tuple[Period, ...]:
        """Return the parts of this period, cut at every UTC month's start, that may have begun.

        Of a month that is ahead nothing can be asked for or stated. Our clock decides, less the
        five minutes by which another may be ahead of it.
        """
        return tuple(part for part in self.split_months() if not has_not_come(part.start, now))

    def split_days(self) -> tuple[Period, ...]:
        """Cut at every UTC midnight.

        The parts are in order, touch, and together are this period.
        """
        parts = []
        start = self.start
        while start < self.end:
            end = self.end if start.date() == self.end.date() else next_day(start.date())
            parts.append(Period(start, end))
            start = end
        return tuple(parts)

    def whole_days(self) -> Period:
        """Return the smallest period of whole UTC days around this one."""
        last = self.end.date()
        return Period(
            midnight(self.start.date()),
            self.end if self.end == midnight(last) else next_day(last),
        )

    def days_begun(self, now: datetime) -> tuple[date, ...]:
        """Return the UTC days of this period that began five minutes before ``now``, or earlier.

        By a clock that differs from ours a later one may not have begun.
        """
        latest = utc(now) - CLOCK_DIFFERENCE
        return tuple(part.start.date() for part in self.split_days() if part.start <= latest)

    def overlaps(self, other: Period) -> bool:
        """Return whether the two share any time; meeting at a bound is sharing none."""
        return self.start < other.end and other.start < self.end

    def encloses(self, other: Period) -> bool:
        """Return whether all of another period lies within this one."""
        return self.start <= other.start and other.end <= self.end

    def __contains__(self, moment: datetime) -> bool:
        # Nearly always it is UTC; to ask it for its offset takes as long as all the rest.
        if moment.tzinfo is not UTC and moment.utcoffset() is None:
            utc(moment)  # which refuses it
        return self.start <= moment < self.end  # also of times that have no date in UTC

    def __str__(self) -> str:
        if self.start.time() == self.end.time() == time():
            first, end = self.start.date(), self.end.date()
            return unit_text(first, end) or f"{first}..{end}"
        return f"{utc_text(self.start)}..{utc_text(self.end)}"


_make_period = maker(Period)


def between(start: datetime, end: datetime) -> Period:
    """Return ``Period(start, end)``, at once where both are in UTC already and in order."""
    if start.tzinfo is UTC is end.tzinfo and start < end:
        return _make_period(start, end)
    return Period(start, end)


# What every function takes that is asked for a period.
PeriodLike = Period | str | None


def requested_period(given: PeriodLike, now: datetime | None = None) -> Period | None:
    """Return the period that a caller gives or names; None for ``current``, each provider's own.

    ``now`` is aware, None for the machine's clock. Raises PeriodError as :meth:`Period.parse` does,
    and for what is neither a Period nor text.
    """
    if given is None or isinstance(given, Period):
        return given
    if not isinstance(given, str):
        kind = type(given).__name__
        raise PeriodError(f"a period is a Period, text or None, not {kind}: write {_advice(given)}")
    if given.strip().lower() == "current":
        return None
    return Period.parse(given, datetime.now(UTC) if now is None else now)


def _advice(given: object) -> str:
    if isinstance(given, date):
        return f"Period.day({given!r}) or Period.month({given.year}, {given.month})"
    return '"2026-10", Period.month(2026, 10) or Period(start, end)'


def span(periods: Iterable[Period]) -> Period | None:
    """Return the smallest period around all of them, or None for none."""
    periods = tuple(periods)
    if not periods:
        return None
    return Period(min(period.start for period in periods), max(period.end for period in periods))


def merged(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Merge periods that share time or meet at a bound.

    The result is in order and shares no time.
    """
    parts: list[Period] = []
    for period in sorted(periods):
        if parts and period.start <= parts[-1].end:
            parts[-1] = Period(parts[-1].start, max(parts[-1].end, period.end))
        else:
            parts.append(period)
    return tuple(parts)


def meets(window: Period, others: Iterable[Period]) -> bool:
    """Return whether a window shares time with any of others."""
    return any(window.overlaps(other) for other in others)


def gaps(window: Period, covers: Iterable[Period]) -> tuple[Period, ...]:
    """Return what of a window nothing covers, in order."""
    missing, start = [], window.start
    for each in merged(covers):
        if start < each.start:
            missing.append(Period(start, min(each.start, window.end)))
        start = max(start, each.end)
        if start >= window.end:
            return tuple(missing)
    return (*missing, Period(start, window.end))
