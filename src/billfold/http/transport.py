"""The session all accounts share, and how many requests may be under way on it at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiolimiter import AsyncLimiter
from attrs import field, frozen

from billfold.http.retry import RetryPolicy

MAX_BODY = 64 * 1024 * 1024
# How many requests are sent, and how many replies decoded, before the loop comes round to other
# work. However many replies arrive together, they do not hold the loop for the sum of their
# decoding.
_WORK_PER_TURN = 8
# Without sock_read, whose timer, set anew for each piece that arrives, costs a tenth of a request;
# the total bounds stalls, too.
TIMEOUT = aiohttp.ClientTimeout(total=60, sock_connect=10)


def utc_now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


def rate_limiter(requests_per_minute: int | None) -> AsyncLimiter | None:
    """Return a limiter of so many requests in *any* minute.

    A burst of a quarter, and the rest evenly; None is no limit.
    """
    if requests_per_minute is None:
        return None
    burst = max(1, requests_per_minute // 4)
    steady = max(requests_per_minute - burst, 1)
    return AsyncLimiter(burst, burst * 60 / steady)


@frozen(eq=False)
class Transport:
    """A session, owned or borrowed, and the bounds of all requests on it."""

    session: aiohttp.ClientSession
    owned: bool
    gate: asyncio.Semaphore
    policy: RetryPolicy = field(factory=RetryPolicy)
    clock: Callable[[], datetime] = utc_now
    max_body: int = MAX_BODY
    _turns: asyncio.Semaphore = field(init=False, factory=lambda: asyncio.Semaphore(_WORK_PER_TURN))

    @classmethod
    def over(
        cls, session: aiohttp.ClientSession | None, *, concurrency: int, **options: Any
    ) -> Self:
        """Return a transport over the caller's session, or over one of its own without cookies.

        The caller's is never closed here.
        """
        if session is not None:
            return cls(session, False, asyncio.Semaphore(concurrency), **options)
        connector = aiohttp.TCPConnector(limit=concurrency)
        own = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=TIMEOUT
        )
        return cls(own, True, asyncio.Semaphore(concurrency), **options)

    async def turn(self) -> None:
        """Wait until fewer than eight pieces of work have begun in this turn of the loop."""
        await self._turns.acquire()
        asyncio.get_running_loop().call_soon(self._turns.release)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.owned:
            await self.session.close()
