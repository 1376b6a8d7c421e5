"""What a correction is of, and which month it bills: that of what it names (section 2.4). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from attrs import evolve

from billfold.model import billed_period
from billfold.period import Period
from billfold_bnerd.documents import Document
from billfold_bnerd.unnamed_cancellations import of_unnamed_cancellations
from billfold_bnerd.values import negated


def in_month_of_what_they_correct(documents: Sequence[Document]) -> list[Document]:
    """Return the documents of a list, each correction with the id and the time of what it corrects.

    The time is that where it states none of its own, whatever its amount. One whose document is not
    listed, or has no time, bills by its own date, and says so.
    """
    by_id = {one.own_id: one for one in documents}
    naming = {one.cancel_id: one for one in documents if one.cancel_id and not one.is_no_bill}
    corrected = {
        one.own_id: other
        for one in documents
        if one.corrects and (other := by_id.get(one.ref_id or "") or naming.get(one.own_id))
    }
    dated = [
        _dated(_naming(one, corrected.get(one.own_id)), corrected) if one.corrects else one
        for one in documents
    ]
    gaps = _of_several_months(dated, by_id, corrected)
    for own_id, said in of_unnamed_cancellations(dated).items():
        gaps.setdefault(own_id, []).extend(said)
    return _in_force(
        [
            evolve(one, gaps=(*one.gaps, *gaps[one.own_id])) if one.own_id in gaps else one
            for one in dated
        ]
    )


def _in_force(documents: Sequence[Document]) -> list[Document]:
    """Return the documents; what took one back does not where that was taken back itself, whole."""
    totals = {one.invoice.id: one.invoice.total for one in documents}
    whole: dict[str, list[str]] = {}
    for one in documents:
        invoice, named = one.invoice, one.invoice.corrects
        if invoice.counts and named in totals and invoice.total == negated(totals[named]):
            whole.setdefault(named, []).append(invoice.id)

    def is_undone(own_id: str, passed: Set[str] = frozenset()) -> bool:
        others = [each for each in whole.get(own_id, ()) if each not in passed]
        return any(not is_undone(each, passed | {own_id}) for each in others)

    return [
        evolve(one, invoice=evolve(one.invoice, cancelled_by=None))
        if one.invoice.counts and one.invoice.cancelled_by and is_undone(one.invoice.cancelled_by)
        else one
        for one in documents
    ]


def _naming(document: Document, other: Document | None) -> Document:
    """Return a correction with the id of what it corrects, or what it calls that if not listed."""
    named = document.ref_id if other is None or other is document else other.invoice.id
    read = evolve(document, invoice=evolve(document.invoice, corrects=named))
    if not document.also_named:
        return read
    count = 1 + len(document.also_named)
    note = f"{document.kind} {read.invoice.id} names {count} documents, and is taken for {named}'s"
    return evolve(read, notes=(*read.notes, note))


def _of_several_months(
    documents: Sequence[Document], by_id: Mapping[str, Document], corrected: Mapping[str, Document]
) -> dict[str, list[str]]:
    """Return gaps of corrections that name documents of other months than theirs, and of those."""
    gaps: dict[str, list[str]] = {}
    for one in documents:
        if not one.also_named or not one.invoice.counts or one.billed.period is not None:
            continue
        month = billed_period(one.invoice)
        others = [by_id[own_id] for own_id in one.also_named]
        if any(_time_of(other, corrected) != month for other in others):
            said = f"{one.kind} {one.invoice.id} names documents of several months"
            for own_id in (one.own_id, one.ref_id or "", *one.also_named):
                gaps.setdefault(own_id, []).append(f"{said}, and counts in {month}")
    return gaps


def _dated(document: Document, corrected: Mapping[str, Document]) -> Document:
    invoice, other = document.invoice, corrected.get(document.own_id)
    if other is None:
        return _of_unlisted(document)
    if invoice.period is not None or other is document:
        return document
    if (period := _time_of(other, corrected)) is not None:
        return evolve(document, invoice=evolve(invoice, period=period))
    return _by_own_date(document, f"{_takes_back(document, other.invoice.id)}, which has no time")


def _of_unlisted(document: Document) -> Document:
    """Return a correction alone, with a gap where that leaves its month or its money unsure.

    What a cancellation takes back may be missing from the list because it was cancelled.
    """
    named, invoice = document.ref_id, document.invoice
    if named is None:
        return document
    said = f"{_takes_back(document, named)}, which is not listed"
    if document.is_cancellation and invoice.period is not None and invoice.counts:
        return evolve(document, gaps=(*document.gaps, said))
    return _by_own_date(document, said)


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
