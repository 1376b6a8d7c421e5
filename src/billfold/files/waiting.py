"""Waiting for a folder that another process writes, apart from what knows of no loop."""

from __future__ import annotations

import asyncio
from pathlib import Path

from billfold.files.locks import LONGEST, PAUSE, held_by_another, release, take_folder


async def until_free(folder: Path, seconds: float = LONGEST) -> None:
    """Wait until nobody holds the lock of a folder, while the loop goes on with everything else.

    Raises ConfigError where another process holds it for so many seconds.
    """
    for _ in range(round(seconds / PAUSE)):
        try:
            descriptor = take_folder(folder)
        except OSError:
            return
        if descriptor is not None:
            release(descriptor)
            return
        await asyncio.sleep(PAUSE)
    raise held_by_another(folder)
