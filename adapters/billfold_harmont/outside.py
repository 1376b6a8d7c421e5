"""What replies hold beside the window asked, which counts in its own window and in no other."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from billfold.adapter import Reading
from billfold.money import Money
from billfold.period import Period
from billfold.wire import listed
from billfold_harmont.totals import summed


class Outside(Struct):
    """What was left out of some organizations' windows; ``what`` it is ("leases ...")."""

    what: str
    _found: dict[str, list[str]] = {}

    def add(self, org: str, window: Period, costs: Sequence[Money]) -> None:
        """Keep how many there were in the reply for a window, and what they cost in all."""
        if costs:
            found = f"{len(costs)} ({summed(costs)}) in the reply for {window}"
            self._found.setdefault(org, []).append(found)

    def readings(self) -> Iterator[Reading[Any]]:
        """Yield a sentence for each organization, over all of its windows."""
        for org, found in self._found.items():
            detail = f"{self.what} outside of the window asked are left out: {listed(found)}"
            yield Reading(detail=detail, part=org)
