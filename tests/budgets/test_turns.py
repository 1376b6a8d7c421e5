"""While a large reply is read, other work has its turn: never very much is done between two turns.

Work is counted in calls, which are the same on every machine. Read at one go, these replies take
several times as many as may come between two turns.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime
from decimal import Decimal
from types import FrameType
from typing import Any

import pytest

from billfold import Account, Billfold, Money, Period, Secret
from billfold.adapter import Adapter
from billfold.wire import Steps
from billfold_aether import Aether
from billfold_bnerd import Bnerd
from billfold_bnerd.totals import place_of_total, possible_totals
from billfold_harmont import Harmont
from billfold_latitude import Latitude
from support.canned import Canned

ORG = "5f8c1d20-93ab-4e67-8b1d-2c94a1f0e7b3"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
NOVEMBER = Period.month(2026, 11)
ROWS = 6_000
CALLS = 80_000  # some 30 ms


def longest(steps: Steps[Any]) -> tuple[Any, int]:
    """Return what steps come to, and the most calls between two pauses."""
    calls = most = 0

    def count(frame: FrameType, event: str, _: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        while True:
            next(steps)
            most, calls = max(most, calls), 0
    except StopIteration as end:
        return end.value, max(most, calls)
    finally:
        sys.setprofile(before)


class Longest:
    """The most calls between two turns of the loop, while it is entered."""

    def __init__(self) -> None:
        self.calls = self.most = 0

    async def __aenter__(self) -> "Longest":
        self.watch = asyncio.create_task(self._watch())
        await asyncio.sleep(0)
        self.before = sys.getprofile()
        sys.setprofile(self._count)
        return self

    async def __aexit__(self, *_: object) -> None:
        sys.setprofile(self.before)
        self.watch.cancel()

    async def _watch(self) -> None:
        while True:
            self.most, self.calls = max(self.most, self.calls), 0
            await asyncio.sleep(0)

    def _count(self, frame: FrameType, event: str, _: Any) -> None:
        if event in ("call", "c_call"):
            self.calls += 1


def lease(number: int) -> dict[str, Any]:
    start = f"2026-11-{number % 19 + 1:02}T00:{number // 60 % 60:02}:{number % 60:02}.{number:06}Z"
    return {
        "job_id": f"job-{number}",
        "amount_cents": -5,
        "started_at": start,
        "duration_seconds": 120,
        "cpu_count": 2,
        "step_key": f"step-{number % 9}",
    }


def leases() -> dict[str, Any]:
    builds = [
        {"build_id": f"b{first}", "total_cents": -20, "jobs": [lease(first + n) for n in range(4)]}
        for first in range(0, ROWS, 4)
    ]
    return {
        f"/api/v0/billing/usage/{ORG}/breakdown": {"data": builds},
        f"/api/v0/billing/usage/{ORG}": {"total_cents": 5 * ROWS},
    }


def hours() -> dict[str, Any]:
    items = [
        {
            "id": f"item-{number}",
            "org_id": ORG,
            "recorded_at": f"2026-11-02T{number % 24:02}:00:00Z",
            "quantity": 1,
            "unit": "node_hour",
            "node_pool_id": f"pool-{number % 8}",
        }
        for number in range(ROWS)
    ]
    bill = {"org_id": ORG, "period_start": "2026-11-01T00:00:00Z", "total_eur": "3.00"}
    days = [{"date": f"2026-11-{day:02}", "amount_eur": 3 * (day == 2)} for day in range(1, 21)]
    path = f"/api/v1/organizations/{ORG}/billing"
    return {
        f"{path}/usage": {**bill, "items": items, "subscriptions": []},
        f"{path}/daily-spend": {"points": days, "total_eur": 3},
    }


def products() -> dict[str, Any]:
    lines = [
        {"id": f"si_{number}", "name": "c2", "price": 7, "quantity": 1, "unit_price": 7}
        for number in range(ROWS)
    ]
    period = {"start": "2026-11-01T00:00:00Z", "end": "2026-12-01T00:00:00Z"}
    team = {"id": "team_1", "name": "T", "currency": {"code": "USD"}}
    project = {"id": "proj_1", "attributes": {"name": "One", "team": team}}
    bill = {"project": {"id": "proj_1"}, "price": 7 * ROWS, "period": period, "products": lines}
    return {
        "/projects": {"data": [project], "meta": {"stats": {"total": {"count": 1}}}},
        "/billing/usage": {"data": {"attributes": bill}},
    }


def usage_rows() -> dict[str, Any]:
    rows = [
        {
            "subscription_id": f"s{number}",
            "project_id": f"p{number % 50}",
            "product_id": f"product-{number}",
            "quantity": 720,
            "total": {"cents": 700, "currency_iso": "EUR"},
            "from": "2026-11-01T00:00:00Z",
            "to": "2026-11-30T23:59:59Z",
        }
        for number in range(ROWS // 4)
    ]
    return {"/billing/usage": rows}


@pytest.mark.parametrize(
    ("adapter", "replies", "period", "rows"),
    [
        (Harmont(org=ORG), leases(), NOVEMBER, ROWS),
        (Aether(org=ORG), hours(), None, ROWS),
        (Latitude(), products(), None, ROWS),
        (Bnerd(org=ORG), usage_rows(), NOVEMBER, ROWS // 4),
    ],
    ids=["harmont", "aether", "latitude", "bnerd"],
)
async def test_other_work_has_its_turn_while_a_large_reply_is_read(
    adapter: Adapter, replies: dict[str, Any], period: Period | None, rows: int
) -> None:
    session: Any = Canned({path: [json.dumps(body).encode()] for path, body in replies.items()})
    account = Account("a", adapter, Secret("token"))
    async with (
        Billfold([account], session=session, clock=lambda: NOW) as fold,
        Longest() as longest,
    ):
        answer = await fold.usage(period)
    assert answer.complete, answer.missing()
    assert sum(len(usage.charges) for usage in answer) >= rows
    assert 0 < longest.most < CALLS


def test_a_total_is_looked_for_among_many_rows_in_steps() -> None:
    count = 20_000
    rows = [
        {"subscription_id": f"s{n}", "project_id": f"p{n % 50}", "product_id": f"product-{n}"}
        for n in range(count)
    ]
    items = [*rows, {"total": 7 * count}]
    costs = [{"EUR": Money(Decimal(each), "EUR")} for each in (*[7] * count, 7 * count)]
    taken, calls = longest(place_of_total(items, costs))
    assert taken == count
    assert calls < CALLS
    found, calls = longest(possible_totals(rows, costs[:-1], in_product=False))
    assert found == []
    assert calls < CALLS
