"""Adapters for tests: they tell what they are told to tell."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from decimal import Decimal
from typing import Any, ClassVar

from attrs import frozen
from msgspec import Raw

from billfold import (
    Account,
    Billfold,
    Category,
    Charge,
    Invoice,
    InvoiceKind,
    Money,
    Period,
    Secret,
    Usage,
)
from billfold.adapter import Declaration, Reading, Readings
from billfold.http.client import Client
from support.lines import QUICK, TOKEN, problem

OCTOBER = Period.month(2026, 10)
Tell = Callable[[Client], Readings[Any]]


@frozen
class Toy:
    """Tell usage and balances."""

    provider: ClassVar[str] = "toy"
    declares: ClassVar[Declaration] = Declaration(
        "Toy", "https://toy.invalid", "TOY_TOKEN", "TOY_API_URL", problem
    )

    tell: Tell

    def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        return self.tell(client)

    def balances(self, client: Client) -> Readings[Any]:
        return self.tell(client)


@frozen
class Silent:
    """Offer nothing at all."""

    provider: ClassVar[str] = "silent"
    declares: ClassVar[Declaration] = Declaration(
        "Silent", "https://silent.invalid", "SILENT_TOKEN", "SILENT_API_URL", problem
    )


@frozen
class Bank:
    """Offer invoices, their documents and payment methods, by way of a server."""

    provider: ClassVar[str] = "bank"
    declares: ClassVar[Declaration] = Declaration(
        "Bank", "https://bank.invalid", "BANK_TOKEN", "BANK_API_URL", problem
    )

    async def invoices(
        self, client: Client, period: Period | None, kind: InvoiceKind | None
    ) -> Readings[Invoice]:
        kinds = InvoiceKind if kind is None else [kind]
        yield Reading(
            tuple(
                Invoice(each.value, each, eur("1"), provider="bank", account=client.account)
                for each in kinds
            ),
            period,
        )

    async def invoice(self, client: Client, invoice_id: str) -> Reading[Invoice]:
        await client.get(f"/invoices/{invoice_id}", Raw)
        return Reading(
            (
                Invoice(
                    invoice_id, InvoiceKind.LEGAL, eur("1"), provider="bank", account=client.account
                ),
            )
        )

    async def document(self, client: Client, invoice_id: str) -> AsyncGenerator[bytes, None]:
        async for chunk in client.download(f"/documents/{invoice_id}"):
            yield chunk

    async def payment_methods(self, client: Client) -> Readings[Any]:
        yield Reading()

    async def attach_payment_method(self, client: Client, payment_method_id: str) -> None:
        await client.send("POST", "/methods", {"id": payment_method_id})

    async def set_default_payment_method(self, client: Client, payment_method_id: str) -> None:
        await client.send("PUT", f"/methods/{payment_method_id}")

    async def remove_payment_method(self, client: Client, payment_method_id: str) -> None:
        await client.send("DELETE", f"/methods/{payment_method_id}")

    async def setup_intent(self, client: Client) -> Secret:
        return Secret((await client.send("POST", "/intents")).decode())


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


def charge(ident: str, cost: str | None = "1", account: str = "a1") -> Charge:
    return Charge(
        ident,
        Category.USAGE,
        OCTOBER,
        "Toys",
        None if cost is None else eur(cost),
        provider="toy",
        account=account,
    )


def usage(*costs: str | None, account: str = "a1", name: str = "c") -> Usage:
    """Make a usage whose charges are named c1, c2 ..."""
    charges = tuple(
        charge(f"{name}{number}", cost, account) for number, cost in enumerate(costs, 1)
    )
    return Usage(OCTOBER, OCTOBER, charges, provider="toy", account=account)


def telling(*steps: Any) -> Tell:
    """Go through the steps.

    Wait a number of seconds, yield a Reading or a Usage, raise an error.
    """

    async def tell(client: Client) -> Readings[Any]:
        for step in steps:
            if isinstance(step, BaseException):
                raise step
            if isinstance(step, Reading):
                yield step
            elif isinstance(step, Usage):
                yield Reading((step,), step.covers)
            else:
                await asyncio.sleep(step)

    return tell


def fold_of_toys(*tells: Tell, url: str | None = None, **options: Any) -> Billfold:
    """Put each under an account, a1, a2 ..."""
    accounts = [
        Account(f"a{number}", Toy(tell), Secret(TOKEN), url) for number, tell in enumerate(tells, 1)
    ]
    return Billfold(accounts, retry=QUICK, **options)


def others() -> set[asyncio.Task[Any]]:
    """List the tasks besides the one that asks and those of local servers."""
    serving = ("aiohttp/web_protocol", "asyncio/selector_events")
    left = {
        task for task in asyncio.all_tasks() if not any(module in repr(task) for module in serving)
    }
    return left - {asyncio.current_task()}
