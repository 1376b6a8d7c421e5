"""Rows to files: CSV by the standard library, Parquet by pyarrow (extra ``arrow``)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from billfold.errors import ConfigError
from billfold.focus.columns import Column, Kind
from billfold.focus.row_values import DIGITS, PLACES, Row, Value
from billfold.money import plain
from billfold.period import utc_text

if TYPE_CHECKING:
    import pyarrow as pa


class Format(StrEnum):
    """How rows are written."""

    CSV = "csv"
    PARQUET = "parquet"


class Sink(Protocol):
    """Where a file's rows go; ``flush`` lets go of those in memory, ``close`` completes the file."""

    def write(self, row: Row) -> None: ...  # noqa: D102
    def flush(self) -> None: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102


def sink(path: Path, columns: Sequence[Column], form: Format) -> Sink:
    """Open a file to write."""
    return CsvSink(path, columns) if form is Format.CSV else ParquetSink(path, columns)


class CsvSink:
    """UTF-8, comma, a header; null is nothing, a decimal always has a point, a time is whole seconds in UTC with ``Z``."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._names = [column.name for column in columns]
        self._file = path.open("w", newline="", encoding="utf-8")
        self._csv = csv.writer(self._file, lineterminator="\n")
        self._csv.writerow(self._names)

    def write(self, row: Row) -> None:
        """Write a row."""
        self._csv.writerow([_text(row.get(name)) for name in self._names])

    def flush(self) -> None:
        """Do nothing: no row stays in memory."""

    def close(self) -> None:
        """Complete the file."""
        self._file.close()


def _text(value: Value | None) -> str:
    if isinstance(value, Decimal):
        number = plain(value)
        # Readers infer types from the text: without a point a column of prices would become integers.
        return number if "." in number else f"{number}.0"
    if isinstance(value, datetime):
        return utc_text(value)
    return value or ""


class ParquetSink:
    """Decimals are decimal128(38, 18), times are UTC microseconds, everything else is text; one batch per flush."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        import pyarrow.parquet as pq

        self._schema = schema(columns)
        self._writer: Any = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[Row] = []

    def write(self, row: Row) -> None:
        """Take a row."""
        self._rows.append(row)

    def flush(self) -> None:
        """Write the rows taken so far."""
        if self._rows:
            self._writer.write_batch(batch(self._rows, self._schema))
            self._rows = []

    def close(self) -> None:
        """Complete the file."""
        self.flush()
        self._writer.close()


def schema(columns: Iterable[Column]) -> pa.Schema:
    """Make the Arrow schema of columns. Raises ConfigError without pyarrow."""
    if find_spec("pyarrow") is None:
        raise ConfigError(
            "Parquet and Arrow need pyarrow: pip install 'billfold[arrow]'; --file-format csv needs nothing"
        )
    import pyarrow as pa

    kinds: Mapping[Kind, Any] = {
        Kind.NUMBER: pa.decimal128(DIGITS, PLACES),
        Kind.TIME: pa.timestamp("us", tz="UTC"),
    }
    return pa.schema(
        [
            pa.field(one.name, kinds.get(one.kind, pa.string()), nullable=one.null is not None)
            for one in columns
        ]
    )


def batch(rows: Sequence[Row], fields: pa.Schema) -> pa.RecordBatch:
    """Make rows an Arrow batch."""
    import pyarrow as pa

    used = set[str]().union(*rows)
    arrays = [
        pa.array([row.get(one.name) for row in rows], type=one.type)
        if one.name in used
        else pa.nulls(len(rows), one.type)
        for one in fields
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=fields)
