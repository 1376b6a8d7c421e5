"""The person's own folders, as the system names them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal


def own_folder(kind: Literal["cache", "config", "data"]) -> Path | None:
    """Return billfold's folder of one kind among the person's own, None where there is no home.

    Raises ImportError where only the extra ``cli`` would know it.
    """
    import platformdirs

    paths = platformdirs.PlatformDirs("billfold")
    try:
        folder: Path = getattr(paths, f"user_{kind}_path")
    except RuntimeError:  # a container's user that nobody has named has no home
        return None
    # Without a home it may be relative, and so in a folder that is anybody's.
    return folder if folder.is_absolute() else None
