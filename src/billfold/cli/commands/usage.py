"""``billfold usage``."""

from typing import TYPE_CHECKING, Annotated

import typer
from attrs import evolve

from billfold.cli import options
from billfold.cli.commands import show_answer

if TYPE_CHECKING:
    from billfold.answer import Answer
    from billfold.cli.output.answers import Layout
    from billfold.cli.output.terminal import Part
    from billfold.model import Usage


def usage(
    ctx: typer.Context,
    period: options.PeriodOption = "current",
    lines: Annotated[
        bool, typer.Option("--lines", help="List every charge below the table.")
    ] = False,
    limit: options.LimitOption = None,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """Show what was used and what it costs, per account and project.

    "current" is each provider's own current period. CSV has one row per charge.
    """
    from billfold.cli.output.details import services_table

    requested = options.chosen_period(ctx, period)
    show_answer(
        ctx,
        lambda fold, deadline: fold.usage(requested, deadline=deadline),
        output_format,
        *(_charges(limit) if lines else (services_table,)),
        most=limit,
    )


def _charges(most: int | None) -> "tuple[Layout, Layout]":
    """Return the layouts of the first charges, and of how many there are beside them."""
    from billfold.cli.output.details import charges_table

    def first(answer: "Answer[Usage]") -> "Part":
        shown, left = [], most
        for usage in answer:
            kept = usage.charges[:left]
            left = None if left is None else left - len(kept)
            shown.append(evolve(usage, charges=kept))
        return charges_table(evolve(answer, items=tuple(shown)))

    def others(answer: "Answer[Usage]") -> "Part":
        count = sum(len(usage.charges) for usage in answer)
        return f"{most} of {count} charges shown" if most is not None and most < count else ""

    return first, others
