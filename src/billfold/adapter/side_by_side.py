"""Reads of several parts side by side, handed out in the order of the parts."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar

from msgspec import Struct, field

S = TypeVar("S")

# Parts that are read at once.
_AHEAD = 8
# Readings that wait for a part which is slow or hangs, so that they come in their order. They are
# in memory, which is the price of it; as soon as there are more, the oldest goes before it.
_HELD = 64


async def at_once(
    reads: Iterable[Callable[[], Awaitable[S | None]]], goes_on: Callable[[S | None], bool]
) -> AsyncGenerator[S, None]:
    """Yield what reads return but None; one is read again after each result by which it goes on."""
    row = _Row(iter(reads), goes_on)
    try:
        while row.begin(_AHEAD - len(row.begun)):
            part = await row.next_part()
            if part.results:
                yield part.results.popleft()
            row.go_on(part)
    finally:
        await row.end()


class _Part(Struct, Generic[S], eq=False):
    """A part that has begun: the read under way, and what was read and not yet handed out."""

    read: Callable[[], Awaitable[S | None]]
    task: asyncio.Future[S | None] | None = None
    results: deque[S] = field(default_factory=deque)
    ended: bool = False

    def begin(self) -> None:
        """Begin the next read."""
        self.task = asyncio.ensure_future(self.read())

    def take(self, goes_on: Callable[[S | None], bool]) -> bool:
        """Take what the read under way returned; return whether there is any, or none will be.

        Its bug is raised.
        """
        if self.task is not None and self.task.done():
            result, self.task = self.task.result(), None
            self.ended = not goes_on(result)
            if result is not None:
                self.results.append(result)
        return bool(self.results) or self.ended


class _Row(Struct, Generic[S], eq=False):
    """Parts that have begun, in their order, and those that wait."""

    waiting: Iterator[Callable[[], Awaitable[S | None]]]
    goes_on: Callable[[S | None], bool]
    begun: list[_Part[S]] = []

    def begin(self, count: int) -> bool:
        """Begin so many more of them, and return whether any has begun and was not handed out."""
        for read in islice(self.waiting, max(count, 0)):
            self.begun.append(part := _Part(read))
            part.begin()
        return bool(self.begun)

    def go_on(self, part: _Part[S]) -> None:
        """Read on in a part of which nothing waits; one that has ended leaves the row."""
        if part.results:
            return
        if part.ended:
            self.begun.remove(part)
        elif part.task is None:
            part.begin()

    async def next_part(self) -> _Part[S]:
        """Return the first one, once it is read, or one that overtakes it.

        While the first is not, those behind it are read on, and others begin.
        """
        first = self.begun[0]
        if not first.take(self.goes_on):
            await asyncio.sleep(0)  # as the end of a part, which is no reading, is known at once
        while not first.take(self.goes_on):
            self.begun = [
                part for part in self.begun if not part.take(self.goes_on) or part.results
            ]
            if sum(len(part.results) for part in self.begun) >= _HELD:
                return next(part for part in self.begun if part.results)
            self._read_ahead()
            tasks = [part.task for part in self.begun if part.task is not None]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return first

    def _read_ahead(self) -> None:
        """Begin as many reads as may be under way, of earlier parts first."""
        idle = [part for part in self.begun if part.task is None and not part.ended]
        room = _AHEAD - sum(part.task is not None for part in self.begun)
        for part in idle[: max(room, 0)]:
            part.begin()
        self.begin(room - len(idle))

    async def end(self) -> None:
        """Cancel the reads under way; their results and errors are dropped."""
        tasks = [part.task for part in self.begun if part.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
