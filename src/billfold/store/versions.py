"""Which version of billfold's columns a table has, and how an older one is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from billfold.columns import DIGITS, PLACES, Column, ColumnType
from billfold.errors import StoreError
from billfold.store.literals import column_literal
from billfold.store.tables import SCHEMA

if TYPE_CHECKING:
    from deltalake import DeltaTable

# A table's description, from its first commit on: who made it, by which version of the columns.
_MADE_BY = re.compile("billfold ([0-9]{1,9})")
_SQL_TYPES = {
    ColumnType.TEXT: "Utf8",
    ColumnType.WHOLE: "Int64",
    ColumnType.DECIMAL: f"Decimal128({DIGITS}, {PLACES})",
    ColumnType.BOOLEAN: "Boolean",
    ColumnType.DATE: "Date32",
    ColumnType.TIME: 'Timestamp(Microsecond, Some("UTC"))',
}


def made_by() -> str:
    """Return the description of a table that this version writes."""
    return f"billfold {SCHEMA}"


def version_of(table: DeltaTable, url: str, name: str) -> int:
    """Return the version of a table's columns. Raises StoreError over one that is not ours."""
    made = _MADE_BY.fullmatch(table.metadata().description or "")
    if made is None:
        raise StoreError(
            f"{url}: {name} is a Delta table that billfold did not make; name another place for "
            "the store"
        )
    version = int(made[1])
    if version > SCHEMA:
        raise StoreError(
            f"{url}: {name} was written by a newer billfold (its version is {version}, this one "
            f"writes {SCHEMA}): update billfold"
        )
    return version


def missing_columns(table: DeltaTable, columns: Sequence[Column]) -> list[Column]:
    """Return the columns that an older version did not write."""
    has = {each.name for each in table.schema().fields}
    return [each for each in columns if each.name not in has]


def with_columns(sql: str, name: str, columns: Sequence[Column]) -> str:
    """Return a query over a table that has these columns, too, with nothing in them."""
    nulls = ", ".join(
        f"arrow_cast(NULL, '{_SQL_TYPES[each.holds]}') AS {column_literal(each.name)}"
        for each in columns
    )
    table = f"{name} AS (SELECT *, {nulls} FROM {name}_as_written)"
    rest = sql.removeprefix("WITH ")
    return f"WITH {table}, {rest}" if rest != sql else f"WITH {table} {sql}"
