"""``billfold export focus``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billfold.cli import options
from billfold.counted import counted
from billfold.errors import IncompleteError, ProviderError, UnsupportedError
from billfold.focus.choices import Format, Profile

if TYPE_CHECKING:
    from billfold.focus import Export


def export_focus(
    ctx: typer.Context,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            parser=options.read_path,
            help="The folder to write. Written atomically: an error leaves no partial export.",
        ),
    ],
    period: options.PeriodOption = "current",
    file_format: Annotated[
        Format, typer.Option(case_sensitive=False, help="parquet needs the extra arrow.")
    ] = Format.CSV,
    profile: Annotated[
        Profile,
        typer.Option(
            case_sensitive=False,
            help="The columns of FOCUS 1.4, only those of 1.2, or Vantage's.",
        ),
    ] = Profile.V1_4,
    partition: Annotated[
        bool,
        typer.Option(
            "--partition",
            help="Write a file per provider, account and month; it replaces that month's.",
        ),
    ] = False,
    spreadsheet_safe: Annotated[
        bool,
        typer.Option(
            "--spreadsheet-safe",
            help="Put an apostrophe before texts that a spreadsheet would run as formulas (CSV).",
        ),
    ] = False,
    allow_partial: Annotated[
        bool,
        typer.Option(
            "--allow-partial",
            help="Export incomplete data; focus-metadata.json and exit code 3 say so.",
        ),
    ] = False,
) -> None:
    """Write what was charged as FOCUS 1.4.

    The files are cost_and_usage, invoice_detail, billing_period and
    focus-metadata.json.

    Exits with 3 if something is missing. Where an account did not answer in
    full, nothing is written unless --allow-partial is given; a single record
    that fits no row is left out and named.
    """
    from billfold.cli.clock import now
    from billfold.cli.output.terminal import print_error
    from billfold.cli.run import COMPLETE, NOTHING, PARTIAL, ask_accounts
    from billfold.focus import export

    requested = options.chosen_period(ctx, period)
    try:
        exported = ask_accounts(
            ctx.obj,
            lambda fold, deadline: export(
                fold,
                out,
                period=requested,
                file_format=file_format,
                profile=profile,
                partition=partition,
                spreadsheet_safe=spreadsheet_safe,
                allow_partial=allow_partial,
                deadline=deadline,
                clock=now,
            ),
        )
    except IncompleteError as error:
        print_error(str(error))
        raise typer.Exit(PARTIAL) from None
    except (ProviderError, UnsupportedError) as error:
        print_error(str(error))
        raise typer.Exit(NOTHING) from None
    _print_export(exported)
    raise typer.Exit(COMPLETE if exported.complete else PARTIAL)


def _print_export(exported: "Export") -> None:
    """Write the files' names to stdout; what is in them, and what is missing, to stderr."""
    from billfold.cli.output.notes import so_far
    from billfold.cli.output.terminal import print_error, print_remark, write_stdout
    from billfold.coverage import known_until
    from billfold.printable import printable

    write_stdout("".join(f"{printable(str(path))}\n" for path in exported.files))
    counts = {dataset.replace("_", " "): count for dataset, count in exported.rows.items() if count}
    rows = ", ".join(f"{counted(count, 'row')} of {dataset}" for dataset, count in counts.items())
    total = ", ".join(map(str, exported.totals.values()))
    print_remark(f"billfold: {rows or 'no rows'}; usage {total or 'none'}")
    for reason, count in exported.left_out.items():
        print_error(f"left out: {count} x {reason}")
    moment = known_until(exported.coverage)
    if moment is not None:
        print_remark(f"billfold: {so_far(moment)}")
    if exported.accounts_left_out:
        print_remark(f"billfold: accounts left out: {', '.join(exported.accounts_left_out)}")
    for note in exported.notes:
        print_error(f"note: {note}")
    for hole in exported.missing:
        print_error(f"incomplete: {hole}")
