"""Memory: a million charges as they arrive, and a million entries held."""

from __future__ import annotations

import asyncio
import gc
import time
import tracemalloc
from collections.abc import Callable, Sequence

from benchmarks import bodies, least
from benchmarks.measure import MIB, Row, arguments, printed, resident
from billfold import Account, Billfold, Secret
from billfold.wire import decode
from billfold_harmont import parse, wire
from billfold_latitude import Latitude

CHARGES = 500  # of each project


async def _stream(url: str, projects: int) -> tuple[float, float]:
    """Return the growth in MiB, from the first twentieth to the highest and to the end."""
    account = Account(
        "metal", Latitude(), Secret("bench"), f"{url}/0/of/{projects}x{CHARGES}", 100_000_000
    )
    seen, first, highest, total = 0, 0, 0, projects * CHARGES
    async with Billfold([account]) as fold:
        async for _ in fold.charges():
            seen += 1
            if seen % 5_000 == 0:
                now = resident()
                first = now if seen <= total / 20 else first
                highest = max(highest, now)
    assert seen == total, seen
    return (highest - first) / MIB, (resident() - first) / MIB


def _entries(body: bytes) -> Sequence[object]:
    return parse.ledger_entries("acme", decode(body, wire.Transactions).data, None)


def _pages(count: int, read: Callable[[bytes], Sequence[object]]) -> list[object]:
    """Read so many pages of 100 entries into memory."""
    held: list[object] = []
    for page in range(count):
        held += read(bodies.ledger_page.__wrapped__(page, count, 100))
    return held


def _held(pages: int, read: Callable[[bytes], Sequence[object]]) -> tuple[float, float, float]:
    """Return bytes per entry, and seconds of a full collection before and after a freeze."""
    _pages(10, read)
    gc.collect()
    tracemalloc.start()
    held = _pages(pages // 10, read)
    size = tracemalloc.get_traced_memory()[0] / len(held)
    tracemalloc.stop()
    held = _pages(pages, read)
    begun = time.perf_counter()
    gc.collect()
    before = time.perf_counter() - begun
    gc.freeze()
    begun = time.perf_counter()
    gc.collect()
    assert len(held) == pages * 100
    after = time.perf_counter() - begun
    gc.unfreeze()
    return size, before, after


async def main() -> None:
    """Measure three rows."""
    url, quick = arguments()
    projects, pages = (200, 1_000) if quick else (2_000, 10_000)
    highest, end = await _stream(url, projects)
    least_size, least_before, _ = _held(pages, least.ledger)
    size, before, after = _held(pages, _entries)
    count, entries = f"{projects * CHARGES:,}", f"{pages * 100:,}"
    collected = f"{before * 1000:.0f} ms a full pass; {after * 1000:.1f} ms after gc.freeze()"
    printed(
        [
            Row(
                f"charges() over {count} charges: growth",
                "under 4 MiB",
                f"{highest:.1f} MiB, {end:.1f} at the end",
                highest < 4,
            ),
            Row(
                f"holding {entries} entries",
                "under 480 bytes each",
                f"{size:.0f} bytes",
                size < 480,
                size / least_size,
            ),
            Row(
                f"the collector's pass over {entries} held entries",
                "known, remedy documented",
                collected,
                over=before / least_before,
            ),
        ]
    )


if __name__ == "__main__":
    asyncio.run(main())
