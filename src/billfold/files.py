"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from billfold.errors import ConfigError


def place(target: Path) -> Path:
    """Return the file that is written under this name: behind a symbolic link the file, not the link.

    Raises ConfigError for what is there and is no regular file, as folders, devices and pipes are, and for a missing folder.
    """
    found = Path(os.path.realpath(target))
    try:
        # Asked of the target, too: behind /dev/stdout is a name that only the kernel can follow.
        if found.is_symlink() or any(one.exists() and not one.is_file() for one in (target, found)):
            raise ConfigError(f"{target} is not a file; name one, or what is not there yet")
        folder = found.parent if target.is_symlink() else target.parent
        if not folder.is_dir():
            raise ConfigError(f"{target}: the folder {folder} is not there")
    except OSError as error:
        raise ConfigError(f"{target} cannot be written: {error.strerror}") from None
    return found


@contextmanager
def whole(target: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the target's place when the block ends well, and is gone otherwise.

    Raises ConfigError where that cannot be done, before the block if it can be known by then.
    """
    found = place(target)
    beside = found.with_name(f".{found.name[:100]}.{token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(found)
    except OSError as error:
        raise ConfigError(f"{target} cannot be written: {error.strerror}") from None
    finally:
        beside.unlink(missing_ok=True)
