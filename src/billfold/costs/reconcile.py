"""Reconcile: every identity that the provider's own numbers should satisfy, and a named cause for each gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

from attrs import frozen

from billfold.answer import Answer, Coverage, State
from billfold.errors import BillfoldError
from billfold.model import Balance, Charge, Check, DailyCost, DayPart, Invoice, InvoiceKind, LedgerEntry, Usage
from billfold.money import Money, sums
from billfold.period import Period

_POSTED = timedelta(minutes=5)
_EDGE = timedelta(hours=6)  # a debit is posted when its job ends, at most this long after the lease began


class Cause(StrEnum):
    """Why two views of the same money differ."""

    ROUNDING = "rounding"
    TAX = "tax"
    TIMING = "timing"
    LATE_DATA = "late data"
    RATE_CHANGE = "rate change"
    MISSING_USAGE = "missing usage"
    UNKNOWN = "unknown"


@frozen
class Identity:
    """Two views of the same money of one account; ``cause`` is None when they agree, ``evidence`` the lines behind a gap."""

    account: str
    provider: str
    name: str
    stated: Money
    computed: Money
    cause: Cause | None = None
    evidence: tuple[str, ...] = ()

    @property
    def gap(self) -> Money:
        """What the stated side has more."""
        return self.stated - self.computed


@frozen
class Reconciliation:
    """All identities of a period. ``holes`` are what could not be asked, so could not be compared."""

    period: Period
    identities: tuple[Identity, ...]
    holes: tuple[Coverage, ...]
    failures: tuple[BillfoldError, ...]

    @property
    def holds(self) -> bool:
        """Whether every identity holds, tax aside, which is a difference by right."""
        return all(identity.cause in (None, Cause.TAX) for identity in self.identities)


@frozen
class Views:
    """The views of the same money that providers give."""

    usage: Answer[Usage]
    daily: Answer[DailyCost]
    ledger: Answer[LedgerEntry]
    balances: Answer[Balance]
    invoices: Answer[Invoice]


def reconcile(period: Period, views: Views) -> Reconciliation:
    """Compare the views, account by account."""
    answers: tuple[Answer[Any], ...] = (views.usage, views.daily, views.ledger, views.balances, views.invoices)
    accounts = dict.fromkeys((row.account, row.provider) for answer in answers for row in answer.coverage)
    identities = [identity for account, provider in accounts for identity in _account(account, provider, period, views)]
    holes = tuple(row for answer in answers for row in answer.holes if row.state is not State.UNAVAILABLE)
    return Reconciliation(period, tuple(identities), holes, tuple(error for answer in answers for error in answer.failures))


def _account(account: str, provider: str, period: Period, views: Views) -> Iterator[Identity]:
    usages = [usage for usage in views.usage if usage.account == account]
    known: dict[Money, Cause] = {}
    for usage in usages:
        for check in usage.checks:
            cause, evidence = _of_check(check, usage)
            if cause is not None:
                known[check.gap] = cause
            name = f"{usage.sub_account_name}: {check.name}" if usage.sub_account_name else check.name
            yield Identity(account, provider, name, check.stated, check.computed, cause, evidence)
    for pair in (
        *_daily(usages, [day for day in views.daily if day.account == account and day.part is DayPart.ALL], known),
        *_debits(usages, [entry for entry in views.ledger if entry.account == account], period),
        *_balance(
            [balance for balance in views.balances if balance.account == account],
            [entry for entry in views.ledger if entry.account == account],
        ),
        *_invoices(usages, [invoice for invoice in views.invoices if invoice.account == account], period),
    ):
        name, stated, computed, cause, evidence = pair
        yield Identity(account, provider, name, stated, computed, cause, evidence)


Pair = tuple[str, Money, Money, Cause | None, tuple[str, ...]]


def _of_check(check: Check, usage: Usage) -> tuple[Cause | None, tuple[str, ...]]:
    if check.holds:
        return None, ()
    if _is_noise(check.gap):
        return Cause.ROUNDING, (f"{check.gap} is less than half of the smallest unit",)
    derived = tuple(f"{charge.id}: {charge.cost}" for charge in usage.charges if charge.derived)
    if check.cause is not None:
        return Cause(check.cause), derived
    return (Cause.MISSING_USAGE if check.gap.amount > 0 and derived else Cause.UNKNOWN), derived


def _is_noise(gap: Money) -> bool:
    return abs(gap) * 2 < Money.minor(1, gap.currency)


def _total(usages: Iterable[Usage]) -> dict[str, Money]:
    return sums(money for usage in usages for money in usage.totals().values())


def _daily(usages: Sequence[Usage], days: Sequence[DailyCost], known: dict[Money, Cause]) -> Iterator[Pair]:
    totals = sums(day.cost for day in days)
    for currency, used in _total(usages).items() if days else ():
        stated = totals.get(currency, Money.zero(currency))
        gap = stated - used
        yield "days = usage", stated, used, _cause(gap, known.get(gap, Cause.UNKNOWN)), ()


def _cause(gap: Money, otherwise: Cause) -> Cause | None:
    if not gap.amount:
        return None
    return Cause.ROUNDING if _is_noise(gap) else otherwise


def _debits(usages: Sequence[Usage], entries: Sequence[LedgerEntry], period: Period) -> Iterator[Pair]:
    """Compare usage with what the ledger took for it; a pair that the window cut apart is matched by end and amount."""
    debits = [entry for entry in entries if entry.kind.endswith("_debit")]
    if not usages or not debits:
        return
    charges = [charge for usage in usages for charge in usage.charges if charge.cost is not None and not charge.derived]
    inside = [entry for entry in debits if entry.at in period]
    for currency, used in sums(charge.cost for charge in charges if charge.cost is not None).items():
        taken = -sums([Money.zero(currency), *(entry.amount for entry in inside)])[currency]
        late = [charge for charge in charges if charge.period.end > period.end]
        early = [entry for entry in inside if entry.at < period.start + _EDGE and not _has_lease(entry, charges)]
        pending = (charge.cost for charge in late if charge.cost is not None)
        moved = sums([Money.zero(currency), *(entry.amount for entry in early), *pending])
        gap = taken - used
        explained = bool(early or late) and gap == -moved[currency]
        evidence = (
            *(f"{charge.id}: posted after the window" for charge in late),
            *(f"{entry.id}: of a lease that began before the window" for entry in early),
        )
        yield "ledger debits = usage", taken, used, _cause(gap, Cause.TIMING if explained else Cause.LATE_DATA), evidence


def _has_lease(entry: LedgerEntry, charges: Sequence[Charge]) -> bool:
    return any(charge.cost == -entry.amount and abs(charge.period.end - entry.at) < _POSTED for charge in charges)


def _balance(balances: Sequence[Balance], entries: Sequence[LedgerEntry]) -> Iterator[Pair]:
    for balance in balances:
        of_it = [entry for entry in entries if entry.billing_account_id == balance.scope_name]
        if of_it:
            summed = sums(entry.amount for entry in of_it)[balance.amount.currency]
            yield (
                f"balance of {balance.scope_name} = its ledger",
                balance.amount,
                summed,
                _cause(balance.amount - summed, Cause.TIMING),
                (),
            )


def _invoices(usages: Sequence[Usage], invoices: Sequence[Invoice], period: Period) -> Iterator[Pair]:
    metering = [bill for bill in invoices if bill.kind is InvoiceKind.METERING and bill.period is not None]
    legal = [bill for bill in invoices if bill.kind is InvoiceKind.LEGAL and bill.issued_on is not None]
    for usage in usages:
        for bill in metering:
            if bill.period == usage.covers and bill.total is not None:
                used = usage.totals().get(bill.total.currency, Money.zero(bill.total.currency))
                gap = bill.total - used
                missing = Cause.MISSING_USAGE if gap.amount > 0 else Cause.LATE_DATA
                yield f"metering invoice {bill.id} = usage", bill.total, used, _cause(gap, missing), ()
    for month in period.split_months():
        yield from _legal(
            [bill for bill in metering if bill.period == month],
            [bill for bill in legal if bill.issued_on and Period.day(bill.issued_on).start in _following(month)],
        )


def _following(month: Period) -> Period:
    return Period.month_of(month.end)


def _legal(metering: Sequence[Invoice], legal: Sequence[Invoice]) -> Iterator[Pair]:
    """Compare a month's metering with the legal invoices issued in the month after; tax is the difference to their total."""
    nets = sums(bill.net for bill in legal if bill.net is not None)
    metered = sums(bill.total for bill in metering if bill.total is not None)
    numbers = tuple(f"{bill.number or bill.id}: {bill.net} net" for bill in legal)
    for currency in metered.keys() & nets.keys():
        gap = nets[currency] - metered[currency]
        corrected = any(bill.net is not None and bill.net.amount < 0 for bill in legal)
        yield (
            "legal invoices, net = metering invoice",
            nets[currency],
            metered[currency],
            _cause(gap, Cause.LATE_DATA if corrected else Cause.UNKNOWN),
            numbers,
        )
    for bill in legal:
        if bill.total is not None and bill.net is not None and bill.total.currency == bill.net.currency:
            yield (
                f"legal invoice {bill.number or bill.id}: total = net",
                bill.total,
                bill.net,
                _cause(bill.total - bill.net, Cause.TAX),
                (),
            )
