"""How many requests a credential may send in a minute."""

from __future__ import annotations

import asyncio

from msgspec import Struct, field


class Limiter(Struct, eq=False):
    """So many requests at once, and one more after each ``interval`` seconds, first come first sent.

    What is not used is saved up to ``burst``, and no further. Who gives up waiting used nothing.
    """

    burst: int
    interval: float
    # When the next one would be due, if they came evenly.
    _due: float = 0.0
    _order: asyncio.Lock = field(default_factory=asyncio.Lock)

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
            while (seconds := self._left()) > 0:
                await asyncio.sleep(seconds)

    async def acquire(self) -> None:
        """Wait until a request may be sent, and count it."""
        if not self.begin():
            await self.wait()

    def _left(self) -> float:
        """Return the seconds until a request may be sent; count it where there are none."""
        now = asyncio.get_running_loop().time()
        due = self._due if self._due > now else now
        left = due - (self.burst - 1) * self.interval - now
        if left <= 0:
            self._due = due + self.interval
        return left


def rate_limiter(requests_per_minute: int | None) -> Limiter | None:
    """Return a limiter of so many requests in *any* minute.

    A burst of a quarter, and the rest evenly; None is no limit.
    """
    if requests_per_minute is None:
        return None
    burst = max(1, requests_per_minute // 4)
    steady = max(requests_per_minute - burst, 1)
    return Limiter(burst, 60 / steady)
