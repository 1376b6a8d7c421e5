"""Ask for what each of the last months cost, all of them at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from billfold.answer import Answer
from billfold.model import Usage
from billfold.period import Period

if TYPE_CHECKING:
    from billfold.costs import Trend, UsageSource


async def ask_months(
    source: UsageSource,
    months: Iterable[Period],
    *,
    accounts: Iterable[str] | None = None,
    deadline: float | None = None,
) -> list[Answer[Usage]]:
    """Return the answer to each month; ``deadline`` is in seconds, for all of them together."""
    names = None if accounts is None else tuple(accounts)
    asked = (source.usage(month, accounts=names, deadline=deadline) for month in months)
    return await asyncio.gather(*asked)


async def ask_trend(
    source: UsageSource,
    months: int,
    *,
    by: str | Sequence[str],
    currency: str | None,
    accounts: Iterable[str] | None,
    deadline: float | None,
    now: datetime,
    **pricing: Any,
) -> Trend:
    """Return the last ``months`` up to the one of ``now``, side by side.

    Raises ConfigError and CurrencyError, before anything is requested, for what is no dimension,
    number of months or currency.
    """
    from billfold.costs import last_months, read_trend_dimensions, trend_view
    from billfold.money import currency_code

    by = read_trend_dimensions(by)
    currency = None if currency is None else currency_code(currency)
    asked = last_months(months, now)
    answers = await ask_months(source, asked, accounts=accounts, deadline=deadline)
    return trend_view(answers, by=by, currency=currency, now=now, **pricing)
