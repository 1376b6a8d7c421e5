"""How many requests a credential may send in a minute."""

from __future__ import annotations

import asyncio
import math

from msgspec import Struct, field


class Limiter(Struct, eq=False):
    """So many requests at once, and one more each ``interval`` seconds, in the order they came.

    What is not used is saved up to ``burst``, and no further. Who gives up waiting used nothing.
    """

    burst: int
    interval: float
    # The earliest moment of the next one.
    _next: float = -math.inf
    # How long ago it may have been, and still count.
    _saved: float = 0.0
    _order: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._saved = (self.burst - 1) * self.interval

    @property
    def rate(self) -> float:
        """Requests in a second, in the long run."""
        return 1 / self.interval

    def begin(self) -> bool:
        """Return whether a request may be sent now, and count it; else :meth:`wait`."""
        return not self._order.locked() and self._left() <= 0

    async def wait(self) -> None:
        """Wait behind those who came before until a request may be sent, and count it."""
        async with self._order:
            while (seconds := self._left()) > 0:  # noqa: ASYNC110 - only time ends it
                await asyncio.sleep(seconds)

    async def acquire(self) -> None:
        """Wait until a request may be sent, and count it."""
        if not self.begin():
            await self.wait()

    def _left(self) -> float:
        """Return the seconds until a request may be sent; count it where there are none."""
        now = asyncio.get_running_loop().time()
        if now < self._next:
            return self._next - now
        saved = now - self._saved
        self._next = (saved if saved > self._next else self._next) + self.interval
        return 0


def rate_limiter(requests_per_minute: int | None) -> Limiter | None:
    """Return a limiter of so many requests in *any* minute.

    A burst of a quarter, and the rest evenly; None is no limit.
    """
    if requests_per_minute is None:
        return None
    burst = max(1, requests_per_minute // 4)
    steady = max(requests_per_minute - burst, 1)
    return Limiter(burst, 60 / steady)
