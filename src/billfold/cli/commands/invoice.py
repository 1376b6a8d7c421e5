"""``billfold invoice``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from attrs import evolve

from billfold.cli import options
from billfold.errors import BillfoldError, DeadlineError, ProviderError, UnsupportedError

if TYPE_CHECKING:
    from billfold.answer import Answer
    from billfold.facade.billfold import Billfold
    from billfold.model import Invoice


def invoice(
    ctx: typer.Context,
    account: Annotated[
        str,
        typer.Argument(
            metavar="ACCOUNT", help="The account's name.", autocompletion=options.complete_accounts
        ),
    ],
    invoice_id: Annotated[
        str,
        typer.Argument(metavar="ID", help="The invoice's id or number, as `invoices` shows it."),
    ],
    pdf: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            parser=options.read_path,
            help="Write the invoice's PDF to FILE instead. Written atomically: an error leaves no "
            "partial file.",
        ),
    ] = None,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """Show one invoice with its lines, or save its PDF.

    Exits with 3 if the invoice states no total or is not surely all
    there is, and with 4 if there is none.
    """
    from billfold.cli.output.answers import write_answer
    from billfold.cli.output.details import lines_table
    from billfold.cli.output.invoice_amounts import tax_line
    from billfold.cli.output.notes import print_notes
    from billfold.cli.output.terminal import print_remark
    from billfold.cli.run import ask_accounts, exit_code
    from billfold.printable import printable

    if pdf is not None:
        ctx.obj.require_other_file(pdf)
    # This account is asked, whatever else is configured or chosen.
    chosen = evolve(ctx.obj, names=(account,), providers=())
    answer = ask_accounts(chosen, lambda fold, deadline: _ask(fold, invoice_id, pdf, deadline))
    if pdf is None or output_format is not options.TABLE:
        write_answer(answer, output_format, lines_table, tax_line)
    else:
        print_notes(answer)
        if answer.complete:
            saved = f"billfold: saved invoice {invoice_id} of {account} to {pdf}"
            print_remark(printable(saved))
    raise typer.Exit(exit_code(answer))


async def _ask(
    fold: "Billfold", invoice_id: str, pdf: Path | None, deadline: float | None
) -> "Answer[Invoice]":
    from billfold.answer import Answer
    from billfold.coverage import Coverage
    from billfold.files import atomic_write
    from billfold.model import State, Stream

    (account,) = fold.accounts
    failures: tuple[BillfoldError, ...] = ()
    state, detail = State.COMPLETE, f"the document is in {pdf}"
    try:
        if pdf is None:
            return await fold.invoice(account.name, invoice_id, deadline=deadline)
        with atomic_write(pdf) as file:
            async for chunk in fold.document(account.name, invoice_id, deadline=deadline):
                file.write(chunk)
    except UnsupportedError as error:
        state, detail = State.UNSUPPORTED, error.message
    except ProviderError as error:
        state = State.TIMED_OUT if isinstance(error, DeadlineError) else State.FAILED
        detail, failures = error.message, (error,)
    row = Coverage(
        account.name, account.provider, Stream.INVOICES, state, detail=detail, part=invoice_id
    )
    return Answer(Stream.INVOICES, None, (), (row,), failures, accounts=(account.name,))
