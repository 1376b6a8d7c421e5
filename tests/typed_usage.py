"""How billfold is used, with every type asserted.

Mypy --strict and pyright read this file, nothing runs it.
"""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, assert_type

import aiohttp

from billfold import (
    Account,
    Answer,
    Balance,
    Billfold,
    BillfoldError,
    Charge,
    Charges,
    Coverage,
    Credential,
    DailyCost,
    Invoice,
    InvoiceKind,
    LedgerEntry,
    Money,
    PaymentMethod,
    Period,
    RetryPolicy,
    Secret,
    State,
    Stream,
    Subscription,
    Usage,
)
from billfold_harmont import Harmont


async def ask_everything() -> None:
    async with Billfold.open("billfold.toml") as fold:
        assert_type(fold, Billfold)
        usage = await fold.usage(Period.month(2026, 10), accounts=["ci"], deadline=30)
        assert_type(usage, Answer[Usage])
        assert_type(usage.totals(), dict[str, Money])
        assert_type(usage.totals(partial=True), dict[str, Money])
        assert_type(usage.items, tuple[Usage, ...])
        assert_type(usage.coverage, tuple[Coverage, ...])
        assert_type(usage.failures, tuple[BillfoldError, ...])
        for item in usage:
            assert_type(item, Usage)
            assert_type(item.charges, tuple[Charge, ...])
            assert_type(item.charges[0].cost, Money | None)
        balances = await fold.balances()
        assert_type(balances, Answer[Balance])
        assert_type(balances.totals(), dict[str, dict[str, Money]])
        assert_type(balances.totals()["prepaid"]["USD"], Money)
        assert_type(balances.accounts, tuple[str, ...])
        assert_type(balances.left_out, tuple[str, ...])
        daily = await fold.daily(Period.days(date(2026, 10, 1), date(2026, 10, 8)), strict=True)
        assert_type(daily, Answer[DailyCost])
        assert_type(daily.totals(), dict[str, Money])
        assert_type(await fold.usage("2026-Q3"), Answer[Usage])
        assert_type((await fold.costs("2026-10", by="provider")).to_json(), str)
        assert_type((await fold.reconcile("last-month")).to_dict(), dict[str, Any])
        assert_type(fold.offers(), dict[str, dict[Stream, str]])
        ledger = await fold.ledger(None, accounts="harmont")
        assert_type(ledger, Answer[LedgerEntry])
        assert_type(ledger.totals(), dict[str, Money])
        invoices = await fold.invoices(kind=InvoiceKind.LEGAL)
        assert_type(invoices, Answer[Invoice])
        assert_type(invoices.totals(), dict[str, dict[str, Money]])
        assert_type(invoices.totals(partial=True)["legal"]["EUR"], Money)
        assert_type(await fold.subscriptions(), Answer[Subscription])
        assert_type(await fold.payment_methods(), Answer[PaymentMethod])
        assert_type(await fold.check(), Answer[Credential])


async def ask_for_one() -> None:
    account = Account("ci", Harmont(org="acme"), Secret("hm_..."), requests_per_minute=60)
    async with (
        aiohttp.ClientSession() as session,
        Billfold([account], session=session, concurrency=16, retry=RetryPolicy(attempts=3)) as fold,
    ):
        charges = fold.charges(Period.parse("2026-10"), partial=True)
        assert_type(charges, Charges)
        async for charge in charges:
            assert_type(charge, Charge)
            assert_type(charge.quantity, Decimal | None)
        assert_type(charges.coverage, tuple[Coverage, ...])
        async with aclosing(aiter(fold.charges())) as closing:
            assert_type(await anext(closing), Charge)
        assert_type(await fold.invoice("cloud", "i-1"), Answer[Invoice])
        assert_type(fold.document("cloud", "i-1"), AsyncIterator[bytes])
        async for chunk in fold.document("cloud", "i-1"):
            assert_type(chunk, bytes)
        methods = fold.account("cloud").payment_methods
        assert_type(await methods.attach("pm_1"), PaymentMethod | None)
        assert_type(await methods.setup_intent(), Secret)


def compute(answer: Answer[Usage]) -> None:
    price = Money(Decimal("12.34"), "EUR")
    assert_type(price + price, Money)
    assert_type(price * 2, Money)
    assert_type(2 * price, Money)
    assert_type(-abs(price), Money)
    assert_type(Money.minor(1234, "EUR"), Money)
    assert_type(Money.parse("10.50 EUR"), Money)
    assert_type(Money.sum([price], "EUR"), Money)
    assert_type(price.format(), str)
    assert_type(Period.last_month(), Period)
    assert_type(price < Money.zero("EUR"), bool)
    assert_type(answer.to_json(indent=2), str)
    assert_type(answer.to_dict(), dict[str, Any])
    assert_type(answer.__arrow_c_stream__(), object)
    assert_type(answer.raise_for_holes(), Answer[Usage])
    assert_type(answer.complete, bool)
    assert_type([row.state is State.COMPLETE for row in answer.coverage], list[bool])
    assert_type(answer.stream, Stream)
    assert_type(
        Period(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)).split_days(),
        tuple[Period, ...],
    )
