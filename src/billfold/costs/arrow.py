"""A cost view as an Arrow table, every decimal exact. Needs the extra ``arrow``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from billfold.arrow import arrow_table, said_columns
from billfold.columns import Column, ColumnType, require_fit
from billfold.costs.rows import AMOUNTS, CostRow, flat_rows
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
    by: Sequence[str], groups: Iterable[CostRow], known_until: datetime | None, complete: bool
) -> pa.Table:
    """Return a row per group and native currency.

    Raises ConfigError without pyarrow, MoneyError for a number that decimal128(38, 24) cannot hold.
    """
    columns = [Column(name, _HOLDS.get(name, ColumnType.TEXT)) for name in (*by, *AMOUNTS)]
    said = {"known_until": known_until, "complete": complete}
    rows = [{**cells, **said} for group in groups for cells in flat_rows(by, group)]
    for cells in rows:
        for name in ("native", "converted"):
            if cells[name] is not None:
                require_fit(cells[name], name)
    return arrow_table([*columns, *said_columns(Stream.USAGE)], rows)
