"""The one way in which a deadline ends work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from billfold.errors import DeadlineError

T = TypeVar("T")


async def within(until: float | None, work: Awaitable[T], **where: Any) -> T:
    """Await ``work``, at most until this time of the running loop; None is for ever.

    Raises DeadlineError with ``where`` for its fields. A TimeoutError of the work's own is a bug and goes on as it is.
    """
    if until is None:
        return await work
    clock = asyncio.timeout_at(until)
    try:
        async with clock:
            done = await work
    except TimeoutError:
        if not clock.expired():
            raise
    else:
        if (
            not clock.expired()
        ):  # work that swallows its cancellation must not make late look like finished
            return done
    raise DeadlineError("the deadline ended the work", **where)
