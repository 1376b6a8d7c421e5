"""Ids of records: unique within an account, and the same whatever order the records came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

from attrs import evolve

from billfold.model.invoices import Invoice, InvoiceLine
from billfold.model.usage import Charge

Identified = TypeVar("Identified", Charge, InvoiceLine, Invoice)


def qualify_ids(
    records: Iterable[Identified], qualifier: Callable[[Identified], str | None]
) -> tuple[Identified, ...]:
    """Return the records, with ``/qualifier`` added to ids that several share.

    An id whose records all have the same qualifier stays as it is.
    """
    records = tuple(records)
    if len({record.id for record in records}) == len(records):
        return records
    qualifiers: dict[str, set[str | None]] = {}
    for record in records:
        qualifiers.setdefault(record.id, set()).add(qualifier(record))
    return tuple(
        evolve(record, id=f"{record.id}/{suffix}")
        if len(qualifiers[record.id]) > 1 and (suffix := qualifier(record))
        else record
        for record in records
    )


def number_duplicates(records: Iterable[Identified]) -> tuple[Identified, ...]:
    """Return the records, with ``#2``, ``#3`` ... added to ids that are already taken."""
    records = tuple(records)
    taken = {record.id for record in records}
    if len(taken) == len(records):
        return records
    count: Counter[str] = Counter()
    numbered: list[Identified] = []
    for record in records:
        count[record.id] += 1
        if count[record.id] == 1:
            numbered.append(record)
            continue
        while (new_id := f"{record.id}#{count[record.id]}") in taken:
            count[record.id] += 1
        taken.add(new_id)
        numbered.append(evolve(record, id=new_id))
    return tuple(numbered)
