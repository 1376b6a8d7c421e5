"""The records that are rows of an answer: one rule for CSV and for Arrow.

A charge for usage, a line with its invoice for invoices, else an item.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from billfold.model import RECORDS, WINDOWED, Charge, Invoice, InvoiceLine, Stream

# Records side by side in one row, None for one that is not there.
FlatRow = tuple[Any, ...]


class FlatPart(Struct, frozen=True):
    """A kind of record in a row, and what its columns' names begin with."""

    record: type
    prefix: str = ""


def parts_of(stream: Stream) -> tuple[FlatPart, ...]:
    """Return the records that stand side by side in each row of a stream."""
    if stream is Stream.USAGE:
        return (FlatPart(Charge),)
    if stream is Stream.INVOICES:
        return FlatPart(Invoice), FlatPart(InvoiceLine, "line_")
    return (FlatPart(RECORDS[stream]),)


def rows_of(stream: Stream, items: Iterable[Any]) -> Iterator[FlatRow]:
    """Yield the records of each row."""
    if stream is Stream.USAGE:
        yield from ((charge,) for usage in items for charge in usage.charges)
    elif stream is Stream.INVOICES:
        yield from ((invoice, line) for invoice in items for line in invoice.lines or (None,))
    else:
        yield from ((item,) for item in items)


def said_of(stream: Stream) -> tuple[str, ...]:
    """Return the last columns: until when an open window is known, and whether all was answered."""
    return ("known_until", "complete") if stream in WINDOWED else ("complete",)
