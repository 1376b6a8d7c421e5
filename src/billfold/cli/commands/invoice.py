"""``billfold invoice``: one invoice with its lines, or its PDF as a file."""

# Annotations are not postponed here: typer would compile each of them anew at every start.
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from attrs import evolve

from billfold.cli.options import FormatOption, GlobalOptions, OutputFormat, complete_accounts
from billfold.errors import BillfoldError, DeadlineError, ProviderError, UnsupportedError
from billfold.model import Invoice, State, Stream

if TYPE_CHECKING:
    from billfold.answer import Answer
    from billfold.facade.billfold import Billfold


def invoice(
    ctx: typer.Context,
    account: Annotated[
        str,
        typer.Argument(
            metavar="ACCOUNT", help="The account's name.", autocompletion=complete_accounts
        ),
    ],
    invoice_id: Annotated[
        str, typer.Argument(metavar="ID", help="The invoice's id, as `invoices` shows it.")
    ],
    pdf: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the invoice's PDF to FILE instead. Written atomically: an error leaves no "
            "partial file.",
        ),
    ] = None,
    output_format: FormatOption = OutputFormat.TABLE,
) -> None:
    """Show one invoice with its lines, or save its PDF."""
    # This account is asked, whatever else is configured or chosen.
    options = ctx.obj.for_account(account)
    if pdf is None:
        answer = _show_invoice(options, invoice_id, output_format)
    else:
        answer = _save_document(options, invoice_id, pdf, output_format)
    from billfold.cli.run import exit_code

    raise typer.Exit(exit_code(answer))


def _show_invoice(
    options: GlobalOptions, invoice_id: str, output_format: OutputFormat
) -> "Answer[Invoice]":
    from billfold.cli.output.answers import write_answer
    from billfold.cli.output.invoice_lines import lines_table
    from billfold.cli.run import ask_accounts

    answer = ask_accounts(options, lambda fold, deadline: _ask_invoice(fold, invoice_id, deadline))
    write_answer(answer, output_format, lines_table)
    return answer


async def _ask_invoice(
    fold: "Billfold", invoice_id: str, deadline: float | None
) -> "Answer[Invoice]":
    (account,) = fold.accounts
    try:
        invoice = await fold.invoice(account.name, invoice_id, deadline=deadline)
    except (ProviderError, UnsupportedError) as error:
        return _failed_answer(fold, error)
    return _answer(fold, invoice)


def _save_document(
    options: GlobalOptions, invoice_id: str, pdf: Path, output_format: OutputFormat
) -> "Answer[Invoice]":
    from rich.text import Text

    from billfold.cli.output.answers import print_notes, write_answer
    from billfold.cli.output.terminal import print_stderr, printable
    from billfold.cli.run import ask_accounts

    answer = ask_accounts(
        options, lambda fold, deadline: _ask_document(fold, invoice_id, pdf, deadline)
    )
    if output_format is not OutputFormat.TABLE:
        write_answer(answer, output_format)
        return answer
    print_notes(answer)
    if answer.complete:
        subject = f"invoice {invoice_id} of {options.names[0]}"
        print_stderr(Text(printable(f"billfold: saved {subject} to {pdf}")))
    return answer


async def _ask_document(
    fold: "Billfold", invoice_id: str, pdf: Path, deadline: float | None
) -> "Answer[Invoice]":
    from billfold.files import atomic_write

    (account,) = fold.accounts
    try:
        with atomic_write(pdf) as file:
            async for chunk in fold.document(account.name, invoice_id, deadline=deadline):
                file.write(chunk)
    except (ProviderError, UnsupportedError) as error:
        return _failed_answer(fold, error)
    return _answer(fold, detail=f"the document is in {pdf}")


def _answer(fold: "Billfold", *items: Invoice, detail: str | None = None) -> "Answer[Invoice]":
    from billfold.answer import Answer, Coverage

    (account,) = fold.accounts
    row = Coverage(account.name, account.provider, Stream.INVOICES, State.COMPLETE, detail=detail)
    return Answer(Stream.INVOICES, None, items, (row,))


def _failed_answer(fold: "Billfold", error: BillfoldError) -> "Answer[Invoice]":
    answer = _answer(fold, detail=error.message)
    (row,) = answer.coverage
    if isinstance(error, UnsupportedError):
        return evolve(answer, coverage=(evolve(row, state=State.UNSUPPORTED),))
    state = State.TIMED_OUT if isinstance(error, DeadlineError) else State.FAILED
    return evolve(answer, coverage=(evolve(row, state=state),), failures=(error,))
