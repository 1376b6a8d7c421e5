"""A new file that is whole or not there."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from billfold.errors import ConfigError
from billfold.files.access import finish, is_foreign, sync_folder
from billfold.files.locks import release, take_left, take_new

_MOST_LINKS = 40  # as many as Linux follows


def writable_path(target: Path) -> Path:
    """Return the path that has to be replaced to write ``target``: of a symbolic link, its end.

    Raises ConfigError where something that is not a regular file is there (a folder, a device, a
    pipe), where a link is another user's, and where the folder does not exist.
    """
    try:
        path = _end_of_links(target)
        # ``target`` is looked at too: links' texts do not lead from /dev/stdout, the kernel does.
        occupied = any(known.exists() and not known.is_file() for known in (target, path))
        if occupied or path.is_symlink():
            raise ConfigError(f"{target} is not a file: name a file to replace or to create")
        if not path.parent.is_dir():
            raise ConfigError(f"{target}: the folder {path.parent} does not exist")
    except OSError as error:
        raise ConfigError(f"{target} cannot be written: {error.strerror}") from None
    return path


def _end_of_links(target: Path) -> Path:
    # Step by step, and not by realpath(): whose each link is counts, and a folder that is a link is
    # left to the kernel, which follows none that a stranger put into a folder like /tmp.
    path = target
    for _ in range(_MOST_LINKS):
        if not path.is_symlink():
            break
        require_own(path)
        path = path.parent / path.readlink()
    return path


def require_own(path: Path) -> None:
    """Raise ConfigError for a link of another user: it may lead to what they want replaced."""
    if path.is_symlink() and is_foreign(path):
        raise ConfigError(f"{path} is a link of another user, which is not followed: remove it")


@contextmanager
def atomic_write(target: Path) -> Iterator[BinaryIO]:
    """Open a new file that replaces ``target`` when the block ends without an error.

    After an error ``target`` is as it was, and the new file is removed. Mode and owner of what is
    replaced are kept; a new file is private. Raises ConfigError where ``target`` cannot be
    written, before the block where that can be known.
    """
    path = writable_path(target)
    temporary = path.with_name(f".{path.name[:100]}.{token_hex(4)}.part")
    holder = None
    try:
        _sweep(path)
        with open(temporary, "xb", opener=_private) as file:
            holder = take_new(temporary)
            yield file
            finish(file, path)
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise ConfigError(f"{target} cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        release(holder)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sweep(path: Path) -> None:
    """Remove what killed runs left of new files for a path: nobody holds its lock."""
    pattern = f".{glob.escape(path.name[:100])}.{'[0-9a-f]' * 8}.part"
    for left in path.parent.glob(pattern):
        holder = take_left(left) if left.is_file() else None
        if holder is not None:
            with suppress(OSError):
                left.unlink(missing_ok=True)
            release(holder)
