"""Ask the accounts, and turn what they say into rows, one after another."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any

from attrs import define, field, frozen

from billfold.accounts.account import Account
from billfold.adapter.catalogue import Catalogue, undeclared_catalogue
from billfold.answer import Coverage
from billfold.errors import BillfoldError
from billfold.facade.billfold import Billfold
from billfold.focus import billing_period_rows as periods
from billfold.focus import charge_rows as charges
from billfold.focus import invoice_rows as invoices
from billfold.focus import ledger_rows as entries
from billfold.focus.columns import Dataset
from billfold.focus.invoice_rows import Bill
from billfold.focus.partition import Part, parts_of
from billfold.focus.row_values import Row
from billfold.model import ANSWERED, Category, LedgerEntry, State, Stream, Usage, is_unstated
from billfold.money import Money
from billfold.period import Period, midnight, span

Placed = tuple[Part, Row]


@frozen
class Question:
    """What is exported: a period (None: each provider's current one) of accounts (None: all), within a deadline in seconds."""

    period: Period | None = None
    accounts: Sequence[str] | None = None
    deadline: float | None = None


@define
class Gathered:
    """What a pass found out besides its rows: how whole they are, what their usage adds up to, and what had to stay out."""

    coverage: list[Coverage] = field(factory=list)
    failures: list[BillfoldError] = field(factory=list)
    totals: dict[str, Money] = field(factory=dict)
    left_out: Counter[str] = field(factory=Counter)
    parts: set[Part] = field(factory=set)

    @property
    def complete(self) -> bool:
        """Whether every account that has usage answered in full, its ledger and invoices too."""
        states = {row.state for row in self.coverage} - {State.UNSUPPORTED}
        return states == {State.COMPLETE}

    def missing(self) -> str:
        """Say in one line what keeps the export from being complete."""
        holes = [
            row for row in self.coverage if row.state not in (State.COMPLETE, State.UNSUPPORTED)
        ]
        texts = [
            f"{row.account}'s {row.stream} is {row.state}"
            + (f" ({row.detail})" if row.detail else "")
            for row in holes
        ]
        return "; ".join(texts) or "no account has usage to export"

    def add(self, cost: Money) -> None:
        """Count a cost of usage."""
        known = self.totals.get(cost.currency)
        self.totals[cost.currency] = cost if known is None else known + cost


def catalogue_of(account: Account) -> Catalogue:
    """Return what an account's adapter declares, or what can be said without."""
    declares = account.adapter.declares
    return declares.catalogue or undeclared_catalogue(declares.title)


@define
class Pass:
    """One pass over the accounts; ``gathered`` is whole once every row was taken."""

    fold: Billfold
    question: Question
    clock: Callable[[], datetime]
    gathered: Gathered = field(factory=Gathered)
    _bills: dict[str, tuple[Bill, ...]] = field(factory=dict)
    _billed: dict[Bill, dict[str, Money]] = field(factory=dict)
    _covered: dict[str, list[Period]] = field(factory=dict)
    _months: set[tuple[str, str, datetime, datetime]] = field(factory=set)

    async def rows(self) -> AsyncGenerator[Placed, None]:
        """Yield every row and where it belongs: usage, then ledgers, invoices, and the months all of these are booked in."""
        until = (
            None
            if self.question.deadline is None
            else asyncio.get_running_loop().time() + self.question.deadline
        )
        accounts = {account.name: account for account in self.fold.accounts if self._asked(account)}
        await self._read_invoices(accounts, until)
        async with aclosing(
            self._flow(Stream.USAGE, self.question.period, self.question.accounts, until)
        ) as usages:
            async for usage in usages:
                for placed in self._usage(accounts[usage.account], usage):
                    yield self._seen(placed)
        for account in accounts.values():
            window = self.question.period or span(self._covered.get(account.name, ()))
            if window is None:
                continue
            if catalogue_of(account).ledger_categories:
                async with aclosing(
                    self._flow(Stream.LEDGER, window, [account.name], until)
                ) as ledger:
                    async for entry in ledger:
                        for placed in self._entry(account, entry):
                            yield self._seen(placed)
            self.gathered.parts |= self._rewritten(account, window)
            for placed in self._invoices(account, window):
                yield self._seen(placed)
        for provider, issuer, start, end in sorted(self._months):
            part = Part(Dataset.BILLING_PERIOD, provider, None, f"{start:%Y-%m}")
            self.gathered.parts.add(part)
            yield part, periods.row(issuer, Period(start, end), self.clock())

    def _asked(self, account: Account) -> bool:
        names = self.question.accounts
        return names is None or account.name in names or account.provider in names

    def _left(self, until: float | None) -> float | None:
        return None if until is None else max(0.0, until - asyncio.get_running_loop().time())

    async def _flow(
        self,
        stream: Stream,
        period: Period | None,
        accounts: Sequence[str] | None,
        until: float | None,
    ) -> AsyncGenerator[Any, None]:
        flow = self.fold.flow(stream, period, accounts=accounts, deadline=self._left(until))
        async with aclosing(flow.__aiter__()) as items:
            async for item in items:
                yield item
        self.gathered.coverage += flow.coverage
        self.gathered.failures += flow.failures

    async def _read_invoices(self, accounts: dict[str, Account], until: float | None) -> None:
        """Read every invoice there is: which of them bill the period shows only beside the metering."""
        answer = await self.fold.invoices(
            accounts=self.question.accounts, deadline=self._left(until)
        )
        for name, account in accounts.items():
            found, undated = invoices.bills(
                (one for one in answer if one.account == name), catalogue_of(account)
            )
            self._bills[name] = found
            if undated:
                self.gathered.left_out[f"{name}: legal invoices without a date or total"] += undated
        self.gathered.coverage += [
            row for row in answer.coverage if row.state is not State.UNSUPPORTED
        ]
        self.gathered.failures += answer.failures

    def _usage(self, account: Account, usage: Usage) -> Iterator[Placed]:
        catalogue, carried = catalogue_of(account), charges.carried(usage.charges)
        self._covered.setdefault(account.name, []).append(usage.covers)
        parts = parts_of(Dataset.COST_AND_USAGE, usage)
        self.gathered.parts |= set(parts.values())
        tied = [bill for bill in self._bills[account.name] if bill.tied and bill.within(usage)]
        for bill in tied:
            self._billed.setdefault(bill, {})
        if usage.stated_total is not None:
            self.gathered.add(Money.zero(usage.stated_total.currency))
        for charge in usage.charges:
            if charge.cost is None:
                if is_unstated(charge):
                    self.gathered.left_out[f"{account.name}: charges without a stated cost"] += 1
                continue
            self.gathered.add(charge.cost)
            row = charges.row(charge, charge.cost, usage.covers, catalogue, carried.get(charge.id))
            self._tie(charges.begins(charge, usage.covers), charge.cost, tied, row)
            yield parts[charges.month(charge, usage.covers)], row

    def _tie(self, begins: datetime, cost: Money, tied: Sequence[Bill], row: Row) -> None:
        """Name the invoice that bills a charge."""
        for bill in tied:
            if begins in bill.period and cost.currency == bill.total.currency:
                category, billed = str(row["ChargeCategory"]), self._billed[bill]
                row |= {"InvoiceId": bill.number, "InvoiceDetailId": bill.line(category)}
                billed[category] = billed[category] + cost if category in billed else cost

    def _entry(self, account: Account, entry: LedgerEntry) -> Iterator[Placed]:
        catalogue = catalogue_of(account)
        if entry.kind not in catalogue.ledger_categories:
            self.gathered.left_out[
                f"{account.name}: ledger entries of a kind that is not known ({entry.kind})"
            ] += 1
        elif (category := catalogue.ledger_categories[entry.kind]) is not None:
            part = Part(Dataset.COST_AND_USAGE, account.provider, account.name, f"{entry.at:%Y-%m}")
            yield part, entries.row(entry, Category(category), catalogue)

    def _rewritten(self, account: Account, window: Period) -> set[Part]:
        """List the months whose invoices are written anew, those without one too: an invoice may have moved to another."""
        mine = [
            row
            for row in self.gathered.coverage
            if row.account == account.name and row.stream is Stream.INVOICES
        ]
        if not any(row.state in ANSWERED for row in mine):
            return set()
        months = [month for month in window.split_months() if month == Period.month_of(month.start)]
        return {
            Part(Dataset.INVOICE_DETAIL, account.provider, account.name, f"{month.start:%Y-%m}")
            for month in months
        }

    def _invoices(self, account: Account, window: Period) -> Iterator[Placed]:
        """Write the invoices of the window; the rows of a month are completed to its invoice only if they are all there."""
        catalogue, whole = catalogue_of(account), self._whole(account)
        for bill in self._bills[account.name]:
            issued = bill.invoice.issued_on
            if (
                bill.period.overlaps(window)
                if bill.tied
                else issued is not None and midnight(issued) in window
            ):
                month = f"{bill.period.start:%Y-%m}"
                exported = self._billed.get(bill) if whole else None
                for row in invoices.details(bill, exported, catalogue):
                    yield Part(Dataset.INVOICE_DETAIL, account.provider, account.name, month), row
                if bill in self._billed:
                    for row in invoices.lines(bill, exported, catalogue):
                        yield (
                            Part(Dataset.COST_AND_USAGE, account.provider, account.name, month),
                            row,
                        )

    def _whole(self, account: Account) -> bool:
        return all(
            row.state is State.COMPLETE
            for row in self.gathered.coverage
            if row.account == account.name
        )

    def _seen(self, placed: Placed) -> Placed:
        """Note the month a row is booked in."""
        part, row = placed
        self.gathered.parts.add(part)
        start, end, issuer = (
            row["BillingPeriodStart"],
            row["BillingPeriodEnd"],
            row["InvoiceIssuerName"],
        )
        assert isinstance(start, datetime)
        assert isinstance(end, datetime)
        self._months.add((part.provider or "", str(issuer), start, end))
        return placed
