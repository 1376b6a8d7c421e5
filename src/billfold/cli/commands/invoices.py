"""``billfold invoices``: metering and legal invoices."""

# Annotations are not postponed here: typer would compile each of them anew at every start.
from typing import Annotated

import typer

from billfold.cli.options import FormatOption, OutputFormat, PeriodOption, read_period
from billfold.model import InvoiceKind


def invoices(
    ctx: typer.Context,
    period: PeriodOption = "current",
    kind: Annotated[InvoiceKind | None, typer.Option(help="Only invoices of this kind.")] = None,
    output_format: FormatOption = OutputFormat.TABLE,
) -> None:
    """List metering and legal invoices, totalled separately.

    The two kinds describe the same money. "current", the default, lists all
    invoices. CSV has one row per line; an invoice without lines has one row.
    """
    from billfold.cli.output.answers import write_answer
    from billfold.cli.run import ask_accounts, exit_code

    requested = read_period(period)
    answer = ask_accounts(
        ctx.obj, lambda fold, deadline: fold.invoices(requested, kind, deadline=deadline)
    )
    write_answer(answer, output_format)
    raise typer.Exit(exit_code(answer))
