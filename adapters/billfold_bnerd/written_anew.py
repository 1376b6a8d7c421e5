"""Invoices that take another one's place, or may: one of them counts (section 2.4). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from attrs import evolve

from billfold.model import billed_period, is_paid
from billfold_bnerd.documents import Document, doubted

_Index = Mapping[str, Sequence[Document]]  # by their ids and their numbers


def unsure_beside_what_they_name(documents: Sequence[Document]) -> list[Document]:
    """Return the documents of a list, with gaps where an invoice names another one of it.

    Where the other was taken back it is the month that is unsure, and of both. An invoice that says
    itself which listed one took its place does not count.
    """
    documents = _without_replaced(documents)
    by_id = {one.own_id: one for one in documents}
    index = _index(documents)
    gaps = {one.own_id: list(_beside_versions(one, index)) for one in documents if one.versions.any}
    for one in filter(_asks, documents):
        other = by_id.get(one.ref_id or "")
        if other is None or other.kind != "INVOICE":
            continue
        said = f"INVOICE {one.invoice.id} names {other.invoice.id}"
        if _asks(other) and other.invoice.cancelled_by is None:
            again = f"{said}, whose place it may take, and both count"
            gaps.setdefault(one.own_id, []).append(again)
        elif (unsure := _other_month(one, other)) is not None:
            for own_id in (one.own_id, other.own_id):
                gaps.setdefault(own_id, []).append(f"{said}, which was taken back {unsure}")
    if not any(gaps.values()):
        return list(documents)
    return [evolve(one, gaps=(*one.gaps, *gaps.get(one.own_id, ()))) for one in documents]


def _index(documents: Sequence[Document]) -> _Index:
    index: dict[str, list[Document]] = {}
    for one in documents:
        for name in {one.own_id, one.number} - {None}:
            index.setdefault(str(name), []).append(one)
    return index


def _without_replaced(documents: Sequence[Document]) -> list[Document]:
    """Return documents, of which those do not count that say which one in force took their place.

    Of several that say so in turn the last counts; those that say so of each other all do.
    """
    index = _index(documents)
    later = {one.own_id: other for one in documents if (other := _later(one, index))}
    if not later:
        return list(documents)
    left = [_replaced(one, later[one.own_id]) if _ends(one, later) else one for one in documents]
    return doubted(left)


def _later(document: Document, index: _Index) -> Document | None:
    """Return the invoice of its month that took a document's place, by its own word.

    What was paid is none that is asked for no more. Who replaced it may be named so, too, and what
    has that id is hardly of its month.
    """
    if not document.versions.later or not _is_bill(document) or is_paid(document.invoice):
        return None
    month = billed_period(document.invoice)
    later = _listed(document, document.versions.later, index)
    return next((other for other in later if billed_period(other.invoice) == month), None)


def _ends(document: Document, later: Mapping[str, Document]) -> bool:
    """Return whether what took a document's place, or took that one's, is there in the end."""
    passed = set[str]()
    while document.own_id in later and document.own_id not in passed:
        passed.add(document.own_id)
        document = later[document.own_id]
    return bool(passed) and document.own_id not in passed


def _replaced(document: Document, other: Document) -> Document:
    note = f"invoice {document.invoice.id} says that {other.invoice.id} took its place"
    withdrawn = evolve(document.invoice, counts=False)
    notes = (*document.notes, f"{note}, and does not count")
    return evolve(document, invoice=withdrawn, is_void=True, notes=notes)


def _beside_versions(document: Document, index: _Index) -> Iterator[str]:
    """Yield gaps of an invoice that counts beside another version of it, or may count in vain."""
    if not _is_bill(document):
        return
    said, month = document.versions, billed_period(document.invoice)
    own = f"invoice {document.invoice.id}"
    for other in _listed(document, said.earlier | said.later, index):
        yield f"{own} names {other.invoice.id}, another version of it, and both count"
    for other in _listed(document, said.linked, index):
        if billed_period(other.invoice) == month:
            both = f"{own} names {other.invoice.id}, which bills {month}, too"
            yield f"{both}, and may be another version of it: both count"
    for named in sorted(said.later):
        if named not in index:
            yield f"{own} counts, and says that {named} took its place, which is not listed"


def _listed(document: Document, named: Set[str], index: _Index) -> Iterator[Document]:
    """Yield the other invoices of a list that count and are named."""
    for name in sorted(named):
        for other in index.get(name, ()):
            if other.own_id != document.own_id and _is_bill(other):
                yield other


def _is_bill(document: Document) -> bool:
    """Return whether a document asks for money, and nothing took it back."""
    invoice = document.invoice
    return invoice.counts and invoice.cancelled_by is None and not document.corrects


def _asks(document: Document) -> bool:
    """Return whether a document asks for money as an invoice does."""
    return document.kind == "INVOICE" and document.invoice.counts and not document.corrects


def _other_month(document: Document, other: Document) -> str | None:
    """Return of which months two documents are, where only its date says that of the first."""
    month, of_other = billed_period(document.invoice), billed_period(other.invoice)
    if document.invoice.period is not None or of_other in (None, month):
        return None
    return f"and is of {of_other}: by its own date it is of {month}"
