"""Ask the accounts for everything that a report shows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from billfold.costs.change import preceding_period
from billfold.facade.billfold import Billfold
from billfold.period import Period
from billfold.report.answers import ReportAnswers


async def ask(
    fold: Billfold,
    period: Period | None = None,
    *,
    accounts: Iterable[str] | None = None,
    deadline: float | None = None,
) -> ReportAnswers:
    """Ask for all views of a period and for the usage of the period before, all at once.

    ``period`` None is each provider's current one, ``deadline`` is in seconds.
    """
    names = accounts if accounts is None or isinstance(accounts, str) else tuple(accounts)
    if period is None:
        return ReportAnswers(None, await fold.views(accounts=names, deadline=deadline), None)
    try:
        async with asyncio.TaskGroup() as group:
            views = group.create_task(fold.views(period, accounts=names, deadline=deadline))
            before = group.create_task(
                fold.usage(preceding_period(period), accounts=names, deadline=deadline)
            )
    except ExceptionGroup as errors:  # of the call itself, like an unknown account
        raise errors.exceptions[0] from errors
    return ReportAnswers(period, views.result(), before.result())
