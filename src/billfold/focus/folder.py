"""An export's folder: new files are written beside the old ones and replace them at the end."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import Self

from billfold.files import atomic_write, writable_path
from billfold.focus._summary import ExportSummary
from billfold.focus.choices import Dataset, Format, Profile
from billfold.focus.columns import adapt, columns_of
from billfold.focus.csv_and_parquet import ROWS_IN_MEMORY, RowFile, create
from billfold.focus.metadata_file import metadata_text
from billfold.focus.partition import Partition
from billfold.focus.row_values import FocusRow
from billfold.period import Period

_METADATA_FILE = "focus-metadata.json"


class ExportFolder:
    """The folder while an export is written, as a context manager.

    End it with ``commit``, which replaces the old files. After an error they are as they were.
    ``rows`` counts the rows of each partition then.
    """

    def __init__(
        self, out: Path, file_format: Format, profile: Profile, *, partitioned: bool
    ) -> None:
        """Create the folder. Raises ConfigError for a file in it that cannot be replaced."""
        self.rows: dict[Partition, int] = {}
        self._out, self._format, self._profile = out, file_format, profile
        self._partitioned = partitioned
        self._files: dict[Partition, RowFile] = {}
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
        if kind is None:
            return
        for file in self._files.values():
            file.close()
        shutil.rmtree(self._new, ignore_errors=True)
        if self._is_new:
            with suppress(OSError):
                self._out.rmdir()

    def write(self, partition: Partition, row: FocusRow) -> None:
        """Write a row into the file of its partition, if the profile has its dataset."""
        if not columns_of(partition.dataset, self._profile):
            return
        place = partition if self._partitioned else Partition(partition.dataset)
        self._open(place).add(adapt(row, self._profile), partition.account)
        self._written += 1
        if self._written % ROWS_IN_MEMORY == 0:
            for file in self._files.values():
                file.flush()

    def _open(self, partition: Partition) -> RowFile:
        if partition not in self._files:
            path = self._new / partition.path(self._format)
            path.parent.mkdir(parents=True, exist_ok=True)
            columns = columns_of(partition.dataset, self._profile)
            self._files[partition] = create(path, columns, self._format)
        return self._files[partition]

    def commit(
        self, summary: ExportSummary, period: Period | None, now: datetime
    ) -> tuple[Path, ...]:
        """Replace the old files one by one, the metadata last, and return the new ones.

        A replaced partition that has no new file is removed. Rows of failed accounts are taken out.
        """
        always = Partition(Dataset.COST_AND_USAGE)  # it is there even without rows
        if not self._partitioned:
            self._open(always)
        counts = {place: file.close(summary.failed) for place, file in self._files.items()}
        self.rows = {place: count for place, count in counts.items() if count or place == always}
        new = [place.path(self._format) for place in self.rows]
        paths = [*sorted(new), Path(_METADATA_FILE)]
        replaced = {Partition(dataset) for dataset in Dataset}
        previous = None
        if self._partitioned:
            replaced, last = summary.partitions, self._out / _METADATA_FILE
            previous = last.read_text(encoding="utf-8") if last.exists() else None
        metadata = metadata_text(
            summary, self.rows, self._format, self._profile, period, now, previous
        )
        (self._new / _METADATA_FILE).write_text(metadata, encoding="utf-8")
        gone = {partition.path(self._format) for partition in replaced} - set(new)
        removed = [self._out / path for path in gone]
        for path in paths:
            (self._out / path).parent.mkdir(parents=True, exist_ok=True)
        _require_replaceable([*removed, *(self._out / path for path in paths)])
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


def _require_replaceable(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_symlink() or path.exists():
            writable_path(path)
