"""What a report asks: every view of the period, and the usage of the period before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from billfold.costs.change import previous
from billfold.facade.billfold import Billfold
from billfold.period import Period
from billfold.report.content import Asked


async def ask(
    fold: Billfold,
    period: Period | None,
    *,
    accounts: Iterable[str] | None = None,
    deadline: float | None = None,
) -> Asked:
    """Ask for all of it at once."""
    if period is None:
        return Asked(None, await fold.views(accounts=accounts, deadline=deadline), None)
    chosen = None if accounts is None else tuple(accounts)
    async with asyncio.TaskGroup() as group:
        views = group.create_task(fold.views(period, accounts=chosen, deadline=deadline))
        before = group.create_task(fold.usage(previous(period), accounts=chosen, deadline=deadline))
    return Asked(period, views.result(), before.result())
