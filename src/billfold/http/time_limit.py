"""How long requests may take: one timer for all that are under way.

One for each, as aiohttp has it and nearly every request throws away, costs a sixteenth of it.
"""

from __future__ import annotations

import asyncio
from typing import Any

from msgspec import Struct


class TimeLimit(Struct, eq=False):
    """Cancels the tasks of requests that take longer than so many seconds.

    As ``asyncio.timeout`` does, but what begins first ends first, so that a timer for the first is
    enough. A task has one request under way at once.
    """

    seconds: float
    # Of each task with a request under way: when that ends, and how often it was cancelled before.
    _under_way: dict[asyncio.Task[Any], tuple[float, int]] = {}
    # How often a task was cancelled by others, before its time was over.
    _late: dict[asyncio.Task[Any], int] = {}
    _timer: asyncio.TimerHandle | None = None
    _stopped: bool = False

    def begin(self) -> asyncio.Task[Any]:
        """Begin a request of the running task, which is returned; :meth:`end` has to follow."""
        loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        assert task is not None
        ends = loop.time() + self.seconds
        self._under_way[task] = ends, task.cancelling()
        if self._timer is None:
            self._timer = loop.call_at(ends, self._ring)
        return task

    def end(self, task: asyncio.Task[Any]) -> None:
        """End a task's request, whether its time is over or not."""
        if self._under_way.pop(task, None) is None:
            self.ended(task)
        if self._stopped and not self._under_way:
            self._cancel_timer()

    def ended(self, task: asyncio.Task[Any]) -> bool:
        """Return whether a task is cancelled because its time is over, and only for that.

        It counts as cancelled no longer then.
        """
        before = self._late.pop(task, None)
        return before is not None and task.uncancel() <= before

    def stop(self) -> None:
        """Leave no timer behind, once what is under way has ended: by its own time, if need be."""
        self._stopped = True
        if not self._under_way:
            self._cancel_timer()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        loop, self._timer = asyncio.get_running_loop(), None
        while self._under_way:
            task, (ends, before) = next(iter(self._under_way.items()))
            if ends > loop.time():
                self._timer = loop.call_at(ends, self._ring)
                return
            del self._under_way[task]
            self._late[task] = before
            task.cancel()
