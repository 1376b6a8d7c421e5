"""Whether a usage reply is of the window requested, by its rows' own times (law 11). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from billfold.period import Period, has_not_come, span, utc_text
from billfold.wire import LOOKED_AT, Steps, in_slices
from billfold_bnerd.local_months import may_be_asked
from billfold_bnerd.outside import (
    costs_elsewhere,
    costs_something,
    days_cut,
    days_going_on,
    is_far,
    is_rounded_in,
    is_running,
    of_unknown_length,
    own_time,
    own_time_elsewhere,
)
from billfold_bnerd.stated_times import StatedTime
from billfold_bnerd.usage_rows import UsageReply, UsageRow, place

_DAY, _NONE = timedelta(days=1), timedelta()


def is_in(
    row: UsageRow, window: Period, stated: Period | None, requested: Period | None = None
) -> bool:
    """Return whether a row counts in a window: it begins there, or is of all of it.

    Of the months ``requested``, one that is longer counts in the first that it is of; between the
    bounds of a subscription's life each month has a cost, and so has the one that it ends in.
    A row without a time counts, unless a key of its own says that it was at a moment of another, or
    the reply that it is for another time altogether, or for the month before, too, which was
    requested: it counts there.
    """
    period = row.period
    if period is None:
        if own_time_elsewhere(row, window) is not None:
            return False
        is_later = row.starts is not None and row.starts >= window.end
        if is_later or stated is None:
            return not is_later
        before = requested is not None and requested.start < window.start
        is_longer = before and stated.encloses(Period(_month_before(window), window.end))
        return stated.overlaps(window) and not is_longer
    if period.start in window:
        return True
    if row.is_life and period.overlaps(window):
        return True
    return period.encloses(window) and (requested is None or window.start == requested.start)


def _month_before(window: Period) -> datetime:
    return Period.month_of(window.start - _DAY).start


def judged(
    rows: Sequence[UsageRow],
    reply: UsageReply,
    window: Period,
    requested: Period | None,
    now: datetime | None,
) -> Steps[tuple[list[str], list[str]]]:
    """Return why the rows may not be those of the window, and what else was odd about them.

    The window is a month of what was ``requested``, whose other months count their own rows.
    """
    gaps: list[str] = []
    notes: list[str] = []

    def how_many(is_odd: Callable[[UsageRow], bool]) -> Steps[int]:
        counts = in_slices(rows, lambda some: [sum(map(is_odd, some))])
        return sum((yield from counts))

    def counts(row: UsageRow) -> bool:
        return is_in(row, window, reply.period, requested)

    def periods_outside(some: Iterable[UsageRow]) -> list[Period | None]:
        return [row.period or own_time_elsewhere(row, window) for row in some if not counts(row)]

    def is_undated(row: UsageRow) -> bool:
        return _is_undated(row, window)

    def doubts(some: Iterable[UsageRow]) -> list[StatedTime | None]:
        unsure = (row for row in some if _is_unsure(row, window, now) and counts(row))
        return [_stray(row, window) for row in unsure]

    outside = yield from in_slices(rows, periods_outside, LOOKED_AT)
    dated = [period for period in outside if period is not None]
    straddling = [one for one in dated if one.overlaps(window) and one.end <= window.end]
    here = yield from how_many(lambda row: row.cost.money is not None and counts(row))
    there = yield from how_many(lambda row: costs_elsewhere(row, window) and not counts(row))
    is_elsewhere = bool(there) and not here
    far = [period for period in outside if is_far(period, window)]
    is_ignored = any(not is_rounded_in(period, rows, window) for period in set(far))
    if outside:
        sentence = f"{len(outside)} outside the window left out"
        if is_elsewhere or (is_ignored and not _spans(rows, reply, window, now)):
            gaps.append(f"{sentence}: the reply may be of another window than the one requested")
        else:
            notes.append(sentence)
    if far and not gaps and (undated := (yield from how_many(is_undated))):
        gaps.append(f"{undated} without a time counted beside rows of another window")
    cut = sum(requested is None or period.start not in requested for period in straddling)
    if cut := cut + days_cut(rows, dated, window, requested):
        gaps.append(f"{cut} of them began before the window and ended in it")
    if longer := (yield from how_many(lambda row: _is_longer(row, window) and counts(row))):
        gaps.append(f"{longer} for a longer time than was requested")
    end = window.end if requested is None else max(window.end, requested.end)
    over = yield from how_many(lambda row: _goes_on(row, window, end, now) and counts(row))
    if over := over + days_going_on(rows, window, end, now):
        gaps.append(f"{over} counted whole, and of time after the window, too")
    in_doubt = yield from in_slices(rows, doubts, LOOKED_AT)
    if unsure := in_doubt.count(None) + of_unknown_length(rows, window):
        gaps.append(f"{unsure} whose time cannot be read counted: they may be of another window")
    if strays := [stray for stray in in_doubt if stray is not None]:
        first = f"the first at `{place(strays[0].at)}{strays[0].inside}`"
        gaps.append(f"{len(strays)} of a time outside of the window counted, {first}")
    before = yield from how_many(lambda row: _is_of_before(row, window) and counts(row))
    if before and reply.period is None:
        gaps.append(f"{before} last changed before the window counted: they may be of another")
    if later := (yield from how_many(lambda row: _is_later(row, window, now) and counts(row))):
        gaps.append(f"{later} not begun yet by a time of their own, counted all the same")
    least = _expected_until(window, now, _NONE)
    if odd := [one for one in reply.odd_times if not _is_asked(one.clockless, window, least)]:
        gaps.append(f"the time that the reply says it is for cannot be read - at `{odd[0].at}`")
    if reply.period is not None and _is_of_another(reply.period, rows, window, now):
        gaps.append(f"the reply says that it is for {reply.period}")
    if reply.known_until is not None and reply.known_until < _expected_until(window, now):
        gaps.append(f"the reply says that it is known until {utc_text(reply.known_until)}")
    return gaps, notes


def _is_asked(clockless: Period | None, window: Period, least: datetime) -> bool:
    return clockless is not None and may_be_asked(clockless, window, least)


def _is_unsure(row: UsageRow, window: Period, now: datetime | None) -> bool:
    """Return whether a row says in no way that we read that it is of the window."""
    begins_there = row.starts is not None and row.starts in window
    is_read = row.period is not None or not row.has_odd_time
    if row.clockless is not None and not is_read:
        is_read = may_be_asked(row.clockless, window, _expected_until(window, now, _NONE))
    is_other = any(time.said is None or time.is_outside(window) for time in row.other_times)
    return is_other or not (is_read or begins_there)


def _stray(row: UsageRow, window: Period) -> StatedTime | None:
    """Return the first time outside of the window by which a row says that it was."""
    return next((time for time in row.other_times if time.is_outside(window)), None)


def _is_of_before(row: UsageRow, window: Period) -> bool:
    """Return whether a row that says nothing else of when was made before the window began."""
    return row.last_change is not None and row.last_change <= window.start and costs_something(row)


def _is_later(row: UsageRow, window: Period, now: datetime | None) -> bool:
    """Return whether a time that is no charge's period says that a row is of a time ahead."""
    others = (time.period.start for time in row.other_times if time.period is not None)
    stated = [time for time in (row.starts, *others) if time is not None and time in window]
    return now is not None and any(has_not_come(time, now) for time in stated)


