"""``billfold usage``: what was used and what it costs."""

# Annotations are not postponed here: typer would compile each of them anew at every start.
from typing import Annotated

import typer

from billfold.cli.options import FormatOption, OutputFormat, PeriodOption, read_period


def usage(
    ctx: typer.Context,
    period: PeriodOption = "current",
    lines: Annotated[
        bool, typer.Option("--lines", help="List every charge below the table.")
    ] = False,
    output_format: FormatOption = OutputFormat.TABLE,
) -> None:
    """Show what was used and what it costs, per account and project.

    "current" is each provider's own current period. CSV has one row per charge.
    """
    from billfold.cli.output.answers import write_answer
    from billfold.cli.output.usage_details import charges_table, services_table
    from billfold.cli.run import ask_accounts, exit_code

    requested = read_period(period)
    answer = ask_accounts(ctx.obj, lambda fold, deadline: fold.usage(requested, deadline=deadline))
    write_answer(answer, output_format, charges_table if lines else services_table)
    raise typer.Exit(exit_code(answer))
