"""A clock that jumps: an event loop that waits for sockets, but never for time."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_IDLE = 0.02  # seconds of real silence on every socket after which the time jumps to the next timer


class _Selector(selectors.DefaultSelector):
    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= _IDLE:
            return super().select(timeout)
        ready = super().select(_IDLE)
        if not ready:
            self.skipped += timeout - _IDLE
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = _Selector()
        super().__init__(self._clock)

    def time(self) -> float:
        return super().time() + self._clock.skipped


def hurried(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine to its end without waiting for its timers; its loop's time goes on as if it had."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(main())
