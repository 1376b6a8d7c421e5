"""Whether a store's folder takes files, and has room for them."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from tempfile import TemporaryFile

from billfold.errors import StoreError
from billfold.store.engine_errors import FULL, NOT_ALLOWED

_NO_ROOM = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
_FOR_THE_LOG = 128 * 1024  # bytes, a checkpoint included


def require_room(url: str, name: str, size: int) -> None:
    """Raise StoreError where a table's folder takes no files, or has no room for so many bytes.

    The engine finds that out, too, but prints a panic beside it that nobody can act on. That still
    happens where another process takes the room in the moment between.
    """
    folder = Path(url, name)
    if not folder.is_dir():
        return
    if not os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise StoreError(f"{url}: {name}: this user may not write here; {NOT_ALLOWED}")
    size += _FOR_THE_LOG
    free = shutil.disk_usage(folder).free
    if free < size:
        raise StoreError(
            f"{url}: {name}: no space left: {free:,} bytes are free, and up to {size:,} may be "
            f"needed; {FULL}"
        )
    refused = _refused(folder, size)
    if refused is not None:
        raise StoreError(
            f"{url}: {name}: no space left: up to {size:,} bytes may be needed, and the system "
            f"gives none ({refused}); {FULL}"
        )


def _refused(folder: Path, size: int) -> str | None:
    """Return why this user may not have so many bytes more: a quota shows only in taking them.

    They are taken without being written, in a file without a name that is gone with its process.
    """
    if not hasattr(os, "posix_fallocate"):
        return None
    try:
        with TemporaryFile(dir=folder) as room:
            os.posix_fallocate(room.fileno(), 0, size)
    except OSError as error:
        return error.strerror if error.errno in _NO_ROOM else None
    return None
