"""Which documents of a list take each other back, and what counts then (section 2.4). Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from attrs import evolve

from billfold.model import Invoice
from billfold.money import Money
from billfold.wire import one_case
from billfold_bnerd.document_type import OWED
from billfold_bnerd.documents import Document
from billfold_bnerd.numbers_in_texts import as_number
from billfold_bnerd.values import negated

_GIVING_BACK = frozenset({"CREDIT", "STORNO"})


def settled(documents: Sequence[Document]) -> list[Document]:
    """Return the documents of a list, with what only the others of the list say of each.

    A document and its cancellation both count, so that they add up to nothing. One whose
    cancellation is not listed does not count.
    """
    listed = {one.own_id: one for one in documents}
    documents = [_with_reference(one, listed) for one in documents]
    by_id = {one.own_id: one for one in documents}
    cancels: dict[str, str] = {}  # by the id of the cancellation
    for one in documents:
        if one.cancel_id in by_id:
            cancels[str(one.cancel_id)] = one.own_id
    taken_back = set(cancels.values())
    # What is cancelled itself takes nothing back, so credits come after what cancels them.
    for one in sorted(documents, key=lambda each: not each.is_cancellation):
        other = by_id.get(one.ref_id or "")
        if other is None or other is one or not one.takes_back(other):
            continue
        if one.is_cancellation or one.own_id not in taken_back:
            taken_back.add(cancels.setdefault(one.own_id, other.own_id))
    by: dict[str, list[str]] = {}
    for cancellation, cancelled in cancels.items():
        by.setdefault(cancelled, []).append(by_id[cancellation].invoice.id)
    documents = [_that_gives_back(one, by_id, by.get(one.own_id, ())) for one in documents]
    by_id = {one.own_id: one for one in documents}
    unnamed = _unnamed(documents, {*cancels, *by})
    read = [
        _cancellation(one, by_id.get(cancels.get(one.own_id, "")), unnamed.get(one.own_id))
        if one.is_cancellation or one.own_id in cancels
        else _cancelled(one, by.get(one.own_id, []))
        for one in documents
    ]
    return doubted(_with_known_takers(read))


def _with_known_takers(documents: Iterable[Document]) -> list[Document]:
    """Return documents, without doubt in those that say which one took all of them back.

    Whatever else took some of one back, no more than all can be.
    """
    documents = list(documents)
    by_id = {one.invoice.id: one for one in documents}
    return [
        evolve(one, taker_gaps=())
        if one.taker_gaps and _is_taken(one, by_id.get(one.invoice.cancelled_by or ""))
        else one
        for one in documents
    ]


def _is_taken(document: Document, by: Document | None) -> bool:
    """Return whether a document names this one alone as what took it back, which took all of it."""
    if by is None or not by.invoice.counts or not document.invoice.counts:
        return False
    total = document.invoice.total
    names = {by.own_id, as_number(by.number or "")}
    is_named = all(not names.isdisjoint({said, as_number(said)}) for said in document.takers)
    return is_named and total is not None and by.invoice.total == -total


def _with_reference(document: Document, listed: Mapping[str, Document]) -> Document:
    """Return a document whose ``cancel_id`` is that of what it corrects as one that refers to it.

    What gives money back is taken back itself by a cancellation alone.
    """
    other = listed.get(document.cancel_id or "")
    corrects = document.kind in _GIVING_BACK or document.is_cancellation
    if other is None or not corrects or other.is_cancellation:
        return document
    return evolve(document, cancel_id=None, ref_id=document.ref_id or other.own_id)


def given_back(documents: Sequence[Document]) -> list[Document]:
    """Return documents of a list, each with the id of the one that gives all of it back.

    So much is known of metering invoices, whose types are not; the two add up to nothing.
    """
    over = {
        (one.ref_id, negated(one.invoice.total)): one.invoice.id
        for one in documents
        if one.ref_id and one.corrects and one.invoice.counts and one.invoice.total is not None
    }
    return _with_known_takers(
        evolve(one, invoice=evolve(one.invoice, cancelled_by=over[one.own_id, one.invoice.total]))
        if one.invoice.counts and not one.corrects and (one.own_id, one.invoice.total) in over
        else one
        for one in documents
    )


def doubted(documents: Sequence[Document]) -> list[Document]:
    """Return documents of a list, with a gap for each that gives money of a void one back.

    The amount of the void one does not count, so it may be missing from the sum.
    """
    void = [one for one in documents if one.is_void and not one.is_draft and not one.invoice.counts]
    if not void:
        return list(documents)
    by_id = {one.own_id: one for one in void}
    of_amount = {one.invoice.total: one for one in reversed(void) if one.kind in OWED}
    naming = {one.cancel_id: one.own_id for one in documents if one.cancel_id is not None}
    read = []
    for one in documents:
        named = one.ref_id or naming.get(one.own_id)
        other = of_amount.get(negated(one.invoice.total)) if named is None else by_id.get(named)
        said = "may take" if named is None else "takes"
        read.append(one if other is None else _doubted(one, f"{said} {other.invoice.id} back"))
    return read


def _doubted(document: Document, back: str) -> Document:
    invoice, total = document.invoice, document.invoice.total
    if total is None or total.amount >= 0 or not invoice.counts:
        return document
    gap = f"{invoice.id} over {total} counts, and {back}, which is void and does not count"
    return evolve(document, gaps=(*document.gaps, gap))


def _unnamed(documents: Sequence[Document], known: Container[str]) -> dict[str, Document]:
    """Return documents that do not count by the cancellations over their amounts that name none.

    They are void, or cancelled by what is not listed, which may be the same by another id. A draft
    bound nobody, so there is nothing to take back.
    """
    listed = {one.own_id for one in documents}
    void = [
        one
        for one in documents
        if one.own_id not in known and not one.is_draft and _is_off(one, listed)
    ]
    found: dict[str, Document] = {}
    for one in documents:
        if not one.is_cancellation or one.ref_id is not None or one.own_id in known:
            continue
        other = next((each for each in void if _may_take_back(one.invoice, each)), None)
        if other is not None:
            void.remove(other)
            found[one.own_id] = other
    return found


def _is_off(document: Document, listed: Container[str]) -> bool:
    if document.cancel_id is None:
        return document.is_void
    return document.cancel_id not in listed


def _may_take_back(cancellation: Invoice, void: Document) -> bool:
    total = cancellation.total
    is_bill = void.kind in OWED and not void.is_cancellation
    return (
        is_bill
        and cancellation.counts
        and total is not None
        and void.invoice.total in (None, total, -total)
    )


def _cancelled(document: Document, by: Sequence[str]) -> Document:
    """Return a document that listed ones cancel, or that one which is not listed does."""
    invoice = document.invoice
    if times := len(by):
        several = f"invoice {invoice.id} is cancelled by {times} documents, and all of them count"
        gaps = (*document.gaps, several) if times > 1 else document.gaps
        counted = evolve(invoice, counts=document.kind in OWED, cancelled_by=by[0])
        return _with_sure_sign(evolve(document, invoice=counted, gaps=gaps))
    if document.cancel_id is not None and invoice.counts:
        note = f"invoice {invoice.id} was cancelled by one that is not listed, and does not count"
        withdrawn = evolve(invoice, counts=False, cancelled_by=document.cancel_id)
        return evolve(document, invoice=withdrawn, notes=(*document.notes, note))
    return _with_sure_sign(document)


def _that_gives_back(
    document: Document, by_id: Mapping[str, Document], by: Sequence[str]
) -> Document:
    """Return a credit without a sign below zero where what cancels it, over as much, is without."""
    invoice = document.invoice
    over = {by_id[one_case(each)].invoice.total for each in by}
    is_unsigned = invoice.total is not None and invoice.total.amount > 0
    if document.kind != "CREDIT" or over != {invoice.total} or not is_unsigned:
        return document
    note = f"{document.kind} {invoice.id} is written without a sign, and gives money back"
    back = evolve(invoice, total=negated(invoice.total), net=negated(invoice.net))
    return evolve(document, invoice=back, notes=(*document.notes, note))


def _cancellation(
    document: Document, original: Document | None, unnamed: Document | None
) -> Document:
    if original is None:
        return _with_sure_sign(document if unnamed is None else _of_unnamed(document, unnamed))
    invoice, other = document.invoice, original.invoice
    taken = evolve(document, invoice=evolve(invoice, counts=original.kind in OWED))
    if not _same_sign(invoice.total, other.total):
        return _with_sure_sign(_with_same_amount(taken, other))
    if invoice.total != other.total:
        return _unsure(taken)
    note = f"{document.kind} {invoice.id} is written without a sign, and takes {other.id} back"
    back = evolve(taken.invoice, total=negated(invoice.total), net=negated(invoice.net))
    return evolve(taken, invoice=back, notes=(*document.notes, note))


def _of_unnamed(document: Document, void: Document) -> Document:
    """Return a cancellation that does not count, as the void document does that it seems to be of.

    Nothing says so but the amount.
    """
    invoice = document.invoice
    gap = (
        f"{document.kind} {invoice.id} does not say what it takes back, and is taken for that of "
        f"{void.invoice.id}, which does not count: if it is another's, {invoice.total} are missing"
    )
    withdrawn = evolve(invoice, counts=False)
    return evolve(document, invoice=withdrawn, gaps=(*document.gaps, gap))


def _with_same_amount(document: Document, other: Invoice) -> Document:
    """Return a cancellation, with a note where it does not take back what the other asks for."""
    total = document.invoice.total
    if total is None or other.total is None or -total == other.total:
        return document
    note = f"{document.kind} {document.invoice.id} takes {total} of {other.total} back"
    return evolve(document, notes=(*document.notes, note))


def _same_sign(one: Money | None, other: Money | None) -> bool:
    if one is None or other is None:
        return False
    return one.amount * other.amount > 0


def _with_sure_sign(document: Document) -> Document:
    """Return a document without its amount where nothing says which way the money goes."""
    total = document.invoice.total
    if total is None or not document.invoice.counts:
        return document
    against = total.amount > 0 if document.kind in _GIVING_BACK else total.amount < 0
    is_unsure = document.kind in _GIVING_BACK or document.kind == "STORNO_CREDIT"
    return _unsure(document) if against and is_unsure else document


def _unsure(document: Document) -> Document:
    reason = f"a {document.kind} over {document.invoice.total}, whose sign is not documented"
    invoice = evolve(document.invoice, total=None, net=None, reason=reason)
    notes = (*document.notes, f"{invoice.id} is {reason}")
    return evolve(document, invoice=invoice, notes=notes, unsigned=document.invoice.total)
