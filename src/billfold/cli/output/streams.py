"""Standard output that tells its own failures from a bug's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any


class Unwritable(Exception):
    """Standard output cannot be written; the text says why."""


@contextmanager
def told() -> Iterator[None]:
    """Raise Unwritable for what the system refuses; a reader that left stays a BrokenPipeError."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unwritable(error.strerror) from None


class Out:
    """Stand for a stream, so that help and versions, which others write, fail as told, too."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write as the stream does."""
        with told():
            return self._stream.write(text)

    def flush(self) -> None:
        """Flush as the stream does."""
        with told():
            self._stream.flush()


def silence(stream: IO[str]) -> None:
    """Let the rest go nowhere: Python flushes once more on its way out, and then finds nothing to complain about."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
