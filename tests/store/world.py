"""An account whose provider states what a test says, and a store that keeps it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from attrs import define, evolve, field, frozen

from billfold import Account, Billfold, History, Money, Period, Secret, Stream
from billfold.adapter import Declaration, Reading, Readings, State
from billfold.model import (
    Balance,
    BalanceKind,
    Category,
    Charge,
    DailyCost,
    Invoice,
    InvoiceKind,
    LedgerEntry,
    Subscription,
    Usage,
)
from billfold.store.booking import Outcome
from billfold.store.sync import questions, sync
from billfold.wire import Problem

OCTOBER, NOVEMBER = Period.month(2026, 10), Period.month(2026, 11)
MID_OCTOBER = datetime(2026, 10, 20, 12, tzinfo=UTC)
MID_NOVEMBER = datetime(2026, 11, 20, 12, tzinfo=UTC)


@define
class Script:
    """What a provider states now, and for how many seconds it thinks about its usage."""

    usage: list[Reading[Usage]] = field(factory=list)
    balances: list[Reading[Balance]] = field(factory=list)
    invoices: list[Reading[Invoice]] = field(factory=list)
    ledger: list[Reading[LedgerEntry]] = field(factory=list)
    daily: list[Reading[DailyCost]] = field(factory=list)
    subscriptions: list[Reading[Subscription]] = field(factory=list)
    slow: float = 0


@frozen(eq=False)
class Scripted:
    """An adapter that sends nothing."""

    provider: ClassVar[str] = "scripted"
    declares: ClassVar[Declaration] = Declaration(
        title="Scripted",
        base_url="https://scripted.example",
        token_env="SCRIPTED_TOKEN",
        url_env="SCRIPTED_URL",
        problem=lambda _: Problem(),
    )
    script: Script

    async def usage(self, client: object, period: Period | None) -> Readings[Usage]:
        """Yield what the script states."""
        await asyncio.sleep(self.script.slow)
        for reading in self.script.usage:
            yield reading

    async def balances(self, client: object) -> Readings[Balance]:
        """Yield what the script states."""
        for reading in self.script.balances:
            yield reading

    async def invoices(
        self, client: object, period: Period | None, kind: InvoiceKind | None
    ) -> Readings[Invoice]:
        """Yield what the script states."""
        for reading in self.script.invoices:
            yield reading

    async def ledger(self, client: object, period: Period | None) -> Readings[LedgerEntry]:
        """Yield what the script states of a period."""
        for reading in self.script.ledger:
            held = tuple(each for each in reading.items if period is None or each.at in period)
            yield evolve(reading, items=held)

    async def daily(self, client: object, period: Period | None) -> Readings[DailyCost]:
        """Yield what the script states."""
        for reading in self.script.daily:
            yield reading

    async def subscriptions(self, client: object) -> Readings[Subscription]:
        """Yield what the script states."""
        for reading in self.script.subscriptions:
            yield reading


def charge(
    name: str,
    cost: str | None,
    *,
    derived: bool = False,
    covers: Period = OCTOBER,
    **more: Any,
) -> Charge:
    """Return a charge of October, or of another month, in euros."""
    return Charge(
        id=name,
        category=Category.USAGE,
        period=covers,
        service="vm",
        cost=None if cost is None else Money(Decimal(cost), "EUR"),
        billing_account_id="acme",
        derived=derived,
        reason="not stated" if cost is None else None,
        **more,
    )


def usage(*charges: Charge, covers: Period = OCTOBER, **more: Any) -> Usage:
    """Return what acme used in a window."""
    whose = {"billing_account_id": "acme", **more}
    return Usage(requested=None, covers=covers, charges=charges, **whose)


def whole(*charges: Charge, covers: Period = OCTOBER, **more: Any) -> list[Reading[Usage]]:
    """Return a reading of all that acme used in a window."""
    return [Reading((usage(*charges, covers=covers, **more),), covers)]


def part(*charges: Charge, covers: Period = OCTOBER) -> list[Reading[Usage]]:
    """Return a reading that was cut off."""
    return [Reading((usage(*charges, covers=covers),), covers, State.PARTIAL, "cut off")]


def prepaid(amount: str, as_of: datetime) -> list[Reading[Balance]]:
    """Return a reading of acme's prepaid euros."""
    money = Money(Decimal(amount), "EUR")
    balance = Balance(
        amount=money, kind=BalanceKind.PREPAID, scope="acme", as_of=as_of, billing_account_id="acme"
    )
    return [Reading((balance,))]


def entry(name: str, amount: str, at: datetime) -> LedgerEntry:
    """Return a movement on acme's balance, in euros."""
    money = Money(Decimal(amount), "EUR")
    return LedgerEntry(id=name, at=at, amount=money, kind="usage", billing_account_id="acme")


@define
class World:
    """A store, a clock, and accounts by their names."""

    folder: Path
    now: datetime = MID_OCTOBER
    scripts: dict[str, Script] = field(factory=lambda: {"one": Script()})

    @property
    def script(self) -> Script:
        """What the first account's provider states."""
        return next(iter(self.scripts.values()))

    async def sync(
        self,
        now: datetime,
        period: Period | None = None,
        *,
        streams: tuple[Stream, ...] = (Stream.USAGE,),
    ) -> list[Outcome]:
        """Ask all accounts at a moment, and book what they state."""
        self.now = now
        accounts = [
            Account(name, Scripted(script), Secret("token-0123456789"))
            for name, script in self.scripts.items()
        ]
        async with Billfold(accounts, clock=lambda: self.now) as fold, self.history() as history:
            asked = questions(fold.accounts, period, streams, now)
            return [
                outcome async for outcome in sync(fold, history.book, asked, clock=lambda: self.now)
            ]

    def history(self, **options: Any) -> History:
        """Return what the store holds."""
        return History(self.folder, clock=lambda: self.now, **options)

    async def total(self, period: Period = OCTOBER, **options: Any) -> str:
        """Return the sum of what is known of a period, whatever its coverage."""
        async with self.history() as history:
            answer = await history.usage(period, **options)
            totals = answer.totals(partial=True)
            return ", ".join(map(str, totals.values()))

    async def charges(self) -> tuple[Charge, ...]:
        """Return what is known of October, of its only usage."""
        async with self.history() as history:
            (usage,) = await history.usage()
        return usage.charges

    async def state(self, period: Period = OCTOBER, **options: Any) -> tuple[State, str | None]:
        """Return how well a period is covered, and in which words."""
        tolerance = options.pop("tolerance", timedelta(0))
        async with self.history(tolerance=tolerance) as history:
            (row,) = (await history.usage(period, **options)).coverage
            assert row.detail or not row.is_hole, "a hole says why"
            return row.state, row.detail
