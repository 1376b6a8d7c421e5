"""``billfold daily``."""

import typer

from billfold.cli import options
from billfold.cli.commands import show_answer


def daily(
    ctx: typer.Context,
    period: options.PeriodOption = "current",
    limit: options.LimitOption = None,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """Show the cost of every UTC day."""
    requested = options.chosen_period(ctx, period)
    show_answer(
        ctx,
        lambda fold, deadline: fold.daily(requested, deadline=deadline),
        output_format,
        most=limit,
    )
