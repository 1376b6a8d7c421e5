"""A window whose reply is larger than what is read at once, read in halves."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from billfold.adapter import Reading, State, TooLargeError
from billfold.period import Period, midnight

T = TypeVar("T")

_DAY = timedelta(days=1)


async def read_in_halves(
    read: Callable[[Period], Awaitable[Reading[T]]], window: Period, halve: Callable[[], None]
) -> Reading[T]:
    """Return the reading of a window, or of its halves, and theirs, where its reply is too large.

    They are cut at midnights, down to a day, and read one after another; ``halve`` is called before
    each cut. Any split of a window adds up to the whole (section 3.3). Raises what a part raises:
    TooLargeError for a day that is too large.
    """
    try:
        return await read(window)
    except TooLargeError:
        if (middle := _middle(window)) is None:
            raise
    halve()
    halves = Period(window.start, middle), Period(middle, window.end)
    return _joined([await read_in_halves(read, half, halve) for half in halves], window)


def _middle(window: Period) -> datetime | None:
    """Return the midnight inside of a window that is nearest before its middle, or the one after.

    None for a window that has none.
    """
    before = midnight((window.start + (window.end - window.start) / 2).date())
    middle = before if before > window.start else before + _DAY
    return middle if middle < window.end else None


def _joined(readings: list[Reading[T]], window: Period) -> Reading[T]:
    """Return the readings of a window's halves as one."""
    whole = all(reading.state is State.COMPLETE for reading in readings)
    details = [reading.detail for reading in readings if reading.detail is not None]
    return Reading(
        tuple(item for reading in readings for item in reading.items),
        window,
        State.COMPLETE if whole else State.PARTIAL,
        "; ".join(dict.fromkeys(details)) or None,
    )
