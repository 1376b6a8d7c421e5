"""``billfold balances``."""

import typer

from billfold.cli import options
from billfold.cli.commands import show_answer


def balances(ctx: typer.Context, output_format: options.FormatOption = options.TABLE) -> None:
    """Show prepaid money and credit as it stands now."""
    show_answer(ctx, lambda fold, deadline: fold.balances(deadline=deadline), output_format)
