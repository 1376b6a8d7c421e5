"""How narrow a table may be: text folds, numbers never lose a digit."""

from __future__ import annotations

from rich.cells import cell_len
from rich.table import Column, Table

_WORD, _GAP = 10, 2  # what is folded further, a name or a day, cannot be read


def least(table: Table) -> int:
    """Return the least width of a table: what does not wrap whole, as numbers, a word of everything else, and the gaps."""
    return sum(map(_needs, table.columns)) + _GAP * (len(table.columns) - 1)


def _needs(column: Column) -> int:
    width = max(
        cell_len(line) for cell in (column.header, *column.cells) for line in str(cell).split("\n")
    )
    return width if column.no_wrap else min(width, _WORD)
