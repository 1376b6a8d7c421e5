"""Rows as CSV, by the standard library, and as Parquet and Arrow, by pyarrow (extra ``arrow``)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billfold.arrow import require_pyarrow
from billfold.files import csv_writer, one_line
from billfold.focus.choices import Format
from billfold.focus.columns import NUMBER, TIME, Column
from billfold.focus.numbers import DIGITS, PLACES
from billfold.focus.row_values import FocusRow
from billfold.focus.runs import Runs
from billfold.money import plain
from billfold.period import utc_text

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_IN_MEMORY = 8192
AsText = Callable[[str], str]


_time_text = lru_cache(maxsize=1024)(utc_text)


def _number_text(number: Decimal) -> str:
    text = plain(number)
    # Readers infer a column's type from its text: without a point it would be integers.
    return text if "." in text else f"{text}.0"


class _CsvFile:
    """UTF-8 with commas and a header, as RFC 4180 has it, and a line per row.

    Null is empty, a decimal always has a point and every digit, a time is in whole seconds of UTC
    with ``Z``, and text is what ``as_text`` makes of it.
    """

    def __init__(self, path: Path, columns: Sequence[Column], as_text: AsText) -> None:
        self._path, self._runs = path, Runs()
        self._names = [column.name for column in columns]
        # Unasked, pyarrow, Spark, Athena and BigQuery know no line breaks within quotes. Most texts
        # of a row are those of the row before.
        self._text = lru_cache(maxsize=1024)(lambda text: as_text(one_line(text)))
        self._file = path.open("wb")
        self._writer = csv_writer(self)
        self._writer.writerow(self._names)

    def write(self, text: str) -> int:
        """Take a line from the writer of CSV; return its bytes, which that hands on."""
        return self._file.write(text.encode("utf-8", "replace"))

    def add(self, row: FocusRow, account: str | None) -> None:
        cells, numbers, text = dict[str, str](), dict[int, str](), self._text
        for name, value in row.items():
            if isinstance(value, str):
                cells[name] = text(value)
            elif isinstance(value, Decimal):  # one amount is in many columns
                number = numbers.get(id(value))
                if number is None:
                    number = numbers[id(value)] = _number_text(value)
                cells[name] = number
            elif value is not None:
                cells[name] = _time_text(value)
        self._runs.add(account, self._writer.writerow(map(cells.get, self._names)))

    def flush(self) -> None:
        pass  # no row is kept in memory

    def close(self, without: Collection[str] = ()) -> int:
        self._file.close()
        if self._runs.are_touched_by(without):
            self._runs.withdraw_csv(self._path, without)
        return self._runs.count(without)

    def discard(self) -> None:
        with suppress(OSError):  # of a full disk, again
            self._file.close()


class _ParquetFile:
    """Decimals are decimal128(38, 24), times are microseconds in UTC, the rest is text.

    Each flush writes a row group.
    """

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        import pyarrow.parquet as pq

        self._path, self._runs = path, Runs()
        self._schema = _arrow_schema(columns)
        self._writer: Any = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[FocusRow] = []

    def add(self, row: FocusRow, account: str | None) -> None:
        self._rows.append(row)
        self._runs.add(account)

    def flush(self) -> None:
        if self._rows:
            self._writer.write_batch(_record_batch(self._rows, self._schema))
            self._rows = []

    def close(self, without: Collection[str] = ()) -> int:
        self.flush()
        self._writer.close()
        if self._runs.are_touched_by(without):
            self._runs.withdraw_parquet(self._path, without)
        return self._runs.count(without)

    def discard(self) -> None:
        with suppress(OSError):
            self._writer.close()


# Rows are added with the name of their account; to close it returns how many there are ``without``
# those of some accounts, which are taken out, and to discard it ends it after an error.
RowFile = _CsvFile | _ParquetFile


def create(
    path: Path, columns: Sequence[Column], file_format: Format, as_text: AsText = str
) -> RowFile:
    """Create a file for rows with these columns; what is not flushed may be in memory.

    ``as_text`` makes texts of CSV ready for who reads them.
    """
    if file_format is Format.CSV:
        return _CsvFile(path, columns, as_text)
    return _ParquetFile(path, columns)


class TableBuilder:
    """Collects rows as batches, which take less memory than the rows themselves.

    Raises ConfigError without pyarrow.
    """

    def __init__(self, columns: Iterable[Column]) -> None:
        self._schema = _arrow_schema(columns)
        self._batches: list[Any] = []
        self._rows: list[FocusRow] = []
        self._runs = Runs()

    def add(self, row: FocusRow, account: str | None) -> None:
        """Add a row of an account."""
        self._rows.append(row)
        self._runs.add(account)
        if len(self._rows) == ROWS_IN_MEMORY:
            self._end_batch()

    def build(self, without: Collection[str] = ()) -> pa.Table:
        """Return all rows as a table, without those of some accounts."""
        import pyarrow as pa

        self._end_batch()
        table = pa.Table.from_batches(self._batches, self._schema)
        if self._runs.are_touched_by(without):
            return self._runs.withdraw_arrow(table, without)
        return table

    def _end_batch(self) -> None:
        if self._rows:
            self._batches.append(_record_batch(self._rows, self._schema))
            self._rows = []


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

    used, numbers = set[str]().union(*rows), list[tuple[Sequence[object], pa.Array]]()
    arrays = []
    for name, kind in zip(schema.names, schema.types, strict=True):
        values: Sequence[object] = [None] * len(rows)
        if name in used:
            values = [row.get(name) for row in rows]
        array = next(
            (made for cells, made in numbers if made.type == kind and cells == values), None
        )
        if array is None:
            array = _array(values, kind)
            if pa.types.is_decimal(kind):  # one amount is in many columns
                numbers.append((values, array))
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(values: Sequence[object], kind: pa.DataType) -> pa.Array:
    import pyarrow as pa

    first, last = values[0], values[-1]
    if first == last and values.count(first) == len(values):
        return pa.repeat(pa.scalar(first, kind), len(values))
    return pa.array(values, type=kind)
