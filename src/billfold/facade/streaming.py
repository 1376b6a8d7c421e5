"""Items and charges as they arrive, in bounded memory."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Generic, TypeVar

from billfold.answer import Answer
from billfold.coverage import Coverage
from billfold.errors import BillfoldError, IncompleteError
from billfold.facade.beginning import read_all
from billfold.facade.overlap import Claims
from billfold.facade.source import Source
from billfold.http.client import Client
from billfold.http.deadline import Deadline
from billfold.model import Charge, Stream, Usage

T = TypeVar("T")

_AHEAD = 4  # readings (a page, a project's cycle, a month) not yet consumed, over all accounts
# Readings that wait, over all accounts, for an earlier account that may claim what is in them. Once
# there are so many, an account of which more than a few wait is read no further.
_HELD = 64


class Flow(Generic[T]):
    """An async iterable over one stream's items.

    Afterwards ``coverage`` and ``failures`` say how complete they were.

    Iterate once. Nothing is raised over a hole: look at the coverage. What several accounts reach
    counts in the first, so while that one hangs, of those behind it 64 readings are read, and the
    rest is not: such an account is partial at the deadline. ConfigError is raised where
    no account has a token. Leaving the loop early stops all reading once the iterator is closed
    (``contextlib.aclosing``).
    """

    def __init__(
        self,
        sources: Sequence[Source],
        clients: Mapping[str, Client],
        deadline: Deadline,
        require_token: Callable[[], Awaitable[None]],
    ) -> None:
        self._sources = sources
        self._clients = clients
        self._deadline = deadline
        self._require_token = require_token

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """One account's rows after another, as far as was read."""
        return tuple(row for source in self._sources for row in source.coverage())

    @property
    def failures(self) -> tuple[BillfoldError, ...]:
        """The errors so far."""
        return tuple(error for source in self._sources for error in source.collector.failures)

    async def __aiter__(self) -> AsyncGenerator[T, None]:
        arrived: asyncio.Queue[tuple[T, ...] | None] = asyncio.Queue()
        room = asyncio.Semaphore(_AHEAD)
        claims = Claims(self._sources)
        waiting = 0

        async def hand_out(source: Source, held: deque[tuple[T, ...]]) -> None:
            nonlocal waiting
            waiting -= 1
            items = held.popleft()
            await claims.settle(source, items)
            own = claims.keep(source, items)
            await room.acquire()
            arrived.put_nowait(own)

        async def read_account(source: Source) -> None:
            nonlocal waiting
            assert source.readings is not None
            collected = source.collector.collect(source.readings, self._deadline)
            # What an earlier account may still claim waits here, while more is read.
            held: deque[tuple[T, ...]] = deque()
            async with aclosing(collected) as parts:
                async for items in parts:
                    held.append(items)
                    waiting += 1
                    while held and (
                        (len(held) > _AHEAD and waiting > _HELD)
                        or claims.is_settled(source, held[0])
                    ):
                        await hand_out(source, held)
            while held:
                await hand_out(source, held)
            claims.end(source)

        reader = asyncio.create_task(read_all(self._sources, self._clients, read_account))
        reader.add_done_callback(lambda _: arrived.put_nowait(None))
        try:
            while (items := await arrived.get()) is not None:
                room.release()
                for item in items:
                    yield item
            await reader
            await self._require_token()
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)


class Charges:
    """An async iterable over charges.

    Afterwards ``coverage`` and ``failures`` say how complete they were.

    Iterate once. After the last charge IncompleteError is raised if something is missing, unless it
    was opened with ``partial=True``. Leaving the loop early stops all reading once the iterator is
    closed (``contextlib.aclosing``).
    """

    def __init__(self, usages: Flow[Usage], partial: bool) -> None:
        self._usages = usages
        self._partial = partial

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """One account's rows after another, as far as was read."""
        return self._usages.coverage

    @property
    def failures(self) -> tuple[BillfoldError, ...]:
        """The errors so far."""
        return self._usages.failures

    async def __aiter__(self) -> AsyncGenerator[Charge, None]:
        async with aclosing(aiter(self._usages)) as usages:
            async for usage in usages:
                for charge in usage.charges:
                    yield charge
        if not self._partial:
            answer: Answer[Usage] = Answer(Stream.USAGE, None, (), self.coverage, self.failures)
            if not answer.complete:
                raise IncompleteError(
                    f"charges are missing: {answer.missing()}; partial=True accepts that",
                    coverage=answer.coverage,
                )
