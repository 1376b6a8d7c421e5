"""``billfold ledger``."""

import typer

from billfold.cli import options
from billfold.cli.commands import show_answer


def ledger(
    ctx: typer.Context,
    period: options.PeriodOption = "current",
    limit: options.LimitOption = None,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """Show the movements on prepaid balances, newest first.

    "current", the default, shows all of them.
    """
    requested = options.chosen_period(ctx, period)
    show_answer(
        ctx,
        lambda fold, deadline: fold.ledger(requested, deadline=deadline),
        output_format,
        most=limit,
    )
