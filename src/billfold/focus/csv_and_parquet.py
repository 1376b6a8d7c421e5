"""Rows as CSV, by the standard library, and as Parquet and Arrow, by pyarrow (extra ``arrow``)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billfold.errors import ConfigError
from billfold.focus.choices import Format
from billfold.focus.columns import NUMBER, TIME, Column
from billfold.focus.row_values import DIGITS, PLACES, FocusRow, FocusValue
from billfold.money import plain
from billfold.period import utc_text

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_IN_MEMORY = 8192


class _CsvFile:
    """UTF-8 with commas and a header.

    Null is empty, a decimal always has a point, a time is in whole seconds of UTC with ``Z``.
    """

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._names = [column.name for column in columns]
        self._file = path.open("w", newline="", encoding="utf-8")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(self._names)

    def write(self, row: FocusRow) -> None:
        self._writer.writerow([_csv_text(row.get(name)) for name in self._names])

    def flush(self) -> None:
        pass  # no row is kept in memory

    def close(self) -> None:
        self._file.close()


def _csv_text(value: FocusValue | None) -> str:
    if isinstance(value, Decimal):
        number = plain(value)
        # Readers infer a column's type from its text: without a point it would be integers.
        return number if "." in number else f"{number}.0"
    if isinstance(value, datetime):
        return utc_text(value)
    return value or ""


class _ParquetFile:
    """Decimals are decimal128(38, 18), times are microseconds in UTC, the rest is text.

    Each flush writes a row group.
    """

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        import pyarrow.parquet as pq

        self._schema = _arrow_schema(columns)
        self._writer: Any = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[FocusRow] = []

    def write(self, row: FocusRow) -> None:
        self._rows.append(row)

    def flush(self) -> None:
        if self._rows:
            self._writer.write_batch(_record_batch(self._rows, self._schema))
            self._rows = []

    def close(self) -> None:
        self.flush()
        self._writer.close()


RowFile = _CsvFile | _ParquetFile


def create(path: Path, columns: Sequence[Column], file_format: Format) -> RowFile:
    """Create a file for rows with these columns; what is not flushed may be in memory."""
    if file_format is Format.CSV:
        return _CsvFile(path, columns)
    return _ParquetFile(path, columns)


class TableBuilder:
    """Collects rows as batches, which take less memory than the rows themselves.

    Raises ConfigError without pyarrow.
    """

    def __init__(self, columns: Iterable[Column]) -> None:
        self._schema = _arrow_schema(columns)
        self._batches: list[Any] = []
        self._rows: list[FocusRow] = []

    def add(self, row: FocusRow) -> None:
        """Add a row."""
        self._rows.append(row)
        if len(self._rows) == ROWS_IN_MEMORY:
            self._end_batch()

    def build(self) -> pa.Table:
        """Return all rows as a table."""
        import pyarrow as pa

        self._end_batch()
        return pa.Table.from_batches(self._batches, self._schema)

    def _end_batch(self) -> None:
        self._batches.append(_record_batch(self._rows, self._schema))
        self._rows = []


def require_pyarrow() -> None:
    """Raise ConfigError unless pyarrow is installed."""
    if find_spec("pyarrow") is None:
        raise ConfigError(
            "Parquet and Arrow need pyarrow: run pip install 'billfold[arrow]', or export CSV"
        )


def _arrow_schema(columns: Iterable[Column]) -> pa.Schema:
    require_pyarrow()
    import pyarrow as pa

    types: dict[str, Any] = {
        NUMBER: pa.decimal128(DIGITS, PLACES),
        TIME: pa.timestamp("us", tz="UTC"),
    }
    fields = []
    for column in columns:
        kind = types.get(column.value_type, pa.string())
        fields.append(pa.field(column.name, kind, nullable=bool(column.null_where)))
    return pa.schema(fields)


def _record_batch(rows: Sequence[FocusRow], schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    used = set[str]().union(*rows)
    arrays = [
        pa.array([row.get(column.name) for row in rows], type=column.type)
        if column.name in used
        else pa.nulls(len(rows), column.type)
        for column in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
