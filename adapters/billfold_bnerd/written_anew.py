"""Invoices that name another one, whose place they may take (CONTRACT.md, section 2.4). Pure."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from billfold.model import billed_period
from billfold_bnerd.documents import Document


def unsure_beside_what_they_name(documents: Sequence[Document]) -> list[Document]:
    """Return the documents of a list, with gaps where an invoice names another one of it.

    Where the other was taken back it is the month that is unsure, and of both.
    """
    by_id = {one.own_id: one for one in documents}
    gaps: dict[str, list[str]] = {}
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
    if not gaps:
        return list(documents)
    return [evolve(one, gaps=(*one.gaps, *gaps.get(one.own_id, ()))) for one in documents]


def _asks(document: Document) -> bool:
    """Return whether a document asks for money as an invoice does."""
    return document.kind == "INVOICE" and document.invoice.counts and not document.corrects


def _other_month(document: Document, other: Document) -> str | None:
    """Return of which months two documents are, where only its date says that of the first."""
    month, of_other = billed_period(document.invoice), billed_period(other.invoice)
    if document.invoice.period is not None or of_other in (None, month):
        return None
    return f"and is of {of_other}: by its own date it is of {month}"
