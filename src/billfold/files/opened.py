"""Files that somebody else may have put there: opened without waiting, read up to a limit."""

from __future__ import annotations

import errno
import os
import selectors
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """Give the descriptor of a file that is read. A pipe that nobody writes does not hang.

    Raises OSError and ValueError.
    """
    descriptor = os.open(
        path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def read_most(descriptor: int, most: int, seconds: float) -> bytes:
    """Return a file's first bytes, ``most`` of them at most.

    A pipe or a terminal may be waited for. Raises OSError, TimeoutError after ``seconds`` included.
    """
    if os.name != "posix" or stat.S_ISREG(os.fstat(descriptor).st_mode):
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read(most)
    content, until = b"", time.monotonic() + seconds
    with selectors.PollSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while len(content) < most:
            if not selector.select(max(until - time.monotonic(), 0)):
                raise TimeoutError(errno.ETIMEDOUT, f"nothing came for {seconds:g} seconds")
            chunk = os.read(descriptor, most - len(content))
            content += chunk
            if not chunk:
                break
    return content
