"""``billfold subscriptions``."""

import typer

from billfold.cli import options
from billfold.cli.commands import show_answer


def subscriptions(
    ctx: typer.Context,
    limit: options.LimitOption = None,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """List subscriptions and flat fees."""
    show_answer(
        ctx,
        lambda fold, deadline: fold.subscriptions(deadline=deadline),
        output_format,
        most=limit,
    )
