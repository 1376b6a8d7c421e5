"""Locks that end with their process, however that ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from billfold.errors import ConfigError
from billfold.files.access import is_own

if sys.platform != "win32":
    import fcntl

# Seconds. A folder is locked while files are brought to the disk and renamed, not while accounts
# are asked.
LONGEST, PAUSE = 60, 0.02


def take(path: Path) -> int | None:
    """Lock a file or folder and return the descriptor that holds the lock until it is closed.

    None means that somebody else holds it. Raises OSError where it cannot be locked: its file
    system has no locks, or it is not there.
    """
    if sys.platform == "win32":
        raise OSError("folders cannot be locked")
    # Without O_NONBLOCK a pipe that somebody put there would wait for its writer.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if isinstance(error, BlockingIOError):
            return None
        raise
    return descriptor


def release(descriptor: int | None) -> None:
    """End a lock."""
    if descriptor is not None:
        os.close(descriptor)


def take_left(path: Path) -> int | None:
    """Lock what a killed run of this user left; None where it is none, or its run goes on."""
    try:
        return take(path) if is_own(path) else None
    except OSError:
        return None


def take_new(path: Path) -> int | None:
    """Lock what was just created; None where there are no locks.

    Raises FileNotFoundError where a sweeper was faster and has removed it.
    """
    while True:
        try:
            descriptor = take(path)
        except FileNotFoundError:
            raise
        except OSError:
            return None
        if descriptor is None:
            time.sleep(PAUSE)
        elif path.exists():
            return descriptor
        else:
            release(descriptor)


@contextmanager
def locked(folder: Path, seconds: float = LONGEST) -> Iterator[None]:
    """Hold the lock of a folder during the block; without locks on its file system, none.

    Raises ConfigError where another process holds it for so many seconds.
    """
    descriptor = None
    for _ in range(round(seconds / PAUSE)):
        try:
            descriptor = take_folder(folder)
        except OSError:
            break
        if descriptor is not None:
            break
        time.sleep(PAUSE)
    else:
        raise held_by_another(folder)
    try:
        yield
    finally:
        release(descriptor)


def take_folder(folder: Path) -> int | None:
    """Lock a folder as ``take`` does; one that is a link is followed."""
    return take(folder.resolve())


def held_by_another(folder: Path) -> ConfigError:
    """Return the error of a folder whose lock another process keeps."""
    return ConfigError(f"{folder} is being written by another export: run this one after it")
