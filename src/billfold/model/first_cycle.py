"""From when on a project was billed that used nothing at first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from billfold.period import Period


def first_billed(since: datetime | None, cycles: Iterable[Period]) -> datetime | None:
    """Return from when on a project may have been billed that came to be at a moment.

    That is its first cycle, where that began later on the same UTC day: first there is a project,
    and then something to pay for. None where nobody says when it came to be.
    """
    first = min(cycles, default=None)
    if since is None or first is None or since.date() != first.start.date():
        return since
    return max(since, first.start)
