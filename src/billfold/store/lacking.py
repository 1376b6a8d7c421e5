"""Of whom, and of which time, neither the provider nor the store knows anything. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from attrs import define, field

from billfold.adapter.reading import Reading
from billfold.model import DailyCost, State, first_billed
from billfold.period import Period, gaps, meets, midnight, span, utc_text


@define(eq=False)
class Lacking:
    """The projects or organizations that are billed now, of a period that is not this.

    One that has no billing cycle now may never have had one, and is not among them, but other
    accounts may have booked it. ``is_of_anybody`` is whether the provider said of the period that
    it forgot it, and not of whom.
    """

    period: Period
    is_of_anybody: bool = False
    _parts: dict[str, Reading[Any]] = field(factory=dict)
    _named: set[str] = field(factory=set)

    def add(self, reading: Reading[Any]) -> None:
        """Note a part of which the provider states a window that is not the period, or none."""
        if reading.part is None:
            self.is_of_anybody |= reading.state is State.UNAVAILABLE
        elif reading.covers is None:
            self._named.add(reading.part.casefold())
        else:
            self._parts[reading.part.casefold()] = reading

    def of(self, known: Iterable[Reading[Any]], now: datetime) -> Mapping[str, list[Period]]:
        """Return what is missing of each part where these readings are all that is known."""
        if not self._parts:
            return {}
        windows = _windows([*self._parts.values(), *known])
        return {
            name: periods
            for name, reading in self._parts.items()
            if (periods := self._missing(reading, windows.get(name, []), now))
            # How well one of whom the store has some of the period is known, it says itself.
            and not (
                reading.state is State.UNAVAILABLE and meets(self.period, windows.get(name, []))
            )
        }

    def sought(
        self, known: Iterable[Reading[Any]], reached: Iterable[str], now: datetime
    ) -> Mapping[str, list[Period]]:
        """Return of which time other accounts may know of each part what these readings do not.

        ``reached`` are the ids, in one spelling, of what the account reaches besides.
        """
        known = list(known)
        begun = span(self.period.months_begun(now))
        if begun is None:
            return {}
        windows = _windows([*self._parts.values(), *known])
        others = self._named.union(reached).difference(self._parts)
        missing = {name: [*gaps(begun, windows.get(name, []))] for name in others}
        for name, reading in self._parts.items():
            missing[name] = self._missing(reading, windows.get(name, []), now)
        return {name: periods for name, periods in missing.items() if periods}

    def _missing(
        self, reading: Reading[Any], windows: Iterable[Period], now: datetime
    ) -> list[Period]:
        begun, windows = span(self.period.months_begun(now)), [*windows]
        running = [] if reading.covers is None else [reading.covers]
        since = first_billed(reading.since, [*running, *windows])
        if begun is None or (since is not None and since >= begun.end):
            return []
        start = begun.start if since is None else max(begun.start, since)
        return [*gaps(Period(start, begun.end), windows)]


def nothing_before(begins: datetime, time: Period) -> Reading[Any]:
    """Return that in a time nothing was there yet of what is reached now."""
    said = f"{time}: nothing that is reached now was there before {utc_text(begins)}"
    return Reading((), time, detail=said)


def time_of(item: Any) -> Period:
    """Return the window that a record was booked for: of a day its month."""
    return Period.month_of(midnight(item.date)) if isinstance(item, DailyCost) else item.covers


def _windows(readings: Iterable[Reading[Any]]) -> Mapping[str, list[Period]]:
    windows: dict[str, list[Period]] = {}
    for reading in readings:
        for item in reading.items:
            for name in ids_of(item):
                windows.setdefault(name, []).append(time_of(item))
    return windows


def ids_of(item: Any) -> AbstractSet[str]:
    """Return the ids of the project and of who pays, in one spelling, that a record has."""
    ids = getattr(item, "sub_account_id", None), getattr(item, "billing_account_id", None)
    return {each.casefold() for each in ids if each}
