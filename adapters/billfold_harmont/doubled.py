"""What stands in several places of which it can be in one alone, and so may count twice."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from billfold.adapter import Reading, State
from billfold.model import Charge
from billfold.period import Period
from billfold.wire import LOOKED_AT, Steps, listed, slices
from billfold_harmont import totals
from billfold_harmont.elsewhere import Begun, Elsewhere
from billfold_harmont.outside import Outside

SHARED = "of several organizations"


class Doubled(Struct):
    """Things and the places where they count; ``what`` is said of those in several places.

    Nobody can say in which of them they belong, whatever came first: all count, as a hole.
    """

    what: str
    _first: dict[tuple[str | None, str], str] = {}
    _several: dict[str | None, dict[str, set[str]]] = {}

    def add(self, things: Iterable[str], place: str, part: str | None = None) -> None:
        """Keep the place where some things of a part, or of the account, count."""
        for thing in things:
            first = self._first.setdefault((part, thing), place)
            if first != place:
                self._several.setdefault(part, {}).setdefault(thing, {first}).add(place)

    def readings(self) -> Iterator[Reading[Any]]:
        """Yield a hole for each part, which names what counts in several places."""
        for part, things in self._several.items():
            found = [f"{thing} ({', '.join(sorted(at))})" for thing, at in sorted(things.items())]
            detail = f"{self.what}, counted in each: {listed(found)}"
            yield Reading((), None, State.PARTIAL, detail, part=part)


class Odd:
    """What is odd of builds over organizations and windows, of which there may be one alone."""

    def __init__(self, organizations: int, windows: int) -> None:
        self.organizations, self.windows = organizations, windows
        self._outside = Outside("leases that began")
        self._elsewhere = Elsewhere("leases", windows)
        self._shared = Doubled(SHARED)
        self._beyond = Doubled("totals with money beyond their leases")

    def halve(self) -> None:
        """Know that a window is read in two, so that what its halves hold is compared, too."""
        self.windows += 1
        self._elsewhere.windows = self.windows

    def of(self, window: Period) -> "OddBuilds":
        """Return what keeps what is odd of the builds of a window, each looked at once."""
        return OddBuilds(window, self.organizations > 1, self.windows > 1)

    def adding(
        self,
        org: str,
        builds: "OddBuilds",
        outside: Sequence[Begun],
        charges: Sequence[Charge],
    ) -> Steps[None]:
        """Keep what is to be compared of the reply for a window, and what is outside of it."""
        self._outside.add(org, builds.window, [cost for _, cost in outside])
        self._elsewhere.add(org, builds.window, outside, ())
        for number, some in enumerate(slices(charges, LOOKED_AT)):
            if number:
                yield
            self._elsewhere.count(org, _begun(some))
        self._shared.add(builds.named, org)
        self._beyond.add(builds.beyond, str(builds.window), org)

    def readings(self) -> Iterator[Reading[Any]]:
        """Yield a sentence for each kind and organization."""
        yield from self._outside.readings()
        yield from self._elsewhere.readings()
        yield from self._shared.readings()
        yield from self._beyond.readings()


class OddBuilds(Struct):
    """What is to be compared of the builds of a window with others, if there are any."""

    window: Period
    of_several: bool
    in_several: bool
    named: list[str] = []
    beyond: list[str] = []

    def add(self, rows: totals.Rows) -> None:
        """Look at some more builds."""
        if self.of_several:
            self.named += totals.named(rows, self.window)
        if self.in_several:
            self.beyond += totals.beyond_leases(rows, self.window)


def _begun(charges: Iterable[Charge]) -> Iterator[Begun]:
    return ((each.period.start, each.cost) for each in charges if each.cost is not None)
