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
    Sequence,
)
from contextlib import AsyncExitStack, aclosing
from functools import partial
from typing import Any, Generic, TypeVar

from msgspec import Struct

from billfold.adapter.pagination import Pages
from billfold.adapter.reading import Reading
from billfold.adapter.side_by_side import at_once
from billfold.errors import BillfoldError, DriftError, NotFoundError
from billfold.http.remarks import about
from billfold.model import State

P = TypeVar("P")
R = TypeVar("R")
S = TypeVar("S")
T = TypeVar("T")


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

        The first of several are under way at once, a reading ahead each. While one hangs, those
        behind it are read on and more begin, so that it keeps none from being read: each part's own
        readings stay in order. Order, names, failures and bugs are as in :meth:`read`.
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
            readings = await stack.enter_async_context(aclosing(at_once(steps, _is_reading)))
            async for reading in readings:
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


def _is_reading(reading: Reading[T] | None) -> bool:
    return reading is not None


async def _in_order(
    reads: Sequence[Callable[[], Awaitable[S]]], last: S | None = None
) -> AsyncGenerator[S, None]:
    if len(reads) == 1:  # as most accounts have it: a task would only cost
        yield await reads[0]()
    else:
        async with aclosing(at_once(reads, lambda _: False)) as results:
            async for result in results:
                yield result
    if last is not None:
        yield last
