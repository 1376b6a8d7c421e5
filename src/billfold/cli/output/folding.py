"""Tables whose records are a line each where the terminal is wide enough."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import frozen
from rich.cells import cell_len
from rich.table import Column, Table
from rich.text import Text

from billfold.cli.output._cells import new_table

_WORD, _GAP = 10, 2  # a name or a day that is folded further cannot be read
_UUID_LENGTH = 36
_UUID = re.compile(r"\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b")


def least_width(table: Table) -> int:
    """Add up what does not wrap, as numbers, in full, a word of everything else, and the gaps."""
    widths = [
        width if column.no_wrap else column.width or min(width, _WORD)
        for column, width in zip(table.columns, _widths(table), strict=True)
    ]
    return sum(widths) + _GAP * (len(widths) - 1)


def keep_ids_whole(table: Table, width: int) -> None:
    """Give UUIDs that would wrap a column of their width, where there is room for it."""
    for column in table.columns:
        column.width = None
    natural = dict(zip(map(id, table.columns), _widths(table), strict=True))
    too_wide = _natural_width(table) - width
    for column in sorted(table.columns, key=_uuids, reverse=True):
        # A column is made narrower by no more than what the table is too wide.
        if _uuids(column) and natural[id(column)] - too_wide < _UUID_LENGTH:
            column.width = _UUID_LENGTH
            if least_width(table) > width:
                column.width = None


def _uuids(column: Column) -> int:
    return sum(1 for text in column.cells if _UUID.search(str(text)))


def _natural_width(table: Table) -> int:
    """Return how wide a table is where nothing wraps."""
    return sum(_widths(table)) + _GAP * (len(table.columns) - 1)


def _widths(table: Table) -> list[int]:
    """Return how wide each column is where nothing wraps."""
    texts = ((str(text) for text in (column.header, *column.cells)) for column in table.columns)
    return [max(cell_len(line) for text in column for line in text.split("\n")) for column in texts]


@frozen
class Foldable:
    """A table, and what moves where it is wider than the terminal, the first of ``below`` first.

    A column's values then stand below those of another one, or are left out where that is None,
    which ``note`` then says.
    """

    table: Table
    below: Mapping[str, str | None]
    note: str = ""

    def fitting(self, width: int) -> Table:
        """Return the table as wide as it may be."""
        table = self.table
        for name, other in self.below.items():
            if _natural_width(table) <= width:
                break
            table = _fold(table, name, other)
            if other is None and self.note:
                table.caption, table.caption_justify = Text(self.note, "dim"), "left"
        return table


def _fold(table: Table, name: str, other: str | None) -> Table:
    names = [str(column.header) for column in table.columns]
    if name not in names:
        return table
    moved = names.index(name)
    to = None if other is None else names.index(other)
    kept = [column for number, column in enumerate(table.columns) if number != moved]
    folded = new_table(*map(_spelled, kept))
    folded.caption, folded.caption_justify = table.caption, table.caption_justify
    records = zip(*(column.cells for column in table.columns), strict=True)
    for row, cells in zip(table.rows, records, strict=True):
        texts = [text if isinstance(text, Text) else Text(str(text)) for text in cells]
        if to is not None:
            texts[to] = _below(texts[to], texts[moved])
        texts.pop(moved)
        folded.add_row(*texts, end_section=row.end_section)
    return folded


def _spelled(column: Column) -> str:
    """Return a column's name as ``new_table`` takes it."""
    sign = "#" if column.justify == "right" else "=" if column.no_wrap else ""
    return f"{sign}{column.header}"


def _below(upper: Text, lower: Text) -> Text:
    """Return two values under each other; what is not there, or blank, takes no line."""
    shown = [text for text in (upper, lower) if text.plain.strip() not in ("", "-")]
    return Text("\n").join(shown) if shown else upper
