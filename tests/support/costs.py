"""Charges and answers made by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from billfold import Answer, Category, Charge, Coverage, Money, Period, State, Stream, Usage
from billfold.period import span

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
    **fields: Any,
) -> Charge:
    """Return a charge of a day, or without one of all October."""
    start = OCTOBER.start if day is None else datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    period = OCTOBER if day is None else Period(start, start + timedelta(hours=1))
    defaults = {
        "id": f"{account}-{cost}-{day}",
        "category": Category.USAGE,
        "service": "CI",
        "period": period,
    }
    amount = None if cost is None else money(cost)
    return Charge(provider=provider, account=account, cost=amount, **defaults | fields)


def answer(
    *charges: Charge, state: State = State.COMPLETE, checks: tuple[Any, ...] = ()
) -> Answer[Usage]:
    """Return an answer of one usage per account, over October or all the months of the charges."""
    accounts = dict.fromkeys((charge.account, charge.provider) for charge in charges)
    months = span(Period.month_of(charge.period.start) for charge in charges) or OCTOBER
    usages = tuple(
        Usage(
            months,
            months,
            tuple(charge for charge in charges if charge.account == account),
            checks=checks,
            provider=provider,
            account=account,
        )
        for account, provider in accounts
    )
    coverage = tuple(
        Coverage(account, provider, Stream.USAGE, state, months) for account, provider in accounts
    )
    return Answer(Stream.USAGE, months, usages, coverage)
