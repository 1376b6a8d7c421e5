"""Many accounts at once.

The ledgers of 1,000 organizations, 5 pages of 10 entries each, every reply 50 ms late.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import orjson

from benchmarks.measure import Row, Side, arguments, cpu, printed, ratio
from billfold import Account, Billfold, Secret
from billfold_harmont import Harmont

PAGES, DELAY = 5, 0.05


@contextmanager
def lag(every: float = 0.005) -> Iterator[list[float]]:
    """Collect how late the loop wakes a task that wants to be woken every 5 ms, in seconds."""
    late: list[float] = []

    async def watch() -> None:
        while True:
            due = time.perf_counter() + every
            await asyncio.sleep(every)
            late.append(time.perf_counter() - due)

    task = asyncio.get_running_loop().create_task(watch())
    try:
        yield late
    finally:
        task.cancel()


def p99(late: list[float]) -> float:
    """Return the 99th percentile."""
    return statistics.quantiles(late, n=100)[98]


class Sides:
    """The same reading three ways: through billfold, as bytes, and as JSON."""

    def __init__(
        self, url: str, session: aiohttp.ClientSession, accounts: int, at_once: int, entries: int
    ) -> None:
        self.session = session
        self.base = f"{url}/{round(DELAY * 1000)}"
        self.accounts = accounts
        self.at_once = at_once
        self.size = f"{PAGES}-{entries}"
        self.entries = accounts * PAGES * entries

    async def ours(self) -> None:
        """Ask through the facade, into entries."""
        orgs = [f"org{n}-{self.size}" for n in range(self.accounts)]
        every = [Account(org, Harmont(org=org), Secret("bench"), self.base) for org in orgs]
        async with Billfold(every, session=self.session, concurrency=self.at_once) as fold:
            answer = await fold.ledger(strict=True)
        assert len(answer.items) == self.entries

    async def reading(self) -> None:
        """Read the bytes of the same pages with aiohttp and do nothing with them."""
        await self._bare(lambda body: None)

    async def loading(self) -> None:
        """Read the pages with aiohttp and ``orjson.loads``."""
        await self._bare(orjson.loads)

    async def _bare(self, use: object) -> None:
        assert callable(use)
        gate = asyncio.Semaphore(self.at_once)

        async def account(number: int) -> None:
            url = f"{self.base}/api/v0/billing/transactions/org{number}-{self.size}"
            headers = {"Authorization": "Bearer bench", "Accept": "application/json"}
            for page in range(PAGES):
                params = {"limit": "100", "cursor": str(page)}
                async with gate, self.session.get(url, params=params, headers=headers) as response:
                    use(await response.read())

        await asyncio.gather(*(account(number) for number in range(self.accounts)))

    async def measured(self, name: str) -> tuple[float, float]:
        """Return CPU and wall seconds of one side."""
        side: Side = getattr(self, name)
        begun = time.perf_counter()
        spent = await cpu(side)
        return spent, time.perf_counter() - begun


async def compared(sides: Sides, turns: int) -> tuple[dict[str, float], dict[str, float]]:
    """Return each way's CPU over reading the bytes alone, and its lag in ms; the turns' medians."""
    names = ["ours", "reading", "loading"]
    spent: dict[str, list[float]] = {name: [] for name in names}
    lags: dict[str, list[float]] = {name: [] for name in names}
    await sides.reading()
    for turn in range(turns):
        for name in names[turn % 3 :] + names[: turn % 3]:
            with lag() as late:
                spent[name].append((await sides.measured(name))[0])
            lags[name].append(p99(late) * 1000)
    return {n: ratio(spent[n], spent["reading"]) for n in names}, {
        n: statistics.median(lags[n]) for n in names
    }


async def main() -> None:
    """Measure four rows."""
    url, quick = arguments()
    accounts, turns = (200, 1) if quick else (1_000, 5)
    connector = aiohttp.TCPConnector(limit=250)
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        hundred = Sides(url, session, accounts, 100, 10)
        await hundred.reading()
        walls = [
            (await hundred.measured("reading"), await hundred.measured("ours"))
            for _ in range(turns)
        ]
        few, few_late = await compared(Sides(url, session, accounts, 250, 10), turns)
        many, many_late = await compared(Sides(url, session, accounts // 5, 250, 100), turns)
    limit = accounts * PAGES * DELAY / 100
    bare, ours = (statistics.median(turn[side][1] for turn in walls) / limit for side in (0, 1))
    what = f"{accounts:,} accounts x {PAGES} pages, 50 ms a response"
    over = "{ours:.2f}x (with orjson.loads alone {loading:.2f}x)"
    late = "{ours:.0f} ms (bytes alone {reading:.0f} ms)"
    wall = f"{ours:.2f}x (bytes alone {bare:.2f}x)"
    full = f"{over.format(**many)}, {late.format(**many_late)}"
    printed(
        [
            Row(f"{what}, 100 at once", "wall at most 1.07x the latency limit", wall, ours <= 1.07),
            Row(
                "the same, 250 at once: CPU",
                "at most 2x reading the bytes alone",
                over.format(**few),
                few["ours"] <= 2,
            ),
            Row(
                "the same, 250 at once: lag of the loop, p99",
                "under 50 ms",
                late.format(**few_late),
                few_late["ours"] < 50,
            ),
            Row(
                f"{accounts // 5} accounts x {PAGES} pages of 100 entries instead of 10: CPU, lag",
                "-",
                full,
            ),
        ]
    )


if __name__ == "__main__":
    asyncio.run(main())
