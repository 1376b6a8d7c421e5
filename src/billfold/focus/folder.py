"""A folder that is written whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path

from billfold.files import atomic_write, writable_path
from billfold.focus.columns import Dataset, Profile, columns
from billfold.focus.csv_and_parquet import Format, Sink, sink
from billfold.focus.partition import Part
from billfold.focus.row_values import Row

SIDECAR = "focus-metadata.json"
_BATCH = 8192  # rows in memory at most, over all files


class Folder:
    """Files in the making, beside the finished ones. ``commit`` puts them in place; ``discard`` leaves all as it was."""

    def __init__(self, out: Path, form: Format, profile: Profile) -> None:
        self._new = not out.exists()
        if not self._new:  # what cannot be replaced is said before anybody is asked; of partitions the names are not known yet
            _replaceable(
                out / name
                for name in (SIDECAR, *(str(Part(dataset).path(form)) for dataset in Dataset))
            )
        out.mkdir(parents=True, exist_ok=True)
        self.rows: Counter[Part] = Counter()
        self._out = out
        self._form = form
        self._profile = profile
        self._making = Path(tempfile.mkdtemp(prefix=".billfold-", dir=out))
        self._sinks: dict[Part, Sink] = {}
        self._held = 0

    def open(self, part: Part) -> Sink:
        """Open a part, so that it is there even without rows."""
        if part not in self._sinks:
            path = self._making / part.path(self._form)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._sinks[part] = sink(path, columns(part.dataset, self._profile), self._form)
        return self._sinks[part]

    def write(self, part: Part, row: Row) -> None:
        """Write a row into a part."""
        self.open(part).write(row)
        self.rows[part] += 1
        self._held += 1
        if self._held == _BATCH:
            for made in self._sinks.values():
                made.flush()
            self._held = 0

    def finish(self) -> tuple[Part, ...]:
        """Complete every file, still aside; return the parts that there are."""
        for made in self._sinks.values():
            made.close()
        return tuple(sorted(self._sinks, key=lambda part: part.path(self._form)))

    def commit(self, replaced: Iterable[Part], sidecar: str) -> tuple[Path, ...]:
        """Replace what was there, each file at once, the sidecar last; a replaced part without a new file goes."""
        made = self.finish()
        (self._making / SIDECAR).write_text(sidecar, encoding="utf-8")
        paths = [*(part.path(self._form) for part in made), Path(SIDECAR)]
        gone = [self._out / part.path(self._form) for part in set(replaced) - set(made)]
        for path in paths:
            (self._out / path).parent.mkdir(parents=True, exist_ok=True)
        _replaceable((*gone, *(self._out / path for path in paths)))
        for path in gone:
            path.unlink(missing_ok=True)
        self._replace(paths)
        shutil.rmtree(self._making)
        return tuple(self._out / path for path in paths)

    def _replace(self, paths: Iterable[Path]) -> None:
        """Move files, but copy those that stand behind links, which may be on another disk, before any is replaced."""
        with ExitStack() as linked:
            moved = []
            for path in paths:
                if not (self._out / path).is_symlink():
                    moved.append(path)
                    continue
                with (self._making / path).open("rb") as source:
                    shutil.copyfileobj(source, linked.enter_context(atomic_write(self._out / path)))
            for path in moved:
                (self._making / path).replace(self._out / path)

    def discard(self) -> None:
        """Remove everything in the making."""
        for made in self._sinks.values():
            made.close()
        shutil.rmtree(self._making, ignore_errors=True)
        if self._new:
            with suppress(OSError):
                self._out.rmdir()


def _replaceable(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_symlink() or path.exists():
            writable_path(path)
