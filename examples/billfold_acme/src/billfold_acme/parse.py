"""What Acme's replies mean: from wire shapes to the model. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from billfold.model import Balance, BalanceKind, Category, Charge, Usage, with_residual
from billfold.money import Money
from billfold.period import Period, utc_text
from billfold.wire import DriftError, Problem, decode, parse_rows
from billfold_acme import wire


def problem(body: bytes) -> Problem:
    """Return what an error body says; a proxy's says nothing."""
    try:
        error = decode(body, wire.Error)
    except DriftError:
        return Problem()
    return Problem(
        error.code, error.message, retry_after=None if error.wait is None else float(error.wait)
    )


def balance(reply: wire.Balance, as_of: datetime) -> Balance:
    """Return a prepaid balance."""
    return Balance(Money(reply.amount, reply.currency), BalanceKind.PREPAID, "account", as_of)


def usage(
    requested: Period | None, window: Period, lines: Iterable[wire.Line], bill: wire.Bill
) -> Usage:
    """Return a window's lines as charges; what they lack against the bill is a charge of its own."""
    charges = parse_rows("$.items", lines, partial(charge, bill.currency))
    stated = Money(bill.total, bill.currency)
    return with_residual(
        Usage(requested, window, charges, stated_total=stated),
        check="bill = lines",
        residual_id=f"residual@{utc_text(window.start)}",
        service="Acme",
    )


def charge(currency: str, line: wire.Line) -> Charge:
    """Return one line as a charge."""
    return Charge(
        id=line.id,
        category=Category.USAGE,
        period=Period(line.started_at, line.ended_at),
        service=line.product,
        cost=Money(line.cost, currency),
        description=line.note,
        quantity=line.hours,
        unit=None if line.hours is None else "hour",
    )
