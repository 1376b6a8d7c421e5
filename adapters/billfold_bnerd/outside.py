"""Rows outside the window requested, and what they say of those that count (section 3.9). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from attrs import frozen

from billfold.period import Period, span
from billfold.wire import LOOKED_AT, Steps, in_slices
from billfold_bnerd.request_window import LONGEST_DAY, RequestWindow
from billfold_bnerd.spacing import days_cut
from billfold_bnerd.usage_rows import UsageRow

_DAY = timedelta(days=1)


@frozen
class LeftOut:
    """Why the rows left out are no small matter, and what else of them is to be said.

    ``unsettle`` is whether a row that counts, and says in no way when it was, may be of their time.
    """

    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unsettle: bool = False


def left_out(
    outside: Sequence[UsageRow],
    inside: Sequence[UsageRow],
    stated: Period | None,
    request: RequestWindow,
) -> Steps[LeftOut]:
    """Return what rows outside the window say; the reply says that it is for what is ``stated``."""
    if not outside:
        return LeftOut()
    window = request.window

    def when(rows: Iterable[UsageRow]) -> list[Period | None]:
        return [row.period or own_time_elsewhere(row, window) for row in rows]

    periods = yield from in_slices(outside, when, LOOKED_AT)
    far = {period for period in periods if _is_far(period, window)}
    is_ignored = any(not _is_rounded_in(period, inside, window) for period in far)
    gaps, notes = [], []
    sentence = f"{len(outside)} outside the window left out"
    if _cost_all(outside, inside, window) or (
        is_ignored and not _have_all([*outside, *inside], stated, request)
    ):
        gaps.append(f"{sentence}: the reply may be of another window than the one requested")
    else:
        notes.append(sentence)
    unsettle = bool(far) and not gaps
    dated = [period for period in periods if period is not None]
    cut = sum(_is_cut(period, request) for period in dated)
    if cut := cut + days_cut([*outside, *inside], dated, request):
        gaps.append(f"{cut} of them began before the window and ended in it")
    return LeftOut(tuple(gaps), tuple(notes), unsettle)


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


def costs_something(row: UsageRow) -> bool:
    """Return whether a row states a cost that is not zero."""
    return row.cost.money is not None and row.cost.money.amount != 0


def _is_far(outside: Period | None, window: Period) -> bool:
    """Return whether a row outside the window is farther from it than rounded bounds may be.

    Such a row shows that the window was ignored, as one of the whole month after it does; a row
    that shares time with the window does not.
    """
    if outside is None:
        return True
    near = Period(window.start - _DAY, window.end + _DAY)
    is_near = outside.start in near and outside.end - outside.start <= LONGEST_DAY
    return not (outside.overlaps(window) or is_near)


def _is_rounded_in(outside: Period | None, inside: Iterable[UsageRow], window: Period) -> bool:
    """Return whether a row outside the window is of whole months that begin or end at a bound.

    A bound that the server rounded lets one in, and another window would have cut it. Where the
    rows of the window are no more than a day from that bound, they may be what was rounded in.
    """
    if outside is None or not outside.is_whole_months:
        return False
    periods = [row.period for row in inside if row.period is not None]
    own = span(period for period in periods if period.start in window)
    if own is None:
        return False
    is_later = outside.start == window.end and own.start < window.end - _DAY
    return is_later or (outside.end == window.start and own.end > window.start + _DAY)


def _is_cut(outside: Period, request: RequestWindow) -> bool:
    """Return whether a row outside of all that was requested ended in the window."""
    is_in_part = outside.overlaps(request.window) and outside.end <= request.window.end
    return is_in_part and not request.has_month_of(outside.start)


def _cost_all(outside: Iterable[UsageRow], inside: Iterable[UsageRow], window: Period) -> bool:
    """Return whether rows elsewhere cost something, and none that counts states a cost."""
    elsewhere = (row for row in outside if row.period is None or not row.period.overlaps(window))
    return any(map(costs_something, elsewhere)) and all(row.cost.money is None for row in inside)


def _have_all(rows: Iterable[UsageRow], stated: Period | None, request: RequestWindow) -> bool:
    """Return whether a reply, as it says or by its rows, is of all of the window, or of more.

    Of a window that runs, that is all that has come of it but for the last day.
    """
    window = request.window
    due = Period(window.start, request.known_until) if request.is_running else window
    around = span(time for row in rows if (time := row.period or own_time(row)) is not None)
    return any(each is not None and each.encloses(due) for each in (stated, around))
