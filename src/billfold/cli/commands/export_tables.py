"""``billfold export csv`` and ``billfold export parquet``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from billfold.cli import options
from billfold.cli.global_options import GlobalOptions
from billfold.errors import ConfigError

if TYPE_CHECKING:
    from datetime import datetime

    from billfold.cli.stored_files import Written

OutOption = Annotated[
    Path,
    typer.Option(
        "--out",
        "-o",
        metavar="DIR",
        parser=options.read_path,
        help="The folder to write. Written atomically: an error leaves it as it was.",
    ),
]


def export_csv(ctx: typer.Context, out: OutOption) -> None:
    """Write every table of the store as CSV (with --stored).

    A row per record that stands now, or stood at --as-of; no text is a formula.
    """
    _export(ctx.obj, out, "csv")


def export_parquet(ctx: typer.Context, out: OutOption) -> None:
    """Write every table of the store as Parquet (with --stored).

    A row per record that stands now, or stood at --as-of. Money is
    decimal128(38,24).
    """
    _export(ctx.obj, out, "parquet")


def _export(chosen: GlobalOptions, out: Path, file_format: str) -> None:
    if not chosen.history.stored:
        raise ConfigError(
            f"export {file_format} writes the store's tables: add --stored (what providers answer "
            "now is written by export focus)"
        )
    from billfold.cli.clock import now
    from billfold.cli.history import known_accounts, open_book, require_store_extra
    from billfold.cli.output.terminal import show_waiting
    from billfold.cli.stored_files import TableFormat, write_tables
    from billfold.store.views import Shown

    require_store_extra()
    with show_waiting("reading the store ..."):
        known = known_accounts(chosen)
        accounts = chosen.choose(known)
        left_out = chosen.names_left_out(known, accounts)
        names = tuple(account.name for account in accounts) if left_out else None
        shown = Shown(open_book(chosen), chosen.history.as_of, names)
        if shown.is_empty():
            _end_with_nothing(chosen.history.as_of)
        written = write_tables(shown, out, TableFormat(file_format), left_out=left_out, clock=now)
    _print(written, left_out)


def _end_with_nothing(as_of: "datetime | None") -> NoReturn:
    from billfold.cli.output.terminal import print_error
    from billfold.cli.run import NOTHING
    from billfold.period import utc_text

    when = "" if as_of is None else f" at {utc_text(as_of)}"
    print_error(f"nothing was known{when}: no file is written")
    raise typer.Exit(NOTHING)


def _print(written: "Written", left_out: tuple[str, ...]) -> None:
    """Write the files' names to stdout, and what is in them to stderr."""
    from billfold.cli.output.terminal import print_remark, write_stdout
    from billfold.counted import counted
    from billfold.printable import printable

    write_stdout("".join(f"{printable(str(path))}\n" for path in written.paths))
    rows = ", ".join(
        f"{counted(count, 'row')} of {name.replace('_', ' ')}"
        for name, count in written.rows.items()
        if count
    )
    print_remark(f"billfold: {rows or 'no rows'}")
    if left_out:
        print_remark(f"billfold: accounts left out: {', '.join(left_out)}")
