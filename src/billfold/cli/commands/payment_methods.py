"""``billfold payment-methods``: the stored means of payment."""

# Annotations are not postponed here: typer would compile each of them anew at every start.
import typer

from billfold.cli.options import FormatOption, OutputFormat


def payment_methods(ctx: typer.Context, output_format: FormatOption = OutputFormat.TABLE) -> None:
    """List stored payment methods; card numbers and IBANs are masked."""
    from billfold.cli.output.answers import write_answer
    from billfold.cli.run import ask_accounts, exit_code

    answer = ask_accounts(ctx.obj, lambda fold, deadline: fold.payment_methods(deadline=deadline))
    write_answer(answer, output_format)
    raise typer.Exit(exit_code(answer))
