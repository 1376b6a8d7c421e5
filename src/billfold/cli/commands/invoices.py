"""``billfold invoices``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from billfold.cli import options
from billfold.cli.commands import show_answer
from billfold.errors import ConfigError

if TYPE_CHECKING:
    from billfold.answer import Answer
    from billfold.cli.documents import SavedDocument
    from billfold.cli.output.terminal import Part
    from billfold.cli.run import Call
    from billfold.facade.billfold import Billfold
    from billfold.model import Invoice
    from billfold.period import Period


def _read_kind(text: str) -> str:
    """Return a kind of invoice. Raises BadParameter, which typer shows.

    No enum of typer's: help would load the whole model for it.
    """
    from billfold.model import InvoiceKind

    if text not in list(InvoiceKind):
        raise typer.BadParameter(
            f"{text!r} is not one of {', '.join(map(repr, _complete_kinds('')))}."
        )
    return text


def _complete_kinds(incomplete: str) -> list[str]:
    """Return the kinds of invoices that begin so."""
    from billfold.model import InvoiceKind

    return [kind.value for kind in InvoiceKind if kind.startswith(incomplete)]


def invoices(
    ctx: typer.Context,
    period: options.PeriodOption = "current",
    kind: Annotated[
        str | None,
        typer.Option(
            metavar="<metering|legal>",
            parser=_read_kind,
            autocompletion=_complete_kinds,
            help="Only invoices of this kind.",
        ),
    ] = None,
    pdf_dir: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            parser=options.read_path,
            help="Also save the document of every legal invoice to DIR, named by account and "
            "number. Files that are already there are never replaced.",
        ),
    ] = None,
    limit: options.LimitOption = None,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """List metering and legal invoices, totalled separately.

    The two kinds describe the same money. "current", the default, lists all
    invoices. CSV has one row per line; an invoice without lines has one row.

    With --pdf-dir, exits with 3 if a document could not be had, or its file is
    there with another content.
    """
    requested = options.chosen_period(ctx, period)
    if pdf_dir is not None:
        if limit is not None:
            raise ConfigError("--pdf-dir saves every invoice of the period: leave --limit out")
        call = _listed_and_saved(requested, kind, pdf_dir)
        _show_saved(ctx, call, output_format)
    show_answer(
        ctx,
        lambda fold, deadline: fold.invoices(requested, kind, deadline=deadline),
        output_format,
        _open_line,
        most=limit,
    )


def _open_line(answer: "Answer[Invoice]") -> "Part":
    """Return what is to be paid; what lays it out is loaded for tables alone."""
    from billfold.cli.output.invoice_amounts import open_line

    return open_line(answer)


def _listed_and_saved(
    requested: "Period | None", kind: str | None, folder: Path
) -> "Call[tuple[Answer[Invoice], tuple[SavedDocument, ...]]]":
    """Return what lists invoices and saves their documents, within one deadline."""
    from billfold.cli.documents import require_folder, save_documents
    from billfold.http.deadline import Deadline

    async def call(
        fold: "Billfold", deadline: float | None
    ) -> "tuple[Answer[Invoice], tuple[SavedDocument, ...]]":
        limit = Deadline.after(deadline)
        answer = await fold.invoices(requested, kind, deadline=limit)
        return answer, await save_documents(fold, answer.items, folder, limit)

    require_folder(folder)
    return call


def _show_saved(
    ctx: typer.Context,
    call: "Call[tuple[Answer[Invoice], tuple[SavedDocument, ...]]]",
    output_format: options.OutputFormat,
) -> NoReturn:
    from billfold.cli.documents import Outcome
    from billfold.cli.output.documents import write_documents
    from billfold.cli.run import NOTHING, PARTIAL, ask_accounts, exit_code

    answer, documents = ask_accounts(ctx.obj, call)
    write_documents(answer, documents, output_format)
    code = exit_code(answer)
    missing = any(each.outcome is Outcome.FAILED for each in documents)
    raise typer.Exit(PARTIAL if missing and code != NOTHING else code)
