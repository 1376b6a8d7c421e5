"""A clock that jumps: an event loop that waits for sockets, but never for time."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")

# A clock that stood still in between would never let a rate limit's last rounding go by.
_TURN = 1e-6  # seconds that a turn of the loop takes


class _Selector(selectors.DefaultSelector):
    skipped = 0.0
    turns = 0
    idle = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.turns += 1
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        # A process that was stopped for longer than it waits has not looked since.
        ready = super().select(min(timeout, self.idle)) or super().select(0)
        if not ready:
            self.skipped += timeout
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, idle: float) -> None:
        self.jumping = _Selector()
        self.jumping.idle = idle
        super().__init__(self.jumping)

    def time(self) -> float:
        return self.jumping.skipped + self.jumping.turns * _TURN


def hurried(main: Callable[[], Coroutine[Any, Any, T]], *, idle: float = 0.02) -> T:
    """Run a coroutine to its end without waiting for its timers.

    Its loop's time is none of the machine's: a turn takes a microsecond, however long it really
    takes, and the time jumps to the next timer after ``idle`` seconds of real silence on every
    socket; 0 is for work without sockets.
    """
    with asyncio.Runner(loop_factory=partial(_Loop, idle)) as runner:
        return runner.run(main())


def skipped() -> float:
    """Return the seconds that the running loop has jumped over so far."""
    return _jumping().skipped


def hold(seconds: float) -> None:
    """Hold the running loop for so long by its clock, as work without a pause does."""
    _jumping().skipped += seconds


def _jumping() -> _Selector:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, _Loop)
    return loop.jumping
