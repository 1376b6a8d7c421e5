"""Which windows of an account were read whole, and when last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
from attrs import evolve, frozen

from billfold.columns import Row
from billfold.period import Period, gaps, meets
from billfold.store.scopes import one_spelling
from billfold.store.sync_rows import unconfirmed

T = TypeVar("T")
WINDOWS: msgspec.json.Decoder[list[tuple[str | None, datetime, datetime]]] = msgspec.json.Decoder(
    list[tuple[str | None, datetime, datetime]]
)


def windows_by_scope(readings: Iterable[Row]) -> Mapping[str, list[Period]]:
    """Return the windows of each scope that readings were whole for."""
    windows: dict[str, list[Period]] = {}
    for row in readings:
        for scope, start, end in WINDOWS.decode(row["confirmed"] or "[]"):
            if scope is not None:
                windows.setdefault(one_spelling(scope), []).append(Period(start, end))
    return windows


@frozen
class Confirmed:
    """A window that was read whole, and when last."""

    scope: str | None
    period: Period
    read_at: datetime

    def is_to_its_end(self) -> bool:
        """Return whether it was read when it was over."""
        return self.read_at >= self.period.end

    def is_early(self, tolerance: timedelta) -> bool:
        """Return whether it was read last longer before its end than is tolerated."""
        return self.period.end - self.read_at > tolerance

    def is_open(self, now: datetime) -> bool:
        """Return whether it runs, and some of it was read."""
        return self.period.end > now and self.read_at > self.period.start

    def within(self, window: Period) -> Confirmed:
        """Return the part of it that lies in a window that it shares time with."""
        shared = Period(max(self.period.start, window.start), min(self.period.end, window.end))
        return evolve(self, period=shared)


def confirmed(readings: Iterable[Row]) -> list[Confirmed]:
    """Return every window that was read whole, by its last reading.

    One that a later reading covers was read again by it, in one window or in several; and so was
    one in which nobody had used anything, by a reading of what somebody used in its time. But of a
    scope of which it left what is known unconfirmed, the window is another: as it was read before.
    """
    last: dict[str | None, dict[datetime, Confirmed]] = {}
    behind: list[Confirmed] = []
    for row in readings:
        now: dict[str | None, list[Period]] = {}
        for scope, start, end in WINDOWS.decode(row["confirmed"]) if row["confirmed"] else ():
            own = now.setdefault(scope and one_spelling(scope), [])
            own.append(Period(start, end))
        if used := [each for scope, own in now.items() if scope is not None for each in own]:
            idle = last.get(None, {}).items()
            last[None] = {start: each for start, each in idle if not meets(each.period, used)}
        silent = {one_spelling(scope) for scope in unconfirmed([row]) if scope is not None}
        if None in now and (silent or behind):
            behind = _left_behind(behind, last.get(None, {}).values(), now[None], silent)
        for scope, periods in now.items():
            older = last.get(scope, {}).items()
            kept = {start: each for start, each in older if gaps(each.period, periods)}
            read = {each.start: Confirmed(scope, each, row["read_at"]) for each in periods}
            last[scope] = kept | read
    return [*(each for own in last.values() for each in own.values()), *behind]


def _left_behind(
    behind: Sequence[Confirmed],
    older: Iterable[Confirmed],
    again: Sequence[Period],
    silent: AbstractSet[str],
) -> list[Confirmed]:
    """Return the windows of scopes that a later reading left as they were read.

    It is of all scopes but the ``silent`` ones, and of the time read ``again``; those ``behind``
    were left before it, and the ``older`` ones are of all scopes.
    """
    found: dict[tuple[str, datetime], Confirmed] = {}
    for each in [one for one in (*behind, *older) if not gaps(one.period, again)]:
        for scope in silent if each.scope is None else silent & {each.scope}:
            found.setdefault((scope, each.period.start), evolve(each, scope=scope))
    return [*(each for each in behind if gaps(each.period, again)), *found.values()]


def last_reached(readings: Sequence[Row]) -> frozenset[str]:
    """Return the scopes that the last whole reading was of, in one spelling; none of no reading."""
    for row in reversed(readings):
        read = WINDOWS.decode(row["confirmed"]) if row["confirmed"] else ()
        if scopes := frozenset(one_spelling(scope) for scope, *_ in read if scope):
            return scopes
    return frozenset()


def running(
    each_of: Iterable[T], of: Callable[[T], tuple[str | None, Period]], now: datetime
) -> list[T]:
    """Return what runs now of each scope; all that is known of a scope of which nothing does.

    A month that was read in parts runs with all of them. ``of`` says whose a thing is and of what
    time.
    """
    month = Period.month_of(now)
    every = [(each, *of(each)) for each in each_of]
    runs = {scope: not gaps(period, [month]) for _, scope, period in every if now in period}
    return [
        each
        for each, scope, period in every
        if scope not in runs or now in period or (runs[scope] and not gaps(period, [month]))
    ]


def ended_for_good(windows: Sequence[Confirmed], now: datetime) -> frozenset[str | None]:
    """Return the scopes of which nothing runs, and that the last reading of what runs had not.

    A project was deleted, say: what it cost is of another time than now. Of one that this reading
    had, and whose cycle has ended since, the next one may run.
    """
    runs = [each for each in windows if now in each.period]
    last = max((each.read_at for each in runs), default=None)
    stays = {each.scope for each in windows if last is None or each.read_at >= last}
    return frozenset(each.scope for each in windows) - stays - {each.scope for each in runs}


def crossing_windows(windows: Sequence[Confirmed]) -> str | None:
    """Return two windows of one scope that share time, as where a cycle was moved."""
    last: dict[str | None, Confirmed] = {}
    for each in sorted(windows, key=lambda one: one.period.start):
        before = last.get(each.scope)
        if before is not None and before.period.overlaps(each.period):
            return f"{before.period} and {each.period}"
        last[each.scope] = each
    return None


def known_to(
    windows: Sequence[Confirmed], now: datetime
) -> tuple[datetime | None, dict[str, datetime]]:
    """Return until when the scopes that run are known, and those that are known for less long.

    A project that was deleted is known until it was read last, whenever the others were.
    """
    own: dict[str | None, list[Confirmed]] = {}
    for each in windows:
        own.setdefault(each.scope, []).append(each)
    until = {scope: open_until(several, now) for scope, several in own.items()}
    last = max((moment for moment in until.values() if moment is not None), default=None)
    behind = {
        scope: moment
        for scope, moment in until.items()
        if scope is not None and moment is not None and moment != last
    }
    return last, behind


def open_until(windows: Iterable[Confirmed], now: datetime) -> datetime | None:
    """Return the moment until which those of these windows are known that run."""
    return min((each.read_at for each in windows if each.period.end > now), default=None)
