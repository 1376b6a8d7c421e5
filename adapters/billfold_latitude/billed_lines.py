"""Which project a line of a subscription item was billed to first, in eight bytes a line. Pure.

Of two accounts, each line that an item's id begins is known by its charge.
"""

from array import array
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator
from functools import partial

from attrs import define, field

from billfold.model import Category, Usage
from billfold.period import utc_text
from billfold.wire import LOOKED_AT, Steps, at_once, in_slices

# A line is known by 56 bits of its fingerprint: twelve choose its shelf, the others are on it,
# above the number of the project. Among a million lines, two that differ are taken for the same
# once in 140,000 readings, and then both count, and are in doubt by name. A dictionary holds ninety
# bytes a line.
_SHELF_BITS, _NUMBER_BITS = 12, 20
_SHELF, _LAST = (1 << _SHELF_BITS) - 1, (1 << _NUMBER_BITS) - 1
_ABOVE = (1 << 64 - _NUMBER_BITS) - 1
# What a subscription item's id begins with (CONTRACT.md, section 2.2).
_ITEM = "si_"


def billed_once(usage: Usage) -> Iterator[tuple[str, Hashable]]:
    """Yield the words for each line of a subscription item that costs something, and its mark.

    An item is of one project, so that another account has the line for that project only. What is
    metered may cost more by the time that the other account reads it. Of the line a hash is kept,
    as there may be many.
    """
    cycle = f"{usage.sub_account_id}/{utc_text(usage.covers.start)}/"
    for charge in usage.charges:
        own = charge.id.removeprefix(cycle)
        if own.startswith(_ITEM) and charge.cost is not None and charge.cost.amount:
            fixed = None if charge.category is Category.USAGE else charge.cost
            yield f"line {own}", hash((own, fixed))


@define
class BilledLines:
    """The lines so far, on sorted shelves, and the projects in the order they came.

    After a million projects, those that come share one number, and are taken for several: what is
    found there is another's.
    """

    _labels: list[str] = field(factory=list, init=False)
    _shelves: dict[int, "array[int]"] = field(factory=dict, init=False)

    def add(self, label: str, lines: Iterable[int]) -> list[str]:
        """Return whom lines of a project were billed to before, and keep the other lines as its."""
        return at_once(self.adding(label, lines))

    def adding(self, label: str, lines: Iterable[int]) -> Steps[list[str]]:
        """Do what :meth:`add` does; pauses where there are many lines."""
        number = min(len(self._labels), _LAST)
        if number == len(self._labels):
            self._labels.append(label)
        return (yield from in_slices(lines, partial(self._others, number), LOOKED_AT))

    def _others(self, number: int, lines: Iterable[int]) -> list[str]:
        others: list[str] = []
        for line in lines:
            shelf = self._shelves.get(line & _SHELF)
            if shelf is None:
                shelf = self._shelves[line & _SHELF] = array("Q")
            own = (line >> _SHELF_BITS & _ABOVE) << _NUMBER_BITS
            place = bisect_left(shelf, own)
            known = shelf[place] if place < len(shelf) else None
            if known is None or known - own > _LAST:
                shelf.insert(place, own | number)
            elif known - own != number or number == _LAST:
                others.append(self._labels[known - own])
        return others
