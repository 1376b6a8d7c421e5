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
    from billfold.adapter import find, installed
    from billfold.cli.output.terminal import write_stdout
    from billfold.focus.explain import explain

    names = installed() if provider is None else (provider,)
    declarations = {name: find(name).declares for name in names}
    write_stdout(explain(column, declarations) + "\n")
