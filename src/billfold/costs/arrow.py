"""A cost view as an Arrow table, every decimal exact. Needs the extra ``arrow``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from billfold.arrow import arrow_table, said_columns
from billfold.columns import Column, ColumnType, Row, require_fit
from billfold.costs.rows import AMOUNTS
from billfold.model import Stream

if TYPE_CHECKING:
    import pyarrow as pa

_HOLDS = {
    "native": ColumnType.DECIMAL,
    "converted": ColumnType.DECIMAL,
    "lines": ColumnType.WHOLE,
    "estimated": ColumnType.BOOLEAN,
}


def groups_table(
    by: Sequence[str], groups: Iterable[Row], known_until: datetime | None, complete: bool
) -> pa.Table:
    """Return the flat rows of groups, with what is said of all.

    Raises ConfigError without pyarrow, MoneyError for a number that decimal128(38, 24) cannot hold.
    """
    said = {"known_until": known_until, "complete": complete}
    rows = [{**cells, **said} for cells in groups]
    return _table(by, [*_columns(by), *said_columns(Stream.USAGE)], rows)


def months_table(by: Sequence[str], rows: Iterable[Row]) -> pa.Table:
    """Return a row per month, group and native currency. Raises as :func:`groups_table` does."""
    before = Column("month", ColumnType.TEXT)
    running = Column("running", ColumnType.BOOLEAN)
    columns = [before, *_columns(by), running, *said_columns(Stream.USAGE)]
    return _table(["month", *by], columns, list(rows))


def _columns(by: Sequence[str]) -> list[Column]:
    return [Column(name, _HOLDS.get(name, ColumnType.TEXT)) for name in (*by, *AMOUNTS)]


def _table(keys: Sequence[str], columns: Sequence[Column], rows: Sequence[Row]) -> pa.Table:
    """Return rows as a table; an amount that does not fit is named by its row's ``keys``."""
    for cells in rows:
        for name in ("native", "converted"):
            if (amount := cells.get(name)) is not None:
                whose = ", ".join(str(cells[key]) for key in keys if cells.get(key))
                require_fit(amount, f"{name} of {whose}" if whose else name)
    return arrow_table(columns, rows)
