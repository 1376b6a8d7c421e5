"""Watching a loop: what is left behind, what was warned of, and how long it stood still."""

from __future__ import annotations

import asyncio
import gc
import sys
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from attrs import define

from billfold.testing.harness import require

_BEAT = 0.01


def run(law: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run in a loop of its own; LawBroken when a task, a warning or an unseen exception is left behind."""
    gc.freeze()  # what was there before need not be searched for what is left behind
    try:
        with _warned() as seen:
            asyncio.run(_tidy(law, work, seen))
            gc.collect()
    finally:
        gc.unfreeze()
    require(not seen, law, f"left behind: {'; '.join(seen)}")


async def _tidy(law: str, work: Callable[[], Coroutine[Any, Any, None]], seen: list[str]) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(
        lambda _, context: seen.append(str(context.get("exception") or context["message"]))
    )
    await work()
    await no_tasks(law)


async def no_tasks(law: str) -> None:
    """Require that nothing but the caller's task is left."""
    await asyncio.sleep(0)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    require(
        not left, law, f"tasks left running: {', '.join(str(task.get_coro()) for task in left)}"
    )


@contextmanager
def _warned() -> Iterator[list[str]]:
    seen: list[str] = []
    before = sys.unraisablehook
    sys.unraisablehook = lambda unraisable: seen.append(str(unraisable.exc_value))
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield seen
            seen += [
                str(one.message)
                for one in caught
                if issubclass(one.category, ResourceWarning | RuntimeWarning)
            ]
    finally:
        sys.unraisablehook = before


@define
class Pulse:
    """The longest time, in seconds, that the loop did nothing else."""

    longest: float = 0.0


@asynccontextmanager
async def pulse() -> AsyncIterator[Pulse]:
    """Measure how long the running loop is blocked."""
    loop, felt = asyncio.get_running_loop(), Pulse()
    handles: list[asyncio.Handle] = []

    def beat(due: float) -> None:
        now = loop.time()
        felt.longest = max(felt.longest, now - due)
        handles[:] = [loop.call_at(now + _BEAT, beat, now + _BEAT)]

    beat(loop.time())
    try:
        yield felt
        await asyncio.sleep(_BEAT)
    finally:
        handles[0].cancel()
