"""What Acme's replies mean: from wire shapes to the model. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from billfold.errors import DriftError
from billfold.model import Balance, BalanceKind, Category, Charge, Usage, with_residual
from billfold.money import Money, plain
from billfold.period import Period, utc_text
from billfold.wire import Problem, decode, each
from billfold_acme import wire

PROVIDER = "acme"


def problem(body: bytes) -> Problem:
    """Read an error body; a proxy's says nothing."""
    try:
        error = decode(body, wire.Error)
    except DriftError:
        return Problem()
    return Problem(
        error.code, error.message, retry_after=None if error.wait is None else plain(error.wait)
    )


def balance(account: str, reply: wire.Balance, as_of: datetime) -> Balance:
    """Read a prepaid balance."""
    return Balance(Money(reply.amount, reply.currency), BalanceKind.PREPAID, "account", as_of)


def usage(
    account: str,
    requested: Period | None,
    window: Period,
    lines: Iterable[wire.Line],
    bill: wire.Bill,
) -> Usage:
    """Read a window's lines; should they not add up to the bill, the difference is a charge of its own."""
    charges = each("$.items", lines, partial(charge, account, bill.currency))
    stated = Money(bill.total, bill.currency)
    return with_residual(
        Usage(requested, window, charges, stated_total=stated),
        check="bill = lines",
        residual_id=f"residual@{utc_text(window.start)}",
        service="Acme",
    )


def charge(account: str, currency: str, line: wire.Line) -> Charge:
    """Read one line."""
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
