"""One account's views of the same money, made by hand."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from billfold import (
    Charge,
    Check,
    Coverage,
    DailyCost,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    LedgerEntry,
    Period,
    State,
    Stream,
    Usage,
)
from billfold.reconcile import AccountViews, Identity, NotCompared
from support.costs import OCTOBER, charge, money

NOON = datetime(2026, 10, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


STREAMS = (Stream.USAGE, Stream.DAILY, Stream.LEDGER, Stream.BALANCES, Stream.INVOICES)


def coverage(state: State = State.COMPLETE, *streams: Stream, **fields: Any) -> list[Coverage]:
    """Return rows of the streams, of all five where none is named."""
    return [Coverage("ci", "harmont", stream, state, **fields) for stream in streams or STREAMS]


def account_views(**views: Any) -> AccountViews:
    """Return the views of an account whose streams were all answered in full."""
    return AccountViews("ci", "harmont", **{"coverage": tuple(coverage())} | views)


def only(findings: Iterable[Identity | NotCompared]) -> Identity:
    """Return the one finding, which is an identity."""
    (identity,) = findings
    assert isinstance(identity, Identity)
    return identity


def identities(findings: Iterable[Identity | NotCompared]) -> list[Identity]:
    return [found for found in findings if isinstance(found, Identity)]


def not_compared(findings: Iterable[Identity | NotCompared]) -> list[tuple[str, str]]:
    """Return the amounts and the reasons of what was not compared."""
    return [
        (str(found.amount), found.reason) for found in findings if isinstance(found, NotCompared)
    ]


def used(
    *charges: Charge, checks: tuple[Check, ...] = (), covers: Period = OCTOBER, **fields: Any
) -> Usage:
    return Usage(covers, covers, charges, checks=checks, **fields, provider="harmont", account="ci")


def lease(cost: str, end: datetime, ident: str = "lease") -> Charge:
    return charge(cost, id=ident, period=Period(end - HOUR, end))


def daily(*costs: str) -> tuple[DailyCost, ...]:
    """Return the costs of days from 2026-10-09 on."""
    return tuple(
        DailyCost(date(2026, 10, 9 + number), money(cost), provider="harmont", account="ci")
        for number, cost in enumerate(costs)
    )


def debit(amount: str, at: datetime, ident: str = "debit") -> LedgerEntry:
    return LedgerEntry(
        ident, at, money(amount), "vm_lease_debit", for_usage=True, provider="harmont", account="ci"
    )


def line(cost: str, product: str, project: str | None = None) -> InvoiceLine:
    return InvoiceLine(
        f"{product}-{project}", money(cost), product_name=product, sub_account_id=project
    )


def metering(total: str | None, *lines: InvoiceLine, **fields: Any) -> Invoice:
    """Return a metering invoice of October."""
    return Invoice(
        kind=InvoiceKind.METERING,
        total=None if total is None else money(total),
        lines=lines,
        provider="harmont",
        account="ci",
        **{"id": "m", "period": OCTOBER} | fields,
    )


def legal(
    net: str | None, total: str | None, issued_on: date | None, number: str = "RE-1", **fields: Any
) -> Invoice:
    return Invoice(
        number,
        InvoiceKind.LEGAL,
        None if total is None else money(total),
        number,
        net=None if net is None else money(net),
        provider="harmont",
        account="ci",
        issued_on=issued_on,
        **fields,
    )
