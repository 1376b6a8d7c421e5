"""Cancellations of what is not known, and the bills that each may take back (section 2.4). Pure."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date

from billfold.model import billed_period
from billfold.money import Money
from billfold.period import Period
from billfold.wire import is_uuid
from billfold_bnerd.documents import Document
from billfold_bnerd.values import negated


def of_unnamed_cancellations(documents: Sequence[Document]) -> dict[str, list[str]]:
    """Return gaps by the ids of such cancellations, and of the bills that they may take back.

    They name nothing, or by an id of another form than any bill has, which may be one's second id.

    One is of the month of its date where a bill over its amount is, which nothing else took back.
    Else any such bill of before may be the one, and the months of all of these are unsure.
    """
    known = {_form(name) for one in documents for name in (one.own_id, one.number) if name}
    unnamed = [one for one in documents if _names_nothing_known(one, known)]
    if not unnamed:
        return {}
    bills = [one for one in documents if _may_be_taken_back(one)]
    of_months: dict[tuple[Money | None, Period | None], list[Document]] = {}
    for bill in bills:
        of_months.setdefault((bill.invoice.total, billed_period(bill.invoice)), []).append(bill)
    gaps: dict[str, list[str]] = {}
    last: dict[Money, Document] = {}  # by what it may be over
    taken = set[str]()
    for one in unnamed:
        if of_month := of_months.get((negated(one.invoice.total), billed_period(one.invoice))):
            taken.add(of_month.pop().own_id)
        elif one.invoice.period is None and billed_period(one.invoice) is not None:
            if one.ref_id is None:  # of what is not listed its month is unsure anyway
                by_date = f"by its own date it is of {billed_period(one.invoice)}"
                gaps[one.own_id] = [f"{_said(one)}: {by_date}"]
            for over in _over(one):
                last[over] = max(last.get(over, one), one, key=_day)
    for bill in bills:
        other = last.get(bill.invoice.total) if bill.invoice.total is not None else None
        if other is not None and bill.own_id not in taken and _day(bill) <= _day(other):
            gaps[bill.own_id] = [f"{_said(other)}, which may be {bill.invoice.id}"]
    return gaps


def _said(document: Document) -> str:
    named = document.ref_id
    said = "does not say what it takes back" if named is None else f"takes {named} back"
    return f"{document.kind} {document.invoice.id} counts and {said}"


def _names_nothing_known(document: Document, known: Set[str]) -> bool:
    named = document.ref_id or document.invoice.corrects
    is_unknown = named is None or _form(named) not in known
    return document.is_cancellation and document.invoice.counts and is_unknown


def _form(name: str) -> str:
    """Return what an id or a number is written as; other texts than digits and UUIDs are alike."""
    return "UUID" if is_uuid(name) else "digits" if name.isdigit() else "text"


def _may_be_taken_back(document: Document) -> bool:
    invoice = document.invoice
    is_in_force = invoice.counts and invoice.cancelled_by is None
    return document.kind in ("INVOICE", "CREDIT") and invoice.total is not None and is_in_force


def _over(document: Document) -> set[Money]:
    """Return what a bill is over that a cancellation may take back, whatever its own sign."""
    if document.unsigned is not None:
        return {document.unsigned, -document.unsigned}
    back = negated(document.invoice.total)
    return set() if back is None else {back}


def _day(document: Document) -> date:
    return document.invoice.issued_on or date.min
