"""Organizations that are read while the month turns, and so are of two months. Pure."""

from contextlib import aclosing
from typing import TypeVar

from attrs import evolve

from billfold.adapter import Readings, State
from billfold.period import Period

T = TypeVar("T")


async def of_one_month(readings: Readings[T]) -> Readings[T]:
    """Yield readings; one of another month than the first's is no part of one sum with it."""
    first: Period | None = None
    async with aclosing(readings):
        async for reading in readings:
            if reading.covers is None:
                yield reading
                continue
            month = Period.month_of(reading.covers.start)
            first = month if first is None else first
            if month == first:
                yield reading
                continue
            words = f"this is {month}, and other organizations were read for {first}"
            detail = words if reading.detail is None else f"{words}; {reading.detail}"
            is_whole = reading.state is State.COMPLETE
            state = State.DIFFERENT_WINDOW if is_whole else reading.state
            yield evolve(reading, state=state, detail=detail)
