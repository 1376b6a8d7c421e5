"""The table of exchange rates that was fetched, in the chosen format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.text import Text

from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import cell
from billfold.cli.output.formats import csv_text, write_result
from billfold.cli.output.terminal import Part
from billfold.codec import record
from billfold.costs import RateTable
from billfold.costs.ecb_cache import cache_file

_COLUMNS = ("newest_day", "sha256", "fetched_at", "url", "file")


def write_table(table: RateTable, output_format: OutputFormat) -> None:
    """Write which table is kept now, and where."""
    file = str(cache_file())

    def parts() -> Iterator[Part]:
        yield Text(f"Exchange rates of the ECB, up to {table.newest_day}.")
        yield cell(f"  from {table.url}", "dim")
        yield cell(f"  sha256 {table.sha256}", "dim")
        yield cell(f"  kept in {file}", "dim")

    def document() -> dict[str, Any]:
        return {"schema": "billfold.rates/1", "table": record(table), "file": file}

    write_result(
        output_format,
        as_table=parts,
        as_document=document,
        as_csv=lambda: csv_text(_COLUMNS, [{**record(table), "file": file}]),
    )
