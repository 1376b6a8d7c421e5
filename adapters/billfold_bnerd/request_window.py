"""What was requested of usage, and how much of it a reply can know (section 3.9). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from attrs import frozen

from billfold.period import CLOCK_DIFFERENCE, Period
from billfold_bnerd.local_months import AHEAD, FARTHEST

SHORTEST_DAY, LONGEST_DAY = timedelta(hours=23), timedelta(hours=25)  # as clocks are changed
_DAY = timedelta(days=1)


@frozen
class RequestWindow:
    """The ``window`` of a request, ``now``; it is a month of what was ``requested`` in all."""

    window: Period
    requested: Period | None
    now: datetime | None

    @property
    def end(self) -> datetime:
        """When all that was requested ends."""
        end = self.window.end
        return end if self.requested is None else max(end, self.requested.end)

    @property
    def known_until(self) -> datetime:
        """Up to when a reply should know the window: a day's delay is usual."""
        return self.window.end if self.now is None else min(self.window.end, self.now - _DAY)

    @property
    def is_running(self) -> bool:
        """Whether the window runs now, and did a day ago."""
        return (
            self.now is not None
            and self.window.start < self.now - _DAY < self.now < self.window.end
        )

    def has_month_of(self, moment: datetime) -> bool:
        """Return whether a moment is of what was requested, and so counts in its own month."""
        return self.requested is not None and moment in self.requested

    def may_be(self, clockless: Period | None) -> bool:
        """Return whether a time without an offset is the window, in UTC or by Germany's clock.

        Of a window that runs that is what is known of it. What is in it on all clocks is, too.
        """
        if clockless is None:
            return False
        (start, end), window = (clockless.start, clockless.end), self.window
        if window.start + FARTHEST <= start and end <= window.end - FARTHEST:
            return True
        begins = any(start - ahead == window.start for ahead in AHEAD)
        return begins and any(self.known_until <= end - ahead <= window.end for ahead in AHEAD)

    def has_all_of(self, period: Period) -> bool:
        """Return whether a row is of the day or hour that runs now, and nothing of it is left out.

        Its own end may be a midnight to come.
        """
        is_short = period.end - period.start <= LONGEST_DAY
        now = self.now
        return (
            is_short and now is not None and now < period.end and now <= self.end + CLOCK_DIFFERENCE
        )
