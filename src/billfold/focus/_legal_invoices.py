"""An account's legal invoices, and which months of metering they bill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from billfold.adapter.catalogue import Catalogue
from billfold.focus._corrections import is_correction, is_withdrawn, tie_corrections
from billfold.focus._legal_invoice import LegalInvoice, months_around
from billfold.model import Invoice, InvoiceKind, billed_period, bills_in
from billfold.period import Period


def legal_invoices(
    invoices: Iterable[Invoice], catalogue: Catalogue, others: Iterable[Invoice] = ()
) -> tuple[list[LegalInvoice], list[Invoice]]:
    """Return the legal invoices of one account, and those without a date or a total by themselves.

    ``others`` are the invoices of the provider's other accounts, which may have the same numbers.
    Documents that ask for no money (``Invoice.counts``) are neither, and tie nothing.
    An invoice is tied to the period that it states, or else to the metering of the month it bills
    if their amounts agree but for rounding. Such a metering decides, too, where it is of more than
    the part of a month that is stated. It is not tied if another one fits as well: of several
    that state one period, only that of the metering's amount does. Nor is a correction, or what was
    withdrawn.
    """
    listed = tuple(invoices)
    called = _numbers(listed)
    invoices = tuple(invoice for invoice in listed if invoice.counts)
    legal = [invoice for invoice in invoices if _is_bill(invoice)]
    candidates = {
        index: invoice
        for index, invoice in enumerate(legal)
        if not is_correction(invoice, catalogue) and not is_withdrawn(invoice, catalogue)
    }
    bills = candidates.values()
    metered = _metered_periods(candidates, invoices)
    tied = _tied_periods(candidates, metered)
    complete: list[LegalInvoice] = []
    incomplete: list[Invoice] = []
    for index, invoice in enumerate(legal):
        period = tied.get(index) or billed_period(invoice)
        if invoice.issued_on is None or invoice.total is None or period is None:
            incomplete.append(invoice)
        else:
            is_tied, is_metered = index in tied, index in metered
            document = LegalInvoice(
                invoice, invoice.issued_on, invoice.total, period, is_tied, is_metered
            )
            if (named := invoice.corrects) is not None:
                document.reference = called.get((invoice.billing_account_id, named), named)
            if is_tied and not period.is_whole_months:
                document.is_alone = not any(_share_month(invoice, other) for other in bills)
            complete.append(document)
    tie_corrections(complete, catalogue)
    numbers = Counter(document.number for document in complete)
    numbers.update(other.number or other.id for other in others if _is_bill(other))
    for document in complete:
        document.shares_number = numbers[document.number] > 1
    return complete, incomplete


def _numbers(invoices: Iterable[Invoice]) -> dict[tuple[str | None, str], str]:
    """Return what legal invoices are called, by their billing accounts and ids."""
    return {
        (invoice.billing_account_id, invoice.id): invoice.number or invoice.id
        for invoice in invoices
        if invoice.kind is InvoiceKind.LEGAL
    }


def _is_bill(invoice: Invoice) -> bool:
    return invoice.counts and invoice.kind is InvoiceKind.LEGAL


def _tied_periods(
    candidates: Mapping[int, Invoice], metered: Mapping[int, Period]
) -> dict[int, Period]:
    """Return the periods of the tied invoices, by their places."""
    periods = dict(metered)
    for index, invoice in candidates.items():
        stated = invoice.period
        if stated is not None and not (index in metered and _is_part(stated, metered[index])):
            periods[index] = stated

    def is_rival(other: int, index: int) -> bool:
        """Return whether another invoice may as well be that of the charges of one's period."""
        # Of invoices that state a month, as one for its set-up does, the metering says which.
        decided = index in metered and other not in metered
        return (
            other != index
            and not decided
            and candidates[other].billing_account_id == candidates[index].billing_account_id
            and periods[index].overlaps(periods[other])
        )

    return {
        index: period
        for index, period in periods.items()
        if not any(is_rival(other, index) for other in periods)
    }


def _metered_periods(
    candidates: Mapping[int, Invoice], invoices: Iterable[Invoice]
) -> dict[int, Period]:
    """Return the period of the only metering that fits, by the places of the candidates."""
    meterings = [
        (invoice, invoice.period)
        for invoice in invoices
        if invoice.kind is InvoiceKind.METERING and invoice.period is not None
    ]
    pairs = [
        (index, place)
        for index, invoice in candidates.items()
        for place, (metering, _) in enumerate(meterings)
        if _fits(invoice, metering)
    ]
    of_invoice = Counter(index for index, _ in pairs)
    of_metering = Counter(place for _, place in pairs)
    return {
        index: meterings[place][1]
        for index, place in pairs
        if of_invoice[index] == of_metering[place] == 1
    }


def _fits(invoice: Invoice, metering: Invoice) -> bool:
    """Return whether a legal invoice may bill a metering: same account, month and amount."""
    month = billed_period(invoice)
    if month is None or invoice.total is None or invoice.net is None or metering.total is None:
        return False
    of = metering.period
    return (
        invoice.billing_account_id == metering.billing_account_id
        and (bills_in(metering, month) or (of is not None and _is_part(month, of)))
        and invoice.net.currency == metering.total.currency
        and (invoice.net - metering.total).is_rounding_noise()
    )


def _is_part(stated: Period, metered: Period) -> bool:
    """Return whether a stated time is within a metered one, and no month of its own."""
    return not stated.is_whole_months and metered.encloses(stated)


def _share_month(invoice: Invoice, other: Invoice) -> bool:
    """Return whether another invoice of the billing account bills any month that one bills, too."""
    one, another = billed_period(invoice), billed_period(other)
    if invoice is other or one is None or another is None:
        return False
    is_of_account = invoice.billing_account_id == other.billing_account_id
    return is_of_account and months_around(one).overlaps(months_around(another))
