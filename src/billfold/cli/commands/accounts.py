"""``billfold accounts``: what is configured."""

# Annotations are not postponed here: typer would compile each of them anew at every start.
import typer

from billfold.cli.options import FormatOption, OutputFormat


def accounts(ctx: typer.Context, output_format: FormatOption = OutputFormat.TABLE) -> None:
    """Show the configured accounts, and where their tokens come from. Makes no request.

    The tokens themselves are never shown.
    """
    from billfold.accounts.config import build_accounts
    from billfold.cli.output.inventory import write_accounts

    write_accounts(build_accounts(ctx.obj.chosen_entries()), output_format)
