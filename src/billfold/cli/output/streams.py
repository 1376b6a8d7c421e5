"""Standard output that reports its own failures apart from bugs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any


class StdoutError(Exception):
    """Standard output cannot be written; the text is the system's reason."""


@contextmanager
def checked_writes() -> Iterator[None]:
    """Raise StdoutError for what the system refuses to write.

    A reader that has gone stays a BrokenPipeError.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StdoutError(error.strerror) from None


class CheckedStdout:
    """A stream whose failed writes raise StdoutError, for what libraries write: help, versions."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write text and return how many characters were written."""
        with checked_writes():
            return self._stream.write(text)

    def flush(self) -> None:
        """Write what is buffered."""
        with checked_writes():
            self._stream.flush()


def discard_output(stream: IO[str]) -> None:
    """Send everything that is still written to a stream nowhere.

    Python flushes once more when it exits, and then finds nothing to complain about.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
