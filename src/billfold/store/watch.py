"""When to ask again: every so often, and shortly before a window ends that may be forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from billfold.period import Period

BEFORE_THE_END = timedelta(minutes=2)


def open_windows(windows: Iterable[Period], now: datetime) -> tuple[Period, ...]:
    """Return the windows that have not ended, the running UTC month among them, once each."""
    every = {Period.month_of(now), *windows}
    return tuple(sorted(window for window in every if window.end > now))


def next_reading(now: datetime, every: timedelta, windows: Iterable[Period]) -> datetime:
    """Return when to ask again: after ``every``, or two minutes before the next window ends.

    A window in its last two minutes is read once more just after it has ended.
    """
    moments = [now + every]
    for window in windows:
        last = window.end - BEFORE_THE_END
        moments.append(last if last > now else window.end)
    return min(moment for moment in moments if moment > now)


def missed(before: Iterable[Period], last: datetime, now: datetime) -> tuple[Period, ...]:
    """Return the windows that ended since the last reading without one in their last minutes."""
    return tuple(
        window for window in before if window.end <= now and last < window.end - 2 * BEFORE_THE_END
    )
