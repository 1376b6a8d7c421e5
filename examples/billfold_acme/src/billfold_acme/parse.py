"""What Acme's replies mean: from wire shapes to the model. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from billfold.model import (
    Balance,
    BalanceKind,
    Category,
    Charge,
    DailyCost,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    LedgerEntry,
    Usage,
    with_residual,
)
from billfold.money import Money, currency_code
from billfold.period import Period, midnight, utc_text
from billfold.wire import DriftError, Problem, decode, parse_rows
from billfold_acme import wire

# Documents that ask for no money of their own.
_NO_BILLS = frozenset({"draft", "void"})


def problem(body: bytes) -> Problem:
    """Return what an error body says; a proxy's says nothing."""
    try:
        error = decode(body, wire.WireError)
    except DriftError:
        return Problem()
    wait = None if error.wait is None else float(error.wait)
    return Problem(error.code, error.message, retry_after=wait)


def money(amount: Decimal, currency: str) -> Money:
    """Return an amount in a currency, whose code may be in any letter case."""
    return Money(amount, currency_code(currency))


def balance(reply: wire.WireBalance, as_of: datetime) -> Balance:
    """Return the prepaid balance."""
    return Balance(money(reply.amount, reply.currency), BalanceKind.PREPAID, "account", as_of)


def usage(
    requested: Period | None,
    window: Period,
    lines: Iterable[wire.WireLine],
    bill: wire.WireBill,
) -> Usage:
    """Return a window's lines as charges that add up to its bill.

    A line of another window is left out, whatever the reply says: it would count twice.
    """
    charges = parse_rows("$.items", lines, partial(charge, bill.currency))
    charges = tuple(each for each in charges if each.period.start in window)
    stated = money(bill.total, bill.currency)
    return with_residual(
        Usage(requested, window, charges, stated_total=stated),
        check="bill = lines",
        residual_id=f"residual@{utc_text(window.start)}",
        service="Acme",
    )


def outside(window: Period, lines: Iterable[wire.WireLine]) -> str | None:
    """Return in words that lines of another window came along; None for none.

    Then the bill, which has no times, may be of that window, too.
    """
    count = sum(line.started_at not in window for line in lines)
    return f"lines that did not start in {window} are left out: {count}" if count else None


def charge(currency: str, line: wire.WireLine) -> Charge:
    """Return one line as a charge."""
    return Charge(
        id=line.id,
        category=Category.USAGE,
        period=Period(line.started_at, line.ended_at),
        service=line.product,
        cost=money(line.cost, currency),
        description=line.note,
        quantity=line.hours,
        unit=None if line.hours is None else "hour",
    )


def daily(reply: wire.WireDays) -> tuple[DailyCost, ...]:
    """Return the cost of each day; nobody can say which of two for one day is right."""
    days = parse_rows("$.days", reply.days, partial(day, reply.currency))
    if len({each.date for each in days}) < len(days):
        raise DriftError("a day comes twice - at `$.days`")
    return days


def within(window: Period, days: Iterable[DailyCost]) -> tuple[DailyCost, ...]:
    """Return the days of a window, whatever other days came along."""
    return tuple(each for each in days if midnight(each.date) in window)


def missing(days: Iterable[DailyCost], window: Period, now: datetime) -> tuple[date, ...]:
    """Return the days that have begun and are not stated: what they cost is not known."""
    stated = {each.date for each in days}
    return tuple(each for each in window.days_begun(now) if each not in stated)


def day(currency: str, row: wire.WireDay) -> DailyCost:
    """Return the cost of one day."""
    return DailyCost(row.date, money(row.cost, currency))


def ledger(
    movements: Iterable[wire.WireMovement], period: Period | None
) -> tuple[LedgerEntry, ...]:
    """Return the movements in a period."""
    entries = parse_rows("$.movements", movements, entry)
    return tuple(each for each in entries if period is None or each.at in period)


def entry(movement: wire.WireMovement) -> LedgerEntry:
    """Return one movement; Acme takes what was used from the balance once a week."""
    return LedgerEntry(
        id=movement.id,
        at=movement.at,
        amount=money(movement.amount, movement.currency),
        kind=movement.kind,
        for_usage=movement.kind == "usage",
    )


def invoices(reply: wire.WireInvoices) -> tuple[Invoice, ...]:
    """Return every invoice of a list."""
    return parse_rows("$.invoices", reply.invoices, invoice)


def invoice(row: wire.WireInvoice) -> Invoice:
    """Return one invoice; what is not binding is the platform's own statement."""
    return Invoice(
        id=row.id,
        kind=InvoiceKind.LEGAL if row.binding else InvoiceKind.METERING,
        total=money(row.total, row.currency),
        number=row.number,
        status=row.status,
        counts=row.status not in _NO_BILLS,
        period=None if row.month is None else Period.parse(row.month),
        issued_on=row.issued_on,
        lines=parse_rows("$.lines", row.lines, partial(invoice_line, row.currency)),
    )


def invoice_line(currency: str, row: wire.WireInvoiceLine) -> InvoiceLine:
    """Return one line of an invoice."""
    return InvoiceLine(row.id, money(row.cost, currency), product_name=row.product)
