"""System calls on a folder that fail or kill the process, one after the other."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import define

CREATING = {"os.mkdir", "os.link", "os.symlink"}
CHANGING = CREATING | {"os.rename", "os.remove", "os.rmdir", "os.chmod", "os.chown"}


@define
class Faults:
    """The calls that change a folder: how many there were, and which of them fail.

    ``last`` None: all from ``first`` on. ``kill`` ends the process instead, as ``kill -9`` does.
    """

    folder: str = ""
    first: int = sys.maxsize
    last: int | None = None
    creating_only: bool = False
    kill: bool = False
    count: int = 0
    happened: bool = False

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.folder or not self._changes(event, arguments):
            return
        self.count += 1
        if self.count < self.first or (self.last is not None and self.count > self.last):
            return
        if self.kill:
            os.kill(os.getpid(), signal.SIGKILL)
        self.happened = True
        raise OSError(28, "No space left on device")

    def _changes(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event == "open":
            path, _, flags = arguments
            if not flags & (os.O_WRONLY | os.O_RDWR):
                return False
        elif event in (CREATING if self.creating_only else CHANGING):
            path = arguments[0]
        else:
            return False
        return isinstance(path, int) or str(path).startswith(self.folder)


_now = Faults()
sys.addaudithook(lambda event, arguments: _now.hear(event, arguments))


@contextmanager
def faults(folder: Path, **options: Any) -> Iterator[Faults]:
    """Let calls on a folder fail during the block. No hook of Python's can be removed again."""
    global _now
    _now = Faults(str(folder), **options)
    try:
        yield _now
    finally:
        _now.folder = ""
