"""CSV for spreadsheets and data tools.

There is always a header, then one row per record, per charge for usage, per line for invoices.

Fields are flattened: money ``cost`` becomes ``cost`` (plain decimal) and ``cost_currency``, a
period ``period_start`` and ``period_end``, tags JSON text; what is not stated is empty.

Text that a spreadsheet would run as a formula (it begins with ``=``, ``+``, ``-`` or ``@``) gets
an apostrophe in front, and control characters are replaced. Numbers stay numbers, and JSON keeps
every text as it is.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, get_args, get_type_hints

import attrs

from billfold.answer import Answer
from billfold.cli.output.terminal import printable
from billfold.model import RECORDS, Charge, Invoice, InvoiceLine, Stream
from billfold.money import Money, plain
from billfold.period import Period, utc_text

_FORMULA = ("=", "+", "-", "@")
_LINE = "line_"
CsvRow = dict[str, str]


def answer_csv(answer: Answer[Any]) -> str:
    """Return an answer's records as CSV."""
    if answer.stream is Stream.USAGE:
        charges = (charge for usage in answer.items for charge in usage.charges)
        return csv_text(record_columns(Charge), map(record_row, charges))
    if answer.stream is Stream.INVOICES:
        columns = [*record_columns(Invoice), *map(_line_column, record_columns(InvoiceLine))]
        return csv_text(columns, (row for invoice in answer.items for row in _line_rows(invoice)))
    return csv_text(record_columns(RECORDS[answer.stream]), map(record_row, answer.items))


def _line_column(name: str) -> str:
    return _LINE + name


def _line_rows(invoice: Invoice) -> Iterator[CsvRow]:
    head = record_row(invoice)
    for line in invoice.lines:
        yield head | {_line_column(name): cell for name, cell in record_row(line).items()}
    if not invoice.lines:
        yield head


def csv_text(columns: Iterable[str], rows: Iterable[CsvRow]) -> str:
    """Return a header and rows as CSV; a column that a row lacks is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@cache
def _fields(kind: type) -> Mapping[str, type]:
    """Return a record's fields and their types without None; tuples have rows of their own."""
    hints = get_type_hints(kind)
    types = {field.name: _without_none(hints[field.name]) for field in attrs.fields(kind)}
    return {
        name: field_type
        for name, field_type in types.items()
        if getattr(field_type, "__origin__", field_type) is not tuple
    }


def _without_none(hint: Any) -> Any:
    choices = get_args(hint)
    if type(None) not in choices:
        return hint
    return next(choice for choice in choices if choice is not type(None))


def record_columns(kind: type) -> list[str]:
    """Return the names of a record's columns."""
    return [
        column
        for name, field_type in _fields(kind).items()
        for column in _field_columns(name, field_type)
    ]


def _field_columns(name: str, field_type: type) -> tuple[str, ...]:
    if field_type is Money:
        return name, f"{name}_currency"
    return (f"{name}_start", f"{name}_end") if field_type is Period else (name,)


def record_row(record: Any) -> CsvRow:
    """Return a record's fields as cells by column."""
    row: CsvRow = {}
    kind: type = type(record)
    for name, field_type in _fields(kind).items():
        cells = _cells(getattr(record, name))
        row.update(zip(_field_columns(name, field_type), cells, strict=False))
    return row


def _cells(value: Any) -> tuple[str, ...]:
    match value:
        case None:
            return ()
        case Money():
            return plain(value.amount), value.currency
        case Period():
            return utc_text(value.start), utc_text(value.end)
        case bool():
            return (str(value).lower(),)
        case Decimal():
            return (plain(value),)
        case int():
            return (str(value),)
        case datetime():
            return (utc_text(value),)
        case date():
            return (value.isoformat(),)
        case Mapping() | list():
            return (printable(json.dumps(value, ensure_ascii=False)),)
        case _:
            return (spreadsheet_safe(str(value)),)


def csv_cell(value: Any) -> str:
    """Return one value that takes one column; None is empty."""
    return "".join(_cells(value))


def spreadsheet_safe(value: str) -> str:
    """Return text that no spreadsheet runs as a formula and no terminal obeys."""
    text = printable(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
