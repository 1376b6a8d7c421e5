"""One account's records as rows, each with its partition."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from billfold.accounts.account import Account
from billfold.focus._corrections import untied_months
from billfold.focus._legal_invoice import LegalInvoice
from billfold.focus._legal_invoices import legal_invoices
from billfold.focus._prices import included_quantities
from billfold.focus._summary import ExportSummary
from billfold.focus.charge_rows import charge_row
from billfold.focus.choices import Dataset
from billfold.focus.ledger_and_invoice_rows import (
    completing_rows,
    correction_rows,
    invoice_detail_rows,
    ledger_row,
)
from billfold.focus.numbers import Fits
from billfold.focus.partition import Partition, month_key, usage_partitions
from billfold.focus.row_values import FocusRow, catalogue_of
from billfold.model import (
    ANSWERED,
    Charge,
    Check,
    Invoice,
    LedgerEntry,
    Stream,
    Usage,
    bills_in,
    is_unstated,
    month_of_start,
    start_within,
)
from billfold.money import Money
from billfold.period import Period, span

PlacedRow = tuple[Partition, FocusRow]


class AccountRows:
    """Makes the rows of an account: of its usage first, then of its ledger and its invoices.

    ``invoices`` are of all accounts, ``period`` is None for the provider's current one, ``fits``
    says which numbers the file can hold. What is added up and what is left out is noted in
    ``summary``. Rows raise MoneyError for amounts that do not add up exactly.
    """

    def __init__(
        self,
        account: Account,
        invoices: Iterable[Invoice],
        period: Period | None,
        summary: ExportSummary,
        fits: Fits,
    ) -> None:
        self.account = account
        self.catalogue = catalogue_of(account.adapter.declares)
        self._period, self._summary, self._fits = period, summary, fits
        bills = [bill for bill in invoices if bill.provider == account.provider]
        self._bills = [bill for bill in bills if bill.account == account.name]
        self._others = [bill for bill in bills if bill.account != account.name]
        self._covered: list[Period] = []
        self._charged: set[tuple[str | None, Period]] = set()  # who was charged for which month

    @property
    def window(self) -> Period | None:
        """The exported period, or what the usage covers; None where nothing was answered."""
        return self._period or span(self._covered)

    @cached_property
    def _legal(self) -> tuple[list[LegalInvoice], list[Invoice]]:
        return legal_invoices(self._bills, self.catalogue, self._others)

    def usage_rows(self, usage: Usage) -> Iterator[PlacedRow]:
        """Yield the rows of a usage's charges, tied to their invoices."""
        self._covered.append(usage.covers)
        partitions = usage_partitions(usage)
        self._summary.partitions |= set(partitions.values())
        self._note_checks(f"{usage.sub_account_name or ''} {usage.covers}".strip(), usage.checks)
        included = included_quantities(usage.charges, self._fits)
        tied, month_of = list(self._tied_invoices(usage)), month_of_start(usage.covers)
        for month, costs in _costs_by_month(usage, partitions).items():
            self._summary.add_costs(partitions[month], costs)
        for charge in usage.charges:
            if charge.cost is not None:
                used = included.get(charge.id)
                month = month_of(start_within(charge, usage.covers))
                self._charged.add((usage.billing_account_id, month))
                row = charge_row(charge, charge.cost, month, self.catalogue, used, self._fits)
                _tie(row, charge, charge.cost, usage.covers, tied)
                yield partitions[month], row
            elif is_unstated(charge):
                self._leave_out("charges without a stated cost")

    def _tied_invoices(self, usage: Usage) -> Iterator[tuple[LegalInvoice, Period]]:
        """Yield the invoices in this export that charges of the usage are on, and of which time."""
        for legal in self._legal[0]:
            invoice = legal.invoice
            same_account = invoice.billing_account_id in (None, usage.billing_account_id)
            in_export = bills_in(invoice, self._period or usage.covers)
            time = legal.time_in(usage) if legal.is_tied and same_account and in_export else None
            if time is not None:
                legal.charged = legal.charged or {}
                yield legal, time

    def ledger_rows(self, entry: LedgerEntry) -> Iterator[PlacedRow]:
        """Yield the row of a ledger entry, if it is one that the usage does not have."""
        categories = self.catalogue.ledger_categories
        if entry.kind not in categories:
            self._leave_out(f"ledger entries of a kind that is not known ({entry.kind})")
        category = categories.get(entry.kind)
        if category is not None:
            row = ledger_row(entry, category, self.catalogue)
            yield self._partition(Dataset.COST_AND_USAGE, Period.month_of(entry.at)), row

    def invoice_rows(self) -> Iterator[PlacedRow]:
        """Yield the rows of the invoices that bill the window, after all of its usage was read."""
        window, (invoices, without_total) = self.window, self._legal
        incomplete = sum(bills_in(invoice, window) for invoice in without_total)
        if incomplete:
            self._leave_out("legal invoices without a date or total", incomplete)
        if window is None:
            return
        for bill in self._bills:
            if bills_in(bill, window):
                self._note_checks(bill.number or bill.id, bill.checks)
        coverage = [row for row in self._summary.coverage if row.account == self.account.name]
        if any(row.state in ANSWERED for row in coverage if row.stream is Stream.INVOICES):
            self._rewrite_whole_months(window)
        self._note_untied(invoices, window)
        # What is missing from a month that was read in part is no difference to its invoice.
        by_charges = not any(row.is_hole for row in coverage)
        for legal in invoices:
            if not bills_in(legal.invoice, window):
                continue
            self._note(legal, by_charges=by_charges)
            details = self._partition(Dataset.INVOICE_DETAIL, legal.period)
            for row in invoice_detail_rows(legal, self.catalogue, by_charges=by_charges):
                yield details, row
            charges = self._partition(Dataset.COST_AND_USAGE, legal.period)
            for row in self._billed_rows(legal, by_charges=by_charges):
                yield charges, row

    def _billed_rows(self, legal: LegalInvoice, *, by_charges: bool) -> Iterator[FocusRow]:
        """Yield what an invoice adds to the charges that are on it, or on the one it corrects."""
        if legal.charged is not None:
            yield from completing_rows(legal, self.catalogue, by_charges=by_charges)
        elif legal.corrected is not None and legal.corrected.charged is not None:
            yield from correction_rows(legal, self.catalogue)

    def _note_checks(self, whose: str, checks: Iterable[Check]) -> None:
        """Note where the provider's own numbers do not agree."""
        for check in checks:
            if check.is_broken:
                self._summary.note(self.account.name, f"{whose}: {check.text}")

    def _note(self, legal: LegalInvoice, *, by_charges: bool) -> None:
        """Note what a reader of an invoice's rows must know."""
        if legal.shares_number:
            text = f"several documents have the number {legal.number}: the ids of their lines"
            self._summary.note(self.account.name, f"{text} hold the document's own id, too")
        if legal.invoice.net is None:
            text = f"invoice {legal.number} states no net amount: its rows of Invoice Detail"
            self._summary.note(self.account.name, f"{text} have the tax in them")
        if legal.beyond_tax.amount:
            text = f"invoice {legal.number} has a total of {legal.total} and a net amount of"
            rest = f"the difference of {legal.beyond_tax} is no tax, and stands as an Adjustment"
            self._summary.note(self.account.name, f"{text} {legal.net}: {rest}")
        if by_charges and legal.doubt is not None:
            self._summary.note(self.account.name, legal.doubt)

    def _note_untied(self, invoices: Sequence[LegalInvoice], window: Period) -> None:
        """Note the exported months whose charges are on none of the invoices that bill them."""
        months = sorted({m for _, m in self._charged if m.overlaps(window)}, key=lambda m: m.start)
        for month, bills in untied_months(invoices, self.catalogue, months).items():
            named = [
                legal.number
                for legal in bills
                if (legal.invoice.billing_account_id, month) in self._charged
            ]
            if named:
                text = f"the charges of {month} are tied to none of the invoices that bill it"
                without = "Cost and Usage has them without an invoice's tax"
                self._summary.note(self.account.name, f"{text} ({', '.join(named)}): {without}")

    def _rewrite_whole_months(self, window: Period) -> None:
        # Without an invoice too: the provider may have withdrawn or moved one since.
        for month in window.split_months():
            if month == Period.month_of(month.start):
                self._summary.partitions.add(self._partition(Dataset.INVOICE_DETAIL, month))

    def _partition(self, dataset: Dataset, period: Period) -> Partition:
        return Partition(dataset, self.account.provider, self.account.name, month_key(period))

    def _leave_out(self, records: str, count: int = 1) -> None:
        self._summary.leave_out(self.account.name, records, count)


def _costs_by_month(usage: Usage, months: Collection[Period]) -> Mapping[Period, Collection[Money]]:
    """Return the costs of a usage by the month that they are booked in."""
    if len(months) == 1:
        return dict.fromkeys(months, usage.totals().values())
    month_of, costs = month_of_start(usage.covers), dict[Period, list[Money]]()
    for charge in usage.charges:
        if charge.cost is not None:
            month = month_of(start_within(charge, usage.covers))
            costs.setdefault(month, []).append(charge.cost)
    return costs


def _tie(
    row: FocusRow,
    charge: Charge,
    cost: Money,
    covers: Period,
    invoices: Iterable[tuple[LegalInvoice, Period]],
) -> None:
    """Write the invoice that a charge is on into its row, and count the charge there."""
    for legal, time in invoices:
        in_time = start_within(charge, covers) in time
        if in_time and legal.charged is not None and cost.currency == legal.total.currency:
            category = str(row["ChargeCategory"])
            row |= {"InvoiceId": legal.number, "InvoiceDetailId": legal.line_id(category)}
            known = legal.charged.get(category, Money.zero(cost.currency))
            legal.charged[category] = known + cost
