"""A provider that says what a test tells it, and a fold over it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
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
from billfold.adapter.catalogue import Catalogue, Service
from billfold.http.client import Client
from billfold.model import Stream
from support.lines import TOKEN, problem

OCTOBER = Period.month(2026, 10)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CATALOGUE = Catalogue(
    "Shop",
    "Customer",
    (Service("Shop Goods", "Compute", "Virtual Machines", "Goods", "Units", ("{service}",)),),
    ledger_categories={"coupon": Category.CREDIT, "refund": Category.ADJUSTMENT, "topup": None},
    voided_statuses=frozenset({"CANCEL"}),
    correction_types=frozenset({"CREDIT", "STORNO"}),
)


@frozen
class Shop:
    """Sell goods, keep a ledger, send invoices.

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
        catalogue=CATALOGUE,
    )

    usages: tuple[Usage, ...] = ()
    entries: tuple[LedgerEntry, ...] = ()
    bills: tuple[Invoice, ...] = ()
    broken: Exception | None = None
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
    """Offer nothing."""

    provider: ClassVar[str] = "nothing"
    declares: ClassVar[Declaration] = Declaration(
        "Nothing", "https://no.invalid", "NO_TOKEN", "NO_API_URL", problem
    )


def fold(*shops: Any) -> Billfold:
    """Make a fold over shops named a, b, ..."""
    names = "abcdef"
    return Billfold(
        [Account(name, shop, Secret(TOKEN)) for name, shop in zip(names, shops, strict=False)],
        clock=lambda: NOW,
    )


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


def _billed(account: str) -> str:
    """Return who pays: nobody whom two accounts bill, or the second of them would count nothing."""
    return "acme" if account == "a" else f"acme-{account}"


def charge(
    ident: str, cost: str | None, account: str = "a", period: Period | None = None, **more: Any
) -> Charge:
    when = period or Period.day(OCTOBER.start.date())
    money = None if cost is None else eur(cost)
    return Charge(
        ident,
        Category.USAGE,
        when,
        "goods",
        money,
        billing_account_id=_billed(account),
        **more,
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
        billing_account_id=_billed(account),
        sub_account_id=project,
        provider="shop",
        account=account,
    )


def entry(kind: str, amount: str, at: datetime | None = None) -> LedgerEntry:
    return LedgerEntry(
        f"t-{kind}",
        at or datetime(2026, 10, 9, 12, tzinfo=UTC),
        eur(amount),
        kind,
        "Coupon SECRET",
        provider="shop",
        account="a",
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


def legal(net: str | None, total: str | None, **more: Any) -> Invoice:
    money = [None if text is None else eur(text) for text in (total, net)]
    made: dict[str, Any] = {
        "number": "RE-1",
        "issued_on": datetime(2026, 11, 2).date(),
        "due_on": datetime(2026, 11, 16).date(),
    }
    return Invoice(
        "70",
        InvoiceKind.LEGAL,
        money[0],
        net=money[1],
        billing_account_id="acme",
        **made | more,
        provider="shop",
        account="a",
    )
