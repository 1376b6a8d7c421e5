"""Records as rows of a table, and the rows that take known ones back. Needs pyarrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from attrs import define, field

from billfold.arrow import arrow_schema
from billfold.columns import Field, Value, as_money
from billfold.model import Totals
from billfold.store.account_reading import AccountReading
from billfold.store.records import Booked, months
from billfold.store.tables import RowKind, Table

if TYPE_CHECKING:
    import pyarrow as pa

# So many records are Python objects at once, besides what was read.
_SLICE = 5_000


def stated_rows(
    table: Table,
    stated: Iterable[tuple[AccountReading, Sequence[Booked]]],
    known_at: datetime,
    sync_id: str,
) -> pa.Table:
    """Return the rows of what readings state now, of which every number fits."""
    import pyarrow as pa

    schema = arrow_schema(table.columns)
    shared = {"sign": 1, "known_at": known_at, "sync_id": sync_id}
    slices = [
        _table(kind, part, schema, shared) for kind in table.kinds for part in _slices(kind, stated)
    ]
    return pa.concat_tables(slices or [schema.empty_table()])


@define(eq=False)
class _Slice:
    """Records of one kind, and beside each the reading that states it."""

    readings: list[AccountReading] = field(factory=list)
    records: list[Booked] = field(factory=list)


def _slices(
    kind: RowKind, stated: Iterable[tuple[AccountReading, Sequence[Booked]]]
) -> Iterator[_Slice]:
    part = _Slice()
    for reading, records in stated:
        own = (each for each in records if each.kind is kind)
        while some := list(islice(own, _SLICE - len(part.records))):
            part.readings += [reading] * len(some)
            part.records += some
            if len(part.records) == _SLICE:
                yield part
                part = _Slice()
    if part.records:
        yield part


def _table(kind: RowKind, part: _Slice, schema: pa.Schema, shared: Mapping[str, Value]) -> pa.Table:
    """Return rows of one kind; ``shared`` is what all of them say."""
    import pyarrow as pa

    count, cells = len(part.records), _cells(kind, part)
    everywhere = {**shared, "row": kind.name}
    columns = [
        pa.array(cells[column.name], column.type)
        if column.name in cells
        else pa.repeat(pa.scalar(everywhere.get(column.name), column.type), count)
        for column in schema
    ]
    return pa.table(columns, schema=schema)


def _cells(kind: RowKind, part: _Slice) -> dict[str, Sequence[Value]]:
    """Return the cells of the columns in which rows of one kind differ."""
    cells: dict[str, Sequence[Value]] = {
        name: list(map(attrgetter(name), part.readings))
        for name in ("provider", "origin", "account")
    }
    cells["month"] = months(part.records)
    for name in ("record_id", "owner", "scope", "place", "fingerprint"):
        cells[name] = list(map(attrgetter(name), part.records))
    cells["window_start"] = [each.window.start for each in part.records]
    cells["window_end"] = [each.window.end for each in part.records]
    return cells | _own_cells(kind, [each.record for each in part.records])


def _own_cells(kind: RowKind, records: Sequence[Any]) -> dict[str, Sequence[Value]]:
    """Return the cells of the fields that any of these records has something in."""
    cells: dict[str, Sequence[Value]] = {}
    for each in kind.fields:
        told = list(map(attrgetter(each.name), records))
        if told.count(None) < len(told):
            own = [told] if each.is_its_cell else _columns(each, told)
            cells.update(zip((column.name for column in each.columns), own, strict=True))
    return cells


def _columns(kept: Field, told: Sequence[Any]) -> list[list[Value]]:
    """Return what records have in a field by column.

    Through one list: of very many tuples the collector would look at all that was read.
    """
    cells = [cell for values in map(kept.values, told) for cell in values]
    return [cells[number :: len(kept.columns)] for number in range(len(kept.columns))]


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


def sums(table: Table, rows: pa.Table) -> dict[str, Totals | dict[str, Totals]]:
    """Return by account what rows add up to, as an answer's totals.

    Of a stream that is no money that is nothing.
    """
    if table.money is None:
        return {}
    currency = f"{table.money}_currency"
    keys = [each for each in ("account", table.apart, currency) if each is not None]
    names = [table.money, *keys, *({"counts"} & {column.name for column in table.columns})]
    rows = rows.select(names)
    for name in names[1:]:  # what no view adds up is no money here either
        rows = rows.filter(rows[name] if name == "counts" else rows[name].is_valid())
    added = rows.group_by(keys).aggregate([(table.money, "sum")])
    found: dict[str, dict[str, Totals]] = {}
    for row in added.sort_by([(key, "ascending") for key in keys]).to_pylist():
        amount = as_money(row[f"{table.money}_sum"], row[currency])
        apart = found.setdefault(row["account"], {})
        apart.setdefault(row.get(table.apart, ""), {})[row[currency]] = amount
    return {
        account: totals if table.apart is not None else totals[""]
        for account, totals in found.items()
    }
