"""Tables for notebooks: HTML without a script, in which nothing from outside is markup."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from itertools import islice
from typing import Any

from billfold.model import Stream, Usage
from billfold.money import Money
from billfold.period import utc_text
from billfold.printable import printable

MOST_ROWS = 20
_MOST_CHARACTERS = 200  # of one value; JSON has all of it
_RIGHT = ' style="text-align: right"'

Cells = Mapping[str, Callable[[Any], object]]


def _costs(usage: Usage) -> tuple[Money, ...]:
    return tuple(usage.totals().values())


# What a table shows of the items of a stream; what is a Money, or a tuple of them, stands right.
COLUMNS: Mapping[Stream, Cells] = {
    Stream.BALANCES: {
        "Account": lambda item: item.account,
        "Kind": lambda item: item.kind,
        "Scope": lambda item: item.scope_name or item.scope,
        "As of": lambda item: item.as_of,
        "Amount": lambda item: item.amount,
    },
    Stream.USAGE: {
        "Account": lambda item: item.account,
        "Project": lambda item: item.sub_account_name or item.sub_account_id,
        "Period": lambda item: item.covers,
        "Charges": lambda item: len(item.charges),
        "Cost": _costs,
    },
    Stream.DAILY: {
        "Account": lambda item: item.account,
        "Day": lambda item: item.date,
        "Part": lambda item: item.part,
        "Cost": lambda item: item.cost,
    },
    Stream.LEDGER: {
        "Account": lambda item: item.account,
        "At": lambda item: item.at,
        "Kind": lambda item: item.kind,
        "Amount": lambda item: item.amount,
    },
    Stream.INVOICES: {
        "Account": lambda item: item.account,
        "Kind": lambda item: item.kind if item.counts else f"{item.kind}, not counted",
        "Number": lambda item: item.number or item.id,
        "Period": lambda item: item.period,
        "Lines": lambda item: len(item.lines),
        "Total": lambda item: "not stated" if item.total is None else item.total,
    },
    Stream.SUBSCRIPTIONS: {
        "Account": lambda item: item.account,
        "Name": lambda item: item.name or item.id,
        "Price": lambda item: "not stated" if item.price is None else item.price,
    },
    Stream.PAYMENT_METHODS: {
        "Account": lambda item: item.account,
        "Kind": lambda item: item.kind,
        "Default": lambda item: "yes" if item.default else "no",
    },
    Stream.CHECK: {
        "Account": lambda item: item.account,
        "Subject": lambda item: item.subject,
    },
}


def items_html(caption: str, stream: Stream, items: Iterable[Any], notes: Iterable[str]) -> str:
    """Return the items of a stream as a table; see :func:`table_html`."""
    cells = COLUMNS[stream]
    rows = ([read(item) for read in cells.values()] for item in items)
    return table_html(caption, tuple(cells), rows, notes)


def table_html(
    caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]], notes: Iterable[str]
) -> str:
    """Return a table with the first rows, how many more there are, and notes below it.

    Money is rounded for the reader and stands right, as counts do; None is a dash.
    """
    left = iter(rows)
    shown = [_row(row) for row in islice(left, MOST_ROWS)]
    more = sum(1 for _ in left)
    said = [*([f"and {more} more rows"] if more else []), *notes]
    head = "".join(f"<th>{_text(column)}</th>" for column in columns)
    return (
        f"<table><caption>{_text(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(shown)}</tbody></table>"
        + (f"<ul>{''.join(f'<li>{_text(note)}</li>' for note in said)}</ul>" if said else "")
    )


def _row(values: Sequence[object]) -> str:
    return f"<tr>{''.join(map(_cell, values))}</tr>"


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return f"<td{_RIGHT}>{'<br>'.join(_text(money) for money in value) or '-'}</td>"
    align = _RIGHT if isinstance(value, Money | int) else ""
    return f"<td{align}>{_text(value)}</td>"


def _text(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, Money):
        return escape(value.format())
    text = utc_text(value) if isinstance(value, datetime) else str(value)
    cut = text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}..."
    return escape(printable(cut))
