"""Ask the accounts for everything that a report shows."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from billfold.accounts.account import Account
from billfold.answer import Answer
from billfold.costs.stretch import as_far_as, compared_period
from billfold.facade.billfold import Billfold
from billfold.http.deadline import Deadline
from billfold.http.transport import utc_now
from billfold.model import Usage
from billfold.period import Period, PeriodLike, requested_period
from billfold.report.answers import ReportAnswers


async def ask(
    fold: Billfold,
    period: PeriodLike = None,
    *,
    accounts: Iterable[str] | None = None,
    deadline: float | None = None,
    now: datetime | None = None,
) -> ReportAnswers:
    """Ask for all views of a period and for the usage of the period before, all at once.

    Of a period that is not over ``now``, the moment whose knowledge is asked for, the usage before
    is of the same stretch, as far as the period is known. ``period`` None is each provider's
    current one, ``deadline`` is in seconds.
    """
    names = accounts if accounts is None or isinstance(accounts, str) else tuple(accounts)
    now = utc_now() if now is None else now
    period, brands = requested_period(period, now), _brands(fold.accounts)
    if period is None:
        current = await fold.views(accounts=names, deadline=deadline)
        return ReportAnswers(None, current, None, brands)
    until = Deadline.after(deadline)

    async def usage_of(earlier: Period) -> Answer[Usage]:
        return await fold.usage(earlier, accounts=names, deadline=until)

    try:
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(fold.views(period, accounts=names, deadline=deadline))
            at_once = group.create_task(usage_of(compared_period(period, now)))
    except ExceptionGroup as errors:  # of the call itself, like an unknown account
        raise errors.exceptions[0] from errors
    views = asked.result()
    before = await as_far_as(views.usage, at_once.result(), usage_of)
    return ReportAnswers(period, views, before, brands)


def _brands(accounts: Iterable[Account]) -> dict[str, str]:
    """Return the brands of the accounts' providers, by provider; a shared one names no provider."""
    brands = {account.adapter.provider: account.adapter.declares.brand for account in accounts}
    counts = Counter(brands.values())
    return {name: brand if counts[brand] == 1 else name for name, brand in brands.items()}
