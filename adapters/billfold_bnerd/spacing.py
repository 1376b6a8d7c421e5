"""What the spacing of a reply's times says that its rows are of (section 3.9). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from attrs import evolve

from billfold.period import Period
from billfold.wire import LOOKED_AT, Steps, in_slices
from billfold_bnerd.request_window import LONGEST_DAY, SHORTEST_DAY, RequestWindow
from billfold_bnerd.usage_rows import UsageRow

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


def may_be_window(time: Period, *, is_stamp: bool) -> bool:
    """Return whether a time may be all of a window; the stamp of a day or an hour is none."""
    return not is_stamp or time.end - time.start > LONGEST_DAY


def with_hours(rows: Sequence[UsageRow]) -> Steps[Sequence[UsageRow]]:
    """Return rows, those that begin at times of their months a day or less apart as hours."""
    begun = yield from in_slices(rows, _begun, LOOKED_AT)
    if not begun or not _are_days_or_less({*begun}):
        return rows
    return (yield from in_slices(rows, _as_hours))


def _begun(rows: Iterable[UsageRow]) -> list[datetime]:
    return [row.starts for row in rows if row.is_begun and row.starts is not None]


def _as_hours(rows: Iterable[UsageRow]) -> list[UsageRow]:
    return [_as_hour(row) for row in rows]


def _as_hour(row: UsageRow) -> UsageRow:
    if row.starts is None or not row.is_begun:
        return row
    return evolve(row, period=Period(row.starts, row.starts + _HOUR), starts=None)


def _are_days_or_less(starts: Collection[datetime]) -> bool:
    """Return whether any two times are a day apart, or less."""
    return any(later - earlier <= LONGEST_DAY for earlier, later in pairwise(sorted(starts)))


def of_unknown_length(rows: Iterable[UsageRow], window: Period) -> int:
    """Return how many rows state where their period begins, and are not known to be in the window.

    Those a day or less apart are days or hours, and a month's first moment begins no more than it.
    """
    begun = [row.period.start for row in rows if row.is_begun and row.period is not None]
    starts = {*begun}
    are_months = all(Period.month_of(start).start == start for start in starts)
    return 0 if _are_days_or_less(starts) or (are_months and window.is_whole_months) else len(begun)


def days_cut(rows: Iterable[UsageRow], outside: Iterable[Period], request: RequestWindow) -> int:
    """Return how many days that are known by their first hour began before the window.

    Stamps a day apart name days: those of a clock other than UTC begin at 22:00 or 23:00.
    """
    start = request.window.start
    hours = (one for one in outside if one.end - one.start == _HOUR)
    early = [one for one in hours if one.end <= start < one.start + _DAY]
    cut = sum(not request.has_month_of(one.start) for one in early)
    return cut if cut and _are_days(_stamps(rows)) else 0


def days_going_on(rows: Sequence[UsageRow], request: RequestWindow) -> int:
    """Return how many days that are known by their first hour go on after all that was requested.

    Such a one follows upon the day before it.
    """
    late = [
        period.start
        for row in rows
        if (period := row.period) is not None
        and row.stamped
        and period.start in request.window
        and period.end - period.start == _HOUR
        and period.end <= request.end < period.start + _DAY
        and not request.has_all_of(Period(period.start, period.start + _DAY))
    ]
    if not late or not _are_days(stamps := _stamps(rows)):
        return 0
    last = max(late)
    follows = any(SHORTEST_DAY <= last - stamp <= LONGEST_DAY for stamp in stamps)
    return len(late) if follows else 0


def _stamps(rows: Iterable[UsageRow]) -> set[datetime]:
    return {row.period.start for row in rows if row.period is not None and row.stamped}


def _are_days(stamps: Collection[datetime]) -> bool:
    """Return whether stamps are those of days."""
    gaps = [later - earlier for earlier, later in pairwise(sorted(stamps))]
    return bool(gaps) and min(gaps) >= SHORTEST_DAY
