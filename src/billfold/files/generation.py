"""A folder whose files are replaced all together, whatever ends the process meanwhile.

New files are written into a folder of their own beside the old ones, ``.billfold-XXXXXXXX``. When
all of them are on the disk it is renamed to ``.billfold-switching``: that one name is the switch.
Before it the old files count, after it the new ones. They are then moved to their places; what
fails there renames it to ``.billfold-undoing``, and the old files come back. Who is killed in
between leaves one of these names, and the next run finishes what it says before all else. So names
that people read stay plain files (links to a generation would break copies of the folder, and
readers that search it would find each row twice).

The seal is the file that describes the others. It is not there while they are moved: an old one
never lies beside new files, nor a new one beside old.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from billfold.errors import ConfigError
from billfold.files.access import finish, is_own, make_folders, mode_of, sync_folder
from billfold.files.atomic import atomic_write, require_own, writable_path
from billfold.files.left import (
    DONE,
    JOURNAL,
    NEW,
    OLD,
    PREFIX,
    SWITCHING,
    UNDOING,
    files_below,
    journal,
    require_within,
    sweep,
)
from billfold.files.locks import locked, release, take_new


class Generation:
    """New files for a folder, under ``path`` until they are switched or discarded."""

    def __init__(self, out: Path, seal: Path) -> None:
        """Create the folder, finish or undo what a killed run began, and remove what it left.

        Raises ConfigError for links of other users, and OSError for what cannot be written.
        """
        self._out, self._seal = out, seal
        require_own(out)
        self._made = make_folders(out)
        self._root, self._holder = Path(), None
        try:
            with self.locked():
                sweep(out)
            self._root = Path(tempfile.mkdtemp(prefix=PREFIX, dir=out))
            self._holder = take_new(self._root)
            self.path = self._root / NEW
            self.path.mkdir()
        except BaseException:
            self.discard()
            raise

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other runs from the folder, which is whole during the block."""
        with locked(self._out):
            _recover(self._out, self._seal)
            yield

    def discard(self) -> None:
        """Remove the new files, and the folder where it is new."""
        if self._root.name:
            shutil.rmtree(self._root, ignore_errors=True)
        release(self._holder)
        self._holder = None
        for folder in self._made:
            with suppress(OSError):
                folder.rmdir()

    def switch(self, paths: Collection[Path], gone: Collection[Path]) -> None:
        """Replace the folder's files by the new ones at these paths, and remove those gone.

        After an error the old files are as they were. Raises ConfigError for what cannot be
        replaced, OSError for what cannot be written. Call it in ``locked``.
        """
        require_replaceable(self._out, [*paths, *gone])
        self._complete(paths, gone)
        self._root.rename(self._out / SWITCHING)
        sync_folder(self._out)
        try:
            _move_in(self._out, self._seal)
        except BaseException:
            (self._out / SWITCHING).rename(self._out / UNDOING)
            sync_folder(self._out)
            _put_back(self._out, self._seal)
            _remove(self._out / UNDOING)
            raise
        _remove(self._out / SWITCHING)
        self._made = []
        release(self._holder)
        self._holder = None

    def _complete(self, paths: Collection[Path], gone: Collection[Path]) -> None:
        """Bring to the disk all that a switch needs, so that names alone are changed by it."""
        replaced = {path for path in (*paths, *gone) if (self._out / path).exists()}
        for path in paths:
            known = self._out / (path if path in replaced else self._seal)
            with (self.path / path).open("r+b") as file:
                finish(file, known)
        for path in replaced:
            _back_up(self._out / path, self._root / OLD / path, as_link=path in gone)
        added = [path.as_posix() for path in paths if path not in replaced]
        changes = {"added": added, "gone": [path.as_posix() for path in gone]}
        with (self._root / JOURNAL).open("wb") as written:
            written.write(json.dumps(changes).encode())
            finish(written, None)
        for folder in (self._root, *filter(Path.is_dir, self._root.rglob("*"))):
            sync_folder(folder)


def require_replaceable(out: Path, paths: Iterable[Path]) -> None:
    """Raise ConfigError for a path in a folder that cannot be replaced, or leads out of it."""
    for path in paths:
        for folder in (out, *(out / parent for parent in path.parents)):
            require_own(folder)
        if (out / path).is_symlink() or (out / path).exists():
            writable_path(out / path)


def _back_up(file: Path, copy: Path, *, as_link: bool) -> None:
    """Keep a file that is replaced, or the link itself where that is removed."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    if file.is_symlink() and as_link:
        copy.symlink_to(file.readlink())
        return
    if not file.is_symlink():
        with suppress(OSError):  # other disks, and file systems without hard links
            os.link(file, copy)
            return
    shutil.copy2(file, copy)
    with copy.open("r+b") as written:
        os.fsync(written.fileno())


def _move_in(out: Path, seal: Path) -> None:
    """Move the new files to their places, the seal last; do again what was begun."""
    root = out / SWITCHING
    new = files_below(root / NEW)
    if seal in new and not (out / seal).is_symlink():
        (out / seal).unlink(missing_ok=True)
        sync_folder(out)
    for path in journal(root, "gone"):
        (out / path).unlink(missing_ok=True)
    _put(root / NEW, out, [path for path in new if path != seal])
    _put(root / NEW, out, [path for path in new if path == seal])


def _put_back(out: Path, seal: Path) -> None:
    """Put the old files back, the seal last; do again what was begun."""
    root = out / UNDOING
    for path in journal(root, "added"):
        (out / path).resolve().unlink(missing_ok=True)  # a link that led nowhere stays one
        for folder in list(path.parents)[:-1]:
            with suppress(OSError):
                (out / folder).rmdir()  # those that are empty
    old = files_below(root / OLD)
    _put(root / OLD, out, [path for path in old if path != seal])
    _put(root / OLD, out, [path for path in old if path == seal])


def _put(source: Path, out: Path, paths: Collection[Path]) -> None:
    for path in paths:
        file, place = source / path, out / path
        make_folders(place.parent, mode_of(out))
        if _is_elsewhere(place, out) and not file.is_symlink():
            with file.open("rb") as written, atomic_write(place) as copy:
                shutil.copyfileobj(written, copy)
            file.unlink()
        else:
            file.replace(place)
    for folder in {(out / path).parent for path in paths}:
        sync_folder(folder)


def _is_elsewhere(place: Path, out: Path) -> bool:
    """Return whether a file is on another disk than its folder, where nothing can be moved to."""
    return place.is_symlink() or place.parent.stat().st_dev != out.stat().st_dev


def _recover(out: Path, seal: Path) -> None:
    """Finish or undo what a killed run began.

    Raises ConfigError where that was another user, and where it leads out of the folder.
    """
    for name, end in ((SWITCHING, _move_in), (UNDOING, _put_back)):
        root = out / name
        if root.is_symlink() or root.exists():
            if root.is_symlink() or not is_own(root):
                raise ConfigError(
                    f"{root} is of another user, whose export was interrupted: let them repeat "
                    "it, or remove that folder"
                )
            require_within(out, root)
            end(out, seal)
            _remove(root)


def _remove(root: Path) -> None:
    # Renamed first: half of it must not be taken for a switch to be finished. Where that fails the
    # next run does it.
    done = root.with_name(f"{DONE}-{token_hex(4)}")
    with suppress(OSError):
        root.rename(done)
        shutil.rmtree(done, ignore_errors=True)
