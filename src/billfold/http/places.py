"""Places of requests under way, shared by origin first."""

from __future__ import annotations

import asyncio
from collections import deque

from msgspec import Struct, field
from yarl import URL


class Places(Struct, eq=False):
    """So many places in all, of which every origin finds half of an equal share free.

    What others leave beyond that is whose it is first: a provider that hangs takes no other's
    places, and one that is asked alone has nearly all. Where there are more origins than places,
    nothing is kept free.
    """

    total: int
    _origins: dict[URL, Gate] = {}
    # The gates that somebody waits at.
    crowded: deque[Gate] = field(default_factory=deque)
    free: int = 0
    # What is kept free for an origin that uses none, and for all of them at this moment.
    share: int = 0
    owed: int = 0

    def __post_init__(self) -> None:
        self.free = self.total

    def at(self, origin: URL) -> Gate:
        """Return an origin's way to the places; all are asked for before the first is used."""
        if origin not in self._origins:
            self._origins[origin] = Gate(self)
            count = len(self._origins)
            if count > 1:
                self.share = self.total // (2 * count) or int(count <= self.total)
            self.owed = self.share * count
        return self._origins[origin]

    def most(self) -> int:
        """Return the places that one origin can have at most."""
        return self.total - self.share * (len(self._origins) - 1)

    def admit(self) -> None:
        """Let in who waits for a place that is free now, one origin after another."""
        for _ in range(len(self.crowded)):
            gate = self.crowded.popleft()
            gate.admit()
            if gate.waiting:
                self.crowded.append(gate)


class Gate(Struct, eq=False):
    """One origin's way to the places; first come, first served."""

    places: Places
    used: int = 0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)

    async def acquire(self) -> None:
        """Wait for a place, and take it."""
        if self.waiting or not self.enter():
            await self.wait()

    def enter(self) -> bool:
        """Take a place, if there is one. Returns whether there was."""
        places = self.places
        if self.used < places.share:
            if places.free < 1:
                return False
            places.owed -= 1
        elif places.free <= places.owed:
            return False
        self.used += 1
        places.free -= 1
        return True

    async def wait(self) -> None:
        """Wait behind those who came before."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append(turn)
        if self not in self.places.crowded:
            self.places.crowded.append(self)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.release()
            raise

    def release(self) -> None:
        """Give a place back."""
        places = self.places
        self.used -= 1
        places.free += 1
        if self.used < places.share:
            places.owed += 1
        if places.crowded:
            places.admit()

    def admit(self) -> None:
        """Let in who waits here first, if there is a place."""
        while self.waiting and (self.waiting[0].done() or self.enter()):
            turn = self.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

    async def __aenter__(self) -> None:
        await self.acquire()

    async def __aexit__(self, *_: object) -> None:
        self.release()
