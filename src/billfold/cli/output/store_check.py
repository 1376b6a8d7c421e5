"""What was proven of a store, and what joining its files did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs
from rich.table import Table
from rich.text import Text

from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import cell, new_table, title
from billfold.cli.output.formats import csv_text, write_result
from billfold.cli.output.terminal import Part, print_remark
from billfold.counted import counted

if TYPE_CHECKING:
    from billfold.store.check import Report
    from billfold.store.compact import Compacted

CHECK_SCHEMA = "billfold.store-check/1"
COMPACT_SCHEMA = "billfold.store-compact/1"
_FAULT = ("table", "rule", "detail")
_COMPACTED = ("table", "files_before", "files", "bytes_before", "bytes", "deleted")


def write_report(url: str, report: Report, output_format: OutputFormat) -> None:
    """Write what is wrong with a store, if anything is."""
    faults = [attrs.asdict(each) for each in report.faults]
    document = {
        "schema": CHECK_SCHEMA,
        "store": url,
        "complete": not faults,
        "rows": report.rows,
        "items": faults,
    }
    write_result(
        output_format,
        as_table=lambda: _report(report),
        as_document=lambda: document,
        as_csv=lambda: csv_text(_FAULT, faults),
    )
    print_remark(f"store: {url}")


def write_compacted(url: str, done: Sequence[Compacted], output_format: OutputFormat) -> None:
    """Write what became of each table's files."""
    items = [attrs.asdict(each) for each in done]
    write_result(
        output_format,
        as_table=lambda: (title("Store", "compacted"), _rows(_COMPACTED, items)),
        as_document=lambda: {"schema": COMPACT_SCHEMA, "store": url, "items": items},
        as_csv=lambda: csv_text(_COMPACTED, items),
    )
    print_remark(f"store: {url}")


def _report(report: Report) -> Iterator[Part]:
    yield title("Store", "sound" if not report.faults else counted(len(report.faults), "fault"))
    yield _rows(
        ("table", "rows"), [{"table": name, "rows": count} for name, count in report.rows.items()]
    )
    for fault in report.faults:
        yield Text(f"{fault.table}, {fault.rule}: {fault.detail}", "yellow")


def _rows(names: Sequence[str], rows: Sequence[dict[str, Any]]) -> Table:
    headings = [name.replace("_", " ").capitalize() for name in names]
    table = new_table(headings[0], *(f"#{heading}" for heading in headings[1:]))
    for row in rows:
        table.add_row(*(cell(str(row[name])) for name in names))
    return table
