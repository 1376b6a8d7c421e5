"""An export's folder: new files are written beside the old ones and replace them at the end."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from billfold.files import atomic_write, writable_path
from billfold.focus.choices import Dataset, Format, Profile
from billfold.focus.columns import columns_of
from billfold.focus.csv_and_parquet import ROWS_IN_MEMORY, RowFile, create
from billfold.focus.partition import Partition
from billfold.focus.row_values import FocusRow

_METADATA_FILE = "focus-metadata.json"


class ExportFolder:
    """The folder while an export is written, as a context manager.

    End it with ``commit``, which replaces the old files. After an error they are as they were.
    """

    def __init__(self, out: Path, file_format: Format, profile: Profile) -> None:
        """Create the folder. Raises ConfigError for a file in it that cannot be replaced."""
        self.file_format, self.profile = file_format, profile
        self._out = out
        self._files: dict[Partition, RowFile] = {}
        self._rows: Counter[Partition] = Counter()
        self._written = 0
        self._is_new = not out.exists()
        if not self._is_new:
            # Before anybody is asked; partitions are not known by then, and checked at the end.
            datasets = [out / Partition(dataset).path(file_format) for dataset in Dataset]
            _require_replaceable([out / _METADATA_FILE, *datasets])
        out.mkdir(parents=True, exist_ok=True)
        self._new = Path(tempfile.mkdtemp(prefix=".billfold-", dir=out))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._discard()

    def open(self, partition: Partition) -> RowFile:
        """Return a partition's file, created on first use."""
        if partition not in self._files:
            path = self._new / partition.path(self.file_format)
            path.parent.mkdir(parents=True, exist_ok=True)
            columns = columns_of(partition.dataset, self.profile)
            self._files[partition] = create(path, columns, self.file_format)
        return self._files[partition]

    def write(self, partition: Partition, row: FocusRow) -> None:
        """Write a row into a partition."""
        self.open(partition).write(row)
        self._rows[partition] += 1
        self._written += 1
        if self._written % ROWS_IN_MEMORY == 0:
            for file in self._files.values():
                file.flush()

    def finish(self) -> dict[Partition, int]:
        """Complete the new files, and count their rows, in the order of their paths."""
        for file in self._files.values():
            file.close()
        partitions = sorted(self._files, key=lambda partition: partition.path(self.file_format))
        return {partition: self._rows[partition] for partition in partitions}

    def metadata(self) -> str | None:
        """Return the text of the folder's last metadata file."""
        path = self._out / _METADATA_FILE
        return path.read_text(encoding="utf-8") if path.exists() else None

    def commit(self, replaced: Iterable[Partition], metadata: str) -> tuple[Path, ...]:
        """Replace the old files one by one, the metadata last, and return the new ones.

        A replaced partition that has no new file is removed.
        """
        new = self.finish()
        (self._new / _METADATA_FILE).write_text(metadata, encoding="utf-8")
        paths = [*(partition.path(self.file_format) for partition in new), Path(_METADATA_FILE)]
        removed = [self._out / gone.path(self.file_format) for gone in set(replaced) - set(new)]
        for path in paths:
            (self._out / path).parent.mkdir(parents=True, exist_ok=True)
        _require_replaceable((*removed, *(self._out / path for path in paths)))
        for path in removed:
            path.unlink(missing_ok=True)
        self._replace(paths)
        shutil.rmtree(self._new)
        return tuple(self._out / path for path in paths)

    def _replace(self, paths: Iterable[Path]) -> None:
        with ExitStack() as copies:
            moved = []
            for path in paths:
                if (self._out / path).is_symlink():
                    # The file may be on another disk, where a copy can fail: so copies come first.
                    copy = copies.enter_context(atomic_write(self._out / path))
                    with (self._new / path).open("rb") as source:
                        shutil.copyfileobj(source, copy)
                else:
                    moved.append(path)
            for path in moved:
                (self._new / path).replace(self._out / path)

    def _discard(self) -> None:
        for file in self._files.values():
            file.close()
        shutil.rmtree(self._new, ignore_errors=True)
        if self._is_new:
            with suppress(OSError):
                self._out.rmdir()


def _require_replaceable(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_symlink() or path.exists():
            writable_path(path)
