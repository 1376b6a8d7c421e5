"""How much work begins in one turn of the loop, before it comes round to what else is waiting."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TypeVar

from msgspec import Struct, field

from billfold.steps import Steps

T = TypeVar("T")
# An event is seen in the first, its future done in the second, and its task woken in the third.
_ROUNDS = 3
# A turn of which more than this part is left counts as the next one's, too.
_HARDLY_USED = 0.75


async def come_round() -> None:
    """Let all that is waiting have its turn, between two steps of long work.

    After one round alone, what a timer or a socket wakes would wait for two more steps.
    """
    for _ in range(_ROUNDS):
        await asyncio.sleep(0)


async def in_turns(steps: Steps[T]) -> T:
    """Return what steps come to; between two of them all that is waiting has its turn."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            value: T = end.value
            return value
        await come_round()


class Turns(Struct, eq=False):
    """So much work begins in a turn of the loop, in the order in which it came.

    A piece takes its part of the turn at once, where anything is left of it, and waits for another
    turn else.
    """

    most: int
    _left: int = 0
    _is_counted: bool = False
    _waiting: deque[tuple[asyncio.Future[None], int]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._left = self.most

    def begin(self, work: int) -> bool:
        """Return whether so much work may begin in this turn; else :meth:`wait` for one."""
        if self._left <= 0:
            return False
        self._left -= work
        # Who asks for little at a time would wake the loop once more for each.
        if not self._is_counted and self._left < self.most * _HARDLY_USED:
            self._is_counted = True
            asyncio.get_running_loop().call_soon(self._come_round)
        return True

    async def wait(self, work: int) -> None:
        """Wait for a turn in which this piece of work may begin."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((turn, work))
        await turn

    def _come_round(self) -> None:
        self._left, self._is_counted = self.most, False
        while self._left > 0 and self._waiting:
            turn, work = self._waiting.popleft()
            if not turn.done():  # nor cancelled
                turn.set_result(None)
                self._left -= work
        if self._left < self.most:
            self._is_counted = True
            asyncio.get_running_loop().call_soon(self._come_round)
