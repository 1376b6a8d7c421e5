"""The options that many commands share."""

from typing import Annotated

import typer

from billfold.cli.setup import Format

FormatOption = Annotated[
    Format,
    typer.Option(
        "--format", "-f", help="table is for people; json and csv go to standard output alone."
    ),
]
PeriodOption = Annotated[
    str,
    typer.Option(
        "--period",
        "-p",
        metavar="PERIOD",
        help="2026-10, 2026-10-01, 2026-10..2026-12 or 2026-10-01..2026-10-15 (a range is without its end), current, or "
        "last-month; all in UTC.",
    ),
]
