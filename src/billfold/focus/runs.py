"""Whose rows a file holds, so that those of an account that cannot be written are taken out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Any

from attrs import define, field

_CHUNK = 1 << 20


@define
class Run:
    """Rows of one account in a row: how many, and what they take (bytes of CSV)."""

    account: str | None
    rows: int = 0
    size: int = 0


@define
class Runs:
    """The runs of a file, in the order of its rows."""

    _runs: list[Run] = field(factory=list)

    def add(self, account: str | None, size: int = 0) -> None:
        """Count a row."""
        if not self._runs or self._runs[-1].account != account:
            self._runs.append(Run(account))
        self._runs[-1].rows += 1
        self._runs[-1].size += size

    def count(self, without: Collection[str] = ()) -> int:
        """Return how many rows there are without those of some accounts."""
        return sum(run.rows for run in self._runs if run.account not in without)

    def are_touched_by(self, accounts: Collection[str]) -> bool:
        """Return whether any row is of one of the accounts."""
        return any(run.account in accounts for run in self._runs)

    def withdraw_csv(self, path: Path, without: Collection[str]) -> None:
        """Rewrite a CSV file without the rows of some accounts."""
        copy = path.with_name(f"{path.name}.part")
        header = path.stat().st_size - sum(run.size for run in self._runs)
        with path.open("rb") as source, copy.open("wb") as target:
            _copy(source, target, header)
            for run in self._runs:
                if run.account in without:
                    source.seek(run.size, 1)
                else:
                    _copy(source, target, run.size)
        copy.replace(path)

    def withdraw_parquet(self, path: Path, without: Collection[str]) -> None:
        """Rewrite a Parquet file without the rows of some accounts, batch by batch."""
        import pyarrow.parquet as pq

        copy, wanted = path.with_name(f"{path.name}.part"), self._wanted(without)
        source = pq.ParquetFile(path)
        with pq.ParquetWriter(copy, source.schema_arrow, compression="zstd") as target:
            for batch in source.iter_batches():
                kept = _filtered(batch, wanted)
                if kept.num_rows:
                    target.write_batch(kept)
        source.close()
        copy.replace(path)

    def withdraw_arrow(self, table: Any, without: Collection[str]) -> Any:
        """Return an Arrow table without the rows of some accounts."""
        return _filtered(table, self._wanted(without))

    def _wanted(self, without: Collection[str]) -> Iterator[bool]:
        for run in self._runs:
            for _ in range(run.rows):
                yield run.account not in without


def _filtered(rows: Any, wanted: Iterator[bool]) -> Any:
    import pyarrow as pa

    return rows.filter(pa.array([next(wanted) for _ in range(rows.num_rows)], pa.bool_()))


def _copy(source: IO[bytes], target: IO[bytes], size: int) -> None:
    while size:
        chunk = source.read(min(size, _CHUNK))
        target.write(chunk)
        size -= len(chunk)
