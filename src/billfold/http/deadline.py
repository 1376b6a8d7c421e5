"""How long work may take: a value that is passed down and only ever shrinks."""

from __future__ import annotations

import asyncio
import inspect
import math
from collections.abc import Awaitable, Mapping
from typing import Any, TypeVar

from msgspec import Struct

from billfold.errors import ConfigError, DeadlineError
from billfold.http.bounds import require_seconds

T = TypeVar("T")

# Seconds that a request ends before the call it belongs to, so that what was read meanwhile can
# still be returned; of a short call a tenth.
RESERVE = 0.05
# Passes of the loop in which work may hand out what it has when its time is over. They are counted,
# not timed: who only waits for something goes through all of them within some ten milliseconds, and
# who has a lot to hand out needs a few for each five hundred records, however long they take.
_PASSES = 3_000


class Deadline(Struct, frozen=True):
    """A moment of the running loop's clock by which work has to end; ``at`` None is no limit."""

    at: float | None = None

    def __post_init__(self) -> None:
        if self.at is not None and not math.isfinite(self.at):
            raise ConfigError("a deadline is a finite moment of the loop's clock")

    @classmethod
    def after(cls, seconds: float | Deadline | None) -> Deadline:
        """Return the deadline that many seconds from now, None meaning no limit.

        A Deadline is returned unchanged.

        Raises ConfigError unless ``seconds`` is a finite number above zero.
        """
        if isinstance(seconds, Deadline):
            return seconds
        if seconds is None:
            return NO_DEADLINE
        return cls(_now() + require_seconds(seconds, "a deadline"))

    def remaining(self) -> float:
        """Return the seconds left, infinity without a limit; never below zero."""
        return math.inf if self.at is None else max(self.at - _now(), 0.0)

    def require(self, said: str = "the deadline ended the work") -> None:
        """Raise DeadlineError, which says it so, where no time is left."""
        if self.remaining() == 0:
            raise DeadlineError(said)

    def fits(self, seconds: float) -> bool:
        """Return whether a wait of so many seconds ends before the deadline."""
        return self.at is None or _now() + seconds < self.at

    def for_requests(self) -> Deadline:
        """Return a deadline 50 ms earlier, of a short call a tenth, for the call's requests."""
        if self.at is None:
            return self
        return Deadline(self.at - min(self.remaining() / 10, RESERVE))

    def run(self, work: Awaitable[T], **where: Any) -> Awaitable[T]:
        """Return what ``work`` does, at most until the deadline; without one it is the work itself.

        Raises DeadlineError with ``where`` for its fields. A TimeoutError of the work's own is a
        bug and is raised as it is.
        """
        return work if self.at is None else self._run(self.at, work, where)

    async def _run(self, at: float, work: Awaitable[T], where: Mapping[str, Any]) -> T:
        if self.remaining() == 0:
            if inspect.iscoroutine(work):
                work.close()
            raise DeadlineError("the deadline ended the work before it began", **where)
        clock = asyncio.timeout_at(at)
        try:
            async with clock:
                result = await work
        except TimeoutError:
            if not clock.expired():
                raise
        else:
            # Neither work that swallows its cancellation nor work that held the loop, and with it
            # the clock, may make late look like finished.
            if not clock.expired() and _now() < at:
                return result
        raise DeadlineError("the deadline ended the work", **where)


class Finishing(Struct, eq=False):
    """Steps of one piece of work, which may finish what they have begun when its time is over.

    Its requests have ended by then, so what still comes waits for nobody.
    """

    deadline: Deadline
    _left: int = _PASSES

    def run(self, step: Awaitable[T]) -> Awaitable[T]:
        """Return what a step returns, late or not; without a deadline it is the step itself.

        Raises DeadlineError where it waits for something after the deadline.
        """
        return step if self.deadline.at is None else self._run(self.deadline.at, step)

    async def _run(self, at: float, step: Awaitable[T]) -> T:
        loop, clock = asyncio.get_running_loop(), asyncio.timeout_at(None)
        if loop.time() >= at:  # a step counts as a pass, as those without an end need no other
            self._left -= 1
        if self._left <= 0:
            raise DeadlineError("the deadline ended the work")

        handle: asyncio.Handle

        def count_pass() -> None:
            nonlocal handle
            self._left -= 1
            if self._left > 0:
                handle = loop.call_soon(count_pass)
            else:
                clock.reschedule(loop.time())

        handle = loop.call_at(at, count_pass)
        try:
            async with clock:
                result = await step
        except TimeoutError:
            if not clock.expired():
                raise
        else:
            if not clock.expired():  # as where its cancellation is swallowed
                return result
        finally:
            handle.cancel()
        raise DeadlineError("the deadline ended the work")


NO_DEADLINE = Deadline()
# What callers may give: seconds, a deadline that has begun already, or None for no limit.
DeadlineLike = float | Deadline | None


def _now() -> float:
    return asyncio.get_running_loop().time()
