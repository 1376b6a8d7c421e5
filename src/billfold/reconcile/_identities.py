"""The identities themselves: each compares two of an account's views, and says what a gap between them means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal

from billfold.model import (
    Charge,
    Check,
    DayPart,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    LedgerEntry,
    Usage,
)
from billfold.money import Money, plain, sum_by_currency
from billfold.period import Period, merged, midnight
from billfold.reconcile.identity import Cause, Identity, Told

_POSTED = timedelta(minutes=5)  # how long after a job's end its debit may be posted
_LEASE = timedelta(days=1)  # the longest job that is looked for across the edge of a window
_MOST = 20


def checks(told: Told) -> Iterator[Identity]:
    """Take over what the adapter checked, of usage and its invoices; what lines lack against a total is missing usage."""
    for usage in told.usages:
        for check in usage.checks:
            name = (
                f"{usage.sub_account_name}: {check.name}" if usage.sub_account_name else check.name
            )
            yield told.identity(
                name, usage.covers, check.stated, check.computed, *_of_check(told, check, usage)
            )
    for bill in told.invoices:
        if _concerns(bill, told.usages):
            lines = _few(
                [f"{_line_name(line)}: {line.cost}" for line in bill.lines if line.cost is not None]
            )
            for check in bill.checks:
                cause = Cause.UNKNOWN if check.cause is None else Cause(check.cause)
                name = (
                    f"{bill.kind} invoice{f' {bill.number}' if bill.number else ''}: {check.name}"
                )
                yield told.identity(name, bill.period, check.stated, check.computed, cause, lines)


def _concerns(bill: Invoice, usages: Iterable[Usage]) -> bool:
    """Tell whether an invoice is of what is compared: all that were ever written come along."""
    windows = [usage.covers for usage in usages]
    if bill.period is not None:
        return any(bill.period.overlaps(window) for window in windows)
    return bill.issued_on is None or any(
        midnight(bill.issued_on) in Period.month_of(window.end) for window in windows
    )


def _of_check(told: Told, check: Check, usage: Usage) -> tuple[Cause, tuple[str, ...]]:
    derived = tuple(
        f"{charge.id}: {charge.cost}"
        for charge in usage.charges
        if charge.derived and charge.cost is not None
    )
    if check.cause is not None:
        return Cause(check.cause), derived or _uneven_days(told, usage.covers, check.gap.currency)
    return (Cause.MISSING_USAGE if check.gap.amount > 0 and derived else Cause.UNKNOWN), derived


def days(told: Told) -> Iterator[Identity]:
    """Compare the days with the usage; a gap that the usage's own summary has too has the same cause."""
    whole = [day for day in told.days if day.part is DayPart.ALL]
    if not whole or not told.usages:
        return
    stated, used = sum_by_currency(day.cost for day in whole), _total(told.usages)
    known = [
        (check.gap, Cause(check.cause))
        for usage in told.usages
        for check in usage.checks
        if check.cause is not None
    ]
    explained = sum_by_currency(gap for gap, _ in known)
    for sides in _sides(stated, used):
        currency = sides[0].currency
        same = explained.get(currency) == sides[0] - sides[1]
        cause = next(
            (cause for gap, cause in known if same and gap.currency == currency), Cause.UNKNOWN
        )
        window = _window(told)
        yield told.identity(
            "days = usage", window, *sides, cause, _uneven_days(told, window, currency)
        )


def _uneven_days(told: Told, window: Period | None, currency: str) -> tuple[str, ...]:
    used: dict[date, list[Charge]] = {}
    for charge in _priced(told.usages):
        used.setdefault(charge.period.start.date(), []).append(charge)
    found = []
    for day in told.days:
        if window is not None and not window.overlaps(Period.day(day.date)):
            continue
        charged = _costs(used.get(day.date, ())).get(currency, Money.zero(currency))
        if day.part is DayPart.ALL and day.cost.currency == currency and day.cost != charged:
            found.append(f"{day.date}: {day.cost} by day, {charged} in charges")
    return _few(found)


