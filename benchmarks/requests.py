"""One request, happily: transport, retry and limiter over a bare ``session.get`` and ``read``."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import msgspec

from benchmarks.measure import Row, arguments, in_turns, printed, ratio
from billfold import Secret
from billfold.accounts.account import HeldToken
from billfold.http.client import Client
from billfold.http.exchange import Exchange
from billfold.http.limiter import rate_limiter
from billfold.http.login import Login
from billfold.http.transport import Transport
from billfold.http.urls import parse_base_url
from billfold.wire import Problem, decode

AT_ONCE = 32
PATH = "/api/v0/billing/transactions/org-1-1"


async def at_once(request: Callable[[], Awaitable[object]], count: int) -> None:
    """Keep so many requests under way until all are done."""

    async def worker() -> None:
        for _ in range(count // AT_ONCE):
            await request()

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


async def main() -> None:
    """Measure one row."""
    url, quick = arguments()
    count = 640
    headers = {"Accept": "application/json", "Authorization": "Bearer bench"}
    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        transport = Transport.over(session, concurrency=AT_ONCE)
        base_url = parse_base_url(f"{url}/0")
        login = Login(
            HeldToken(Secret("bench")), base_url.origin(), limiter=rate_limiter(100_000_000)
        )
        client = Client(
            Exchange(
                transport,
                "bench",
                "bench",
                base_url,
                login,
                lambda body: Problem(),
                at_once=AT_ONCE,
            )
        )

        async def ours() -> None:
            await client.get(PATH, msgspec.Raw)

        async def bare() -> None:
            async with session.get(f"{url}/0{PATH}", headers=headers) as response:
                decode(await response.read(), msgspec.Raw)

        sides = {"ours": lambda: at_once(ours, count), "bare": lambda: at_once(bare, count)}
        spent = await in_turns(sides, 7 if quick else 61)
    over = ratio(spent["ours"], spent["bare"])
    what = "one request: places, retry and limiter, over session.get + read, 32 at once"
    measured = f"{100 * (over - 1):+.1f} %"
    printed([Row(what, "at most +8 %", measured, over <= 1.08, over)])


if __name__ == "__main__":
    asyncio.run(main())
