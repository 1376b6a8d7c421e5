"""A provider that answers what a test gives it, and a fold over several."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from attrs import frozen

from billfold import (
    Account,
    Billfold,
    Category,
    Charge,
    Invoice,
    InvoiceKind,
    LedgerEntry,
    Money,
    Period,
    ProviderError,
    Secret,
    Usage,
)
from billfold.adapter import Declaration, Reading, Readings
from billfold.adapter.catalogue import Facts, Service
from billfold.http.client import Client
from billfold.model import Stream
from support.lines import TOKEN, problem

OCTOBER = Period.month(2026, 10)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FACTS = Facts(
    "Shop",
    "Customer",
    (Service("Shop Goods", "Compute", "Virtual Machines", "Goods", "Units", ("{service}",)),),
    ledger={"coupon": Category.CREDIT, "refund": Category.ADJUSTMENT, "topup": None},
    voided=frozenset({"CANCEL"}),
    corrections=frozenset({"STORNO"}),
)


@frozen
class Shop:
    """A provider with usage, a ledger and invoices.

    ``broken`` is raised after the usages, ``unread`` instead of the invoices.
    """

    provider: ClassVar[str] = "shop"
    declares: ClassVar[Declaration] = Declaration(
        "Shop",
        "https://shop.invalid",
        "SHOP_TOKEN",
        "SHOP_API_URL",
        problem,
        offers={Stream.INVOICES: "both kinds"},
        focus=FACTS,
    )

    usages: tuple[Usage, ...] = ()
    entries: tuple[LedgerEntry, ...] = ()
    bills: tuple[Invoice, ...] = ()
    broken: ProviderError | None = None
    slow: float = 0
    unread: ProviderError | None = None

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        await asyncio.sleep(self.slow)
        for usage in self.usages:
            yield Reading((usage,), usage.covers)
        if self.broken is not None:
            raise self.broken

    async def ledger(self, client: Client, period: Period | None) -> Readings[LedgerEntry]:
        yield Reading(
            tuple(entry for entry in self.entries if period is None or entry.at in period), period
        )

    async def invoices(
        self, client: Client, period: Period | None, kind: InvoiceKind | None
    ) -> Readings[Invoice]:
        if self.unread is not None:
            raise self.unread
        yield Reading(self.bills, period)


@frozen
class Nothing:
    """A provider without any stream."""

    provider: ClassVar[str] = "nothing"
    declares: ClassVar[Declaration] = Declaration(
        "Nothing", "https://no.invalid", "NO_TOKEN", "NO_API_URL", problem
    )


def fold(*shops: Any) -> Billfold:
    """Return a fold over shops named a, b, ..."""
    names = "abcdef"
    return Billfold(
        [Account(name, shop, Secret(TOKEN)) for name, shop in zip(names, shops, strict=False)],
        clock=lambda: NOW,
    )


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


def charge(
    ident: str, cost: str | None, account: str = "a", period: Period | None = None, **fields: Any
) -> Charge:
    return Charge(
        ident,
        Category.USAGE,
        period or Period.day(OCTOBER.start.date()),
        "goods",
        None if cost is None else eur(cost),
        billing_account_id="acme",
        **fields,
        provider="shop",
        account=account,
    )


def usage(
    *charges: Charge, account: str = "a", covers: Period = OCTOBER, project: str | None = None
) -> Usage:
    return Usage(
        covers,
        covers,
        charges,
        billing_account_id="acme",
        sub_account_id=project,
        provider="shop",
        account=account,
    )


def metering(total: str, period: Period = OCTOBER, ident: str = "m") -> Invoice:
    return Invoice(
        ident,
        InvoiceKind.METERING,
        eur(total),
        period=period,
        billing_account_id="acme",
        provider="shop",
        account="a",
    )


def legal(net: str | None, total: str | None, **fields: Any) -> Invoice:
    defaults: dict[str, Any] = {
        "number": "RE-1",
        "issued_on": date(2026, 11, 2),
        "due_on": date(2026, 11, 16),
    }
    return Invoice(
        "70",
        InvoiceKind.LEGAL,
        None if total is None else eur(total),
        net=None if net is None else eur(net),
        billing_account_id="acme",
        **defaults | fields,
        provider="shop",
        account="a",
    )
