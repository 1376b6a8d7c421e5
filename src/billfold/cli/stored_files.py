"""The store's tables as files of a folder, all of them or none."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from billfold.cli.output.formats import csv_cell
from billfold.columns import Column, ColumnType, as_money, shortest
from billfold.errors import ConfigError
from billfold.files import Generation, csv_writer, one_line, require_replaceable
from billfold.period import utc_text
from billfold.store.parquet_table import ParquetTable
from billfold.store.views import VIEWS, Shown, View

if TYPE_CHECKING:
    from billfold.store.views import Rows

_SCHEMA = "billfold.tables/1"
_METADATA = Path("tables-metadata.json")


class TableFormat(StrEnum):
    """How a table is written."""

    CSV = "csv"
    PARQUET = "parquet"

    def path(self, view: View) -> Path:
        """Return a table's file in its folder."""
        return Path(f"{view.name}.{self.value}")


@frozen
class Written:
    """The files of a folder, and how many rows each table has."""

    paths: tuple[Path, ...]
    rows: dict[str, int]


def write_tables(
    shown: Shown,
    out: Path,
    file_format: TableFormat,
    *,
    left_out: Sequence[str] = (),
    clock: Callable[[], datetime],
) -> Written:
    """Write every table of a book into a folder; after an error it is as it was.

    Texts of CSV are one line each, and no formula. Raises ConfigError for what cannot be written,
    StoreError for what cannot be read.
    """
    every = {each.path(view) for view in VIEWS for each in TableFormat}
    require_replaceable(out, [_METADATA, *every])
    try:
        new = Generation(out, seal=_METADATA)
    except OSError as error:
        raise ConfigError(f"{out} cannot be written: {error.strerror or error}") from None
    try:
        files = [_write(shown, view, new.path / file_format.path(view)) for view in VIEWS]
        document = _document(shown, files, left_out, clock())
        (new.path / _METADATA).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        paths = [*(file_format.path(view) for view in VIEWS), _METADATA]
        with new.locked():
            new.switch(paths, every - set(paths))
    except OSError as error:
        raise ConfigError(f"{out} cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            new.discard()
    rows = {view.name: file["rows"] for view, file in zip(VIEWS, files, strict=True)}
    return Written(tuple(out / path for path in paths), rows)


def _document(
    shown: Shown, files: Sequence[dict[str, Any]], left_out: Sequence[str], created: datetime
) -> dict[str, Any]:
    return {
        "schema": _SCHEMA,
        "generator": f"billfold {version('billfold')}",
        "created": utc_text(created),
        "as_of": None if shown.as_of is None else utc_text(shown.as_of),
        "left_out": list(left_out),
        "files": list(files),
    }


def _write(shown: Shown, view: View, path: Path) -> dict[str, Any]:
    """Write a table month by month, and return what the metadata says of it."""
    months, until = shown.months(view)
    count = 0
    with (_CsvTable if path.suffix == ".csv" else ParquetTable)(path, view) as table:
        for month in months:
            assert until is not None  # known of every month that there is
            rows = shown.rows(view, month, until)
            count += rows.num_rows
            table.add(rows)
    return {
        "path": path.name,
        "rows": count,
        "known_until": None if until is None else utc_text(until),
        "columns": {column.name: column.holds.value for column in view.columns},
    }


class _CsvTable:
    """Commas and a header as RFC 4180 has it, each row one line; decimals with every digit."""

    def __init__(self, path: Path, view: View) -> None:
        self._columns = view.columns
        self._file = path.open("w", encoding="utf-8", errors="replace", newline="")
        self._writer = csv_writer(self._file)
        self._writer.writerow([column.name for column in view.columns])

    def __enter__(self) -> _CsvTable:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, rows: Rows) -> None:
        cells = [_cells(rows, column) for column in self._columns]
        self._writer.writerows(zip(*cells, strict=True))


def _cells(rows: Rows, column: Column) -> list[str]:
    values = rows[column.name].to_pylist()
    if column.holds is ColumnType.TEXT:
        return [csv_cell(value and one_line(value)) for value in values]
    if column.holds is not ColumnType.DECIMAL:
        return [csv_cell(value) for value in values]
    name = f"{column.name}_currency"
    currencies = rows[name].to_pylist() if name in rows.column_names else [None] * len(values)
    return [
        csv_cell(
            value
            if value is None
            else shortest(value)
            if currency is None
            else as_money(value, currency).amount
        )
        for value, currency in zip(values, currencies, strict=True)
    ]
