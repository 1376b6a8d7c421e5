"""What a window is at the moment of asking: ahead of it, open, or cut through a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import aclosing
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

from attrs import evolve

from billfold.adapter.reading import Reading, Readings
from billfold.counted import counted, listed
from billfold.coverage import Coverage
from billfold.model import ANSWERED, WINDOWED, Charge, DailyCost, LedgerEntry, State
from billfold.money import sum_by_currency
from billfold.period import Period, has_not_come, midnight
from billfold.steps import LOOKED_AT, Steps, in_slices

_AT, _START = attrgetter("at"), attrgetter("period.start")


def is_ahead(window: Period, now: datetime) -> bool:
    """Return whether a window has surely not begun."""
    return has_not_come(window.start, now)


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
            if whole == requested or kept.state not in ANSWERED:
                yield kept
                continue
            widened = _widened(kept, requested, whole)
            if kept.detail is not None:  # by itself, so that the same is said once
                yield evolve(widened, items=(), detail=kept.detail)
            yield widened


def _without_days_ahead(reading: Reading[DailyCost], now: datetime) -> Reading[DailyCost]:
    kept = evolve(reading, items=tuple(day for day in reading.items if _has_begun(day, now)))
    costs = [day.cost for day in reading.items if has_not_come(midnight(day.date), now)]
    if reading.state not in ANSWERED or not any(cost.amount for cost in costs):
        return kept
    stated = " and ".join(map(str, sum_by_currency(costs).values()))
    detail = f"{stated} of days that have not begun, which is counted nowhere"
    return evolve(kept, state=State.PARTIAL, detail=_joined(reading.detail, detail))


def _has_begun(day: DailyCost, now: datetime) -> bool:
    """Return whether a day has begun, or costs something and may have by the provider's clock."""
    start = midnight(day.date)
    return start <= now or (bool(day.cost.amount) and not has_not_come(start, now))


def naming_future(reading: Reading[Any], now: datetime) -> Steps[Reading[Any]]:
    """Return a reading of usage or entries; what begins later than now makes its account partial.

    It counts, as the provider states it, and nobody can say why. What ends ahead, as a month's fee,
    has begun. What costs nothing changes no sum, as where a series is filled up with zeros. A line
    that is included in another has no money of its own: the other one's time decides. Another
    window than the one asked, which is ahead itself, says so already; and what was kept was judged
    as it was read. Pauses where there are very many charges.
    """
    if reading.read_at is not None:
        return reading
    items = reading.items
    if items and isinstance(items[0], LedgerEntry):  # as then all are
        if max(map(_AT, items)) <= now:  # as nearly always, and without a step of ours for each
            return reading
        later = (entry for entry in items if has_not_come(entry.at, now))
        ahead = [f"entry {entry.id}" for entry in later if entry.amount.amount]
    else:
        charges: list[Charge] = []
        for usage in items:
            charges += yield from in_slices(usage.charges, partial(_later, now), LOOKED_AT)
        ahead = [_place(each) for each in charges if _is_money_ahead(each, now)]
    return _with_ahead(reading, ahead, now) if ahead else reading


def _later(now: datetime, charges: Iterable[Charge]) -> list[Charge]:
    if max(map(_START, charges)) <= now:  # as nearly always
        return []
    return [charge for charge in charges if charge.period.start > now]


def _is_money_ahead(charge: Charge, now: datetime) -> bool:
    may_cost = charge.cost is None or charge.cost.amount != 0
    return may_cost and charge.included_in is None and has_not_come(charge.period.start, now)


def _place(charge: Charge) -> str:
    """Return where a charge stands in the reply to a request, by the end of its path, or its id."""
    request, _, pointer = (charge.source or "").partition("#")
    path, _, _ = request.partition("?")
    return f"`{path.rpartition('/')[2]}#{pointer}`" if pointer else f"charge {charge.id}"


def _with_ahead(reading: Reading[Any], ahead: Sequence[str], now: datetime) -> Reading[Any]:
    covers = reading.covers
    is_said = reading.state is State.DIFFERENT_WINDOW and covers and is_ahead(covers, now)
    if is_said or reading.state not in ANSWERED:
        return reading
    said = f"{counted(len(ahead), 'line')} not begun yet, counted all the same"
    detail = f"{said}: {listed(ahead)}"
    return evolve(reading, state=State.PARTIAL, detail=_joined(reading.detail, detail))


def _widened(
    reading: Reading[DailyCost], requested: Period | None, whole: Period | None
) -> Reading[DailyCost]:
    state = State.DIFFERENT_WINDOW if reading.state is State.COMPLETE else reading.state
    detail = f"whole UTC days only: {requested} cuts a day"
    return evolve(reading, covers=reading.covers or whole, state=state, detail=detail)


def _joined(*details: str | None) -> str:
    return "; ".join(filter(None, details))


def with_known_until(row: Coverage, requested: Period | None, now: datetime) -> Coverage:
    """Return the row with the moment up to which its window can be known, if that is not over."""
    window = row.covers or requested
    is_open = (
        row.stream in WINDOWED and row.state in ANSWERED and window is not None and now < window.end
    )
    if not is_open:
        return row
    about = row.account, row.provider, row.stream, row.state
    until = row.known_until or now
    return Coverage(*about, row.covers, row.detail, row.part, until, row.counted_in, row.idle)
