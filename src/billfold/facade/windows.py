"""What a window is at the moment of asking: ahead of it, open, or cut through a day."""

from __future__ import annotations

from contextlib import aclosing
from datetime import datetime
from typing import Any

from attrs import evolve

from billfold.adapter.reading import Reading, Readings
from billfold.answer import Coverage
from billfold.model import ANSWERED, WINDOWED, DailyCost, State
from billfold.money import sum_by_currency
from billfold.period import CLOCK_DIFFERENCE, Period, midnight


def is_ahead(window: Period, now: datetime) -> bool:
    """Return whether a window has surely not begun."""
    return _lies_ahead(window.start, now)


async def unavailable_ahead(requested: Period) -> Readings[Any]:
    """Yield that a window has not begun: nobody is asked about it."""
    detail = f"{requested} has not begun: nothing can be known of it before its start"
    yield Reading(state=State.UNAVAILABLE, detail=detail)


async def whole_days(
    readings: Readings[DailyCost], requested: Period | None, whole: Period | None, now: datetime
) -> Readings[DailyCost]:
    """Yield the days of ``whole`` up to today, and say where they are not as requested.

    A day cut by the window is no day, so ``whole`` has whole ones. A day ahead is not stated;
    providers say that it costs nothing. One that costs something is no day that anybody could have
    been charged for: it is named, and counted nowhere.
    """
    async with aclosing(readings):
        async for reading in readings:
            kept = _without_days_ahead(reading, now)
            yield kept if whole == requested else _widened(kept, requested, whole)


def _without_days_ahead(reading: Reading[DailyCost], now: datetime) -> Reading[DailyCost]:
    kept = evolve(reading, items=tuple(day for day in reading.items if _has_begun(day, now)))
    costs = [day.cost for day in reading.items if _lies_ahead(midnight(day.date), now)]
    if reading.state not in ANSWERED or not any(cost.amount for cost in costs):
        return kept
    stated = " and ".join(map(str, sum_by_currency(costs).values()))
    detail = f"{stated} of days that have not begun, which is counted nowhere"
    return evolve(kept, state=State.PARTIAL, detail=_joined(reading.detail, detail))


def _has_begun(day: DailyCost, now: datetime) -> bool:
    """Return whether a day has begun, or costs something and may have by the provider's clock."""
    start = midnight(day.date)
    return start <= now or (bool(day.cost.amount) and not _lies_ahead(start, now))


def _lies_ahead(start: datetime, now: datetime) -> bool:
    return now + CLOCK_DIFFERENCE < start


def _widened(
    reading: Reading[DailyCost], requested: Period | None, whole: Period | None
) -> Reading[DailyCost]:
    if reading.state not in ANSWERED:
        return reading
    state = State.DIFFERENT_WINDOW if reading.state is State.COMPLETE else reading.state
    detail = _joined(f"whole UTC days only: {requested} cuts a day", reading.detail)
    return evolve(reading, covers=reading.covers or whole, state=state, detail=detail)


def _joined(*details: str | None) -> str:
    return "; ".join(filter(None, details))


def with_known_until(row: Coverage, requested: Period | None, now: datetime) -> Coverage:
    """Return the row with the moment up to which its window can be known, if that is not over."""
    window = row.covers or requested
    is_open = (
        row.stream in WINDOWED and row.state in ANSWERED and window is not None and now < window.end
    )
    return evolve(row, known_until=row.known_until or now) if is_open else row
