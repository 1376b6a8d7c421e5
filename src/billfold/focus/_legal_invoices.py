"""An account's legal invoices, and which months of metering they bill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from attrs import define

from billfold.adapter.catalogue import Catalogue
from billfold.model import Invoice, InvoiceKind, billed_period, bills_in
from billfold.money import Money, sum_by_currency
from billfold.period import Period


@define(eq=False)
class LegalInvoice:
    """A legal invoice that can be exported.

    ``period`` is what it bills. ``is_tied`` is whether the charges of that period are on it: the
    provider states the period, or the metering of it has the same amount. ``shares_number`` is
    whether another document of the provider has the same number. ``charged`` adds up the charges by
    category; it is None until a usage of the period was read. ``corrected`` is the tied invoice of
    its period, of which a correction changes what is to be paid.
    """

    invoice: Invoice
    issued_on: date
    total: Money
    period: Period
    is_tied: bool
    shares_number: bool = False
    charged: dict[str, Money] | None = None
    corrected: LegalInvoice | None = None

    @property
    def number(self) -> str:
        """The invoice's number, or its id without one."""
        return self.invoice.number or self.invoice.id

    @property
    def net(self) -> Money:
        """The amount before tax, or the total where no net amount is stated."""
        return self.total if self.invoice.net is None else self.invoice.net

    @property
    def tax(self) -> Money:
        """The total without the net amount."""
        return self.total - self.net

    @property
    def difference(self) -> Money:
        """What the net amount has more than the charges."""
        return self.net - self._sum_of_charges

    @property
    def _sum_of_charges(self) -> Money:
        charges = [Money.zero(self.net.currency), *(self.charged or {}).values()]
        return sum_by_currency(charges)[self.net.currency]

    @property
    def doubt(self) -> str | None:
        """What is to be said of a difference that no rounding explains, None without one."""
        if self.charged is None or self.difference.is_rounding_noise():
            return None
        asked = "total" if self.invoice.net is None else "net amount"
        return (
            f"invoice {self.number} has a {asked} of {self.net}, the charges of {self.period} that "
            f"are on it are {self._sum_of_charges}: the Adjustment of {self.difference} is more "
            f"than rounding, see billfold reconcile --period {self.period}"
        )

    def line_id(self, category: str) -> str:
        """Return the id of the invoice's line of a charge category."""
        document = f"{self.number}/{self.invoice.id}" if self.shares_number else self.number
        return f"{document}/{category.lower()}"


def legal_invoices(
    invoices: Iterable[Invoice], catalogue: Catalogue, others: Iterable[Invoice] = ()
) -> tuple[list[LegalInvoice], list[Invoice]]:
    """Return the legal invoices of one account, and those without a date or a total by themselves.

    ``others`` are the invoices of the provider's other accounts, which may have the same numbers.
    Documents that ask for no money (``Invoice.counts``) are neither, and tie nothing.
    An invoice is tied to the period that it states, or else to the metering of the month it bills
    if their amounts agree but for rounding. It is not tied if another one fits as well: of several
    that state one period, only that of the metering's amount does. Nor is a correction, or what was
    withdrawn.
    """
    invoices = tuple(invoice for invoice in invoices if invoice.counts)
    legal = [invoice for invoice in invoices if _is_bill(invoice)]
    tied = _tied_periods(legal, invoices, catalogue)
    complete: list[LegalInvoice] = []
    incomplete: list[Invoice] = []
    for index, invoice in enumerate(legal):
        period = tied.get(index) or billed_period(invoice)
        if invoice.issued_on is None or invoice.total is None or period is None:
            incomplete.append(invoice)
        else:
            complete.append(
                LegalInvoice(invoice, invoice.issued_on, invoice.total, period, index in tied)
            )
    _tie_corrections(complete, catalogue)
    numbers = Counter(document.number for document in complete)
    numbers.update(other.number or other.id for other in others if _is_bill(other))
    for document in complete:
        document.shares_number = numbers[document.number] > 1
    return complete, incomplete


def _tie_corrections(documents: Sequence[LegalInvoice], catalogue: Catalogue) -> None:
    """Tie each correction to the tied invoice of its period, but those that took all of one back.

    A period that only its date says may be another's.
    """
    taking_back = {document.invoice.cancelled_by for document in documents}
    for document in documents:
        invoice = document.invoice
        is_whole = invoice.id in taking_back or is_withdrawn(invoice, catalogue)
        if invoice.type not in catalogue.correction_types or is_whole or invoice.period is None:
            continue
        document.corrected = next(
            (other for other in documents if other.is_tied and _is_of(document, other)), None
        )


def _is_of(document: LegalInvoice, other: LegalInvoice) -> bool:
    """Return whether two documents are of one billing account, period and currency."""
    return (
        document.invoice.billing_account_id == other.invoice.billing_account_id
        and other.period.encloses(document.period)
        and other.total.currency == document.total.currency
    )


def is_withdrawn(invoice: Invoice, catalogue: Catalogue) -> bool:
    """Return whether an invoice was taken back: another document did, or its status says so."""
    # A correction has the status of what it withdraws, and is in force itself.
    is_voided = invoice.status in catalogue.voided_statuses
    is_correction = invoice.type in catalogue.correction_types
    return invoice.cancelled_by is not None or (is_voided and not is_correction)


def _is_bill(invoice: Invoice) -> bool:
    return invoice.counts and invoice.kind is InvoiceKind.LEGAL


def _tied_periods(
    legal: Sequence[Invoice], invoices: Iterable[Invoice], catalogue: Catalogue
) -> dict[int, Period]:
    """Return the periods of the tied invoices, by their places."""
    candidates = {
        index: invoice
        for index, invoice in enumerate(legal)
        if invoice.type not in catalogue.correction_types and not is_withdrawn(invoice, catalogue)
    }
    metered = _metered_periods(candidates, invoices)
    stated = {
        index: invoice.period for index, invoice in candidates.items() if invoice.period is not None
    }
    periods = metered | stated

    def is_rival(other: int, index: int) -> bool:
        """Return whether another invoice may as well be that of the charges of one's period."""
        # Of invoices that state a month, as one for its set-up does, the metering says which.
        decided = index in metered and other not in metered
        return (
            other != index
            and not decided
            and legal[other].billing_account_id == legal[index].billing_account_id
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
    return (
        invoice.billing_account_id == metering.billing_account_id
        and bills_in(metering, month)
        and invoice.net.currency == metering.total.currency
        and (invoice.net - metering.total).is_rounding_noise()
    )
