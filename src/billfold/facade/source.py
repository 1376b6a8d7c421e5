"""One account as it is asked for one stream: what reads it, and what is known of it afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from attrs import define

from billfold.adapter.reading import Readings
from billfold.answer import Coverage
from billfold.facade.collecting import Collector, unsupported
from billfold.facade.windows import with_known_until
from billfold.period import Period


@define(eq=False)
class Source:
    """An account's readings of a stream, and their collector.

    ``readings`` is None where its provider has no such stream. ``asked_at`` is the moment up to
    which an open window can be known.
    """

    collector: Collector[Any]
    readings: Readings[Any] | None
    requested: Period | None
    asked_at: datetime

    def coverage(self) -> tuple[Coverage, ...]:
        """Return the account's rows, as far as was read."""
        if self.readings is None:
            return unsupported(self.collector)
        rows = self.collector.coverage()
        return tuple(with_known_until(row, self.requested, self.asked_at) for row in rows)
