"""Records as rows of a table, and the rows that take known ones back. Needs pyarrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING

from billfold.arrow import arrow_schema
from billfold.columns import Value, as_money
from billfold.model import Totals
from billfold.store.records import Booked
from billfold.store.tables import RowKind, Table

if TYPE_CHECKING:
    import pyarrow as pa

# So many records are Python objects at once, besides what was read.
_SLICE = 5_000


def stated_rows(table: Table, records: Sequence[Booked], about: Mapping[str, Value]) -> pa.Table:
    """Return the rows of records as stated now; ``about`` is what all of them share.

    Raises MoneyError that names an amount that no column holds.
    """
    import pyarrow as pa

    schema = arrow_schema(table.columns)
    slices = [
        pa.table(_cells(table, part, about), schema=schema)
        for kind in table.kinds
        for part in _slices([each for each in records if each.kind is kind])
    ]
    return pa.concat_tables(slices or [schema.empty_table()])


def _slices(records: Sequence[Booked]) -> Iterator[Sequence[Booked]]:
    left = iter(records)
    while part := list(islice(left, _SLICE)):
        yield part


def _cells(
    table: Table, records: Sequence[Booked], about: Mapping[str, Value]
) -> dict[str, Sequence[Value]]:
    count = len(records)
    cells: dict[str, Sequence[Value]] = {
        column.name: [about.get(column.name)] * count for column in table.columns
    }
    cells |= {
        "sign": [1] * count,
        "row": [each.kind.name for each in records],
        "month": [each.month for each in records],
        "window_start": [each.window.start for each in records],
        "window_end": [each.window.end for each in records],
    }
    for name in ("record_id", "owner", "scope", "place", "fingerprint"):
        cells[name] = list(map(attrgetter(name), records))
    return cells | _own_cells(records[0].kind, records)


def _own_cells(kind: RowKind, records: Sequence[Booked]) -> dict[str, Sequence[Value]]:
    cells: dict[str, Sequence[Value]] = {}
    own = [each.record for each in records]
    for each in kind.fields:
        values = zip(*map(each.values, map(attrgetter(each.name), own)), strict=True)
        cells.update(zip((column.name for column in each.columns), values, strict=True))
    return cells


def negated(table: Table, rows: pa.Table, known_at: datetime, sync_id: str) -> pa.Table:
    """Return the rows that take rows back: the same, with their sign and amounts negated."""
    import pyarrow as pa

    count = rows.num_rows
    replaced: dict[str, list[Value]] = {
        "sign": [-1] * count,
        "known_at": [known_at] * count,
        "sync_id": [sync_id] * count,
    }
    for column in table.columns:
        if column.is_negated:
            amounts = rows[column.name].to_pylist()
            replaced[column.name] = [each and each.copy_negate() for each in amounts]
    columns = [
        pa.array(replaced[each.name], each.type) if each.name in replaced else rows[each.name]
        for each in rows.schema
    ]
    return pa.table(columns, schema=rows.schema)


def sums(table: Table, tables: Sequence[pa.Table]) -> Totals | dict[str, Totals]:
    """Return what rows add up to, as an answer's totals; nothing of a stream that is no money."""
    import pyarrow as pa

    if table.money is None:
        return {}
    currency, keys = f"{table.money}_currency", [f"{table.money}_currency"]
    if table.apart is not None:
        keys.insert(0, table.apart)
    names = [table.money, *keys, *({"counts"} & {column.name for column in table.columns})]
    rows = pa.concat_tables([each.select(names) for each in tables])
    for name in names[1:]:  # what no view adds up is no money here either
        rows = rows.filter(rows[name] if name == "counts" else rows[name].is_valid())
    added = (
        rows.group_by(keys)
        .aggregate([(table.money, "sum")])
        .sort_by([(k, "ascending") for k in keys])
    )
    totals: dict[str, Totals] = {}
    for row in added.sort_by([(key, "ascending") for key in keys]).to_pylist():
        amount = as_money(row[f"{table.money}_sum"], row[currency])
        totals.setdefault(row.get(table.apart, ""), {})[row[currency]] = amount
    return totals if table.apart is not None else totals.get("", {})
