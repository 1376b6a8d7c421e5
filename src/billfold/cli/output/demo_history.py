"""The end of the demonstration: a closed month over all clouds, in one currency."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from billfold.answer import Answer
from billfold.cli.output._cells import (
    add_row,
    amount_cell,
    new_table,
    sums_cell,
    title,
    total_mark,
)
from billfold.cli.output.notes import answer_notes
from billfold.cli.output.terminal import Part
from billfold.costs import CostView
from billfold.extras import how_to_install
from billfold.model import Usage


def history_parts(answer: Answer[Usage], view: CostView) -> Iterator[Part]:
    """Yield last month's costs by provider, and where each account's come from."""
    state = "complete" if view.complete else "incomplete"
    yield ""
    yield title("Last month over all clouds", f"{view.requested}  {state}")
    yield Text("billfold costs --period last-month --by provider --in EUR --spread", "dim")
    table = new_table("Provider", "#Native", f"#{view.currency}", "")
    for row in view.rows:
        mark = Text("estimated" if row.estimated else "", "dim")
        add_row(table, *row.keys, sums_cell(row.native.values()), amount_cell(row.converted), mark)
    table.add_section()
    mark = total_mark(complete=view.complete)
    native = sums_cell(view.native.values())
    add_row(table, "Total", native, amount_cell(view.converted, "bold"), mark)
    yield table
    yield from answer_notes(answer)
    for rate in view.rates:
        yield Text(f"  {rate}, made up", "dim")
    yield Text(
        "  What providers forgot comes from a store that billfold sync filled while they knew it.",
        "dim",
    )


def no_history_parts() -> Iterator[Part]:
    """Yield what is needed for last month over all clouds."""
    yield ""
    yield title("Last month over all clouds")
    yield Text(f"  Needs the store: {how_to_install('store')}", "dim")
