"""``billfold subscriptions``: what is charged regularly."""

# Annotations are not postponed here: typer would compile each of them anew at every start.
import typer

from billfold.cli.options import FormatOption, OutputFormat


def subscriptions(ctx: typer.Context, output_format: FormatOption = OutputFormat.TABLE) -> None:
    """List subscriptions and flat fees."""
    from billfold.cli.output.answers import write_answer
    from billfold.cli.run import ask_accounts, exit_code

    answer = ask_accounts(ctx.obj, lambda fold, deadline: fold.subscriptions(deadline=deadline))
    write_answer(answer, output_format)
    raise typer.Exit(exit_code(answer))
