"""Ask the accounts, and turn what they answer into rows, one after another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any

from attrs import define, field

from billfold.accounts.account import Account
from billfold.adapter.catalogue import Catalogue
from billfold.facade.billfold import Billfold
from billfold.focus._legal_invoices import LegalInvoice, legal_invoices
from billfold.focus._prices import included_quantities
from billfold.focus._summary import ExportSummary
from billfold.focus.billing_period_rows import billing_period_row
from billfold.focus.charge_rows import booking_month, charge_row, start_within
from billfold.focus.choices import Dataset
from billfold.focus.invoice_rows import completing_rows, invoice_detail_rows
from billfold.focus.ledger_rows import ledger_row
from billfold.focus.partition import Partition, month_key, usage_partitions
from billfold.focus.row_values import FocusRow, catalogue_of
from billfold.model import (
    ANSWERED,
    Charge,
    Invoice,
    LedgerEntry,
    State,
    Stream,
    Usage,
    bills_in,
    is_unstated,
)
from billfold.money import Money
from billfold.period import Period, span

PlacedRow = tuple[Partition, FocusRow]


@define
class _Account:
    """An account while it is read: its invoices, and the periods that its usage covers."""

    account: Account
    catalogue: Catalogue
    invoices: tuple[LegalInvoice, ...]
    incomplete_invoices: tuple[Invoice, ...]
    covered: list[Period] = field(factory=list)

    @property
    def name(self) -> str:
        return self.account.name

    def partition(self, dataset: Dataset, month: str) -> Partition:
        """Return the partition of one of the account's months."""
        return Partition(dataset, self.account.provider, self.account.name, month)


