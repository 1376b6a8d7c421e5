"""``billfold daily``: the cost of each day."""

# Annotations are not postponed here: typer would compile each of them anew at every start.
import typer

from billfold.cli.options import FormatOption, OutputFormat, PeriodOption, read_period


def daily(
    ctx: typer.Context,
    period: PeriodOption = "current",
    output_format: FormatOption = OutputFormat.TABLE,
) -> None:
    """Show the cost of every UTC day."""
    from billfold.cli.output.answers import write_answer
    from billfold.cli.run import ask_accounts, exit_code

    requested = read_period(period)
    answer = ask_accounts(ctx.obj, lambda fold, deadline: fold.daily(requested, deadline=deadline))
    write_answer(answer, output_format)
    raise typer.Exit(exit_code(answer))
