"""An answer in the chosen format.

Its table has a row per item, a dim row per account that gave none, and totals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve
from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import (
    HOLE,
    add_row,
    cell,
    mark_group_starts,
    money_cell,
    title,
    total_mark,
)
from billfold.cli.output._stream_tables import FOLDS, STREAM_TABLES
from billfold.cli.output.folding import Foldable
from billfold.cli.output.formats import answer_csv, write_result
from billfold.cli.output.notes import answer_notes, has_warnings, window_text
from billfold.cli.output.rounding import rounding_note
from billfold.cli.output.terminal import Part
from billfold.coverage import Coverage
from billfold.model import Stream, total
from billfold.money import Money

Layout = Callable[[Answer[Any]], Part]

_STREAMS_OF_MONEY = {Stream.BALANCES, Stream.USAGE, Stream.DAILY, Stream.LEDGER, Stream.INVOICES}


def write_answer(
    answer: Answer[Any], output_format: OutputFormat, *details: Layout, most: int | None = None
) -> None:
    """Write an answer to standard output; ``details`` are laid out below its table."""

    def table() -> Iterator[Part]:
        yield title(
            answer.stream.replace("_", " ").capitalize(),
            window_text(answer.requested, answer.coverage),
        )
        yield from answer_table(answer, most)
        parts = [layout(answer) for layout in details if answer.items]
        for part in parts:
            if part:
                yield ""
                yield part

    write_result(
        output_format,
        as_table=table,
        as_document=answer.to_dict,
        as_csv=lambda: answer_csv(answer),
        notes=answer_notes(answer),
        warns=has_warnings(answer),
    )


def answer_table(
    answer: Answer[Any],
    most: int | None = None,
    rows_of: Callable[[Answer[Any]], Table] | None = None,
) -> Iterator[Part]:
    """Yield an answer's table, or that of its first items with the totals of all of them.

    ``rows_of`` lays out the rows where a command has a table of its own for its stream.
    """
    shown = answer if most is None else evolve(answer, items=answer.items[:most])
    table = (rows_of or STREAM_TABLES[answer.stream])(shown)
    remaining = len(answer) - len(shown)
    if remaining:
        table.add_row("", Text(f"and {remaining} more", "dim"))
    yield _with_totals(table, answer)
    if answer.stream in _STREAMS_OF_MONEY and not remaining:
        yield from _rounding(answer)


def _rounding(answer: Answer[Any]) -> Iterator[Part]:
    """Say where the items' rounded amounts are not the totals; each kind is a total of its own."""
    kinds: dict[str, tuple[list[Money], list[Money]]] = {}
    for kind, money in totals(answer.stream, answer.items):
        kinds.setdefault(kind, ([], []))[1].append(money)
    for item in answer:
        for kind, money in totals(answer.stream, [item]):
            kinds[kind][0].append(money)
    yield from rounding_note(*kinds.values())


def _with_totals(table: Table, answer: Answer[Any]) -> Part:
    """Return a table of items with a dim row per account that gave none, and the totals."""
    accounts = {item.account for item in answer}
    for row in answer.holes:
        if row.account not in accounts:
            _add_hole(table, row)
    if not table.row_count:
        return Text("Nothing to show.", "dim")
    if answer.stream in _STREAMS_OF_MONEY:
        _add_totals(table, answer)
    return Foldable(table, FOLDS.get(answer.stream, {}))


def _add_hole(table: Table, row: Coverage) -> None:
    cells = [cell(row.state.replace("_", " "), "dim")]
    if row.stream in _STREAMS_OF_MONEY:
        cells.append(Text(HOLE, "yellow"))
    blanks = [""] * (len(table.columns) - 1 - len(cells))
    add_row(table, cell(row.account, "dim"), *blanks, *cells)


def _add_totals(table: Table, answer: Answer[Any]) -> None:
    table.add_section()
    blanks = [""] * (len(table.columns) - 4)
    mark = total_mark(complete=answer.complete)
    sums = totals(answer.stream, answer.items)
    for first, (kind, money) in mark_group_starts(sums, lambda pair: pair[0]):
        labels = [cell(text if first else "", "bold") for text in ("Total", kind)]
        add_row(table, *labels, *blanks, money_cell(money, "bold"), mark)


def totals(stream: Stream, items: Iterable[Any]) -> list[tuple[str, Money]]:
    """Add items up per currency, and per kind where a stream has kinds."""
    sums: Any = total(stream, items)
    has_kinds = any(isinstance(value, Mapping) for value in sums.values())
    by_kind: Mapping[str, Mapping[str, Money]] = sums if has_kinds else {"": sums}
    return [(kind, money) for kind, amounts in by_kind.items() for money in amounts.values()]
