"""Whose billing cycles of a period were never read, though they were there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import chain
from typing import Any

from attrs import field, frozen

from billfold.adapter.reading import Reading
from billfold.columns import Row
from billfold.model import ANSWERED, State, Stream
from billfold.period import Period, utc_text
from billfold.store.book import Book
from billfold.store.confirmed import WINDOWS
from billfold.store.reading_back import scopes_at
from billfold.store.scopes import one_spelling, payer, project
from billfold.store.standing import first_since
from billfold.store.sync_rows import period_of


@frozen
class Unread:
    """The scopes that were there in a period, and of which cycles of a later time alone were read.

    ``first`` is when the account was read first, where that was in a later month: what was deleted
    before was never read. None where nothing is missing for that.
    """

    scopes: AbstractSet[str] = field(factory=frozenset)
    first: datetime | None = None

    def readings(self, period: Period, others: Iterable[Sequence[Row]]) -> Iterator[Reading[Any]]:
        """Yield what is missing of a period, of which ``others`` read a part before it was over."""
        for scope in sorted(self.scopes):
            part = project(scope) or payer(scope)
            said = f"{period} of {part} is not in the store"
            yield Reading((), period, State.UNAVAILABLE, said, part=part)
        is_seen = any(_is_read_before(each, period.end) for each in others)
        if self.first is not None and not is_seen:
            said = f"{period}: nothing was read before {utc_text(self.first)}"
            said += ", and what was deleted by then is not known"
            yield Reading((), period, State.UNAVAILABLE, said)


NOTHING = Unread()


def is_unread(reading: Reading[Any]) -> bool:
    """Return whether a store's reading says what it should have of a period, and has not."""
    return reading.state is State.UNAVAILABLE and reading.covers is not None


def unread(
    book: Book, readings: Mapping[str, Sequence[Row]], period: Period, as_of: datetime | None
) -> Mapping[str, Unread]:
    """Return what was never read of a period, by account, of those billed in cycles.

    One who came to be after it, or of whom any account at the same place has anything of it, is
    none of them. Blocks; raises StoreError.
    """
    windows = {name: _windows(own) for name, own in readings.items()}
    in_cycles = {name: own for name, own in windows.items() if _is_in_cycles(own)}
    later = {name: _only_later(own, period) for name, own in in_cycles.items()}
    there = _there(book, readings, later, period, as_of)
    return {
        name: Unread(there.get(name, frozenset()), _first_after(readings[name], period))
        for name in in_cycles
    }


def _there(
    book: Book,
    readings: Mapping[str, Sequence[Row]],
    later: Mapping[str, AbstractSet[str]],
    period: Period,
    as_of: datetime | None,
) -> Mapping[str, AbstractSet[str]]:
    """Return those of the scopes that were there in a period, and of which nobody has anything."""
    missing = {name: own for name, own in later.items() if own}
    if not missing:
        return {}
    since = first_since(book, sorted(missing), as_of)
    found: dict[str, AbstractSet[str]] = {}
    for name, own in missing.items():
        last = readings[name][-1]
        place = last["provider"], last["origin"]
        # One of whom the store has nothing any more was taken back.
        born = since.get(name, {})
        was_there = {each for each in own & born.keys() if _is_before(born[each], period)}
        if not was_there:
            continue
        ids = sorted(_ids(was_there))
        held = scopes_at(book, place, Stream.USAGE, period, as_of, ids)
        known = _ids(chain.from_iterable(held.values()))  # whoever paid for it then
        found[name] = {each for each in was_there if _ids([each]).isdisjoint(known)}
    return found


def _ids(scopes: Iterable[str]) -> AbstractSet[str]:
    """Return the ids of scopes' projects; of one that has none, of who pays."""
    return {own for scope in scopes if (own := project(scope) or payer(scope))}


def _is_before(since: datetime | None, period: Period) -> bool:
    return since is None or since < period.end


def _windows(readings: Iterable[Row]) -> Mapping[str, list[Period]]:
    """Return the windows that readings were whole for, by scope."""
    windows: dict[str, list[Period]] = {}
    for row in readings:
        for scope, start, end in WINDOWS.decode(row["confirmed"] or "[]"):
            if scope is not None:
                windows.setdefault(one_spelling(scope), []).append(Period(start, end))
    return windows


def _is_in_cycles(windows: Mapping[str, Sequence[Period]]) -> bool:
    """Return whether any window crosses months: what is read by months has none that does."""
    every = set(chain.from_iterable(windows.values()))
    return any(len(each.split_months()) > 1 for each in every)


def _only_later(windows: Mapping[str, Sequence[Period]], period: Period) -> AbstractSet[str]:
    """Return the scopes that have windows after a period and none in it."""
    return {
        scope
        for scope, own in windows.items()
        if any(each.start >= period.end for each in own)
        and not any(each.overlaps(period) for each in own)
    }


def _first_after(readings: Sequence[Row], period: Period) -> datetime | None:
    """Return when an account was read first, where that was in a month after a period.

    None as well where it was read later, and what the provider stated then was of the period.
    """
    answered = [row for row in readings if State(row["state"]) in ANSWERED]
    first = min((row["read_at"] for row in answered), default=None)
    if first is None or any(_is_stated_of(row, period) for row in answered):
        return None
    return first if Period.month_of(first).start >= period.end else None


def _is_stated_of(row: Row, period: Period) -> bool:
    asked, covers = period_of(row, "requested"), period_of(row, "covers")
    if asked is None or covers is None or row["state"] != State.COMPLETE:
        return False
    return asked.overlaps(period) and covers.overlaps(period)


def _is_read_before(readings: Sequence[Row], end: datetime) -> bool:
    """Return whether any of it was read before a moment."""
    return any(State(row["state"]) in ANSWERED and row["read_at"] < end for row in readings)
