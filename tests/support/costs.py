"""Charges and answers made by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from billfold import Answer, Category, Charge, Coverage, Money, Period, State, Stream, Usage

OCTOBER = Period.month(2026, 10)


def money(text: str) -> Money:
    amount, currency = text.split()
    return Money(Decimal(amount), currency)


def charge(
    cost: str | None,
    *,
    day: date | None = None,
    account: str = "ci",
    provider: str = "harmont",
    **more: Any,
) -> Charge:
    """Make a charge of a day, or without one of all October."""
    start = OCTOBER.start if day is None else datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    period = OCTOBER if day is None else Period(start, start + timedelta(hours=1))
    known = {
        "id": f"{account}-{cost}-{day}",
        "category": Category.USAGE,
        "service": "CI",
        "period": period,
        **more,
    }
    return Charge(
        provider=provider, account=account, cost=None if cost is None else money(cost), **known
    )


def answer(
    *charges: Charge, state: State = State.COMPLETE, checks: tuple[Any, ...] = ()
) -> Answer[Usage]:
    """Make an answer of usages, one per account."""
    accounts = dict.fromkeys((one.account, one.provider) for one in charges)
    usages = tuple(
        Usage(
            OCTOBER,
            OCTOBER,
            tuple(one for one in charges if one.account == account),
            checks=checks,
            provider=provider,
            account=account,
        )
        for account, provider in accounts
    )
    coverage = tuple(
        Coverage(account, provider, Stream.USAGE, state, OCTOBER) for account, provider in accounts
    )
    return Answer(Stream.USAGE, OCTOBER, usages, coverage)
