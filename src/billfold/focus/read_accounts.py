"""Ask the accounts, and turn what they answer into rows, one after another."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any

from attrs import define, evolve, field

from billfold.coverage import Coverage
from billfold.errors import MoneyError, TokenError
from billfold.facade.billfold import Billfold
from billfold.focus._account_rows import AccountRows, PlacedRow
from billfold.focus._summary import ExportSummary
from billfold.focus.choices import Dataset
from billfold.focus.ledger_and_invoice_rows import billing_period_row
from billfold.focus.numbers import Fits, require_fit
from billfold.focus.partition import Partition, month_key
from billfold.http.deadline import Deadline
from billfold.model import State, Stream
from billfold.period import Period


@define
class AccountReader:
    """Reads accounts once, as :func:`billfold.focus.export` is asked to.

    ``fits`` says which numbers can be written. An account with another one fails in the middle of
    its rows, which are then withdrawn. ``summary`` is complete when the last row was taken.
    """

    fold: Billfold
    period: Period | None
    accounts: Sequence[str] | None
    deadline: Deadline
    clock: Callable[[], datetime]
    fits: Fits
    summary: ExportSummary = field(init=False, factory=ExportSummary)

    async def rows(self) -> AsyncGenerator[PlacedRow, None]:
        """Yield the rows of charges, ledger entries and invoices, then those of their months."""
        booked, last = set(), None
        async with aclosing(self._parts()) as parts:
            async for account, placed_rows in parts:
                for partition, row in self._writable(account, placed_rows):
                    start, end = row["BillingPeriodStart"], row["BillingPeriodEnd"]
                    assert isinstance(start, datetime)
                    assert isinstance(end, datetime)
                    issuer = str(row["InvoiceIssuerName"])
                    whose = account.account
                    booked.add((whose.name, whose.provider, issuer, start, end))
                    if partition is not last:  # most rows go where the row before went
                        self.summary.partitions.add(partition)
                        last = partition
                    yield partition, row
        self.summary.withdraw_failed()
        now, failed = self.clock(), self.summary.failed
        months = {
            (provider, issuer, Period(start, end))
            for name, provider, issuer, start, end in booked
            if name not in failed
        }
        for provider, issuer, month in sorted(months):
            partition = Partition(Dataset.BILLING_PERIOD, provider, None, month_key(month))
            self.summary.partitions.add(partition)
            yield partition, billing_period_row(issuer, month, now)

    def _writable(self, account: AccountRows, rows: Iterable[PlacedRow]) -> Iterator[PlacedRow]:
        """Yield rows up to the first that cannot be written, which fails the account."""
        if account.account.name in self.summary.failed:
            return
        try:
            for partition, row in rows:
                require_fit(partition.dataset, row, self.fits)
                yield partition, row
        except MoneyError as error:
            self.summary.fail(account.account, error)

    async def _parts(self) -> AsyncGenerator[tuple[AccountRows, Iterable[PlacedRow]], None]:
        # Invoices come first, because the charges of a month carry the number of its invoice.
        accounts = await self._read_invoices()
        async with aclosing(self._items(Stream.USAGE, self.period, self.accounts)) as usages:
            async for usage in usages:
                account = accounts[usage.account]
                yield account, account.usage_rows(usage)
        for window, names in self._ledgers(accounts).items():
            async with aclosing(self._items(Stream.LEDGER, window, names)) as entries:
                async for entry in entries:
                    account = accounts[entry.account]
                    yield account, account.ledger_rows(entry)
        for account in accounts.values():
            yield account, account.invoice_rows()

    def _ledgers(self, accounts: Mapping[str, AccountRows]) -> dict[Period, list[str]]:
        """Return whose ledgers are read, by the window.

        Those of one window are asked together: what two accounts both reach then counts once. One
        whose token could not be read is not asked again: alone, it would be a wrong use.
        """
        names: dict[Period, list[str]] = {}
        locked = {e.account for e in self.summary.failures if isinstance(e, TokenError)}
        failed = {*self.summary.failed, *locked}
        for name, account in accounts.items():
            window = account.window
            has_ledger = window is not None and account.catalogue.ledger_categories
            if window is not None and has_ledger and name not in failed:
                names.setdefault(window, []).append(name)
        return names

    async def _read_invoices(self) -> dict[str, AccountRows]:
        """Read the invoices of all months: which of them bills a period, their metering shows."""
        answer = await self.fold.invoices(accounts=self.accounts, deadline=self.deadline)
        offered = [row for row in answer.coverage if row.state is not State.UNSUPPORTED]
        self.summary.coverage += _of_period(offered, self.period)
        self.summary.failures += answer.failures
        chosen_names = {row.account for row in answer.coverage}
        self.summary.accounts = answer.accounts
        self.summary.accounts_left_out = answer.left_out
        return {
            account.name: AccountRows(account, answer, self.period, self.summary, self.fits)
            for account in self.fold.accounts
            if account.name in chosen_names
        }

    async def _items(
        self, stream: Stream, period: Period | None, accounts: Sequence[str] | None
    ) -> AsyncGenerator[Any, None]:
        flow = self.fold.flow(stream, period, accounts=accounts, deadline=self.deadline)
        async with aclosing(flow.__aiter__()) as items:
            async for item in items:
                yield item
        self.summary.coverage += flow.coverage
        self.summary.failures += flow.failures


def _of_period(coverage: Iterable[Coverage], period: Period | None) -> list[Coverage]:
    """Return how well invoices that were asked for of all months are known of the period.

    A store has a row for each stretch of time that it knows.
    """
    rows: list[Coverage] = []
    apart: dict[tuple[str, str | None], Coverage] = {}
    for row in coverage:
        covers = row.covers if row.state is State.DIFFERENT_WINDOW else None
        if period is None or covers is None:
            rows.append(row)
        elif covers.encloses(period):
            rows.append(evolve(row, state=State.COMPLETE, known_until=None))
        elif covers.overlaps(period):
            rows.append(row)
        else:
            said = f"{period} was not read; {row.detail}"
            apart[row.account, row.part] = evolve(
                row, state=State.UNAVAILABLE, covers=None, detail=said
            )
    known = {(row.account, row.part) for row in rows}
    return [*rows, *(row for whose, row in apart.items() if whose not in known)]
