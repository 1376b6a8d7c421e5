"""The table that is kept in RESULTS.md: a part's rows are replaced by those of its next run.

So the parts can be measured in several sittings. What stands below ``## Remarks`` is written by
hand, and stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from benchmarks.measure import Row

_COLUMNS = ("part", "date", "what", "over its floor", "measured", "goal", "")
_REMARKS = "## Remarks"
_WORDS = {True: "PASS", False: "MISS", None: ""}


def cells_of(part: str, on: date, row: Row) -> tuple[str, ...]:
    """Return a row as the table has it."""
    over = "-" if row.over is None else f"{row.over:.2f}x"
    return part, on.isoformat(), row.what, over, row.measured, row.goal, _WORDS[row.met]


def table(rows: Iterable[Sequence[str]]) -> str:
    """Write rows of cells as a Markdown table."""
    every = [_COLUMNS, *rows]
    widths = [max(len(row[column]) for row in every) for column in range(len(_COLUMNS))]
    head, *lines = (
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in every
    )
    return "\n".join([head, "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines])


def kept(text: str) -> list[tuple[str, ...]]:
    """Return the rows of a table that was written before."""
    lines = [line for line in text.split(_REMARKS)[0].splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in line[1:-1].split("|")) for line in lines[2:]]


def with_rows(
    text: str,
    measured: Mapping[str, Sequence[Row]],
    *,
    on: date,
    machine: str,
    parts: Sequence[str],
) -> str:
    """Return RESULTS.md with the rows of the parts that were measured, in the order of ``parts``.

    The other parts' rows and the remarks stay. Rows of a part that there is no more are dropped.
    """
    new = [cells_of(part, on, row) for part, rows in measured.items() for row in rows]
    old = [row for row in kept(text) if row[0] not in measured and row[0] in parts]
    head = f"# Results\n\n{machine}. How each number is made: [README](README.md).\n"
    rows = sorted([*old, *new], key=lambda row: parts.index(row[0]))
    _, mark, remarks = text.partition(_REMARKS)
    return f"{head}\n{table(rows)}\n" + (f"\n{mark}{remarks}" if mark else "")
