"""How long the balances of an answer last, by what their accounts cost lately."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from billfold.adapter import has_stream
from billfold.answer import Answer
from billfold.cli.clock import now
from billfold.costs.runway import Runway
from billfold.facade.billfold import Billfold
from billfold.http.deadline import Deadline
from billfold.model import Balance, BalanceKind, Stream
from billfold.period import Period

_DAYS = 30


async def ask_runways(
    fold: Billfold, answer: Answer[Balance], limit: Deadline
) -> tuple[Runway, ...]:
    """Return how long each balance lasts at the average cost of the last whole days."""
    accounts = {
        balance.account
        for balance in answer
        if balance.kind is BalanceKind.PREPAID and balance.amount.amount > 0
    }
    spending = await _spending(fold, accounts, limit)
    items = [item for each in spending for item in each]
    coverage = [row for each in spending for row in each.coverage]
    return tuple(Runway.of(balance, items, coverage) for balance in answer)


async def _spending(
    fold: Billfold, accounts: Collection[str], limit: Deadline
) -> list[Answer[Any]]:
    """Return what accounts cost in the last days: by day, or their usage where there are no days.

    Days are few, and an account's charges may be a million.
    """
    today = now().date()
    period = Period.days(today - timedelta(days=_DAYS), today)
    chosen = [account for account in fold.accounts if account.name in accounts]
    by_day = [each.name for each in chosen if has_stream(each.adapter, Stream.DAILY)]
    others = [each.name for each in chosen if each.name not in by_day]
    calls = [
        *([fold.daily(period, accounts=by_day, deadline=limit)] if by_day else ()),
        *([fold.usage(period, accounts=others, deadline=limit)] if others else ()),
    ]
    async with asyncio.TaskGroup() as group:
        return [await task for task in [group.create_task(call) for call in calls]]


def runways_json(runways: Iterable[Runway]) -> dict[str, list[dict[str, Any]]]:
    """Return what stands beside balances in JSON."""
    return {"runways": [_document(each) for each in runways]}


def _document(runway: Runway) -> dict[str, Any]:
    balance = runway.balance
    return {
        "account": balance.account,
        "scope": balance.scope,
        "kind": balance.kind.value,
        "outlook": runway.outlook.value,
        "days": runway.days,
        "until": None if runway.until is None else runway.until.isoformat(),
    }
