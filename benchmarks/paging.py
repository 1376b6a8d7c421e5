"""One account of 200 pages, 20 ms a reply, and a caller busy for 20 ms with each page."""

from __future__ import annotations

import asyncio
import statistics
import time

from benchmarks.measure import Row, arguments, printed
from billfold import Account, Billfold, Secret, Stream
from billfold_harmont import Harmont

ENTRIES, DELAY, BUSY = 100, 0.02, 0.02


async def wall(url: str, pages: int, busy: float) -> float:
    """Return the seconds that reading takes, entry by entry, with a pause after every hundredth."""
    org = f"org-{pages}-{ENTRIES}"
    account = Account("ci", Harmont(org=org), Secret("bench"), f"{url}/{round(DELAY * 1000)}")
    async with Billfold([account]) as fold:
        read, begun = 0, time.perf_counter()
        async for _ in fold.flow(Stream.LEDGER):
            read += 1
            if busy and read % ENTRIES == 0:
                await asyncio.sleep(busy)
        assert read == pages * ENTRIES
        return time.perf_counter() - begun


async def pauses(pages: int) -> float:
    """Return the seconds that the caller's own work takes."""
    begun = time.perf_counter()
    for _ in range(pages):
        await asyncio.sleep(BUSY)
    return time.perf_counter() - begun


async def main() -> None:
    """Measure one row."""
    url, quick = arguments()
    pages = 50 if quick else 200
    await wall(url, pages, 0)
    ratios = []
    for _ in range(1 if quick else 3):
        sides = await wall(url, pages, 0), await pauses(pages)
        ratios.append((await wall(url, pages, BUSY) / max(sides), sum(sides) / max(sides)))
    both, apart = (statistics.median(column) for column in zip(*ratios, strict=True))
    what = f"one account, {pages} pages, 20 ms a reply, caller busy 20 ms a page"
    measured = f"{both:.2f}x (one after the other {apart:.2f}x)"
    printed([Row(what, "wall at most 1.1x the larger side", measured, both <= 1.1, both)])


if __name__ == "__main__":
    asyncio.run(main())
