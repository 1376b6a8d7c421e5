"""``billfold usage``."""

from typing import Annotated

import typer

from billfold.cli import options
from billfold.cli.commands import show_answer


def usage(
    ctx: typer.Context,
    period: options.PeriodOption = "current",
    lines: Annotated[
        bool, typer.Option("--lines", help="List every charge below the table.")
    ] = False,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """Show what was used and what it costs, per account and project.

    "current" is each provider's own current period. CSV has one row per charge.
    """
    from billfold.cli.output.details import charges_table, services_table

    requested = options.chosen_period(ctx, period)
    show_answer(
        ctx,
        lambda fold, deadline: fold.usage(requested, deadline=deadline),
        output_format,
        charges_table if lines else services_table,
    )
