"""``billfold accounts``."""

import typer

from billfold.cli import options


def accounts(ctx: typer.Context, output_format: options.FormatOption = options.TABLE) -> None:
    """Show the configured accounts, and where their tokens come from. Makes no request.

    The tokens themselves are never shown.
    """
    from billfold.accounts.config import build_accounts
    from billfold.cli.output.inventory import write_accounts

    write_accounts(build_accounts(ctx.obj.chosen_entries()), output_format)
