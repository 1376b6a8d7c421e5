"""Reads for many accounts at once what each of them is asked for alone: a query is dear."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from billfold.columns import Row
from billfold.model import Stream
from billfold.period import Period
from billfold.store.book import Book
from billfold.store.counted_elsewhere import Held, left_to_others, scopes_of, still_counted
from billfold.store.reading_back import standing
from billfold.store.sync_rows import syncs

if TYPE_CHECKING:
    import pyarrow as pa

_AT_ONCE = 100  # accounts in one query


@frozen(eq=False)
class Found:
    """What a book holds of an account: how its readings went, and its rows (None: it has none).

    ``counted`` says what its readings left to other accounts that these still hold, and ``left``
    is that: of each such account its readings, its rows, and the scopes.
    """

    readings: Sequence[Row]
    rows: pa.Table | None
    counted: AbstractSet[str] = frozenset()
    left: Sequence[Left] = ()


@frozen(eq=False)
class Left:
    """What a book holds of another account, of the scopes that were left to it."""

    account: str
    scopes: AbstractSet[str]
    readings: Sequence[Row]
    rows: pa.Table


@define(eq=False)
class _Queue:
    """Accounts that wait for the same stream and window, in their order, and what was found."""

    waiting: Counter[str] = field(factory=Counter)
    found: dict[str, Found] = field(factory=dict)
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

    async def read(self, account: str, stream: Stream, window: Period | None) -> Found:
        """Return what is known of an account. Raises StoreError."""
        queue = self._queues.setdefault((stream, window), _Queue())
        queue.waiting[account] += 1
        try:
            async with queue.turn:
                if account not in queue.found:
                    others = (name for name in queue.waiting if name not in queue.found)
                    names = list(dict.fromkeys([account, *islice(others, _AT_ONCE)]))
                    queue.found |= await asyncio.to_thread(self._query, names, stream, window)
                return queue.found[account]
        finally:
            queue.waiting[account] -= 1
            if not queue.waiting[account]:
                del queue.waiting[account]
                queue.found.pop(account, None)
            if not queue.waiting:
                self._queues.pop((stream, window), None)

    def _query(
        self, accounts: Sequence[str], stream: Stream, window: Period | None
    ) -> dict[str, Found]:
        readings = syncs(self.book, accounts, stream, self.as_of)
        rows = standing(self.book, accounts, stream, window, self.as_of)
        said = [row["detail"] or "" for own in readings.values() for row in own]
        counted = still_counted(self.book, said, stream, window, self.as_of)
        left = self._left(readings, counted, stream, window) if counted else {}
        told = frozenset(counted)
        return {
            name: Found(readings[name], rows.get(name), told, left.get(name, ()))
            for name in accounts
        }

    def _left(
        self,
        readings: Mapping[str, Sequence[Row]],
        counted: Mapping[str, Sequence[Held]],
        stream: Stream,
        window: Period | None,
    ) -> dict[str, list[Left]]:
        """Return what accounts left to others, as those hold it."""
        held = {
            name: [each for said in left_to_others(own, window) for each in counted.get(said, ())]
            for name, own in readings.items()
        }
        every = [each for own in held.values() for each in own]
        owners = sorted({each.account for each in every})
        if not owners:
            return {}
        scopes = sorted({each.scope for each in every})
        rows = standing(self.book, owners, stream, window, self.as_of, scopes)
        theirs = syncs(self.book, owners, stream, self.as_of)
        return {
            name: [
                Left(owner, scopes_of(own, owner), theirs[owner], rows[owner])
                for owner in sorted({each.account for each in own})
            ]
            for name, own in held.items()
        }
