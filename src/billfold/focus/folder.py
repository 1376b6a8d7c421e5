"""An export's folder: new files are written beside the old ones and replace them all at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import Self

from billfold.errors import ConfigError
from billfold.files import Generation, require_replaceable
from billfold.focus._summary import ExportSummary
from billfold.focus.choices import Dataset, Format, Profile
from billfold.focus.columns import adapt, columns_of
from billfold.focus.csv_and_parquet import ROWS_IN_MEMORY, AsText, RowFile, create
from billfold.focus.metadata_file import metadata_text, unread_of_files
from billfold.focus.partition import Partition
from billfold.focus.row_values import FocusRow
from billfold.period import Period

_METADATA_FILE = Path("focus-metadata.json")


class ExportFolder:
    """The folder while an export is written, as a context manager.

    End it with ``commit``, which replaces the old files. After an error they are as they were.
    ``rows`` counts the rows of each partition then.
    """

    def __init__(
        self,
        out: Path,
        file_format: Format,
        profile: Profile,
        *,
        partitioned: bool,
        as_text: AsText = str,
    ) -> None:
        """Create the folder; ``as_text`` makes texts of CSV ready for who reads them.

        Raises ConfigError for a file in it that cannot be replaced.
        """
        self.rows: dict[Partition, int] = {}
        self._out, self._format, self._profile = out, file_format, profile
        self._partitioned, self._as_text = partitioned, as_text
        self._files: dict[Partition, RowFile] = {}
        # Most rows go where the row before went.
        self._partition: Partition | None = None
        self._file: RowFile | None = None
        self._written = 0
        # Before anybody is asked; partitions are not known by then, and checked at the end.
        datasets = [Partition(dataset).path(file_format) for dataset in Dataset]
        require_replaceable(out, [_METADATA_FILE, *datasets])
        _require_same_layout(out, partitioned=partitioned)
        self._new = Generation(out, seal=_METADATA_FILE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            for file in self._files.values():
                file.discard()
            self._new.discard()

    def write(self, partition: Partition, row: FocusRow) -> None:
        """Write a row into the file of its partition, if the profile has its dataset."""
        if partition is not self._partition:
            self._partition, self._file = partition, self._file_of(partition)
        if self._file is None:
            return
        self._file.add(adapt(row, self._profile), partition.account)
        self._written += 1
        if self._written % ROWS_IN_MEMORY == 0:
            for file in self._files.values():
                file.flush()

    def _file_of(self, partition: Partition) -> RowFile | None:
        if not columns_of(partition.dataset, self._profile):
            return None
        return self._open(partition if self._partitioned else Partition(partition.dataset))

    def _open(self, partition: Partition) -> RowFile:
        if partition not in self._files:
            path = self._new.path / partition.path(self._format)
            path.parent.mkdir(parents=True, exist_ok=True)
            columns = columns_of(partition.dataset, self._profile)
            self._files[partition] = create(path, columns, self._format, self._as_text)
        return self._files[partition]

    def commit(
        self, summary: ExportSummary, period: Period | None, now: datetime
    ) -> tuple[Path, ...]:
        """Replace the old files, all or none of them, and return the new ones.

        A replaced partition that has no new file is removed. Rows of failed accounts are taken out,
        and a file that has more of its account than was read now stays.
        """
        always = Partition(Dataset.COST_AND_USAGE)  # it is there even without rows
        if not self._partitioned:
            self._open(always)
        counts = {place: file.close(summary.failed) for place, file in self._files.items()}
        undivided = {Partition(dataset) for dataset in Dataset}
        with self._new.locked():  # two exports into one folder switch one after the other
            previous = self._previous()
            for place in self._with_more(summary, previous):
                summary.keep(place)
                counts[place] = 0
            self.rows = {
                place: count for place, count in counts.items() if count or place == always
            }
            new = {place.path(self._format) for place in self.rows}
            for place in self._files.keys() - self.rows.keys():
                (self._new.path / place.path(self._format)).unlink()
            paths = [*sorted(new), _METADATA_FILE]
            metadata = metadata_text(
                summary, self.rows, self._format, self._profile, period, now, previous
            )
            (self._new.path / _METADATA_FILE).write_text(metadata, encoding="utf-8")
            # In the other format they would state the same rows again.
            replaced = summary.partitions if self._partitioned else undivided
            old = {place.path(each) for place in replaced for each in Format}
            self._new.switch(paths, old - new)
        return tuple(self._out / path for path in paths)

    def _with_more(self, summary: ExportSummary, previous: str | None) -> list[Partition]:
        """Return the partitions that have more in the folder than was read now."""
        if not self._partitioned:
            return []
        known = unread_of_files(previous)
        return [
            place
            for place in summary.partitions
            if (unread := summary.unread(place))
            for path in (place.path(each) for each in Format)
            if (self._out / path).exists() and not _lacks_as_much(known.get(path, ()), unread)
        ]

    def _previous(self) -> str | None:
        last = self._out / _METADATA_FILE
        if not self._partitioned or not last.exists():
            return None
        return last.read_text("utf-8", errors="replace")


def _lacks_as_much(before: Collection[str], now: Iterable[str]) -> bool:
    """Return whether what is unread now, a stream or a part of one, was unread before."""
    return all(each in before or each.partition(" of ")[0] in before for each in now)


def _require_same_layout(out: Path, *, partitioned: bool) -> None:
    """Raise ConfigError where readers would find the same rows in partitions and beside them."""
    undivided = (Partition(dataset).path(each) for dataset in Dataset for each in Format)
    others = undivided if partitioned else map(Path, Dataset)
    for path in (out / each for each in others):
        if path.exists():
            made = "without" if partitioned else "with"
            raise ConfigError(
                f"{path} is of an export {made} --partition, and would state the same rows again: "
                "remove it, or name another folder"
            )