def _is_longer(row: UsageRow, window: Period) -> bool:
    if row.period is None or row.period == window:
        return False
    return row.period.start < window.start or row.period.encloses(window)


def _goes_on(row: UsageRow, window: Period, end: datetime, now: datetime | None) -> bool:
    """Return whether a row is of time after all that was requested, and that has come.

    A moment that begins no hour is in the window, whatever follows.
    """
    period = row.period
    if period is None or row.is_life or _is_longer(row, window):
        return False
    is_moment = row.stamped and bool(period.start.minute or period.start.second)
    reaches = period.start < end < period.end and not is_moment
    return reaches and not is_running(period, end, now)


def _is_undated(row: UsageRow, window: Period) -> bool:
    """Return whether a row that costs something says nothing of when after the window's start."""
    says_when = row.period or row.other_times or (row.starts and row.starts >= window.start)
    return not says_when and costs_something(row)


def _spans(
    rows: Sequence[UsageRow], reply: UsageReply, window: Period, now: datetime | None
) -> bool:
    """Return whether a reply, as it says or by its rows, is of all of the window, or of more.

    Of a window that runs, that is all that has come of it but for the last day.
    """
    is_running = now is not None and window.start < now - _DAY < now < window.end
    due = Period(window.start, _expected_until(window, now, _NONE)) if is_running else window
    around = span(time for row in rows if (time := row.period or own_time(row)) is not None)
    return any(each is not None and each.encloses(due) for each in (reply.period, around))


def _is_of_another(
    stated: Period, rows: Iterable[UsageRow], window: Period, now: datetime | None
) -> bool:
    """Return whether a reply says that it is for less than the window, or undated rows for more."""
    is_short = stated.start > window.start or stated.end < _expected_until(window, now, _NONE)
    is_long = stated.start < window.start or stated.end > window.end
    return is_short or (is_long and any(row.period is None for row in rows))


def _expected_until(window: Period, now: datetime | None, late: timedelta = _DAY) -> datetime:
    """Return up to when a reply should know its window; a day's delay is usual.

    ``late`` is how much less of a window that is over is no sign of a part.
    """
    return window.end - late if now is None else min(window.end - late, now - _DAY)
