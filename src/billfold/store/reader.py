"""Reads for many accounts at once what each of them is asked for alone: a query is dear."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from attrs import define, evolve, field, frozen

from billfold.columns import Row
from billfold.model import WINDOWED, Stream
from billfold.period import Period, merged
from billfold.store.book import Book
from billfold.store.confirmed import last_reached
from billfold.store.counted_elsewhere import Held, held_now, lapsed, left_to_others
from billfold.store.differing import as_they_differ
from billfold.store.known_accounts import known_accounts
from billfold.store.limited import Reach, counts, limited_readings, limited_rows, read_of_any
from billfold.store.lost import Loss, losses, reached_by, with_lost
from billfold.store.read_before import (
    cycles_before,
    has_reached_all,
    held_alone,
    is_older,
    known_scopes,
    read_before,
)
from billfold.store.read_elsewhere import (
    NOWHERE,
    Elsewhere,
    lacking,
    of_time,
    read_elsewhere,
    read_here,
)
from billfold.store.reading_back import scopes_at, standing
from billfold.store.scopes import one_spelling, payer, scope_ids, scope_text
from billfold.store.sync_rows import syncs
from billfold.store.unread import NOTHING, Unread, unread
from billfold.store.untold import with_untold

if TYPE_CHECKING:
    import pyarrow as pa

_AT_ONCE = 100  # accounts in one query
_Asked = tuple[str, Reach]  # an account, and what of it counts


@frozen(eq=False)
class Found:
    """What a book holds of an account: how its readings went, and its rows (None: it has none).

    ``left`` is what its readings left to other accounts that these hold, of each account, or what
    these had read before it reached it; and ``lapsed`` what nobody holds any more. ``is_all_left``
    is whether that is all it reaches, and ``elsewhere`` the months that others read instead of it.
    ``unread`` are the billing cycles that nobody read.
    """

    readings: Sequence[Row]
    rows: pa.Table | None
    lapsed: Sequence[Held] = ()
    left: Sequence[Left] = ()
    is_all_left: bool = False
    elsewhere: Elsewhere = NOWHERE
    unread: Unread = NOTHING


@frozen(eq=False)
class Left:
    """What a book holds of another account, of the scopes that were left to it.

    ``windows`` are those that were left of a scope; of one that has none, all of it was.
    """

    account: str
    windows: Mapping[str, Sequence[Period]]
    readings: Sequence[Row]
    rows: pa.Table


@define(eq=False)
class _Queue:
    """Accounts that wait for the same stream and window, in their order, and what was found."""

    waiting: Counter[_Asked] = field(factory=Counter)
    found: dict[_Asked, Found] = field(factory=dict)
    turn: asyncio.Lock = field(factory=asyncio.Lock)


@define(eq=False)
class Reader:
    """Reads a book as it was known at ``as_of`` (None: as it is known now).

    Accounts share one: whoever's turn it is reads for all that wait for theirs, so that a
    thousand accounts are some ten queries, and one account is not waited for by anybody.
    """

    book: Book
    as_of: datetime | None = None
    _queues: dict[tuple[Stream, Period | None], _Queue] = field(factory=dict)
    _reached: dict[str, frozenset[str]] = field(factory=dict)
    _used: dict[str, Sequence[Row]] = field(factory=dict)
    _reached_at: dict[str, Mapping[str, tuple[datetime, set[str]]]] = field(factory=dict)
    _losses: dict[str, Sequence[Loss]] = field(factory=dict)

    async def read(
        self, account: str, stream: Stream, window: Period | None, reach: Reach = None
    ) -> Found:
        """Return what is known of an account, as far as it is within reach. Raises StoreError."""
        queue = self._queues.setdefault((stream, window), _Queue())
        asked = account, reach
        queue.waiting[asked] += 1
        try:
            async with queue.turn:
                if asked not in queue.found:
                    others = (each for each in queue.waiting if each not in queue.found)
                    wanted = {account: reach}
                    for name, of in islice(others, _AT_ONCE):
                        wanted.setdefault(name, of)
                    found = await asyncio.to_thread(self._query, wanted, stream, window)
                    queue.found |= {each: found[each[0]] for each in wanted.items()}
                return queue.found[asked]
        finally:
            queue.waiting[asked] -= 1
            if not queue.waiting[asked]:
                del queue.waiting[asked]
                queue.found.pop(asked, None)
            if not queue.waiting:
                self._queues.pop((stream, window), None)

    async def reached(self, account: str, window: Period) -> frozenset[str]:
        """Return the ids of all that an account's last whole reading of usage was of.

        As it was when its usage was read here last, else as it is now. Raises StoreError.
        """
        if account not in self._reached:
            await self.read(account, Stream.USAGE, window)
        return frozenset[str]().union(*map(scope_ids, self._reached[account]))

    def is_with_others(
        self, account: str, place: tuple[str, str], stream: Stream, window: Period
    ) -> bool:
        """Return whether other accounts booked anything at a place in a window. Blocks."""
        return not scopes_at(self.book, place, stream, window, self.as_of).keys() <= {account}

    def of_others(
        self,
        account: str,
        place: tuple[str, str],
        ids: Iterable[str],
        stream: Stream,
        window: Period,
    ) -> list[Left]:
        """Return what other accounts booked of projects or organizations in a window. Blocks.

        ``place`` is the provider and where it was asked, ``ids`` are in one spelling. Raises
        StoreError.
        """
        scopes = scopes_at(self.book, place, stream, window, self.as_of, sorted(set(ids)))
        scopes.pop(account, None)
        if not scopes:
            return []
        every = sorted({scope for own in scopes.values() for scope in own})
        rows = standing(self.book, sorted(scopes), stream, window, self.as_of, every)
        readings = self._readings(sorted(scopes), stream)
        found = {name: (readings[name], rows[name]) for name in scopes}
        return [
            _of_account(name, dict.fromkeys(map(one_spelling, own), ()), stream, *found[name])
            for name, own in scopes.items()
        ]

    def _query(
        self, wanted: Mapping[str, Reach], stream: Stream, window: Period | None
    ) -> dict[str, Found]:
        accounts = list(wanted)
        every = self._readings(accounts, stream)
        readings = {
            name: self._limited(name, stream, every[name], reach) for name, reach in wanted.items()
        }
        rows = self._rows(wanted, stream, window)
        left = {name: left_to_others(own, window) for name, own in readings.items()}
        reached = self._reached_by(wanted, stream)
        elsewhere: Mapping[str, Elsewhere] = {}
        earlier: Mapping[str, Mapping[Held, Sequence[Period]]] = {}
        if window is not None and reached:
            missing = {
                name: reached[name] - known_scopes(rows.get(name), left[name]) for name in reached
            }
            before = read_before(self.book, readings, missing, stream, window, self.as_of)
            left |= {name: {**own, **left[name]} for name, own in before.items()}
            if stream is Stream.USAGE:
                earlier = cycles_before(self.book, readings, rows, window, self.as_of)
                left |= {name: {**own, **left[name]} for name, own in earlier.items()}
            older = self._older(every, left, stream)
            alone = held_alone(self.book, every, older, stream, window, self.as_of)
            for name, own in alone.items():
                others = self._reached_besides({name, *older[name]}, stream)
                left[name] = {
                    **{
                        held: periods
                        for held, periods in own.items()
                        if held.scope not in others and counts(held.scope, wanted[name])
                    },
                    **left[name],
                }
            elsewhere = self._elsewhere(wanted, readings, rows, stream, window)
        never: Mapping[str, Unread] = {}
        if window is not None and stream is Stream.USAGE:
            never = unread(self.book, readings, window, self.as_of)
        sure = left
        left = left | {name: {**own.theirs, **left[name]} for name, own in elsewhere.items()}
        held = held_now(self.book, left, stream, window, self.as_of)
        theirs = self._left(left, held, stream, window) if held else {}
        return {
            name: Found(
                with_untold(stream, readings[name], rows.get(name)),
                rows.get(name),
                lapsed(name, sure[name], held),
                theirs.get(name, ()),
                name not in earlier
                and _are_all_left(reached.get(name, frozenset()), theirs.get(name, ())),
                elsewhere.get(name, NOWHERE),
                never.get(name, NOTHING),
            )
            for name in accounts
        }

    def _older(
        self,
        readings: Mapping[str, Sequence[Row]],
        left: Mapping[str, Iterable[Held]],
        stream: Stream,
    ) -> Mapping[str, AbstractSet[str]]:
        """Return under which names accounts had been read before that hold what is theirs."""
        owners = {name: {each.account for each in own} for name, own in left.items()}
        others = sorted(frozenset[str]().union(*owners.values()) - readings.keys())
        theirs = {**readings, **(syncs(self.book, others, stream, self.as_of) if others else {})}
        self._read_reached(others)
        return {
            name: {
                each
                for each in own
                if is_older(theirs[each], readings[name])
                or has_reached_all(self._used[name], self._used[each])
            }
            for name, own in owners.items()
        }

    def _reached_besides(self, names: AbstractSet[str], stream: Stream) -> AbstractSet[str]:
        """Return the scopes of a stream that any other account reaches, as it was read last."""
        others = [each.name for each in known_accounts(self.book) if each.name not in names]
        self._read_reached(others)
        reached = frozenset[str]().union(*(self._reached[name] for name in others))
        return reached if stream is Stream.USAGE else {scope_text(payer(each)) for each in reached}

    def _limited(
        self, account: str, stream: Stream, readings: Sequence[Row], reach: Reach
    ) -> Sequence[Row]:
        """Return how the readings of an account went, as far as they are of what counts."""
        if stream is not Stream.USAGE and stream in WINDOWED:
            readings = read_of_any(readings, reach, self._reached_at[account])
        return limited_readings(readings, reach)

    def _rows(
        self, wanted: Mapping[str, Reach], stream: Stream, window: Period | None
    ) -> dict[str, pa.Table]:
        every = standing(self.book, list(wanted), stream, window, self.as_of)
        limited = ((name, limited_rows(every.get(name), reach)) for name, reach in wanted.items())
        return {name: rows for name, rows in limited if rows is not None}

    def _readings(self, accounts: Sequence[str], stream: Stream) -> dict[str, list[Row]]:
        """Return how readings went; what is not usage tells also whom the account had lost."""
        told = syncs(self.book, accounts, stream, self.as_of)
        readings = as_they_differ(self.book, stream, told, self.as_of)
        if stream is Stream.USAGE:
            self._note_reached(readings)
        if stream is Stream.USAGE or stream not in WINDOWED:
            return readings
        self._read_reached(accounts)
        return with_lost(self.book, readings, self._losses, self.as_of)

    def _read_reached(self, accounts: Sequence[str]) -> None:
        if unknown := [name for name in accounts if name not in self._reached]:
            self._note_reached(syncs(self.book, unknown, Stream.USAGE, self.as_of))

    def _note_reached(self, used: Mapping[str, Sequence[Row]]) -> None:
        self._used |= used
        self._reached |= {name: last_reached(own) for name, own in used.items()}
        self._reached_at |= {name: reached_by(own) for name, own in used.items()}
        self._losses |= {name: losses(own) for name, own in used.items()}

    def _elsewhere(
        self,
        wanted: Mapping[str, Reach],
        readings: Mapping[str, Sequence[Row]],
        rows: Mapping[str, pa.Table],
        stream: Stream,
        window: Period,
    ) -> Mapping[str, Elsewhere]:
        """Return what accounts read of a window of months, and others of what these lack."""
        at: dict[tuple[str, str], dict[str, Sequence[Period]]] = {}
        found: dict[str, Elsewhere] = {}
        for name, own in readings.items():
            here = read_here(stream, own, rows.get(name), window)
            if here is None:
                continue
            found[name] = Elsewhere(merged(each.period for each in here))
            if lacks := lacking(here, rows.get(name), window):
                at.setdefault((own[-1]["provider"], own[-1]["origin"]), {})[name] = lacks
        for place, lacks_of in at.items():
            asked = lacks_of, self._of_usage(wanted), stream, window, self.as_of
            others = read_elsewhere(self.book, place, *asked)
            found |= {name: evolve(each, here=found[name].here) for name, each in others.items()}
        return found

    def _reached_by(
        self, wanted: Mapping[str, Reach], stream: Stream
    ) -> Mapping[str, AbstractSet[str]]:
        """Return the scopes that accounts reach, as their usage was read last, of a stream."""
        if stream not in WINDOWED:
            return {}
        self._read_reached(list(wanted))
        reached = self._of_usage(wanted)
        if stream is Stream.USAGE:
            return reached
        return {name: {scope_text(payer(each)) for each in own} for name, own in reached.items()}

    def _of_usage(self, wanted: Mapping[str, Reach]) -> Mapping[str, AbstractSet[str]]:
        """Return the scopes of usage that accounts reach, of those that count."""
        return {
            name: {scope for scope in self._reached[name] if counts(scope, reach)}
            for name, reach in wanted.items()
        }

    def _left(
        self,
        left: Mapping[str, Mapping[Held, Sequence[Period]]],
        held: Mapping[Held, Sequence[str]],
        stream: Stream,
        window: Period | None,
    ) -> dict[str, list[Left]]:
        """Return what accounts left to others that hold it, as those do."""
        theirs_of = {name: own.keys() & held.keys() for name, own in left.items()}
        every = {each for own in theirs_of.values() for each in own}
        if not every:
            return {}
        owners = sorted({each.account for each in every})
        scopes = sorted({scope for each in every for scope in held[each]})
        rows = standing(self.book, owners, stream, window, self.as_of, scopes)
        theirs = self._readings(owners, stream)
        return {
            name: [
                _of_owner(owner, left[name], own, stream, theirs[owner], rows[owner])
                for owner in sorted({each.account for each in own})
            ]
            for name, own in theirs_of.items()
        }


def _are_all_left(reached: AbstractSet[str], left: Iterable[Left]) -> bool:
    """Return whether others have all that an account reaches."""
    return bool(reached) and reached <= {scope for each in left for scope in each.windows}


def _of_owner(
    account: str,
    left: Mapping[Held, Sequence[Period]],
    held: Iterable[Held],
    stream: Stream,
    readings: Sequence[Row],
    rows: pa.Table,
) -> Left:
    """Return what was left to an account that holds it, by its scopes in one spelling."""
    windows = {one_spelling(each.scope): left[each] for each in held if each.account == account}
    return _of_account(account, windows, stream, readings, of_time(rows, windows))


def _of_account(
    account: str,
    windows: Mapping[str, Sequence[Period]],
    stream: Stream,
    readings: Sequence[Row],
    rows: pa.Table,
) -> Left:
    return Left(account, windows, with_untold(stream, readings, rows), rows)
