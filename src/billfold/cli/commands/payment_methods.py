"""``billfold payment-methods``."""

import typer

from billfold.cli import options
from billfold.cli.commands import show_answer


def payment_methods(
    ctx: typer.Context,
    limit: options.LimitOption = None,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """List stored payment methods; card numbers and IBANs are masked."""
    show_answer(
        ctx,
        lambda fold, deadline: fold.payment_methods(deadline=deadline),
        output_format,
        most=limit,
    )