def debits(told: Told) -> Iterator[Identity]:
    """Compare usage with what was taken from the balance for it, in every currency that one of them is in."""
    if not told.usages or not any(entry.for_usage for entry in told.entries):
        return
    windows = merged(usage.covers for usage in told.usages)
    taken = [
        entry
        for entry in told.entries
        if entry.for_usage and any(entry.at in window for window in windows)
    ]
    stated, used = sum_by_currency(-entry.amount for entry in taken), _total(told.usages)
    for sides in _sides(stated, used):
        mine = [entry for entry in taken if entry.amount.currency == sides[0].currency]
        charges = [
            each
            for each in _priced(told.usages)
            if each.cost is not None and each.cost.currency == sides[0].currency
        ]
        yield told.identity(
            "ledger debits = usage", _window(told), *sides, *_of_debits(charges, mine, windows)
        )


def _of_debits(
    charges: Sequence[Charge], taken: Sequence[LedgerEntry], windows: Sequence[Period]
) -> tuple[Cause, tuple[str, ...]]:
    """Pair leases and debits by amount and time; what is left over says why there is a gap."""
    unpaid, unused = _unpaired((charge for charge in charges if not charge.derived), taken)
    evidence = [
        *(f"{charge.id}: {charge.cost}, no debit inside the window" for charge in unpaid),
        *(
            f"{entry.id}: {-entry.amount}, of no lease that began inside the window"
            for entry in unused
        ),
        *(
            f"{charge.id}: {charge.cost}, computed from a stated total, so no debit is its own"
            for charge in charges
            if charge.derived
        ),
    ]
    return _between(unpaid, unused, windows) if unpaid or unused else Cause.UNKNOWN, _few(evidence)


def _unpaired(
    charges: Iterable[Charge], entries: Iterable[LedgerEntry]
) -> tuple[list[Charge], list[LedgerEntry]]:
    """Pair every debit with a lease of that amount that ended when it was posted; return what is left of both."""
    waiting: dict[Money | None, list[Charge]] = {}
    for charge in charges:
        waiting.setdefault(charge.cost, []).append(charge)
    unused = []
    for entry in entries:
        alike = waiting.get(-entry.amount, [])
        near = next(
            (charge for charge in alike if abs(charge.period.end - entry.at) < _POSTED), None
        )
        alike.remove(near) if near is not None else unused.append(entry)
    unpaid = [charge for alike in waiting.values() for charge in alike]
    return [charge for charge in unpaid if charge.cost is not None and charge.cost.amount], [
        e for e in unused if e.amount.amount
    ]


def _between(
    unpaid: Sequence[Charge], unused: Sequence[LedgerEntry], windows: Sequence[Period]
) -> Cause:
    """Tell what is left at the edges of the window, which is timing, from what is left inside."""
    ends, starts = [window.end for window in windows], [window.start for window in windows]
    inside = [
        charge for charge in unpaid if not any(charge.period.end + _POSTED > end for end in ends)
    ]
    strange = [
        entry for entry in unused if not any(start <= entry.at < start + _LEASE for start in starts)
    ]
    if not inside and not strange:
        return Cause.TIMING
    if not strange:
        return Cause.LATE_DATA
    return Cause.UNKNOWN if inside else Cause.MISSING_USAGE


def balances(told: Told) -> Iterator[Identity]:
    """Compare a balance with all movements ever posted on it; one between the two readings is timing."""
    for balance in told.balances:
        of_it = [
            entry.amount for entry in told.entries if entry.billing_account_id == balance.scope_name
        ]
        summed = sum_by_currency(of_it).get(balance.amount.currency)
        if summed is not None:
            yield told.identity(
                f"balance of {balance.scope_name} = its ledger",
                None,
                balance.amount,
                summed,
                Cause.TIMING,
            )


def bills(told: Told) -> Iterator[Identity]:
    """Compare usage with the metering invoice of the same window, and that with the legal invoices of the month after."""
    for period in dict.fromkeys(usage.covers for usage in told.usages):
        metering = [
            bill
            for bill in told.invoices
            if bill.kind is InvoiceKind.METERING and bill.period == period
        ]
        yield from _metered(told, period, metering)
        after = Period.month_of(period.end)
        legal = [
            bill
            for bill in told.invoices
            if bill.issued_on and Period.day(bill.issued_on).start in after
        ]
        if metering and period == Period.month_of(period.start):
            yield from _legal(told, period, metering, legal)


def _metered(told: Told, period: Period, metering: Sequence[Invoice]) -> Iterator[Identity]:
    asked = sum_by_currency(bill.total for bill in metering if bill.total is not None)
    used = _total(usage for usage in told.usages if usage.covers == period)
    for sides in _sides(asked, used) if asked else ():
        cause = Cause.MISSING_USAGE if sides[0] > sides[1] else Cause.LATE_DATA
        yield told.identity(
            "metering invoice = usage", period, *sides, cause, _uneven_lines(told, metering, period)
        )