@define
class AccountReader:
    """Reads accounts once, as :func:`billfold.focus.export` is asked to.

    ``summary`` is complete when the last row was taken.
    """

    fold: Billfold
    period: Period | None
    accounts: Sequence[str] | None
    deadline: float | None
    clock: Callable[[], datetime]
    summary: ExportSummary = field(init=False, factory=ExportSummary)
    _ends_at: float | None = field(init=False, default=None)
    _booked: set[tuple[str, str, Period]] = field(init=False, factory=set)

    async def rows(self) -> AsyncGenerator[PlacedRow, None]:
        """Yield the rows of charges, ledger entries and invoices, then those of their months."""
        if self.deadline is not None:
            self._ends_at = asyncio.get_running_loop().time() + self.deadline
        # Invoices come first, because the charges of a month carry the number of its invoice.
        accounts = await self._read_invoices()
        async with aclosing(self._items(Stream.USAGE, self.period, self.accounts)) as usages:
            async for usage in usages:
                for placed in self._usage_rows(accounts[usage.account], usage):
                    yield self._booking(placed)
        for account in accounts.values():
            async with aclosing(self._ledger_and_invoice_rows(account)) as rows:
                async for placed in rows:
                    yield self._booking(placed)
        for placed in self._billing_period_rows():
            yield placed

    async def _read_invoices(self) -> dict[str, _Account]:
        """Read the invoices of all months: which of them bills a period, their metering shows."""
        answer = await self.fold.invoices(accounts=self.accounts, deadline=self._remaining())
        self.summary.coverage += [
            row for row in answer.coverage if row.state is not State.UNSUPPORTED
        ]
        self.summary.failures += answer.failures
        asked_names = {row.account for row in answer.coverage}
        accounts = {}
        for account in self.fold.accounts:
            if account.name in asked_names:
                catalogue = catalogue_of(account.adapter.declares)
                invoices = [invoice for invoice in answer if invoice.account == account.name]
                accounts[account.name] = _Account(
                    account, catalogue, *legal_invoices(invoices, catalogue)
                )
        return accounts

    async def _items(
        self, stream: Stream, period: Period | None, accounts: Sequence[str] | None
    ) -> AsyncGenerator[Any, None]:
        flow = self.fold.flow(stream, period, accounts=accounts, deadline=self._remaining())
        async with aclosing(flow.__aiter__()) as items:
            async for item in items:
                yield item
        self.summary.coverage += flow.coverage
        self.summary.failures += flow.failures

    def _remaining(self) -> float | None:
        if self._ends_at is None:
            return None
        return max(0.0, self._ends_at - asyncio.get_running_loop().time())

    def _usage_rows(self, account: _Account, usage: Usage) -> Iterator[PlacedRow]:
        account.covered.append(usage.covers)
        partitions = usage_partitions(usage)
        self.summary.partitions |= set(partitions.values())
        if usage.stated_total is not None:
            self.summary.add_cost(Money.zero(usage.stated_total.currency))
        included = included_quantities(usage.charges)
        tied = self._tied_invoices(account, usage)
        for charge in usage.charges:
            if charge.cost is not None:
                self.summary.add_cost(charge.cost)
                row = charge_row(
                    charge, charge.cost, usage.covers, account.catalogue, included.get(charge.id)
                )
                _tie(row, charge, charge.cost, usage.covers, tied)
                yield partitions[booking_month(charge, usage.covers)], row
            elif is_unstated(charge):
                self.summary.leave_out(account.name, "charges without a stated cost")

    def _tied_invoices(self, account: _Account, usage: Usage) -> list[LegalInvoice]:
        """Return the invoices in this export that the charges of the usage are on."""
        tied = [
            legal
            for legal in account.invoices
            if legal.is_tied
            and legal.bills_all_of(usage)
            and bills_in(legal.invoice, self.period or usage.covers)
        ]
        for legal in tied:
            legal.charged = legal.charged or {}
        return tied

    async def _ledger_and_invoice_rows(self, account: _Account) -> AsyncGenerator[PlacedRow, None]:
        window = self.period or span(account.covered)
        self.summary.leave_out(
            account.name,
            "legal invoices without a date or total",
            sum(bills_in(invoice, window) for invoice in account.incomplete_invoices),
        )
        if window is None:
            return
        if account.catalogue.ledger_categories:
            async with aclosing(self._items(Stream.LEDGER, window, [account.name])) as entries:
                async for entry in entries:
                    for placed in self._ledger_rows(account, entry):
                        yield placed
        self.summary.partitions |= self._invoice_partitions(account, window)
        for placed in self._invoice_rows(account, window):
            yield placed

    def _ledger_rows(self, account: _Account, entry: LedgerEntry) -> Iterator[PlacedRow]:
        categories = account.catalogue.ledger_categories
        if entry.kind not in categories:
            self.summary.leave_out(
                account.name, f"ledger entries of a kind that is not known ({entry.kind})"
            )
            return
        category = categories[entry.kind]
        if category is not None:
            month = month_key(Period.month_of(entry.at))
            partition = account.partition(Dataset.COST_AND_USAGE, month)
            yield partition, ledger_row(entry, category, account.catalogue)

    def _invoice_partitions(self, account: _Account, window: Period) -> set[Partition]:
        """Return the partitions whose invoices are written anew: those of the whole months.

        Without an invoice too, because the provider may have withdrawn or moved one since.
        """
        answered = any(
            row.state in ANSWERED
            for row in self.summary.coverage
            if row.account == account.name and row.stream is Stream.INVOICES
        )
        if not answered:
            return set()
        return {
            account.partition(Dataset.INVOICE_DETAIL, month_key(month))
            for month in window.split_months()
            if month == Period.month_of(month.start)
        }

    def _invoice_rows(self, account: _Account, window: Period) -> Iterator[PlacedRow]:
        # What is missing from a month that was read in part is no difference to its invoice.
        by_charges = self.summary.has_all_of(account.name)
        for legal in account.invoices:
            if not bills_in(legal.invoice, window):
                continue
            month = month_key(legal.period)
            details = account.partition(Dataset.INVOICE_DETAIL, month)
            for row in invoice_detail_rows(legal, account.catalogue, by_charges=by_charges):
                yield details, row
            if legal.charged is not None:
                charges = account.partition(Dataset.COST_AND_USAGE, month)
                for row in completing_rows(legal, account.catalogue, by_charges=by_charges):
                    yield charges, row

    def _booking(self, placed: PlacedRow) -> PlacedRow:
        """Return the row as it is, after noting its partition and the month it is booked in."""
        partition, row = placed
        start, end = row["BillingPeriodStart"], row["BillingPeriodEnd"]
        assert isinstance(start, datetime)
        assert isinstance(end, datetime)
        self.summary.partitions.add(partition)
        self._booked.add(
            (partition.provider or "", str(row["InvoiceIssuerName"]), Period(start, end))
        )
        return placed

    def _billing_period_rows(self) -> Iterator[PlacedRow]:
        now = self.clock()
        for provider, issuer, month in sorted(self._booked):
            partition = Partition(Dataset.BILLING_PERIOD, provider, None, month_key(month))
            self.summary.partitions.add(partition)
            yield partition, billing_period_row(issuer, month, now)


def _tie(
    row: FocusRow, charge: Charge, cost: Money, covers: Period, invoices: Iterable[LegalInvoice]
) -> None:
    """Write the invoice that a charge is on into its row, and count the charge there."""
    for legal in invoices:
        in_period = start_within(charge, covers) in legal.period
        if in_period and cost.currency == legal.total.currency:
            category = str(row["ChargeCategory"])
            row |= {"InvoiceId": legal.number, "InvoiceDetailId": legal.line_id(category)}
            legal.add_charge(category, cost)
