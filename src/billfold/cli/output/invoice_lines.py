"""The lines of invoices, shown below the table of invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from billfold.answer import Answer
from billfold.cli.output._cells import dash, money_cell, new_table, quantity_cell, stack, text_cell
from billfold.model import Invoice, InvoiceLine

if TYPE_CHECKING:
    from rich.console import RenderableType


def lines_table(answer: Answer[Invoice]) -> RenderableType:
    """Return a row per line of the invoices, or a text where they have none."""
    lines = [line for invoice in answer for line in invoice.lines]
    if not lines:
        return Text("The provider gives no lines." if answer.items else "", "dim")
    numbers = [("Quantity", "right"), ("Unit price", "right"), ("Cost", "right")]
    table = new_table("Line", "Project", *numbers)
    for line in lines:
        table.add_row(
            _product_cell(line),
            text_cell(line.sub_account_name or line.sub_account_id),
            quantity_cell(line.quantity, line.unit),
            dash() if line.unit_price is None else text_cell(line.unit_price),
            money_cell(line.cost),
        )
    return table


def _product_cell(line: InvoiceLine) -> Text:
    name = line.product_name or line.description or line.product_id or line.id
    if not line.description or line.description == name:
        return text_cell(name)
    return stack(text_cell(name), text_cell(line.description, "dim"))
