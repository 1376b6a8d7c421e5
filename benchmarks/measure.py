"""How sides are compared: in turns, in one process, and by the median of each turn's ratio."""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from attrs import asdict, frozen

Side = Callable[[], Awaitable[object]]


@frozen
class Row:
    """One line of the table; ``met`` is None where there is no goal, only a figure."""

    what: str
    goal: str
    measured: str
    met: bool | None = None


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


def repeated(call: Callable[[], Any], times: int) -> Side:
    """Make a side of a plain function, called many times in a turn."""

    async def side() -> None:
        for _ in range(times):
            call()

    return side
