"""A result in the chosen format: a table for people, JSON and CSV for programs.

CSV has always a header, then one row per record, per charge for usage, per line for invoices.
Fields are flattened: money ``cost`` becomes ``cost`` (plain decimal) and ``cost_currency``, a
period ``period_start`` and ``period_end``, tags JSON text; what is not stated is empty.

Text that a spreadsheet would run as a formula (it begins with ``=``, ``+``, ``-`` or ``@``, also
where semicolons, tabs or bars separate) gets an apostrophe in front, and control characters are
replaced but for line breaks, which stay as they are within quotes (RFC 4180). Numbers stay numbers,
and JSON keeps every text as it is.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, get_args, get_origin, get_type_hints

import attrs

from billfold.answer import Answer
from billfold.cli.options import OutputFormat
from billfold.cli.output.terminal import Part, print_stderr, print_stdout, write_stdout
from billfold.cli.verbosity import is_watched
from billfold.codec import json_text
from billfold.coverage import known_until, open_until
from billfold.files import csv_writer, without_formulas
from billfold.flat import FlatRow, parts_of, rows_of, said_of
from billfold.model import State
from billfold.money import Money, plain
from billfold.period import Period, utc_text
from billfold.printable import printable

_BREAKS = re.compile("([\r\n])")
CsvRow = Mapping[str, Any]


def write_result(
    output_format: OutputFormat,
    *,
    as_table: Callable[[], Iterable[Part]],
    as_document: Callable[[], dict[str, Any]],
    as_csv: Callable[[], str] = str,
    notes: Sequence[Part] = (),
    warns: bool = True,
) -> None:
    """Write a result to standard output, and notes below its table, else to standard error.

    Notes that warn of nothing (not ``warns``) are for who watches. A result that is no table of
    rows has no CSV.
    """
    if output_format is OutputFormat.TABLE:
        print_stdout(*as_table(), *notes)
        return
    is_json = output_format is OutputFormat.JSON
    write_stdout(document_json(as_document()) if is_json else as_csv())
    if warns or is_watched():
        print_stderr(*notes)


def needs_no_note(answer: Answer[Any]) -> bool:
    """Return whether nothing can be said beside an answer: all of it is there, and of one window.

    What has checks may need a note.
    """
    said = any(
        row.state is not State.COMPLETE or row.detail or row.known_until for row in answer.coverage
    )
    checked = any(getattr(item, "checks", ()) for item in answer.items)
    windows = {row.covers for row in answer.coverage}
    return answer.complete and not (said or checked or answer.left_out) and len(windows) == 1


def write_plain(
    answer: Answer[Any], output_format: OutputFormat, beside: Mapping[str, Any] | None = None
) -> None:
    """Write an answer that needs no note as JSON, with what stands ``beside`` it, or as CSV."""
    write_result(
        output_format,
        as_table=tuple,
        as_document=lambda: answer.to_dict() | dict(beside or {}),
        as_csv=lambda: answer_csv(answer),
    )


def document_json(document: dict[str, Any]) -> str:
    """Return a versioned object as JSON."""
    return json_text(document, 2) + "\n"


def csv_text(columns: Iterable[str], rows: Iterable[CsvRow]) -> str:
    """Return a header and rows as CSV; a column that a row lacks is empty."""
    columns = tuple(columns)
    out = io.StringIO(newline="")
    writer = csv_writer(out)
    writer.writerow(columns)
    writer.writerows([csv_cell(row.get(column)) for column in columns] for row in rows)
    return out.getvalue()


def with_said(rows: Iterable[CsvRow], said: CsvRow) -> Iterator[CsvRow]:
    """Yield rows, each with what is said of all; without a row this alone, so that it is said."""
    for row in [*rows] or [{}]:
        yield {**row, **said}


def csv_cell(value: Any) -> str:
    """Return one value that takes one column; None is empty."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Decimal():
            return plain(value)
        case int():
            return str(value)
        case datetime():
            return utc_text(value)
        case Mapping() | list():
            return spreadsheet_safe(json.dumps(value, ensure_ascii=False))
        case _:
            return spreadsheet_safe(str(value))


def spreadsheet_safe(value: str) -> str:
    """Return text that no spreadsheet runs as a formula; of its controls only line breaks stay."""
    text = "".join(part if part in "\r\n" else printable(part) for part in _BREAKS.split(value))
    return without_formulas(text)


def answer_csv(answer: Answer[Any]) -> str:
    """Return an answer's records as CSV.

    The last columns say until when an open window is known, and whether the answer is complete.
    Without a record one row says this of all.
    """
    known = open_until(answer.coverage)
    parts = parts_of(answer.stream)
    columns = [name for part in parts for name in _columns(part.record, part.prefix)]
    prefixes = [part.prefix for part in parts]
    said: CsvRow = {"complete": answer.complete}
    rows: Iterable[CsvRow] = (
        {**_side_by_side(records, prefixes), "known_until": known.get(records[0].account)}
        for records in rows_of(answer.stream, answer.items)
    )
    # Without a record: how far nothing is known.
    rows = [*rows] or [{"known_until": known_until(answer.coverage)}]
    return csv_text((*columns, *said_of(answer.stream)), with_said(rows, said))


def _side_by_side(records: FlatRow, prefixes: Sequence[str]) -> CsvRow:
    row: dict[str, Any] = {}
    for record, prefix in zip(records, prefixes, strict=True):
        row |= {} if record is None else _row(record, prefix)
    return row


def _columns(kind: type, prefix: str = "") -> list[str]:
    """Return the columns of a record's fields; tuples have rows of their own."""
    columns: list[str] = []
    for field, hint in get_type_hints(kind).items():
        name, types = prefix + field, (hint, *get_args(hint))  # of Money | None: both
        if Money in types:
            columns += [name, f"{name}_currency"]
        elif Period in types:
            columns += [f"{name}_start", f"{name}_end"]
        elif get_origin(hint) is not tuple:
            columns.append(name)
    return columns


def _row(record: Any, prefix: str = "") -> dict[str, Any]:
    row: dict[str, Any] = {}
    for field, value in attrs.asdict(record, recurse=False).items():
        name = prefix + field
        match value:
            case Money():
                row |= {name: value.amount, f"{name}_currency": value.currency}
            case Period():
                row |= {f"{name}_start": value.start, f"{name}_end": value.end}
            case _:
                row[name] = value
    return row
