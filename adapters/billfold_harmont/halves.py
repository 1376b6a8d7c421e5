"""A month read in one, or in halves where its reply is larger than what is read at once."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from billfold.adapter import BillfoldError, Reading, Readings, State, TooLargeError
from billfold.period import Period, midnight

T = TypeVar("T")
Read = Callable[[str, Period], Awaitable[Reading[T]]]

_DAY = timedelta(days=1)
_A_DAY = (
    "a day alone is too large; ask for some hours of it at a time, or give `Billfold` a larger "
    "`max_body`"
)


async def in_one(read: Read[T], org: str, window: Period) -> Readings[T]:
    """Yield the reading of an organization's window, a failure with the window that it is of."""
    try:
        reading = await read(org, window)
    except BillfoldError as error:
        reading = _failed(org, window, error)
    yield reading


async def in_halves(
    read: Read[T], halve: Callable[[], None], org: str, window: Period
) -> Readings[T]:
    """Yield the reading of a window, or of its halves, and theirs, where its reply is too large.

    They are cut at midnights, down to a day, and read one after another; ``halve`` is called before
    each cut. Any split of a window adds up to the whole (section 3.3). A half that fails leaves the
    others.
    """
    waiting = [window]
    while waiting:
        part = waiting.pop()
        try:
            reading = await read(org, part)
        except TooLargeError as error:
            if (middle := _middle(part)) is not None:
                halve()
                waiting += Period(middle, part.end), Period(part.start, middle)
                continue
            reading = _failed(org, part, error.introduced(_A_DAY))
        except BillfoldError as error:
            reading = _failed(org, part, error)
        yield reading


def _failed(org: str, window: Period, error: BillfoldError) -> Reading[Any]:
    return Reading((), window, State.FAILED, error=error.of_part(org))


def _middle(window: Period) -> datetime | None:
    """Return the midnight inside of a window that is nearest before its middle, or the one after.

    None for a window that has none.
    """
    before = midnight((window.start + (window.end - window.start) / 2).date())
    middle = before if before > window.start else before + _DAY
    return middle if middle < window.end else None
