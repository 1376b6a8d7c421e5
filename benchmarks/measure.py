"""How sides are compared: in turns, in one process, and by the median of each turn's ratio."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from attrs import asdict, frozen

MIB = 1024 * 1024
T = TypeVar("T")
Side = Callable[[], Awaitable[object]]


@frozen
class Row:
    """One line of the table; ``met`` is None where there is no goal, only a figure.

    ``over`` is how many times the least that the same work costs was spent, in the same run.
    """

    what: str
    goal: str
    measured: str
    met: bool | None = None
    over: float | None = None


def printed(rows: list[Row]) -> None:
    """Hand the rows to the runner."""
    json.dump([asdict(row) for row in rows], sys.stdout)


def arguments() -> tuple[str, bool]:
    """Return the server's base URL and whether to be quick."""
    return sys.argv[1], "--quick" in sys.argv


async def cpu(side: Side) -> float:
    """Return the seconds of CPU that this process spends on a side."""
    begun = time.process_time()
    await side()
    return time.process_time() - begun


async def in_turns(sides: Mapping[str, Side], turns: int) -> dict[str, list[float]]:
    """Measure every side once a turn, each turn beginning with another.

    The first turn does not count.

    What the imports left behind is taken out of the collector's sight, so that one side does not
    pay for another's modules.
    """
    names = list(sides)
    for name in names:
        await sides[name]()
    gc.collect()
    gc.freeze()
    spent: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(turns):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            spent[name].append(await cpu(sides[name]))
    return spent


def ratio(over: list[float], under: list[float]) -> float:
    """Return the median of the turns' ratios."""
    return statistics.median(a / b for a, b in zip(over, under, strict=True))


def spent(work: Callable[[], T]) -> tuple[float, T]:
    """Return the seconds of CPU that work takes, and what it returns."""
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def tenfold(
    small: Callable[[], object], large: Callable[[], object], turns: int
) -> tuple[float, float]:
    """Return the CPU of ten times the work, and that over the CPU of the work; medians of turns.

    The small work is done ten times, and all ten results are held, as the large one is. In each
    second turn the large work comes first: a machine that gets slower is then slower for both.
    """
    larges, ratios = [], []
    for turn in range(turns):
        sides = [lambda: [small() for _ in range(10)], large]
        times = [spent(side)[0] for side in (sides if turn % 2 == 0 else reversed(sides))]
        ten, whole = times if turn % 2 == 0 else reversed(times)
        larges.append(whole)
        ratios.append(10 * whole / ten)
    return statistics.median(larges), statistics.median(ratios)


def repeated(call: Callable[[], Any], times: int) -> Side:
    """Make a side of a plain function, called many times in a turn."""

    async def side() -> None:
        for _ in range(times):
            call()

    return side


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


def resident() -> int:
    """Return the bytes of memory that this process has now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def peak() -> float:
    """Return the most memory that this process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
