"""Of whom, and of which time, neither the provider nor the store knows anything. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from attrs import define, field

from billfold.adapter.reading import Reading
from billfold.model import State
from billfold.period import Period, gaps, meets, span


@define(eq=False)
class Lacking:
    """The projects or organizations that are billed now, of a period that is not this.

    One that has no billing cycle now may never have had one, and is not among them.
    """

    period: Period
    _parts: dict[str, Reading[Any]] = field(factory=dict)

    def add(self, reading: Reading[Any]) -> None:
        """Note a part of which the provider states a window that is not the period."""
        if reading.part is not None and reading.covers is not None:
            self._parts[reading.part.casefold()] = reading

    def of(self, known: Iterable[Reading[Any]], now: datetime) -> Mapping[str, list[Period]]:
        """Return what is missing of each part where these readings are all that is known."""
        if not self._parts:
            return {}
        windows: dict[str, list[Period]] = {}
        for reading in [*self._parts.values(), *known]:
            for item in reading.items:
                for name in ids_of(item):
                    windows.setdefault(name, []).append(item.covers)
        missing = {
            name: self._missing(reading, windows.get(name, []), now)
            for name, reading in self._parts.items()
        }
        return {name: periods for name, periods in missing.items() if periods}

    def _missing(
        self, reading: Reading[Any], windows: Iterable[Period], now: datetime
    ) -> list[Period]:
        known = list(windows)
        if reading.state is State.UNAVAILABLE and meets(self.period, known):
            return []  # how well, the store's own readings say
        begun = span(self.period.months_begun(now))
        if begun is None or (reading.since is not None and reading.since >= begun.end):
            return []
        start = begun.start if reading.since is None else max(begun.start, reading.since)
        return [*gaps(Period(start, begun.end), known)]


def ids_of(item: Any) -> AbstractSet[str]:
    """Return the ids of the project and of who pays, in one spelling, that a record has."""
    ids = getattr(item, "sub_account_id", None), getattr(item, "billing_account_id", None)
    return {each.casefold() for each in ids if each}
