"""Work that may hang, in a thread that hinders nobody."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

T = TypeVar("T")

# How long a command, a file on a network, or a keyring may take to give a token.
TOKEN_SECONDS = 60


async def in_thread(work: Callable[[], T], seconds: float = TOKEN_SECONDS) -> T:
    """Return what ``work`` returns, called in a thread of its own.

    Raises TimeoutError after ``seconds``. Work that hangs is left alone: it takes no place of the
    loop's own threads, which look up names, and keeps no program from ending.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()
    threading.Thread(target=_work, args=(work, loop, future), daemon=True).start()
    async with asyncio.timeout(seconds):
        return await future


def _work(
    work: Callable[[], T], loop: asyncio.AbstractEventLoop, future: asyncio.Future[T]
) -> None:
    try:
        tell = partial(_tell, future, future.set_result, work())
    except BaseException as error:  # noqa: BLE001 - it is raised where it is awaited
        tell = partial(_tell, future, future.set_exception, error)
    with suppress(RuntimeError):  # the loop has closed
        loop.call_soon_threadsafe(tell)


def _tell(future: asyncio.Future[T], tell: Callable[..., None], outcome: object) -> None:
    if not future.done():
        tell(outcome)
