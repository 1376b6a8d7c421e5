"""A clock that jumps: an event loop that waits for sockets, but never for time."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    skipped = 0.0
    idle = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= self.idle:
            return super().select(timeout)
        ready = super().select(self.idle)
        if not ready:
            self.skipped += timeout - self.idle
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, idle: float) -> None:
        self.jumping = _Selector()
        self.jumping.idle = idle
        super().__init__(self.jumping)

    def time(self) -> float:
        return super().time() + self.jumping.skipped


def hurried(main: Callable[[], Coroutine[Any, Any, T]], *, idle: float = 0.02) -> T:
    """Run a coroutine to its end without waiting for its timers.

    Its loop's time goes on as if it had.

    The time jumps to the next timer after ``idle`` seconds of real silence on every socket; 0 is
    for work without sockets.
    """
    with asyncio.Runner(loop_factory=partial(_Loop, idle)) as runner:
        return runner.run(main())


def skipped() -> float:
    """Return the seconds that the running loop has jumped over so far.

    No real time is in it: however busy the machine is, what waits for two seconds skips no more.
    """
    loop = asyncio.get_running_loop()
    assert isinstance(loop, _Loop)
    return loop.jumping.skipped
