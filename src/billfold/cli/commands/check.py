"""``billfold check``."""

import typer

from billfold.cli import options
from billfold.cli.commands import show_answer


def check(ctx: typer.Context, output_format: options.FormatOption = options.TABLE) -> None:
    """Try each account's credential with one cheap request.

    Exits with 0 if all of them work, 3 if some do not, 4 if none does.
    """
    show_answer(ctx, lambda fold, deadline: fold.check(deadline=deadline), output_format)
