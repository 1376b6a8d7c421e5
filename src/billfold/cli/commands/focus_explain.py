"""``billfold focus explain``."""

from typing import Annotated

import typer

from billfold.cli.options import complete_providers


def focus_explain(
    column: Annotated[
        str, typer.Argument(metavar="COLUMN", help="A column, like SkuId or x_CostBasis.")
    ],
    provider: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only this provider.", autocompletion=complete_providers),
    ] = None,
) -> None:
    """Show what a column of the export holds, when it is null, and why. Makes no request."""
    from billfold.adapter import find, usable
    from billfold.cli.output.terminal import print_error, write_stdout
    from billfold.focus.explain import explain

    adapters, reasons = usable() if provider is None else ((find(provider),), ())
    declarations = {adapter.provider: adapter.declares for adapter in adapters}
    for reason in reasons:
        print_error(reason)
    write_stdout(explain(column, declarations) + "\n")
