"""CSV for spreadsheets and data tools: a header always, then one row per record, per charge for usage, per line for invoices.

Fields are flattened: money ``cost`` becomes ``cost`` (plain decimal) and ``cost_currency``, a period ``period_start`` and
``period_end``, tags JSON text; what is not stated is empty. Text that a spreadsheet would run as a formula (it begins with
``=``, ``+``, ``-`` or ``@``) gets an apostrophe in front, and control characters are replaced; numbers stay numbers, and JSON
keeps every text as it is.
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
from billfold.cli.output.terminal import clean
from billfold.model import RECORDS, Charge, Invoice, InvoiceLine, Stream
from billfold.money import Money, plain
from billfold.period import Period, utc_text

_FORMULA = ("=", "+", "-", "@")
_LINE = "line_"
Row = dict[str, str]


def text(answer: Answer[Any]) -> str:
    """Write an answer's records."""
    if answer.stream is Stream.USAGE:
        charges = (charge for usage in answer.items for charge in usage.charges)
        return written(columns(Charge), map(flat, charges))
    if answer.stream is Stream.INVOICES:
        both = [*columns(Invoice), *(_LINE + name for name in columns(InvoiceLine))]
        return written(both, (row for invoice in answer.items for row in _bill(invoice)))
    return written(columns(RECORDS[answer.stream]), map(flat, answer.items))


def _bill(invoice: Invoice) -> Iterator[Row]:
    head = flat(invoice)
    for line in invoice.lines:
        yield head | {_LINE + name: cell for name, cell in flat(line).items()}
    if not invoice.lines:
        yield head


def written(names: Iterable[str], rows: Iterable[Row]) -> str:
    """Write a header and rows; a column that a row lacks is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(names), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@cache
def _fields(kind: type) -> Mapping[str, type]:
    """Map a record's fields to their types, without None; tuples are rows of their own and left out."""
    hints = get_type_hints(kind)
    plain_types = {field.name: _but_none(hints[field.name]) for field in attrs.fields(kind)}
    return {
        name: type_
        for name, type_ in plain_types.items()
        if getattr(type_, "__origin__", type_) is not tuple
    }


def _but_none(hint: Any) -> Any:
    some = [choice for choice in get_args(hint) if choice is not type(None)]
    return some[0] if type(None) in get_args(hint) else hint


def columns(kind: type) -> list[str]:
    """Name a record's columns."""
    return [column for name, type_ in _fields(kind).items() for column in _columns(name, type_)]


def _columns(name: str, type_: type) -> tuple[str, ...]:
    if type_ is Money:
        return name, f"{name}_currency"
    return (f"{name}_start", f"{name}_end") if type_ is Period else (name,)


def flat(record: Any) -> Row:
    """Write a record's fields as cells."""
    row: Row = {}
    kind: type = type(record)
    for name, type_ in _fields(kind).items():
        row.update(zip(_columns(name, type_), _cells(getattr(record, name)), strict=False))
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
            return (clean(json.dumps(value, ensure_ascii=False)),)
        case _:
            return (safe(str(value)),)


def cell(value: Any) -> str:
    """Write one value that takes one column."""
    return "".join(_cells(value))


def safe(value: str) -> str:
    """Keep a spreadsheet from running a text, and a terminal from obeying it."""
    shown = clean(value)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
