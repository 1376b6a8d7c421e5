"""The table of an answer: a row per item, a dim row per account that gave none, and totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve
from rich.table import Table
from rich.text import Text

from billfold.answer import Answer, Coverage, total
from billfold.cli.output._cells import money_cell, text_cell
from billfold.cli.output._marks import HOLE, total_mark
from billfold.cli.output._stream_tables import STREAM_TABLES
from billfold.model import Stream
from billfold.money import Money

if TYPE_CHECKING:
    from rich.console import RenderableType

_STREAMS_OF_MONEY = {
    Stream.BALANCES,
    Stream.USAGE,
    Stream.DAILY,
    Stream.LEDGER,
    Stream.INVOICES,
}


def answer_table(answer: Answer[Any], most: int | None = None) -> RenderableType:
    """Return an answer's table, or that of its first items with the totals of all of them."""
    shown = answer if most is None else evolve(answer, items=answer.items[:most])
    table = STREAM_TABLES[answer.stream](shown)
    remaining = len(answer) - len(shown)
    if remaining:
        table.add_row("", Text(f"and {remaining} more", "dim"))
    accounts = {item.account for item in answer}
    for row in answer.holes:
        if row.account not in accounts:
            _add_hole(table, row)
    if not table.row_count:
        return Text("Nothing to show.", "dim")
    if answer.stream in _STREAMS_OF_MONEY:
        _add_totals(table, answer)
    return table


def _add_hole(table: Table, row: Coverage) -> None:
    cells = [text_cell(row.state.replace("_", " "), "dim")]
    if row.stream in _STREAMS_OF_MONEY:
        cells.append(Text(HOLE, "yellow"))
    blanks = [""] * (len(table.columns) - 1 - len(cells))
    table.add_row(text_cell(row.account, "dim"), *blanks, *cells)


def _add_totals(table: Table, answer: Answer[Any]) -> None:
    table.add_section()
    blanks = [""] * (len(table.columns) - 4)
    mark = total_mark(complete=answer.complete)
    for label, kind, money in totals(answer.stream, answer.items):
        labels = Text(label, "bold"), Text(kind, "bold")
        table.add_row(*labels, *blanks, money_cell(money, "bold"), mark)


def totals(stream: Stream, items: Iterable[Any]) -> Iterator[tuple[str, str, Money]]:
    """Add items up per currency, as ``(label, kind, total)``.

    Kinds of invoices are totalled separately; only the first currency of each has a label.
    """
    sums: Any = total(stream, items)
    by_kind: Mapping[str, Mapping[str, Money]] = sums if stream is Stream.INVOICES else {"": sums}
    for kind, by_currency in by_kind.items():
        for number, money in enumerate(by_currency.values()):
            yield ("", "", money) if number else ("Total", kind, money)
