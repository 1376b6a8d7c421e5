"""With what a period is compared: the one before or, while it runs, the same stretch of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from attrs import evolve
from msgspec.structs import replace

from billfold.answer import Answer
from billfold.costs.lines import Line
from billfold.counted import sentences
from billfold.coverage import open_until
from billfold.model import ANSWERED, State, Usage
from billfold.period import Period, utc_text

_SECOND = timedelta(seconds=1)
# Accounts that were asked together, or read by one sync, are known until the same moment.
_TOGETHER = timedelta(minutes=1)


def preceding_period(period: Period) -> Period:
    """Return the period that ends where this one starts and is as long.

    Whole calendar months are preceded by as many calendar months, whatever their days.
    """
    if not period.is_whole_months:
        return Period(period.start - (period.end - period.start), period.start)
    first = period
    for _ in period.split_months():
        first = first.previous_month()
    return Period(first.start, period.start)


def compared_period(period: Period, until: datetime) -> Period:
    """Return what a period is compared with that is known ``until`` a moment.

    That is the period before or, of one that is not over then, the same stretch of it: ten days of
    a month are compared with ten days of the month before, never with all of it.
    """
    before = preceding_period(period)
    if not period.start <= until < period.end:
        return before
    elapsed = max(until - period.start, _SECOND)
    end = before.start + elapsed - timedelta(microseconds=elapsed.microseconds)
    return Period(before.start, min(end, before.end))


async def as_far_as(
    answer: Answer[Usage],
    earlier: Answer[Usage],
    ask: Callable[[Period], Awaitable[Answer[Usage]]],
) -> Answer[Usage]:
    """Return what a running period is compared with, asked once more where that is less time.

    ``earlier`` was asked at once with ``answer``, up to the moment of asking; what a store has may
    have been read long before.
    """
    period, until = answer.requested, max(open_until(answer.coverage).values(), default=None)
    if period is None or earlier.requested in (None, preceding_period(period)) or until is None:
        return earlier
    fits = compared_period(period, until)
    return earlier if _are_alike(fits, earlier.requested) else await ask(fits)


def aligned(answer: Answer[Usage], earlier: Answer[Usage]) -> Answer[Usage]:
    """Return what a period is compared with, as another window for who is not known as far.

    What one account cost in ten days is never compared with what it cost in twenty.
    """
    period, before = answer.requested, earlier.requested
    if period is None or before is None:
        return earlier
    apart = {
        account: until
        for account, until in open_until(answer.coverage).items()
        if not _are_alike(compared_period(period, until), before)
    }
    rows = []
    for row in earlier.coverage:
        if row.account in apart and row.state in ANSWERED:
            said = f"{period} is known until {utc_text(apart[row.account])}, no such stretch"
            detail = sentences(row.detail, said)
            row = evolve(row, state=State.DIFFERENT_WINDOW, detail=detail)
        rows.append(row)
    return evolve(earlier, coverage=tuple(rows))


def _are_alike(one: Period, other: Period | None) -> bool:
    return other is not None and abs(one.end - other.end) <= _TOGETHER


def counted_stretch(period: Period | None, before: Period | None) -> Period | None:
    """Return the days of a running period that count beside ``before``; None where all of it does.

    What is spread over a period has days ahead, and ``before``, of whole days, its own alone.
    """
    if period is None or before is None:
        return None
    if before == preceding_period(period) or before != before.whole_days():
        return None
    return Period(period.start, period.start + (before.end - before.start))


def within_stretch(lines: Sequence[Line], stretch: Period | None) -> Sequence[Line]:
    """Return the lines of a stretch of days; of None, all of them.

    Those of a charge that has others outside are marked cut.
    """
    if stretch is None:
        return lines
    first, end = stretch.start.date(), stretch.end.date()
    outside = [line for line in lines if not first <= (line.day or line.booked_on) < end]
    left_out = set(map(id, outside))
    goes_on = {id(line.charge) for line in outside}
    return [
        replace(line, cut=True) if id(line.charge) in goes_on else line
        for line in lines
        if id(line) not in left_out
    ]
