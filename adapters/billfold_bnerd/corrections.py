"""Which month a correction bills: that of the document that it names (section 2.4). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve

from billfold.model import billed_period
from billfold.period import Period
from billfold_bnerd.document_type import gives_back
from billfold_bnerd.documents import Document


def in_month_of_what_they_correct(documents: Sequence[Document]) -> list[Document]:
    """Return the documents of a list, each correction with the time of what it corrects.

    That is so where it states no time of its own, whatever its amount. One whose document is not
    listed, or has no time, bills by its own date, and says so.
    """
    by_id = {one.own_id: one for one in documents}
    naming = {one.cancel_id: one for one in documents if one.cancel_id is not None}
    corrected = {
        one.own_id: other
        for one in documents
        if _corrects(one) and (other := by_id.get(one.ref_id or "") or naming.get(one.own_id))
    }
    return [_dated(one, corrected) if _corrects(one) else one for one in documents]


def _corrects(document: Document) -> bool:
    total = document.invoice.total
    return gives_back(document.kind) or (total is not None and total.amount < 0)


def _dated(document: Document, corrected: Mapping[str, Document]) -> Document:
    invoice, other = document.invoice, corrected.get(document.own_id)
    if other is None:
        return document if document.ref_id is None else _of_unlisted(document, document.ref_id)
    if invoice.period is not None or other is document:
        return document
    if (period := _time_of(other, corrected)) is not None:
        return evolve(document, invoice=evolve(invoice, period=period))
    return _by_own_date(document, f"{_takes_back(document, other.invoice.id)}, which has no time")


def _of_unlisted(document: Document, named: str) -> Document:
    """Return a correction alone; a cancellation has a note, as its type says what it is."""
    said = f"{_takes_back(document, named)}, which is not listed"
    if not document.is_cancellation:
        return _by_own_date(document, said)
    notes = (said,) if document.invoice.counts else ()
    return evolve(document, notes=(*document.notes, *notes))


def _takes_back(document: Document, named: str) -> str:
    return f"{document.kind} {document.invoice.id} counts and takes {named} back"


def _by_own_date(document: Document, said: str) -> Document:
    """Return a correction with a gap where nothing but its own date says which month it bills."""
    invoice, month = document.invoice, billed_period(document.invoice)
    if invoice.period is not None or month is None or not invoice.counts:
        return document
    return evolve(document, gaps=(*document.gaps, f"{said}: by its own date it is of {month}"))


def _time_of(document: Document, corrected: Mapping[str, Document]) -> Period | None:
    """Return the time of a document, which may be a correction of another one itself."""
    seen = set[str]()
    while document.invoice.period is None and document.own_id not in seen:
        seen.add(document.own_id)
        document = corrected.get(document.own_id, document)
    return billed_period(document.invoice)
