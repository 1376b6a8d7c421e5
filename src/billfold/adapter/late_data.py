"""How long a provider still states more of a time that is over. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from attrs import frozen

from billfold.period import Period, midnight


@frozen
class LateData:
    """What a provider states of a day is final once it is ``within`` over, for the reason ``why``.

    ``why`` is for people, and goes on after "not final from 2026-10-30 on: ".
    """

    within: timedelta
    why: str

    def not_final(self, window: Period, read_at: datetime) -> str | None:
        """Return in words from which UTC day on a window may grow that was read at a moment."""
        since = midnight((read_at - self.within).date())
        if window.end <= since:
            return None
        return f"not final from {since:%Y-%m-%d} on: {self.why}"
