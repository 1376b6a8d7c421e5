"""Invoices that take another one's place, or may: one of them counts (section 2.4). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from attrs import evolve, frozen

from billfold.model import billed_period, is_paid
from billfold_bnerd.cancellations import doubted
from billfold_bnerd.document_type import OWED
from billfold_bnerd.documents import Document
from billfold_bnerd.numbers_in_texts import as_number, by_number
from billfold_bnerd.status_words import binds_nobody

_Index = Mapping[str, Sequence[Document]]


@frozen
class _Links:
    """The documents of a list by their ``names`` (ids and numbers), and by what is said of each.

    The ``later`` and ``earlier`` ones of a document stand by its id, whichever of the two says so.
    """

    names: _Index
    later: _Index
    earlier: _Index


def unsure_beside_what_they_name(documents: Sequence[Document]) -> list[Document]:
    """Return the documents of a list, with gaps where an invoice names another one of it.

    Where the other was taken back it is the month that is unsure, and of both. An invoice that says
    itself which listed one took its place does not count.
    """
    documents = _without_replaced(documents)
    by_id = {one.own_id: one for one in documents}
    links = _links(documents)
    gaps = {one.own_id: list(_beside_versions(one, links)) for one in documents}
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


def _links(documents: Sequence[Document]) -> _Links:
    names = by_number(documents)
    for one in documents:
        if one.own_id != as_number(one.number or ""):
            names.setdefault(one.own_id, []).append(one)
    later: dict[str, list[Document]] = {}
    earlier: dict[str, list[Document]] = {}
    for one in documents:
        for other in _named(one.versions.later, names):
            later.setdefault(one.own_id, []).append(other)
            earlier.setdefault(other.own_id, []).append(one)
        for other in _named(one.versions.earlier, names):
            earlier.setdefault(one.own_id, []).append(other)
            later.setdefault(other.own_id, []).append(one)
    return _Links(names, later, earlier)


def _named(said: Set[str], names: _Index) -> Iterator[Document]:
    for name in sorted(said):
        yield from names.get(name) or names.get(as_number(name), ())


def _without_replaced(documents: Sequence[Document]) -> list[Document]:
    """Return documents, of which those do not count that say which one in force took their place.

    Of several that say so in turn the last counts; those that say so of each other all do.
    """
    links = _links(documents)
    later = {one.own_id: other for one in documents if (other := _later(one, links))}
    if not later:
        return list(documents)
    left = [_replaced(one, later[one.own_id]) if _ends(one, later) else one for one in documents]
    return doubted(left)


def _later(document: Document, links: _Links) -> Document | None:
    """Return the invoice of its month that took a document's place, by its own word.

    A paid invoice was not replaced. `replaced_by` may also name the person who did it: an invoice
    that happens to have that id is hardly of the same month.
    """
    if not document.versions.later or not _is_bill(document) or is_paid(document.invoice):
        return None
    month = billed_period(document.invoice)
    said = _named(document.versions.later, links.names)
    later = _in_the_end(document, said, links.later)
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


def _beside_versions(document: Document, links: _Links) -> Iterator[str]:
    """Yield gaps of an invoice that counts beside another version of it, or may count in vain."""
    if not _is_bill(document):
        return
    said, own = document.versions, f"invoice {document.invoice.id}"
    later, earlier = (
        [*_in_the_end(document, of.get(document.own_id, ()), of)]
        for of in (links.later, links.earlier)
    )
    for other in (*earlier, *later):
        yield f"{own} and {other.invoice.id} are versions of one, and both count"
    month = billed_period(document.invoice)
    for other in _named(said.linked, links.names):
        is_other = other.own_id != document.own_id and _is_bill(other)
        if is_other and billed_period(other.invoice) == month:
            both = f"{own} names {other.invoice.id}, which bills {month}, too"
            yield f"{both}, and may be another version of it: both count"
    for name in sorted(said.later):
        others = [*_named({name}, links.names)]
        took = f"{own} counts, and says that {name} took its place"
        if not others:
            yield f"{took}, which is not listed"
        elif not later and any(map(_was_taken_back, others)):
            yield f"{took}, which was taken back"


def _in_the_end(document: Document, named: Iterable[Document], links: _Index) -> Iterator[Document]:
    """Yield the other invoices that count of those named, and of those that these lead to.

    One that does not count, or was taken back, leads to what took its own place.
    """
    passed, waiting = {document.own_id}, [*named]
    while waiting:
        other = waiting.pop()
        if other.own_id in passed:
            continue
        passed.add(other.own_id)
        if _is_bill(other):
            yield other
        elif not other.corrects:
            waiting += links.get(other.own_id, ())


def _was_taken_back(document: Document) -> bool:
    """Return whether a document asked for money and does so no more; a draft never did."""
    asked = document.kind in OWED and not document.corrects and not document.is_no_bill
    is_draft = document.is_draft or binds_nobody(document.invoice.status or "")
    return asked and not _is_bill(document) and not is_draft


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
