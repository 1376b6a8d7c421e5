"""What is said below invoices: how much is to be paid, and how much of a total is tax."""

from __future__ import annotations

from rich.text import Text

from billfold.answer import Answer
from billfold.cli.clock import now
from billfold.cli.output._cells import cell
from billfold.cli.output.terminal import Part
from billfold.model import Invoice, open_amounts
from billfold.model.taxes import is_taxed


def open_line(answer: Answer[Invoice]) -> Part:
    """Return what the legal invoices still ask for, and what of that is overdue."""
    texts = [
        f"{each.open.rounded()} {each.open.currency}"
        + (f", {each.overdue.rounded()} of it overdue" if each.overdue.amount else "")
        + (
            f", credits of {(-each.credits).rounded()} not taken off"
            if each.credits is not None
            else ""
        )
        for each in open_amounts(answer, now().date())
    ]
    return cell(f"To be paid: {'; '.join(texts)}", "bold") if texts else ""


def tax_line(answer: Answer[Invoice]) -> Part:
    """Return net, tax and total of the invoices that state the first and the last.

    A difference that can be no tax is none.
    """
    lines = []
    for invoice in answer:
        net, total = invoice.net, invoice.total
        if net is None or total is None or net.currency != total.currency:
            continue
        more, currency = total - net, total.currency
        name = invoice.number or invoice.id
        rest = "tax" if is_taxed(total, net) or not more.amount else "no tax but a difference of"
        amounts = (
            f"net {net.rounded()}, {rest} {more.rounded()}, total {total.rounded()} {currency}"
        )
        lines.append(cell(f"{name}: {amounts}"))
    return Text("\n").join(lines) if lines else ""
