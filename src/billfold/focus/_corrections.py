"""Which invoice a correction is of, and whether it stands beside the charges that are on that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from billfold.adapter.catalogue import Catalogue
from billfold.focus._legal_invoice import LegalInvoice
from billfold.model import Invoice
from billfold.period import Period

_ById = Mapping[tuple[str | None, str], LegalInvoice]


def is_correction(invoice: Invoice, catalogue: Catalogue) -> bool:
    """Return whether an invoice changes what another asks for: it names that, or by its type."""
    return invoice.corrects is not None or _is_among(invoice.type, catalogue.correction_types)


def is_withdrawn(invoice: Invoice, catalogue: Catalogue) -> bool:
    """Return whether an invoice was taken back: another document did, or its status says so."""
    if invoice.cancelled_by is not None:
        return True
    # A correction has the status of what it withdraws, and is in force itself.
    is_voided = _is_among(invoice.status, catalogue.voided_statuses)
    return is_voided and not is_correction(invoice, catalogue)


def _is_among(word: str | None, words: Iterable[str]) -> bool:
    """Return whether a word is one of some, whose letters have no case."""
    return word is not None and word.strip().casefold() in map(str.casefold, words)


def untied_months(
    documents: Sequence[LegalInvoice], catalogue: Catalogue, months: Collection[Period]
) -> dict[Period, list[LegalInvoice]]:
    """Return those of some months that invoices bill and none is tied to the charges of, with them.

    A part of a month that is tied to none has a doubt of its own.
    """
    tied = [each for each in documents if each.is_tied]
    found: dict[Period, list[LegalInvoice]] = {}
    for one in documents:
        invoice = one.invoice
        if one.is_tied or is_correction(invoice, catalogue) or is_withdrawn(invoice, catalogue):
            continue
        for month in months:
            if month.overlaps(one.period) and not any(
                _is_billed_alike(one, each) and each.period.overlaps(month) for each in tied
            ):
                found.setdefault(month, []).append(one)
    return found


def tie_corrections(documents: Sequence[LegalInvoice], catalogue: Catalogue) -> None:
    """Tie each correction to the invoice that it is of, but those that took all of one back.

    That is the one it names; of a correction that it names, the one which that is of. One that
    names none is of the tied invoice of the period that it states: a period that only its date says
    may be another's.
    """
    taking_back = {document.invoice.cancelled_by for document in documents}
    by_id = {_key(document.invoice, document.invoice.id): document for document in documents}
    for document in documents:
        invoice = document.invoice
        is_whole = invoice.id in taking_back or is_withdrawn(invoice, catalogue)
        if not is_correction(invoice, catalogue) or is_whole:
            continue
        last = _end_of_names(document, by_id)
        if last is not None and is_correction(last.invoice, catalogue):
            last = _of_its_period(last, documents)
        if last is not None and last.is_tied and _is_billed_alike(document, last):
            document.original = last


def _key(invoice: Invoice, named: str) -> tuple[str | None, str]:
    return invoice.billing_account_id, named


def _end_of_names(document: LegalInvoice, by_id: _ById) -> LegalInvoice | None:
    """Return what a document names, or what that names, and so on: the one that names no other.

    It is None where that is not listed, or where they name each other.
    """
    passed = set[str]()
    while (named := document.invoice.corrects) is not None:
        other = by_id.get(_key(document.invoice, named))
        if other is None or named in passed:
            return None
        passed.add(named)
        document = other
    return document


def _of_its_period(
    document: LegalInvoice, documents: Sequence[LegalInvoice]
) -> LegalInvoice | None:
    if document.invoice.period is None:
        return None
    return next(
        (
            other
            for other in documents
            if other.is_tied and _is_billed_alike(document, other) and document.is_within(other)
        ),
        None,
    )


def _is_billed_alike(document: LegalInvoice, other: LegalInvoice) -> bool:
    """Return whether two documents are of one billing account and currency."""
    return (
        document.invoice.billing_account_id == other.invoice.billing_account_id
        and document.total.currency == other.total.currency
    )
