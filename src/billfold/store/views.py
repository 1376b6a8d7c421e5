"""The book as tables that people know: a row per record that stands, and no signs.

``usage`` and ``charges``, ``invoices`` and ``invoice_lines`` are tables of their own here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

import msgspec
from attrs import frozen

from billfold.arrow import arrow_schema
from billfold.columns import Column, ColumnType, Row
from billfold.model import Charge, InvoiceLine
from billfold.store.book import Book
from billfold.store.known_accounts import require_tables
from billfold.store.literals import text_literal, time_literal
from billfold.store.standing import is_one_of, standing_rows
from billfold.store.tables import BOOKED, SYNCS, TABLES, RowKind

if TYPE_CHECKING:
    import pyarrow as pa

    Rows: TypeAlias = pa.Table

_NAMES = {Charge: "charges", InvoiceLine: "invoice_lines"}
_SHOWN = ("month", "provider", "account", "window_start", "window_end", "known_at")
_INVOICE = (Column("invoice_kind", ColumnType.TEXT), Column("invoice_id", ColumnType.TEXT))
_OWNER: msgspec.json.Decoder[tuple[str, str]] = msgspec.json.Decoder(tuple[str, str])


@frozen
class View:
    """A table that people know: its name, its columns, and which rows of the book it shows.

    ``kind`` None is the readings themselves, which are never taken back.
    """

    name: str
    table: str
    kind: RowKind | None
    columns: tuple[Column, ...]

    def schema(self) -> pa.Schema:
        """Return the columns as Arrow has them."""
        return arrow_schema(self.columns)


def _views() -> Iterator[View]:
    booked = {column.name: column for column in BOOKED}
    shown = [booked[name] for name in _SHOWN]
    for table in TABLES.values():
        for kind in table.kinds:
            own = [column for field in kind.fields for column in field.columns]
            part_of = _INVOICE if kind.record is InvoiceLine else ()
            name = _NAMES.get(kind.record, table.name)
            yield View(name, table.name, kind, (*shown, *part_of, *own))
    yield View("syncs", "syncs", None, SYNCS)


VIEWS = tuple(_views())


@frozen
class Shown:
    """What is shown of a book: as it was known at ``as_of``, of some accounts (None: of all)."""

    book: Book
    as_of: datetime | None = None
    accounts: tuple[str, ...] | None = None

    def is_empty(self) -> bool:
        """Return whether nothing was known: nobody had been asked yet.

        Raises StoreError, also where a table is gone that was booked in.
        """
        require_tables(self.book)
        return not any(self.months(view)[0] for view in VIEWS)

    def months(self, view: View) -> tuple[list[str], datetime | None]:
        """Return the months that a view may have rows of, and when the last of them was known.

        What is booked from here on is left out of every month by asking for ``rows`` up to then.
        """
        where = self._where(self.as_of)
        chosen = f" WHERE {' AND '.join(where)}" if where else ""
        found: list[Row] = self.book.rows(
            f"SELECT month, MAX(known_at) AS last FROM {view.table}{chosen} "
            "GROUP BY month ORDER BY month",
            view.table,
        )
        last = max((row["last"] for row in found), default=None)
        return [row["month"] for row in found], last

    def rows(self, view: View, month: str, until: datetime) -> pa.Table:
        """Return a view's rows of a month, in the view's columns."""
        at_month = f"month = {text_literal(month)}"
        if view.kind is None:
            where = " AND ".join([at_month, *self._where(until)])
            sql = f"SELECT * FROM {view.table} WHERE {where} ORDER BY known_at, account, stream"
        else:
            kind = f"row = {text_literal(view.kind.name)}"
            sql = standing_rows(view.table, [at_month, kind, *self._where(None)], until)
        found = self.book.query(sql, view.table)
        if found is None:
            return view.schema().empty_table()
        return _in_columns(found, view)

    def _where(self, until: datetime | None) -> list[str]:
        where = [] if self.accounts is None else [is_one_of("account", self.accounts)]
        return where if until is None else [*where, f"known_at <= {time_literal(until)}"]


def _in_columns(rows: pa.Table, view: View) -> pa.Table:
    import pyarrow as pa

    if view.kind is not None and view.kind.record is InvoiceLine:
        owners = [_OWNER.decode(owner) for owner in rows["owner"].to_pylist()]
        for number, column in enumerate(_INVOICE):
            rows = rows.append_column(
                column.name, pa.array([owner[number] for owner in owners], pa.string())
            )
    return rows.select(_names(view.columns)).cast(view.schema())


def _names(columns: Sequence[Column]) -> list[str]:
    return [column.name for column in columns]
