"""Ids of records: unique within an account, and the same whatever order the records came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from attrs import evolve

from billfold.model.invoices import Invoice, InvoiceLine
from billfold.model.usage import Charge
from billfold.steps import LOOKED_AT, MADE, Steps, at_once, in_slices, slices

Identified = TypeVar("Identified", Charge, InvoiceLine, Invoice)


def qualify_ids(
    records: Iterable[Identified], qualifier: Callable[[Identified], str | None]
) -> tuple[Identified, ...]:
    """Return the records, with ``/qualifier`` added to ids that several share.

    An id whose records all have the same qualifier stays as it is.
    """
    return at_once(qualifying(records, qualifier))


def qualifying(
    records: Iterable[Identified], qualifier: Callable[[Identified], str | None]
) -> Steps[tuple[Identified, ...]]:
    """Return what :func:`qualify_ids` does; pauses where there are many records."""
    records = tuple(records)
    if (yield from _are_unique(records)):
        return records
    qualifiers: dict[str, set[str | None]] = {}
    for some in slices(records, MADE):
        if qualifiers:
            yield
        for record in some:
            qualifiers.setdefault(record.id, set()).add(qualifier(record))

    def qualified(some: Iterable[Identified]) -> Iterable[Identified]:
        return [
            evolve(record, id=f"{record.id}/{suffix}")
            if len(qualifiers[record.id]) > 1 and (suffix := qualifier(record))
            else record
            for record in some
        ]

    return tuple((yield from in_slices(records, qualified)))


def _are_unique(records: Sequence[Identified]) -> Steps[bool]:
    """Return whether no two records have one id."""
    if len(records) <= LOOKED_AT:
        return len({record.id for record in records}) == len(records)
    ids = set[str]()
    for some in slices(records, LOOKED_AT):
        if ids:
            yield
        ids.update([record.id for record in some])
    return len(ids) == len(records)


def number_duplicates(
    records: Iterable[Identified], order: Callable[[Identified], Any] | None = None
) -> tuple[Identified, ...]:
    """Return the records, with ``#2``, ``#3`` ... added to ids that are already taken.

    Records that share an id are numbered by ``order``, a sort key for those whose place in the
    reply says nothing, or else as they came. All keep their places.
    """
    return at_once(numbering(records, order))


def numbering(
    records: Iterable[Identified], order: Callable[[Identified], Any] | None = None
) -> Steps[tuple[Identified, ...]]:
    """Return what :func:`number_duplicates` does; pauses where there are many records."""
    numbered = list(records)
    if (yield from _are_unique(numbered)):
        return tuple(numbered)
    counts = Counter[str]()
    for some in slices(numbered, LOOKED_AT):
        if counts:
            yield
        counts.update([record.id for record in some])
    shared = [index for index, record in enumerate(numbered) if counts[record.id] > 1]
    if order is not None:
        keys = yield from in_slices(shared, lambda some: [order(numbered[at]) for at in some])
        shared = [shared[at] for at in sorted(range(len(shared)), key=keys.__getitem__)]
    taken, count = set(counts), Counter[str]()
    for done, index in enumerate(shared, 1):
        if done % MADE == 0:
            yield
        record = numbered[index]
        count[record.id] += 1
        if count[record.id] == 1:
            continue
        while (new_id := f"{record.id}#{count[record.id]}") in taken:
            count[record.id] += 1
        taken.add(new_id)
        numbered[index] = evolve(record, id=new_id)
    return tuple(numbered)
