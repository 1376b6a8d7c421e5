"""``billfold invoices``."""

from typing import Annotated

import typer

from billfold.cli import options
from billfold.cli.commands import show_answer
from billfold.model import InvoiceKind


def invoices(
    ctx: typer.Context,
    period: options.PeriodOption = "current",
    kind: Annotated[InvoiceKind | None, typer.Option(help="Only invoices of this kind.")] = None,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """List metering and legal invoices, totalled separately.

    The two kinds describe the same money. "current", the default, lists all
    invoices. CSV has one row per line; an invoice without lines has one row.
    """
    requested = options.read_period(period)
    show_answer(
        ctx, lambda fold, deadline: fold.invoices(requested, kind, deadline=deadline), output_format
    )
