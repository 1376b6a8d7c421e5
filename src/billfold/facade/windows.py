"""What a window is at the moment of asking: ahead of it, open, or cut through a day."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import aclosing
from datetime import date, datetime
from typing import Any

from attrs import evolve

from billfold.adapter.reading import Reading, Readings
from billfold.answer import Coverage
from billfold.errors import PeriodError
from billfold.model import ANSWERED, WINDOWED, DailyCost, State
from billfold.period import CLOCK_DIFFERENCE, Period


def require_period(requested: object) -> Period | None:
    """Return the period that a caller gives. Raises PeriodError for what is none."""
    if requested is None or isinstance(requested, Period):
        return requested
    if isinstance(requested, str):
        advice = f"Period.parse({requested!r})"
    elif isinstance(requested, date):
        advice = f"Period.day({requested!r}) or Period.month({requested.year}, {requested.month})"
    else:
        advice = 'Period.parse("2026-10"), Period.month(2026, 10) or Period(start, end)'
    raise PeriodError(
        f"a period is a Period or None, not {type(requested).__name__}: write {advice}"
    )


def is_ahead(window: Period, now: datetime) -> bool:
    """Return whether a window has surely not begun."""
    return now + CLOCK_DIFFERENCE < window.start


async def unavailable_ahead(requested: Period) -> Readings[Any]:
    """Yield that a window has not begun: nobody is asked about it."""
    detail = f"{requested} has not begun: nothing can be known of it before its start"
    yield Reading(state=State.UNAVAILABLE, detail=detail)


async def whole_days(
    readings: Readings[DailyCost], requested: Period | None, asked: Period | None, now: datetime
) -> Readings[DailyCost]:
    """Yield the days up to today that were ``asked`` for, and say where they are not as requested.

    A day cut by the window is no day, so ``asked`` has whole ones. A day ahead is not stated;
    providers say that it costs nothing.
    """
    async with aclosing(readings):
        async for reading in readings:
            kept = evolve(reading, items=_without_days_ahead(reading.items, now.date()))
            yield kept if asked == requested else _widened(kept, requested, asked)


def _without_days_ahead(days: Iterable[DailyCost], today: date) -> tuple[DailyCost, ...]:
    return tuple(day for day in days if day.date <= today or day.cost.amount)


def _widened(
    reading: Reading[DailyCost], requested: Period | None, asked: Period | None
) -> Reading[DailyCost]:
    if reading.state not in ANSWERED:
        return reading
    state = State.DIFFERENT_WINDOW if reading.state is State.COMPLETE else reading.state
    detail = f"whole UTC days only: {requested} cuts a day"
    shown = detail if reading.detail is None else f"{detail}; {reading.detail}"
    return evolve(reading, covers=reading.covers or asked, state=state, detail=shown)


def with_known_until(row: Coverage, requested: Period | None, now: datetime) -> Coverage:
    """Return the row with the moment up to which its window can be known, if that is not over."""
    window = row.covers or requested
    is_open = (
        row.stream in WINDOWED and row.state in ANSWERED and window is not None and now < window.end
    )
    return evolve(row, known_until=now) if is_open else row
