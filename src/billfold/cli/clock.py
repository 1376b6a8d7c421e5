"""What time it is for the running command: the machine says, unless it was given a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

Clock = Callable[[], datetime]

_CLOCK: ContextVar[Clock | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """Return the time for the running command, aware and in UTC."""
    from billfold.http.transport import utc_now

    return (_CLOCK.get() or utc_now)()


@contextmanager
def going_by(clock: Clock | None) -> Iterator[None]:
    """Let commands go by a clock; None is the machine's."""
    token = _CLOCK.set(clock)
    try:
        yield
    finally:
        _CLOCK.reset(token)
