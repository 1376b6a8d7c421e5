"""Rows outside the window requested, and what they say of the others (section 3.9). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from billfold.period import CLOCK_DIFFERENCE, Period, span
from billfold_bnerd.spacing import LONGEST_DAY, SHORTEST_DAY, are_days_or_less
from billfold_bnerd.usage_rows import UsageRow

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


def own_time(row: UsageRow) -> Period | None:
    """Return the moment that a row without a period, or what is around it, says that it was at.

    That is the first where there are several.
    """
    is_said = row.starts is None and not row.has_odd_time and bool(row.other_times)
    if row.period is not None or not is_said or not all(each.decides for each in row.other_times):
        return None
    return row.other_times[0].period


def own_time_elsewhere(row: UsageRow, window: Period) -> Period | None:
    """Return that moment where it, and any other that a row says, is outside of a window.

    What was recorded after the window may be of it all the same.
    """
    if not row.other_times or (own := own_time(row)) is None:
        return None
    others = all(
        time.is_outside(window) and not time.may_be_recorded_after(window)
        for time in row.other_times
    )
    return own if others else None


def is_far(outside: Period | None, window: Period) -> bool:
    """Return whether a row outside the window is farther from it than rounded bounds may be.

    Such a row shows that the window was ignored, as one of the whole month after it does; a row
    that shares time with the window does not.
    """
    if outside is None:
        return True
    near = Period(window.start - _DAY, window.end + _DAY)
    is_near = outside.start in near and outside.end - outside.start <= LONGEST_DAY
    return not (outside.overlaps(window) or is_near)


def is_rounded_in(outside: Period | None, rows: Iterable[UsageRow], window: Period) -> bool:
    """Return whether a row outside the window is of whole months that begin or end at a bound.

    A bound that the server rounded lets one in, and another window would have cut it. Where the
    rows of the window are no more than a day from that bound, they may be what was rounded in.
    """
    if outside is None or not outside.is_whole_months:
        return False
    periods = [row.period for row in rows if row.period is not None]
    own = span(period for period in periods if period.start in window)
    if own is None:
        return False
    is_later = outside.start == window.end and own.start < window.end - _DAY
    return is_later or (outside.end == window.start and own.end > window.start + _DAY)


def costs_elsewhere(row: UsageRow, window: Period) -> bool:
    """Return whether a row costs something and shares no time with the window."""
    return costs_something(row) and (row.period is None or not row.period.overlaps(window))


def costs_something(row: UsageRow) -> bool:
    """Return whether a row states a cost that is not zero."""
    return row.cost.money is not None and row.cost.money.amount != 0


def days_cut(
    rows: Iterable[UsageRow], outside: Sequence[Period], window: Period, requested: Period | None
) -> int:
    """Return how many days that are known by their first hour began before the window.

    Stamps a day apart name days: those of a clock other than UTC begin at 22:00 or 23:00. One that
    is in the time ``requested`` counts in its own month.
    """
    early = [
        one
        for one in outside
        if one.end <= window.start < one.start + _DAY and one.end - one.start == _HOUR
    ]
    early = [one for one in early if requested is None or one.start not in requested]
    return len(early) if early and _are_days(rows) else 0


def days_going_on(
    rows: Iterable[UsageRow], window: Period, end: datetime, now: datetime | None
) -> int:
    """Return how many days that are known by their first hour go on after ``end``.

    Such a one follows upon the day before it.
    """
    late = [
        period
        for row in rows
        if (period := row.period) is not None
        and row.stamped
        and period.start in window
        and period.end - period.start == _HOUR
        and period.end <= end < period.start + _DAY
        and not is_running(Period(period.start, period.start + _DAY), end, now)
    ]
    if not late or not _are_days(rows):
        return 0
    last = max(period.start for period in late)
    stamps = (row.period.start for row in rows if row.period is not None and row.stamped)
    follows = any(SHORTEST_DAY <= last - stamp <= LONGEST_DAY for stamp in stamps)
    return len(late) if follows else 0


def of_unknown_length(rows: Iterable[UsageRow], window: Period) -> int:
    """Return how many rows state where their period begins, and are not known to be in the window.

    Those a day or less apart are days or hours, and a month's first moment begins no more than it.
    """
    begun = [row.period.start for row in rows if row.is_begun and row.period is not None]
    starts = {*begun}
    are_months = all(Period.month_of(start).start == start for start in starts)
    return 0 if are_days_or_less(starts) or (are_months and window.is_whole_months) else len(begun)


def is_running(period: Period, end: datetime, now: datetime | None) -> bool:
    """Return whether a row is of the day or hour that runs now, of which nothing after ``end`` is.

    Its own end may be a midnight to come.
    """
    is_short = period.end - period.start <= LONGEST_DAY
    return is_short and now is not None and now < period.end and now <= end + CLOCK_DIFFERENCE


def _are_days(rows: Iterable[UsageRow]) -> bool:
    """Return whether stamps are those of days."""
    hours = {row.period.start for row in rows if row.period is not None and row.stamped}
    gaps = [later - earlier for earlier, later in pairwise(sorted(hours))]
    return bool(gaps) and min(gaps) >= SHORTEST_DAY
