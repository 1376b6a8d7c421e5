"""``billfold invoices``."""

from typing import Annotated

import typer

from billfold.cli import options
from billfold.cli.commands import show_answer


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
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """List metering and legal invoices, totalled separately.

    The two kinds describe the same money. "current", the default, lists all
    invoices. CSV has one row per line; an invoice without lines has one row.
    """
    requested = options.chosen_period(ctx, period)
    show_answer(
        ctx, lambda fold, deadline: fold.invoices(requested, kind, deadline=deadline), output_format
    )
