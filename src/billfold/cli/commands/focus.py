"""``billfold export focus`` and ``billfold focus explain``."""

# Annotations are not postponed here: typer would compile each of them anew at every start.
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billfold.cli.options import PeriodOption
from billfold.cli.setup import Setup, installed
from billfold.focus import Format, Profile

if TYPE_CHECKING:
    from billfold.facade.billfold import Billfold
    from billfold.focus import Export

export = typer.Typer(
    name="export", help="Write what was charged in other tools' formats.", no_args_is_help=True
)
focus = typer.Typer(name="focus", help="Ask about the FOCUS export.", no_args_is_help=True)


@export.command("focus")
def to_focus(
    ctx: typer.Context,
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", metavar="DIR", help="The folder to write, whole or not at all."
        ),
    ],
    period: PeriodOption = "current",
    file_format: Annotated[
        Format, typer.Option(help="parquet needs the extra arrow.")
    ] = Format.CSV,
    profile: Annotated[
        Profile,
        typer.Option(
            help="FOCUS 1.4 for readers of any version; 1.2's columns alone; or Vantage's."
        ),
    ] = (Profile.V1_4),
    partition: Annotated[
        bool,
        typer.Option(
            "--partition",
            help="A file per provider, account and month; a month is replaced as a whole.",
        ),
    ] = False,
    allow_partial: Annotated[
        bool,
        typer.Option(
            "--allow-partial",
            help="Export an answer with holes, too; the sidecar and the exit code say so.",
        ),
    ] = False,
) -> None:
    """Write what was charged as FOCUS 1.4: cost_and_usage, invoice_detail, billing_period and focus-metadata.json.

    Exits with 3 when something is missing: without --allow-partial nothing is written then.
    """
    from billfold.cli.setup import period as read
    from billfold.focus import export as write

    asked = read(period)

    def question(fold: "Billfold", deadline: float | None) -> "Awaitable[Export]":
        return write(
            fold,
            out,
            period=asked,
            file_format=file_format,
            profile=profile,
            partition=partition,
            allow_partial=allow_partial,
            deadline=deadline,
        )

    raise typer.Exit(run(ctx.obj, question))


@focus.command()
def explain(
    column: Annotated[
        str, typer.Argument(metavar="COLUMN", help="A column, like SkuId or x_CostBasis.")
    ],
    provider: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only this provider.", autocompletion=installed),
    ] = None,
) -> None:
    """Say what a column of the export holds, where it is null, and why. Makes no request."""
    from billfold.adapter import Declaration, find
    from billfold.adapter import installed as adapters
    from billfold.cli.output.terminal import put
    from billfold.focus.explain import explain as text

    names = adapters() if provider is None else (provider,)
    declarations: Mapping[str, Declaration] = {name: find(name).declares for name in names}
    put(text(column, declarations) + "\n")


def run(setup: Setup, question: "Callable[[Billfold, float | None], Awaitable[Export]]") -> int:
    """Export, say what was written and what is missing, and return the exit code."""
    from billfold.cli.output.terminal import clean, complain, put, tell
    from billfold.cli.run import COMPLETE, NOTHING, PARTIAL, answered
    from billfold.errors import IncompleteError, ProviderError, UnsupportedError

    try:
        done = answered(setup, question)
    except IncompleteError as error:
        complain(str(error))
        return PARTIAL
    except (ProviderError, UnsupportedError) as error:
        complain(str(error))
        return NOTHING
    put("".join(f"{clean(str(path))}\n" for path in done.files))
    counts = ", ".join(
        f"{count} rows of {name.replace('_', ' ')}" for name, count in done.rows.items() if count
    )
    tell(
        f"billfold: {counts or 'no rows'}; usage {', '.join(map(str, done.totals.values())) or 'none'}"
    )
    for what, count in done.left_out.items():
        complain(f"left out: {count} x {what}")
    if not done.complete:
        holes = [row for row in done.coverage if row.state not in ("complete", "unsupported")]
        for row in holes:
            complain(
                f"not whole: {row.account}'s {row.stream} is {row.state}"
                + (f" ({row.detail})" if row.detail else "")
            )
    return COMPLETE if done.complete else PARTIAL
