"""Answers and views as Arrow tables, every decimal exact. Needs the extra ``arrow``.

The columns are those of ``--format csv``, by the same names and in the same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from attrs import frozen

from billfold.columns import DIGITS, PLACES, Column, ColumnType, Field, Row, fields_of, tuples_of
from billfold.errors import ConfigError, MoneyError
from billfold.extras import how_to_install
from billfold.flat import FlatRow, parts_of, rows_of, said_of
from billfold.model import Stream
from billfold.unfit import misfit, unfit_names

if TYPE_CHECKING:
    import pyarrow as pa

_SAID = {
    "known_until": Column("known_until", ColumnType.TIME),
    "complete": Column("complete", ColumnType.BOOLEAN),
}


def require_pyarrow() -> None:
    """Raise ConfigError unless pyarrow is installed."""
    if find_spec("pyarrow") is None:
        raise ConfigError(
            f"Parquet and Arrow need pyarrow: run {how_to_install('arrow')}, or take CSV or JSON"
        )


def arrow_schema(columns: Sequence[Column]) -> pa.Schema:
    """Return the columns' types as Arrow, and so as Delta Lake, has them."""
    require_pyarrow()
    import pyarrow as pa

    arrow = {
        ColumnType.TEXT: pa.string(),
        ColumnType.WHOLE: pa.int64(),
        ColumnType.DECIMAL: pa.decimal128(DIGITS, PLACES),
        ColumnType.BOOLEAN: pa.bool_(),
        ColumnType.DATE: pa.date32(),
        ColumnType.TIME: pa.timestamp("us", tz="UTC"),
    }
    return pa.schema([(column.name, arrow[column.holds]) for column in columns])


def arrow_table(columns: Sequence[Column], rows: Iterable[Row]) -> pa.Table:
    """Return rows as a table; a column that a row does not name is null in it."""
    schema = arrow_schema(columns)
    import pyarrow as pa

    rows = list(rows)
    data = {column.name: [row.get(column.name) for row in rows] for column in columns}
    return pa.table(data, schema=schema)


@frozen
class _Cells:
    """A field of the records in a row: which of them, and the names of its columns."""

    part: int
    field: Field
    names: tuple[str, ...]

    def row(self, records: FlatRow) -> Iterable[tuple[str, Any]]:
        record = records[self.part]
        values = () if record is None else self.field.values(getattr(record, self.field.name))
        return zip(self.names, values, strict=record is not None)


def _fields(stream: Stream) -> list[_Cells]:
    return [
        _Cells(number, field, tuple(part.prefix + column.name for column in field.columns))
        for number, part in enumerate(parts_of(stream))
        for field in fields_of(part.record, without=tuples_of(part.record))
    ]


def records_table(
    stream: Stream, items: Iterable[Any], open_until: Mapping[str, datetime], complete: bool
) -> pa.Table:
    """Return a stream's records as a table.

    ``open_until`` is until when an account's open window is known, by its name.

    Raises ConfigError without pyarrow, MoneyError for a number that decimal128(38, 24) cannot hold,
    with its record and whose it is.
    """
    require_pyarrow()
    fields = _fields(stream)
    columns = [
        Column(name, column.holds)
        for each in fields
        for name, column in zip(each.names, each.field.columns, strict=True)
    ]
    rows = (
        {
            **_cells(fields, records),
            "known_until": open_until.get(records[0].account),
            "complete": complete,
        }
        for records in rows_of(stream, items)
    )
    return arrow_table([*columns, *said_columns(stream)], rows)


def _cells(fields: Iterable[_Cells], records: FlatRow) -> Row:
    try:
        return {name: value for each in fields for name, value in each.row(records)}
    except MoneyError:
        found = ((record, unfit_names(record)) for record in records if record is not None)
        record, names = next(each for each in found if each[1])
        raise misfit(record, names[0], records[0]) from None


def said_columns(stream: Stream) -> list[Column]:
    """Return the columns of what every row says of its answer."""
    return [_SAID[name] for name in said_of(stream)]
