"""The parts of an account (organizations, projects, months), read side by side.

Each fails by itself, and by its name.
"""

from __future__ import annotations

import asyncio
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Iterator,
    Sequence,
)
from contextlib import AsyncExitStack, aclosing
from functools import partial
from itertools import islice
from typing import Any, Generic, TypeGuard, TypeVar

from msgspec import Struct

from billfold.adapter.pagination import Pages
from billfold.adapter.reading import Reading
from billfold.errors import BillfoldError, DriftError, NotFoundError
from billfold.http.remarks import about
from billfold.model import State

P = TypeVar("P")
R = TypeVar("R")
S = TypeVar("S")
T = TypeVar("T")

# Parts that are read at once.
_AHEAD = 8
# Readings that wait for a part which is slow or hangs, so that they come in their order. They are
# in memory, which is the price of it; as soon as there are more, the first of them goes before it.
_HELD = 64


class Parts(Struct, Generic[P], frozen=True):
    """What an account consists of; ``error`` is why that may not be all of it.

    ``note`` is what else is to be said of the list that names them.
    """

    items: tuple[P, ...]
    error: BillfoldError | None = None
    note: str | None = None

    def read(
        self,
        read: Callable[[P], Coroutine[Any, Any, Reading[T]]],
        name: Callable[[P], str | None] = str,
    ) -> AsyncGenerator[Reading[T], None]:
        """Yield a reading of each part; several are read at once.

        They come in order, but for a part that hangs while very many others were read.
        ``name`` names a part in its reading, errors and messages. A part that fails becomes a
        reading with its error, and the others go on; a bug is raised. Nothing is left running
        afterwards. Last comes what keeps the list from being certain.
        """
        reads = [partial(_guarded, read, part, name(part)) for part in self.items]
        last = Reading[T](state=State.FAILED, error=self.error) if self.error else None
        return _in_order(reads, last)

    async def stream(
        self,
        read: Callable[[P], AsyncGenerator[Reading[T], None]],
        name: Callable[[P], str | None] = str,
    ) -> AsyncGenerator[Reading[T], None]:
        """Yield the readings of each part as they come: for parts of any length.

        The first of several are under way at once, and of more while one hangs, so that it does not
        keep short ones from being read. Order, names, failures and bugs are as in :meth:`read`.
        """
        names = [name(part) for part in self.items]
        streams = [read(part) for part in self.items]
        if self.error is None and len(streams) == 1:  # as most accounts have it
            async with aclosing(streams[0]) as only:
                while (each := await _next(only, names[0])) is not None:
                    yield each
            return
        steps = [partial(_next, *each) for each in zip(streams, names, strict=True)]
        async with AsyncExitStack() as stack:
            for stream in streams:
                stack.push_async_callback(stream.aclose)
            readings = await stack.enter_async_context(aclosing(_at_once(steps, _is_reading)))
            async for reading in readings:
                if _is_reading(reading):
                    yield reading
        if self.error is not None:
            yield Reading(state=State.FAILED, error=self.error)


async def all_parts(pages: Pages[Any, R, Any], kind: str) -> Parts[R]:
    """Return every part that a list names.

    ``kind`` is what they are called in messages ("organizations").

    Raises NotFoundError for an empty list, and what ends a list before anything was read of it. A
    list with gaps or rows without an id, or that fails later, is still read: its error says that it
    may not be complete.
    """
    parts: list[R] = []
    try:
        async for rows in pages:
            parts += rows
    except BillfoldError as error:
        if not parts:
            raise
        return Parts(
            tuple(parts), error.introduced(f"the list of {kind} could not be read to its end")
        )
    if not parts and not pages.nameless:
        raise NotFoundError(f"the token sees no {kind}")
    if not pages.gaps and not pages.unread and not pages.nameless:
        note = None if pages.note is None else f"the list of {kind}: {pages.note}"
        return Parts(tuple(parts), note=note)
    incomplete = DriftError(f"the list of {kind} may not be complete: {pages.note}")
    return Parts(tuple(parts), incomplete)


