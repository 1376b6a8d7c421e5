"""Whose billing cycles of a period were never read, though they were there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import chain
from typing import Any

from attrs import evolve, field, frozen

from billfold.adapter.reading import Reading
from billfold.columns import Row
from billfold.coverage import unwatched_text
from billfold.model import State, Stream, Usage, first_billed
from billfold.period import Period
from billfold.store.book import Book
from billfold.store.confirmed import windows_by_scope
from billfold.store.idle import Idle
from billfold.store.reading_back import scopes_at
from billfold.store.scopes import scope_of, whose
from billfold.store.standing import named_since
from billfold.store.sync_rows import first_read, period_of


@frozen
class Unread:
    """The scopes that were there in a period, and of which cycles of a later time alone were read.

    ``scopes`` has the id of each as it was stated.
    ``first`` is when the account was read first, where some of the period was over by then: what
    was deleted before was never read. None where nothing is missing for that.
    ``began`` is when the first cycle that is known of each scope began, ``idle`` who had none.
    """

    scopes: Mapping[str, str] = field(factory=dict)
    first: datetime | None = None
    began: Mapping[str, datetime] = field(factory=dict)
    idle: Idle = field(factory=Idle)

    def as_begun(self, usage: Usage, period: Period) -> Usage:
        """Return a usage with its start as ``since``, where it is of its project's first cycle.

        So it is where a reading in each month before it, of the period, found no cycle.
        """
        begins = usage.covers.start
        since = max(period.start, usage.since or period.start)
        scope = scope_of(Stream.USAGE, usage)
        if begins <= since or begins != self.began.get(scope):
            return usage
        before = Period(since, begins).split_months()
        is_idle = all(self.idle.has(whose(scope), each) for each in before)
        return evolve(usage, since=begins) if is_idle else usage

    def readings(self, period: Period, others: Iterable[Sequence[Row]]) -> Iterator[Reading[Any]]:
        """Yield what is missing of a period, of which ``others`` may have read a part earlier."""
        for _, part in sorted(self.scopes.items()):
            said = f"{period} of {part} is not in the store"
            yield Reading((), period, State.UNAVAILABLE, said, part=part)
        if self.first is None:
            return
        first = min([self.first, *filter(None, map(first_read, others))])
        if first > period.start:
            yield unwatched(period, first)


NOTHING = Unread()


def unwatched(period: Period, first: datetime) -> Reading[Any]:
    """Return that of a period nothing is known that was deleted before the ``first`` reading."""
    return Reading((), period, State.UNAVAILABLE, unwatched_text(period, first))


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
    windows = {name: windows_by_scope(own) for name, own in readings.items()}
    in_cycles = {name: own for name, own in windows.items() if _is_in_cycles(own)}
    later = {name: _only_later(own, period) for name, own in in_cycles.items()}
    there = _there(book, readings, windows, later, period, as_of)
    found: dict[str, Unread] = {}
    for name, own in in_cycles.items():
        # A cycle itself is as it was read.
        is_cycle = any(period in each for each in own.values())
        first = None if is_cycle else first_within(readings[name], period)
        began = {scope: min(each).start for scope, each in own.items()}
        scopes = there.get(name, {})
        found[name] = Unread(scopes, first, began, Idle(readings[name]))
    return found


def _there(
    book: Book,
    readings: Mapping[str, Sequence[Row]],
    windows: Mapping[str, Mapping[str, Sequence[Period]]],
    later: Mapping[str, AbstractSet[str]],
    period: Period,
    as_of: datetime | None,
) -> Mapping[str, Mapping[str, str]]:
    """Return those of the scopes that were there in a period, and of which nobody has anything.

    They have their ids as stated.
    """
    missing = {name: own for name, own in later.items() if own}
    if not missing:
        return {}
    since = named_since(book, sorted(missing), as_of)
    found: dict[str, Mapping[str, str]] = {}
    for name, own in missing.items():
        last = readings[name][-1]
        place = last["provider"], last["origin"]
        # One of whom the store has nothing any more was taken back.
        born = since.get(name, {})
        idle = Idle(readings[name])
        there = {each: born[each] for each in own & born.keys()}
        began = {each: first_billed(at, windows[name][each]) for each, (_, at) in there.items()}
        was_there = {each for each in began if _is_there(each, began[each], idle, period)}
        if not was_there:
            continue
        ids = sorted(_ids(was_there))
        held = scopes_at(book, place, Stream.USAGE, period, as_of, ids)
        known = _ids(chain.from_iterable(held.values()))  # whoever paid for it then
        found[name] = {each: there[each][0] for each in was_there if _ids([each]).isdisjoint(known)}
    return found


def _ids(scopes: Iterable[str]) -> AbstractSet[str]:
    """Return the ids of scopes' projects; of one that has none, of who pays."""
    return {own for scope in scopes if (own := whose(scope))}


def _is_there(scope: str, since: datetime | None, idle: Idle, period: Period) -> bool:
    """Return whether a scope may have had a cycle in a month of a period."""
    return any(
        (since is None or since < each.end) and not idle.has(whose(scope), each)
        for each in period.split_months()
    )


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


def first_within(readings: Sequence[Row], period: Period) -> datetime | None:
    """Return when an account was read first, where a period had begun by then; None otherwise.

    So it is of what the provider stated later of all the time before.
    """
    first = first_read(readings)
    if first is None or first <= period.start:
        return None
    before = Period(period.start, min(first, period.end)).split_months()
    is_stated = all(any(_is_stated_of(row, each) for row in readings) for each in before)
    return None if is_stated else first


def _is_stated_of(row: Row, period: Period) -> bool:
    asked, covers = period_of(row, "requested"), period_of(row, "covers")
    if asked is None or covers is None or row["state"] != State.COMPLETE:
        return False
    return asked.encloses(period) and covers.encloses(period)
