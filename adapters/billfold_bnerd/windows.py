"""Whether a usage reply is of the window requested, by its rows' own times (law 11). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import compress
from operator import not_

from billfold.period import Period, has_not_come, utc_text
from billfold.wire import LOOKED_AT, Steps, in_slices
from billfold_bnerd.outside import costs_something, left_out, own_time_elsewhere
from billfold_bnerd.request_window import RequestWindow
from billfold_bnerd.spacing import days_going_on, of_unknown_length
from billfold_bnerd.stated_times import StatedTime
from billfold_bnerd.usage_rows import UsageReply, UsageRow, place

_DAY = timedelta(days=1)
# What is in doubt of rows that count, and how many of them.
_UNDATED = "{} without a time counted beside rows of another window"
_LONGER = "{} for a longer time than was requested"
_GOES_ON = "{} counted whole, and of time after the window, too"
_UNREAD = "{} whose time cannot be read counted: they may be of another window"
_STRAY = "{} of a time outside of the window counted"
_OLDER = "{} last changed before the window counted: they may be of another"
_AHEAD = "{} not begun yet by a time of their own, counted all the same"
_DOUBTS = (_UNDATED, _LONGER, _GOES_ON, _UNREAD, _STRAY, _OLDER, _AHEAD)


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
    request = RequestWindow(window, requested, now)

    def counts(some: Iterable[UsageRow]) -> list[bool]:
        return [is_in(row, window, reply.period, requested) for row in some]

    def doubts_of(some: Iterable[UsageRow]) -> list[str]:
        return [doubt for row in some for doubt in _doubts(row, request)]

    selected = yield from in_slices(rows, counts, LOOKED_AT)
    inside, others = [*compress(rows, selected)], [*compress(rows, map(not_, selected))]
    outside = yield from left_out(others, inside, reply.period, request)
    doubts = Counter((yield from in_slices(inside, doubts_of, LOOKED_AT)))
    doubts[_GOES_ON] += days_going_on(rows, request)
    doubts[_UNREAD] += of_unknown_length(rows, window)
    if not outside.unsettle:
        del doubts[_UNDATED]
    if reply.period is not None:
        del doubts[_OLDER]
    gaps = [*outside.gaps]
    for doubt in _DOUBTS:
        if doubts[doubt]:
            gaps.append(doubt.format(doubts[doubt]) + _place_of(doubt, inside, window))
    return [*gaps, *_of_reply(reply, rows, request)], [*outside.notes]


def _doubts(row: UsageRow, request: RequestWindow) -> Iterator[str]:
    """Yield what is in doubt of a row that counts, by its own times."""
    if _is_undated(row, request.window):
        yield _UNDATED
    if _is_longer(row, request.window):
        yield _LONGER
    elif _goes_on(row, request):
        yield _GOES_ON
    if _stray(row, request.window) is not None:
        yield _STRAY
    elif _is_unread(row, request):
        yield _UNREAD
    if _is_older(row, request.window):
        yield _OLDER
    if _is_ahead(row, request):
        yield _AHEAD


def _is_undated(row: UsageRow, window: Period) -> bool:
    """Return whether a row that costs something says nothing of when after the window's start."""
    says_when = row.period or row.other_times or (row.starts and row.starts >= window.start)
    return not says_when and costs_something(row)


def _is_longer(row: UsageRow, window: Period) -> bool:
    if row.period is None or row.period == window:
        return False
    return row.period.start < window.start or row.period.encloses(window)


def _goes_on(row: UsageRow, request: RequestWindow) -> bool:
    """Return whether a row is of time after all that was requested, and that has come.

    A moment that begins no hour is in the window, whatever follows.
    """
    period = row.period
    if period is None or row.is_life:
        return False
    is_moment = row.stamped and bool(period.start.minute or period.start.second)
    reaches = period.start < request.end < period.end and not is_moment
    return reaches and not request.has_all_of(period)


def _stray(row: UsageRow, window: Period) -> StatedTime | None:
    """Return the first time outside of the window by which a row says that it was."""
    return next((time for time in row.other_times if time.is_outside(window)), None)


def _is_unread(row: UsageRow, request: RequestWindow) -> bool:
    """Return whether a row says in no way that is read that it is of the window."""
    if any(time.said is None for time in row.other_times):
        return True
    begins_there = row.starts is not None and row.starts in request.window
    is_read = row.period is not None or not row.has_odd_time or request.may_be(row.clockless)
    return not (is_read or begins_there)


def _is_older(row: UsageRow, window: Period) -> bool:
    """Return whether a row that says nothing else of when was made before the window began."""
    return row.last_change is not None and row.last_change <= window.start and costs_something(row)


def _is_ahead(row: UsageRow, request: RequestWindow) -> bool:
    """Return whether a time that is no charge's period says that a row costs something ahead."""
    if request.now is None:
        return False
    others = (time.period.start for time in row.other_times if time.period is not None)
    stated = [time for time in (row.starts, *others) if time is not None and time in request.window]
    return costs_something(row) and any(has_not_come(time, request.now) for time in stated)


def _place_of(doubt: str, rows: Iterable[UsageRow], window: Period) -> str:
    """Return where the first time stands that is outside of the window, where that is the doubt."""
    if doubt != _STRAY:
        return ""
    first = next(stray for row in rows if (stray := _stray(row, window)))
    return f", the first at `{place(first.at)}{first.inside}`"


def _of_reply(reply: UsageReply, rows: Iterable[UsageRow], request: RequestWindow) -> Iterator[str]:
    """Yield why a reply may not be of the window by what it says itself."""
    if odd := [one for one in reply.odd_times if not request.may_be(one.clockless)]:
        yield f"the time that the reply says it is for cannot be read - at `{odd[0].at}`"
    if reply.period is not None and _is_of_another(reply.period, rows, request):
        yield f"the reply says that it is for {reply.period}"
    due = min(request.known_until, request.window.end - _DAY)
    if reply.known_until is not None and reply.known_until < due:
        yield f"the reply says that it is known until {utc_text(reply.known_until)}"


def _is_of_another(stated: Period, rows: Iterable[UsageRow], request: RequestWindow) -> bool:
    """Return whether a reply says that it is for less than the window, or undated rows for more."""
    window = request.window
    is_short = stated.start > window.start or stated.end < request.known_until
    is_long = stated.start < window.start or stated.end > window.end
    return is_short or (is_long and any(row.period is None for row in rows))
