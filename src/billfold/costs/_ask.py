"""Read usage from a source, and return what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from billfold.answer import Answer
from billfold.costs.allocation import Rules
from billfold.costs.rates import Exchange
from billfold.costs.view import CostView, cost_view, priced_lines
from billfold.model import Usage
from billfold.period import Period


class UsageSource(Protocol):
    """What usage is read from: a :class:`~billfold.Billfold`, or whatever answers like one."""

    async def usage(
        self,
        period: Period | None = None,
        *,
        accounts: Iterable[str] | None = None,
        deadline: float | None = None,
    ) -> Answer[Usage]:
        """Return what was used and what it costs."""
        ...


async def ask(
    source: UsageSource,
    period: Period | None = None,
    *,
    by: Sequence[str] = ("provider", "service"),
    currency: str | None = None,
    exchange: Exchange | None = None,
    rules: Rules | None = None,
    spread: bool = False,
    partial: bool = False,
    accounts: Iterable[str] | None = None,
    deadline: float | None = None,
    now: datetime | None = None,
) -> CostView:
    """Return what a period's usage costs, by provider, account, service, day, ``tag:KEY`` ...

    ``currency`` converts by ``exchange``, the ECB's rates of each charge's day unless given.
    ``rules`` allocate to cost centres. ``spread`` spreads fees over their days, and usage up to
    ``now``. ``deadline`` is in seconds. Raises IncompleteError over a hole unless ``partial``,
    RateError for a missing rate, ConfigError for a dimension that is not one.
    """
    answer = await source.usage(period, accounts=accounts, deadline=deadline)
    lines = priced_lines(
        answer, currency=currency, exchange=exchange, rules=rules, spread=spread, now=now
    )
    return cost_view(answer, lines, by=by, currency=currency, partial=partial)
