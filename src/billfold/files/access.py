"""Who may read and write a new file or folder, and that it is on the disk."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE
from typing import BinaryIO

_PERMISSIONS = 0o777  # who may read, write and run; no set-user-id


def finish(file: BinaryIO, replaced: Path | None) -> None:
    """Write a new file to the disk, with the mode and owner of the one that it replaces.

    One that replaces none is its owner's alone.
    """
    file.flush()
    if sys.platform != "win32":
        known = replaced.stat() if replaced is not None and replaced.exists() else None
        mode = 0o600 if known is None else known.st_mode & _PERMISSIONS
        if known is not None and not _give(file.fileno(), known):
            mode = mode & ~0o070 | (mode & 0o007) << 3  # its group is another: as everybody else
        os.fchmod(file.fileno(), mode)
    os.fsync(file.fileno())


def _give(file: int, known: os.stat_result) -> bool:
    """Give a file the owner and group of another; return whether at least the group is as there."""
    if sys.platform == "win32":
        return True
    for owner in (known.st_uid, -1):  # only root can give a file away
        with suppress(PermissionError):
            os.fchown(file, owner, known.st_gid)
            return True
    return os.fstat(file).st_gid == known.st_gid


def sync_folder(folder: Path) -> None:
    """Write a folder's names to the disk, where its file system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def make_folders(folder: Path, mode: int = 0o700) -> list[Path]:
    """Create a folder and those above it that do not exist, and return the new ones."""
    new = []
    while not folder.exists():
        new.append(folder)
        folder = folder.parent
    for path in reversed(new):
        path.mkdir(exist_ok=True)
        path.chmod(mode)
    return new


def mode_of(folder: Path) -> int:
    """Return who may read and write a folder."""
    return S_IMODE(folder.stat().st_mode) & _PERMISSIONS


def is_foreign(path: Path) -> bool:
    """Return whether a link, file or folder is another user's, root's not counted."""
    return sys.platform != "win32" and path.lstat().st_uid not in (os.geteuid(), 0)


def is_own(path: Path) -> bool:
    """Return whether a file or folder is this user's own."""
    return sys.platform == "win32" or path.lstat().st_uid == os.geteuid()
