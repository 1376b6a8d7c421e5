"""Watch an event loop: what is left running, what was warned of, and how long it was blocked."""

from __future__ import annotations

import asyncio
import gc
import sys
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from time import thread_time
from typing import Any

from attrs import frozen

from billfold.testing.rules import Rule, require

_BEAT = 0.01

TIDY = Rule(
    "law 6, nothing is left behind",
    "await every coroutine, close what you open, and end every task you start, also when reading "
    "ends early",
)


def run(law: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a law in an event loop of its own.

    Raises LawBroken where a task, a warning or an exception that nobody saw is left behind.
    """
    gc.freeze()  # what was there before need not be searched for what is left behind
    try:
        with _collecting_warnings() as seen:
            asyncio.run(_run_tidily(law, work, seen))
            gc.collect()
    finally:
        gc.unfreeze()
    require(not seen, TIDY, f"the law {law!r} left behind: {'; '.join(seen)}")


async def _run_tidily(
    law: str, work: Callable[[], Coroutine[Any, Any, None]], seen: list[str]
) -> None:
    def handle(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        seen.append(str(context.get("exception") or context["message"]))

    asyncio.get_running_loop().set_exception_handler(handle)
    await work()
    await require_no_tasks(f"the law {law!r} was tried")


async def require_no_tasks(when: str) -> None:
    """Raise LawBroken where a task beside the caller's is running after ``when``."""
    await asyncio.sleep(0)
    running = asyncio.all_tasks() - {asyncio.current_task()}
    names = ", ".join(sorted(map(_standing, running)))
    require(not running, TIDY, f"after {when}, tasks are still running: {names}")


def _standing(task: asyncio.Task[Any]) -> str:
    """Return what a task runs, and where it stands."""
    name = getattr(task.get_coro(), "__qualname__", task.get_name())
    frames = task.get_stack(limit=1)
    if not frames:
        return str(name)
    code = frames[0].f_code
    return f"{name} (at {Path(code.co_filename).name}, line {frames[0].f_lineno})"


@contextmanager
def _collecting_warnings() -> Iterator[list[str]]:
    seen: list[str] = []
    before = sys.unraisablehook
    sys.unraisablehook = lambda unraisable: seen.append(str(unraisable.exc_value))
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield seen
            kinds = ResourceWarning, RuntimeWarning
            seen += [str(each.message) for each in caught if issubclass(each.category, kinds)]
    finally:
        sys.unraisablehook = before


@frozen(order=True)
class Lag:
    """How many seconds too late a loop came to something, and how many it computed meanwhile."""

    late: float
    computed: float


@asynccontextmanager
async def measured_lags() -> AsyncIterator[list[Lag]]:
    """Collect how late the running loop comes to what it has to do."""
    loop = asyncio.get_running_loop()
    lags: list[Lag] = []
    handles: list[asyncio.Handle] = []

    def beat(due: float, computed: float) -> None:
        now, until_now = loop.time(), thread_time()
        lags.append(Lag(now - due, until_now - computed))
        handles[:] = [loop.call_at(now + _BEAT, beat, now + _BEAT, until_now)]

    beat(loop.time(), thread_time())
    try:
        yield lags
        await asyncio.sleep(_BEAT)
    finally:
        handles[0].cancel()