async def together(first: Coroutine[Any, Any, T], second: Coroutine[Any, Any, S]) -> tuple[T, S]:
    """Return two replies that are requested at once.

    When one fails, the other is cancelled and that failure is raised.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = group.create_task(first), group.create_task(second)
    except BaseExceptionGroup as failures:
        bugs = [error for error in failures.exceptions if not isinstance(error, BillfoldError)]
        raise (bugs or failures.exceptions)[0] from None
    return tasks[0].result(), tasks[1].result()


async def _guarded(
    read: Callable[[P], Coroutine[Any, Any, Reading[T]]], part: P, name: str | None
) -> Reading[T]:
    try:
        with about(name):
            reading = await read(part)
    except BillfoldError as error:
        return Reading(state=State.FAILED, error=error.of_part(name), part=name)
    return reading.of_part(name)


async def _next(readings: AsyncGenerator[Reading[T], None], name: str | None) -> Reading[T] | None:
    """Return a part's next reading, its failure once, and None at its end."""
    try:
        with about(name):
            reading = await anext(readings, None)
    except BillfoldError as error:
        return Reading(state=State.FAILED, error=error.of_part(name), part=name)
    if reading is None:
        return None
    return reading.with_items(reading.items, reading.state, reading.error, name)


def _is_reading(reading: Reading[T] | None) -> TypeGuard[Reading[T]]:
    return reading is not None


async def _in_order(
    reads: Sequence[Callable[[], Awaitable[S]]], last: S | None = None
) -> AsyncGenerator[S, None]:
    if len(reads) == 1:  # as most accounts have it: a task would only cost
        yield await reads[0]()
    else:
        async with aclosing(_at_once(reads, lambda _: False)) as results:
            async for result in results:
                yield result
    if last is not None:
        yield last


async def _at_once(
    reads: Iterable[Callable[[], Awaitable[S]]], goes_on: Callable[[S], bool]
) -> AsyncGenerator[S, None]:
    """Yield what reads return; one is read again after each result by which it ``goes_on``."""
    row = _Row(iter(reads))
    try:
        while row.begin(_AHEAD - len(row.running)):
            place = await row.next_read()
            read, task = row.running[place]
            result = task.result()
            yield result
            if goes_on(result):
                row.running[place] = read, asyncio.ensure_future(read())
            else:
                del row.running[place]
    finally:
        tasks = [task for _, task in row.running]
        bugs = [error for task in tasks if (error := _bug(task)) is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if bugs:
            raise bugs[0]


class _Row(Struct, Generic[S], eq=False):
    """Reads that have begun, in the order of their parts, and those that wait."""

    waiting: Iterator[Callable[[], Awaitable[S]]]
    running: list[tuple[Callable[[], Awaitable[S]], asyncio.Future[S]]] = []

    def begin(self, count: int) -> bool:
        """Begin so many more of them, and return whether any has begun and was not handed out."""
        self.running += [
            (read, asyncio.ensure_future(read())) for read in islice(self.waiting, max(count, 0))
        ]
        return bool(self.running)

    async def next_read(self) -> int:
        """Return the place of the first one, once it is read, or of one that overtakes it.

        While the first is not, others begin as those before them are read.
        """
        if not self.running[0][1].done():
            await asyncio.sleep(0)  # as the end of a part, which is no reading, is known at once
        while not self.running[0][1].done():
            read = [place for place, (_, task) in enumerate(self.running) if task.done()]
            if len(read) >= _HELD:
                return read[0]
            self.begin(_AHEAD + len(read) - len(self.running))
            tasks = [task for _, task in self.running if not task.done()]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return 0


def _bug(task: asyncio.Future[Any]) -> BaseException | None:
    return task.exception() if task.done() and not task.cancelled() else None
