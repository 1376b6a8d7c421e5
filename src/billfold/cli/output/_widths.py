"""How narrow a table may be: text folds, numbers never lose a digit."""

from __future__ import annotations

from rich.cells import cell_len
from rich.table import Column, Table

_WORD, _GAP = 10, 2  # a name or a day that is folded further cannot be read


def least_width(table: Table) -> int:
    """Return the least width of a table.

    That is what does not wrap, as numbers, in full, a word of everything else, and the gaps.
    """
    return sum(map(_column_width, table.columns)) + _GAP * (len(table.columns) - 1)


def _column_width(column: Column) -> int:
    width = max(
        cell_len(line) for cell in (column.header, *column.cells) for line in str(cell).split("\n")
    )
    return width if column.no_wrap else min(width, _WORD)
