"""Reads on and on: every so often, and shortly before each open window ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from billfold.cli.output.terminal import print_stderr
from billfold.cli.run import run_to_end, stop_by_signals
from billfold.period import Period, utc_text
from billfold.store.watch import missed, next_reading, open_windows

# A laptop that slept through the moment wakes up late: so it waits in short steps.
_STEP = 30.0

# Reads what is to be read, and returns the windows that were read.
Read = Callable[[], Awaitable[Iterable[Period]]]
Clock = Callable[[], datetime]


def watch_on(read: Read, every: timedelta, clock: Clock) -> int:
    """Read until SIGTERM or Ctrl-C, which are its ordinary ends; return the exit code, 0."""
    with suppress(KeyboardInterrupt):  # on Windows there are no handlers of signals
        run_to_end(_until_stopped(watching(read, every, clock)))
    return 0


async def _until_stopped(work: Awaitable[None]) -> None:
    task = asyncio.ensure_future(work)
    stop_by_signals(task.cancel)
    with suppress(asyncio.CancelledError):
        await task


async def watching(
    read: Read,
    every: timedelta,
    clock: Clock,
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Read, say when it is read next, wait, and so on, until it is cancelled.

    What ended since the last reading is named where nobody read its end.
    """
    windows: tuple[Period, ...] = ()
    last = clock()
    while True:
        began = clock()
        for window in missed(windows, last, began):
            print_stderr(
                f"{window} ended while nobody read: its last reading is of {utc_text(last)}"
            )
        windows = open_windows(await read(), began)
        last = began
        wake = next_reading(clock(), every, windows)
        print_stderr(f"next reading at {utc_text(wake.replace(microsecond=0))}")
        while (left := (wake - clock()).total_seconds()) > 0:
            await wait(min(left, _STEP))
