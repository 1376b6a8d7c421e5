"""What runs leave in a folder they replace: their own names there, and how far those are trusted.

A folder may have come with whatever else lies there, like a repository that was just cloned, and a
person may keep things of their own in it. So what is found there removes and replaces nothing
elsewhere, and what no run can have left is left alone.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from billfold.errors import ConfigError
from billfold.files.locks import release, take_left
from billfold.files.texts import read_text

PREFIX = ".billfold-"
SWITCHING, UNDOING, DONE = (f"{PREFIX}{name}" for name in ("switching", "undoing", "done"))
JOURNAL, NEW, OLD = "journal.json", "new", "old"
# As tempfile and the removal of what is done name them.
_SWEPT = re.compile(rf"{re.escape(PREFIX)}(?:[a-z0-9_]{{8}}|done-[0-9a-f]{{8}})")


def sweep(out: Path) -> None:
    """Remove what killed runs wrote and did not switch: nobody holds its lock."""
    for left in out.glob(f"{PREFIX}*"):
        if not _SWEPT.fullmatch(left.name) or left.is_symlink() or not left.is_dir():
            continue
        holder = take_left(left)
        if holder is not None:
            if {each.name for each in left.iterdir()} <= {JOURNAL, NEW, OLD}:
                shutil.rmtree(left, ignore_errors=True)
            release(holder)


def journal(root: Path, key: str) -> list[Path]:
    """Return paths of a switch's journal. Raises ConfigError for what is no journal."""
    file = root / JOURNAL
    if not file.exists():
        return []  # the end was reached before, and its removal interrupted
    if not file.is_file():  # a pipe would be waited for
        raise _no_switch(root)
    try:
        return [Path(path) for path in json.loads(read_text(file))[key]]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _no_switch(root) from None


def files_below(root: Path) -> list[Path]:
    """Return the files and links in a folder, by their paths from there."""
    found = (path for path in root.rglob("*") if path.is_symlink() or path.is_file())
    return sorted(path.relative_to(root) for path in found)


def require_within(out: Path, root: Path) -> None:
    """Raise ConfigError for a switch whose end would touch anything outside of its folder."""
    if any((root / name).is_symlink() for name in (JOURNAL, NEW, OLD)):
        raise _no_switch(root)
    touched = [*journal(root, "added"), *journal(root, "gone")]
    for path in (*touched, *files_below(root / NEW), *files_below(root / OLD)):
        leads_out = path.is_absolute() or ".." in path.parts or "\0" in str(path)
        if not path.parts or leads_out or _passes_link(out, path):
            raise _no_switch(root)


def _passes_link(out: Path, path: Path) -> bool:
    return any((out / each).is_symlink() for each in (path, *path.parents[:-1]))


def _no_switch(root: Path) -> ConfigError:
    return ConfigError(
        f"{root} is an export that was interrupted, and is not ended: it is damaged, or touches "
        "what is not in its folder; remove it, and export again"
    )
