"""``billfold check``: whether the credentials work."""

# Annotations are not postponed here: typer would compile each of them anew at every start.
import typer

from billfold.cli.options import FormatOption, OutputFormat


def check(ctx: typer.Context, output_format: FormatOption = OutputFormat.TABLE) -> None:
    """Try each account's credential with the cheapest request.

    Exits with 0 if all of them work, 3 if some do not, 4 if none does.
    """
    from billfold.cli.output.answers import write_answer
    from billfold.cli.run import ask_accounts, exit_code

    answer = ask_accounts(ctx.obj, lambda fold, deadline: fold.check(deadline=deadline))
    write_answer(answer, output_format)
    raise typer.Exit(exit_code(answer))
