"""Accounts begin in their order, as many at once as their provider's origin has places.

One that has begun is some 250 objects, which the collector goes through again and again; and where
a thousand begin at once, none ends before nearly all have come to their last page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any, TypeVar

from msgspec import Struct

from billfold.facade.source import Source
from billfold.http.client import Client
from billfold.http.places import Gate

T = TypeVar("T")

# Who waits for something else than a place, a limit of requests or a server that is down, keeps
# the next ones waiting no longer than so many seconds.
_PATIENCE = 1.0


async def read_all(
    sources: Iterable[Source],
    clients: Mapping[str, Client],
    read: Callable[[Source], Coroutine[Any, Any, T]],
) -> dict[Source, T]:
    """Return what is read of each account that has readings.

    Raises an ExceptionGroup with every bug, of one account, too.
    """
    readable = [source for source in sources if source.readings is not None]
    if len(readable) == 1:  # as most calls have it: a task of its own is a tenth of a small one
        try:
            return {readable[0]: await read(readable[0])}
        except Exception as bug:  # noqa: BLE001 - raised again in a group, as a TaskGroup does
            raise ExceptionGroup("unhandled errors of an account", [bug]) from None
    async with asyncio.TaskGroup() as group:
        tasks = _begin_in_order(group, readable, clients, read)
    return {source: tasks[source].result() for source in readable}


def _begin_in_order(
    group: asyncio.TaskGroup,
    sources: Iterable[Source],
    clients: Mapping[str, Client],
    read: Callable[[Source], Coroutine[Any, Any, T]],
) -> dict[Source, asyncio.Task[T]]:
    """Return the accounts' tasks in the group; those that begin later are added as they do."""
    tasks: dict[Source, asyncio.Task[T]] = {}
    waiting: dict[Gate, list[Source]] = {}

    def begin(source: Source) -> asyncio.Task[T]:
        tasks[source] = task = group.create_task(read(source))
        return task

    for source in sources:
        gate = clients[source.account.name].exchange.places
        waiting.setdefault(gate, []).append(source)
    for gate, each in waiting.items():
        if len(each) <= gate.places.most():  # as most calls have it: none need wait for another
            for source in each:
                begin(source)
            continue
        group.create_task(_begin_each(each, begin, asyncio.Semaphore(gate.places.most())))
    return tasks


async def _begin_each(
    sources: Iterable[Source],
    begin: Callable[[Source], asyncio.Task[Any]],
    room: asyncio.Semaphore,
) -> None:
    loop = asyncio.get_running_loop()
    for source in sources:
        await room.acquire()
        place = _Place(room)
        place.timer = loop.call_later(_PATIENCE, place.give_back)
        begin(source).add_done_callback(place.give_back)


class _Place(Struct, eq=False):
    """A place of the room, given back once: at its task's end, or after a second."""

    room: asyncio.Semaphore
    timer: asyncio.TimerHandle | None = None

    def give_back(self, _: object = None) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
            self.room.release()