def _uneven_lines(told: Told, bills: Sequence[Invoice], period: Period) -> tuple[str, ...]:
    lines = [line for bill in bills for line in bill.lines if line.cost is not None]
    charges = [
        charge for usage in told.usages if usage.covers == period for charge in _priced([usage])
    ]
    found = []
    for line in lines:
        mine = [charge for charge in charges if _same(line, charge)]
        charges = [charge for charge in charges if not _same(line, charge)]
        used = _costs(mine)
        if line.cost is not None and used != {line.cost.currency: line.cost}:
            found.append(f"{_line_name(line)}: {line.cost} billed, {_sum_text(used)} used")
    found += [f"{charge.id}: {charge.cost} used, on no line of the invoice" for charge in charges]
    return _few(found)


def _same(line: InvoiceLine, charge: Charge) -> bool:
    return line.sub_account_id == charge.sub_account_id and charge.service in (
        line.product_id,
        line.product_name,
    )


def _line_name(line: InvoiceLine) -> str:
    return ", ".join(
        part
        for part in (line.sub_account_name or line.sub_account_id, line.product_name or line.id)
        if part
    )


def _sum_text(amounts: dict[str, Money]) -> str:
    return " and ".join(map(str, amounts.values())) or "nothing"


def _legal(
    told: Told, period: Period, metering: Sequence[Invoice], legal: Sequence[Invoice]
) -> Iterator[Identity]:
    """Compare nets, and each document's net with its total: tax. A correction may be dated in another month."""
    nets, metered = (sum_by_currency(money for money in side if money is not None) for side in
                     ([bill.net for bill in legal], [bill.total for bill in metering]))  # fmt: skip
    numbers = tuple(
        f"{bill.number or bill.id} of {bill.issued_on}: {bill.net} net" for bill in legal
    )
    corrected = any(bill.net is not None and bill.net.amount < 0 for bill in legal)
    cause = Cause.TIMING if corrected else Cause.UNKNOWN
    for sides in _sides(nets, metered) if metered and nets else ():
        yield told.identity(
            "legal invoices, net = metering invoice", period, *sides, cause, numbers
        )
    for bill in legal:
        if (
            bill.total is not None
            and bill.net is not None
            and bill.total.currency == bill.net.currency
        ):
            name = f"legal invoice {bill.number or bill.id}: total = net"
            yield told.identity(name, period, bill.total, bill.net, *_tax(bill.total, bill.net))


def _tax(total: Money, net: Money) -> tuple[Cause, tuple[str, ...]]:
    """Tell tax, which has its net's sign, from a contradiction, and how much of the net it is."""
    gap = (total - net).amount
    room = Context(prec=60)
    if net.amount == 0:
        return Cause.TAX, ()
    percent = room.multiply(room.divide(gap, net.amount), 100)
    share = f"{total - net} is {plain(percent.quantize(Decimal('0.1'), ROUND_HALF_UP, room))} % of the net"
    return Cause.TAX if (gap > 0) is (net.amount > 0) else Cause.UNKNOWN, (share,)


def _priced(usages: Iterable[Usage]) -> list[Charge]:
    return [charge for usage in usages for charge in usage.charges if charge.cost is not None]


def _costs(charges: Iterable[Charge]) -> dict[str, Money]:
    return sum_by_currency(charge.cost for charge in charges if charge.cost is not None)


def _sides(
    stated: Mapping[str, Money], computed: Mapping[str, Money]
) -> Iterator[tuple[Money, Money]]:
    """Put both sides of every currency beside each other; one that only one side knows is zero on the other."""
    for currency in sorted(stated.keys() | computed.keys()):
        nothing = Money.zero(currency)
        yield stated.get(currency, nothing), computed.get(currency, nothing)


def _total(usages: Iterable[Usage]) -> dict[str, Money]:
    return sum_by_currency(money for usage in usages for money in usage.totals().values())


def _window(told: Told) -> Period | None:
    windows = merged(usage.covers for usage in told.usages)
    return windows[0] if len(windows) == 1 else None


def _few(lines: Sequence[str]) -> tuple[str, ...]:
    return (*lines[:_MOST], *([f"and {len(lines) - _MOST} more"] if len(lines) > _MOST else []))
