"""Ids of records: unique within an account, and the same whatever order the records came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

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


def number_duplicates(
    records: Iterable[Identified], order: Callable[[Identified], Any] | None = None
) -> tuple[Identified, ...]:
    """Return the records, with ``#2``, ``#3`` ... added to ids that are already taken.

    Records that share an id are numbered by ``order``, a sort key for those whose place in the
    reply says nothing, or else as they came. All keep their places.
    """
    numbered = list(records)
    if len({record.id for record in numbered}) == len(numbered):
        return tuple(numbered)
    counts = Counter(record.id for record in numbered)
    shared = [index for index, record in enumerate(numbered) if counts[record.id] > 1]
    if order is not None:
        shared.sort(key=lambda index: order(numbered[index]))
    taken, count = set(counts), Counter[str]()
    for index in shared:
        record = numbered[index]
        count[record.id] += 1
        if count[record.id] == 1:
            continue
        while (new_id := f"{record.id}#{count[record.id]}") in taken:
            count[record.id] += 1
        taken.add(new_id)
        numbered[index] = evolve(record, id=new_id)
    return tuple(numbered)
