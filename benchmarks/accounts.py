"""Many accounts at once.

The ledgers of 1,000 organizations, 5 pages of 10 entries each, every reply 50 ms late.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from collections.abc import Callable

import aiohttp
import orjson
from attrs import frozen

from benchmarks import least
from benchmarks.measure import Row, Side, arguments, cpu, lag, p99, printed, ratio
from billfold import Account, Billfold, Secret
from billfold_harmont import Harmont

PAGES, DELAY = 5, 0.05


class Sides:
    """The same reading four ways: by billfold, as bytes, as JSON, and as the least there is."""

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

    async def floor(self) -> None:
        """Read the pages with aiohttp, each into the least that can be made of it."""
        await self._bare(least.ledger)

    async def _bare(self, use: Callable[[bytes], object]) -> None:
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


@frozen
class Compared:
    """What one load took: each way's CPU over that of the bytes alone, and its lag in ms."""

    cpu: dict[str, float]
    lag: dict[str, float]
    over: float

    @property
    def cpu_text(self) -> str:
        """The CPU in words."""
        return "{ours:.2f}x the bytes alone (orjson.loads {loading:.2f}x)".format(**self.cpu)

    @property
    def lag_text(self) -> str:
        """The lag in words."""
        return "{ours:.0f} ms (bytes alone {reading:.0f} ms)".format(**self.lag)


async def compared(sides: Sides, turns: int, *, frozen_heap: bool) -> Compared:
    """Compare the ways in turns; with a frozen heap the collector never sees what was there."""
    names = ["ours", "reading", "loading", "floor"]
    spent: dict[str, list[float]] = {name: [] for name in names}
    lags: dict[str, list[float]] = {name: [] for name in names}
    await sides.reading()
    for turn in range(turns):
        for name in names[turn % 4 :] + names[: turn % 4]:
            gc.collect()
            if frozen_heap:
                gc.freeze()
            with lag() as late:
                spent[name].append((await sides.measured(name))[0])
            lags[name].append(p99(late) * 1000)
            gc.unfreeze()
    return Compared(
        {name: ratio(spent[name], spent["reading"]) for name in names},
        {name: statistics.median(lags[name]) for name in names},
        ratio(spent["ours"], spent["floor"]),
    )


async def _wall(sides: Sides, turns: int) -> Row:
    await sides.reading()
    walls = [(await sides.measured("reading"), await sides.measured("ours")) for _ in range(turns)]
    limit = sides.accounts * PAGES * DELAY / sides.at_once
    over = statistics.median(ours[1] / bare[1] for bare, ours in walls)
    bare, ours = (statistics.median(turn[side][1] for turn in walls) / limit for side in (0, 1))
    return Row(
        f"{sides.accounts:,} accounts x {PAGES} pages, 50 ms a response, 100 at once: wall",
        "at most 1.1x reading the bytes alone",
        f"{over:.2f}x; {ours:.2f}x the latency limit (bytes alone {bare:.2f}x)",
        over <= 1.1,
        over,
    )


async def main() -> None:
    """Measure six rows."""
    url, quick = arguments()
    accounts, turns = (200, 1) if quick else (1_000, 5)
    connector = aiohttp.TCPConnector(limit=250)
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        rows = [await _wall(Sides(url, session, accounts, 100, 10), turns)]
        for frozen_heap, most in ((True, 1.8), (False, 2.1)):
            sides = Sides(url, session, accounts, 250, 10)
            few = await compared(sides, turns, frozen_heap=frozen_heap)
            heap = "heap frozen" if frozen_heap else "heap as it is"
            met = few.lag["ours"] < 50 if frozen_heap else None
            rows += [
                Row(
                    f"the same, 250 at once, {heap}: CPU",
                    f"at most {most}x reading the bytes alone",
                    few.cpu_text,
                    few.cpu["ours"] <= most,
                    few.over,
                ),
                Row(
                    f"the same, 250 at once, {heap}: lag of the loop, p99",
                    "under 50 ms" if frozen_heap else "-",
                    few.lag_text,
                    met,
                ),
            ]
        many = await compared(Sides(url, session, accounts // 5, 250, 100), turns, frozen_heap=True)
    text = f"{many.cpu_text}; {many.lag_text}"
    what = f"{accounts // 5} accounts x {PAGES} pages of 100 entries instead of 10: CPU, lag"
    printed([*rows, Row(what, "-", text, over=many.over)])


if __name__ == "__main__":
    asyncio.run(main())
