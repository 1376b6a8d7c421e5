"""What a store has of what an account reaches, under the names of other accounts.

It was renamed, or two accounts were made one, or one was made two.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import aclosing
from datetime import datetime
from itertools import chain
from typing import Any

from attrs import frozen

from billfold.adapter.declaration import Adapter
from billfold.adapter.reading import Reading, Readings
from billfold.http.client import Client
from billfold.period import Period, gaps, meets, merged
from billfold.store.forgotten import OF_PARTS, Stated
from billfold.store.lacking import ids_of, time_of
from billfold.store.limited import Reach
from billfold.store.stored_adapter import Stored

# What reads the store for a stretch of time, under the account's own name.
Read = Callable[[Period], Awaitable[list[Reading[Any]]]]
# What a store has, and of which time it was asked.
Found = tuple[Period, Sequence[Reading[Any]]]


@frozen(eq=False)
class OtherNames:
    """Looks up what other accounts at ``origin`` booked of what this one reaches.

    ``reach`` are the ids that its settings limit it to.
    """

    live: Adapter
    stored: Stored
    origin: str
    reach: Reach

    async def find(
        self, stated: Stated, own: Iterable[Found], client: Client, now: datetime
    ) -> list[Found]:
        """Return what others booked of the time that neither the provider nor ``own`` has."""
        if stated.stream not in OF_PARTS:
            return []
        known = [each for _, readings in own for each in readings]
        reached = await self._reached(stated, client) if stated.is_of_anybody else frozenset()
        sought = stated.sought(known, reached, now)
        found = list[Found]()
        for time in merged(chain.from_iterable(sought.values())):
            ids = [name for name, periods in sought.items() if meets(time, periods)]
            theirs = await self.stored.of_others(self.origin, ids, stated.stream, time)
            found += [(time, theirs)] if theirs else []
        return found

    async def _reached(self, stated: Stated, client: Client) -> AbstractSet[str]:
        """Return the ids of what the account reaches: as configured, else as it was read last.

        Of a name that was never read the provider is asked, where others booked anything.
        """
        if self.reach is not None:
            return self.reach
        read = await self.stored.reached(stated.period)
        asked = self.origin, stated.stream, stated.period
        if read or not await self.stored.is_with_others(*asked):
            return read
        now: Readings[Any] = getattr(self.live, stated.stream.value)(client, None)
        ids = set[str]()
        async with aclosing(now) as readings:
            async for reading in readings:
                ids.update(*map(ids_of, reading.items), [(reading.part or "").casefold()])
        return ids - {""}


async def beside(theirs: Sequence[Found], own: Sequence[Found], read: Read) -> list[Found]:
    """Return what is the account's own, without the time of which others alone have anything.

    What was not read under one name was under another, and is missing under neither.
    """
    if not theirs:
        return [*own]
    found = list[Found]()
    for stretch, readings in own:
        known = [time_of(item) for each in readings for item in each.items]
        cut = [time for time, _ in theirs if not meets(time, known)]
        rest = gaps(stretch, cut)
        found += [(each, await read(each)) for each in rest] if cut else [(stretch, readings)]
    return found
