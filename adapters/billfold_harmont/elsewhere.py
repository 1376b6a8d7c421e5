"""What one window's reply holds of another window, whose own reply should hold it, too."""

from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from billfold.adapter import Reading, State
from billfold.money import Money, sum_by_currency
from billfold.period import Period, utc_text
from billfold.wire import listed

# When something began, and what it cost.
Begun = tuple[datetime, Money]


class Elsewhere(Struct):
    """What was left out and what counts, in the replies of some organizations for ``windows``.

    ``what`` it is ("leases ..."). What counts is kept as its hash: there may be a million.
    """

    what: str
    windows: int
    _left_out: dict[str, dict[Begun, None]] = {}
    _counted: "dict[str, array[int]]" = {}
    _read: dict[str, list[Period]] = {}

    def add(
        self, org: str, window: Period, left_out: Iterable[Begun], counted: Iterable[Begun]
    ) -> None:
        """Keep what the reply for a window held beside it, and in it; of one window it is none."""
        if self.windows > 1:
            self._read.setdefault(org, []).append(window)
            self._left_out.setdefault(org, {}).update(dict.fromkeys(left_out))
            self.count(org, counted)

    def count(self, org: str, counted: Iterable[Begun]) -> None:
        """Keep more of what the reply for a window held in it."""
        if self.windows > 1:
            self._counted.setdefault(org, array("q")).extend(map(hash, counted))

    def readings(self) -> Iterator[Reading[Any]]:
        """Yield a hole for each organization of which something counts in no window."""
        for org, left_out in self._left_out.items():
            counted = set(self._counted[org]) if left_out else ()
            lost = [each for each in left_out if hash(each) not in counted]
            lost = [each for each in lost if any(each[0] in read for read in self._read[org])]
            if any(cost.amount for _, cost in lost):
                yield Reading((), None, State.PARTIAL, self._words(lost), part=org)

    def _words(self, lost: list[Begun]) -> str:
        cost = " and ".join(map(str, sum_by_currency(cost for _, cost in lost).values()))
        when = listed(utc_text(at) for at, _ in sorted(lost, key=lambda each: each[0]))
        words = "stand in the reply for another window, and not so in that for their own"
        return f"{self.what} {words}; they count in neither: {cost} of {when}"
