"""What a store kept of months that Aether forgot, whichever organizations the token reaches now.

November cost 482.17 to one organization, 20.24 of it by autoscaling (the stated doubles have their
last digits).
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from billfold import Account, Answer, Billfold, Money, Period, Secret, State, Stream
from billfold.store.book import Book
from billfold.store.sync import questions, sync
from billfold_aether import Aether
from support.mocked import Mocked
from support.replies import reply

BASE = "https://api.aetherplatform.cloud/api/v1/organizations"
ORG = "7C1E55A9-04D3-4B8F-9A62-E3B70F18D4C6"
GAINED = "e8a6307c-b25f-4d19-a3e4-50f9c8d1726b"
OLD, YOUNG = "2026-03-08T19:22:30Z", "2026-12-01T08:00:00Z"
ON_9 = datetime(2026, 11, 9, 12, tzinfo=UTC)
ON_1, ON_3 = (datetime(2026, 12, day, 12, tzinfo=UTC) for day in (1, 3))
NOVEMBER, DECEMBER = Period.month(2026, 11), Period.month(2026, 12)
TOTAL = {"EUR": Money(Decimal("482.16999999999996"), "EUR")}
DAYS = {"EUR": Money(Decimal("20.2400000000000014"), "EUR")}
BOTH = (Stream.USAGE, Stream.DAILY)
TWO_MONTHS = timedelta(days=60)
MISSING = f"2026-11 of {GAINED} is not in the store"
days_too = pytest.mark.parametrize("stream", BOTH)
while_and_after = pytest.mark.parametrize("now", [ON_1, ON_3])


def reaches(mocked: Mocked, organizations: Mapping[str, str]) -> None:
    """List organizations, by when each was made."""
    listed = [{"id": name, "created_at": made} for name, made in organizations.items()]
    mocked.get(f"{BASE}?limit=100", body=json.dumps({"items": listed}))


def folds(store: Path, now: datetime) -> Billfold:
    accounts = [Account("acct", Aether(), Secret("token-of-a-test-1234567890"))]
    kept = {"store": store, "stored": "missing", "tolerance": TWO_MONTHS}
    return Billfold(accounts, clock=lambda: now, **kept)


def replies(mocked: Mocked, org: str, bill: str | bytes, spend: str | bytes) -> None:
    """Reply what an organization is billed: its usage asks for its days as well."""
    mocked.get(f"{BASE}/{org}/billing/usage", body=bill)
    for _ in BOTH:
        mocked.get(f"{BASE}/{org}/billing/daily-spend", body=spend)


def idle(mocked: Mocked, month: Period, days: int, *organizations: str) -> None:
    """Reply that nothing was used in the first days of a month."""
    start, end = month.start.isoformat(), month.end.isoformat()
    bill = {"period_start": start, "period_end": end, "total_eur": 0, "items": []}
    points = [{"date": f"{start[:8]}{day:02}", "amount_eur": 0} for day in range(1, days + 1)]
    spend = json.dumps({"points": points, "total_eur": 0})
    for org in organizations:
        replies(mocked, org, json.dumps({**bill, "org_id": org, "subscriptions": []}), spend)


async def keep(mocked: Mocked, store: Path, *others: str) -> None:
    """Keep what one organization cost in November, and that others used nothing."""
    for _ in BOTH:
        reaches(mocked, dict.fromkeys([ORG, *others], OLD))
    idle(mocked, NOVEMBER, 9, *others)
    busy, daily = "get_usage_busy_month", "get_daily_spend_ninth_of_month"
    replies(mocked, ORG, reply("aether", busy), reply("aether", daily))
    async with folds(store, ON_9) as fold:
        asked = questions(fold.accounts, None, BOTH, ON_9)
        assert [each async for each in sync(fold, Book(str(store)), asked, clock=lambda: ON_9)]


async def november(store: Path, now: datetime = ON_3, stream: Stream = Stream.USAGE) -> Answer[Any]:
    async with folds(store, now) as fold:
        answer: Answer[Any] = await getattr(fold, stream.value)(NOVEMBER)
        return answer


def holes(answer: Answer[Any]) -> list[str | None]:
    return [row.detail for row in answer.coverage if row.is_hole]


async def test_an_organization_that_was_gained_since_is_a_hole(
    mocked: Mocked, tmp_path: Path
) -> None:
    await keep(mocked, tmp_path / "store")
    reaches(mocked, {ORG: OLD, GAINED: OLD})
    answer = await november(tmp_path / "store")
    assert answer.totals(partial=True) == TOTAL
    assert holes(answer) == [MISSING]


@days_too
@while_and_after
async def test_so_it_is_of_days_too_and_while_the_provider_may_have_the_month_still(
    mocked: Mocked, tmp_path: Path, now: datetime, stream: Stream
) -> None:
    await keep(mocked, tmp_path / "store")
    reaches(mocked, {ORG: OLD, GAINED: OLD})
    idle(mocked, DECEMBER, now.day, ORG, GAINED)
    answer = await november(tmp_path / "store", now, stream)
    assert answer.totals(partial=True) == (TOTAL if stream is Stream.USAGE else DAYS)
    assert [each.rpartition("; ")[2] for each in map(str, holes(answer))] == [MISSING]


@days_too
@while_and_after
@pytest.mark.parametrize("was_read", [True, False])
async def test_one_that_is_younger_or_used_nothing_of_it_leaves_it_complete(
    mocked: Mocked, tmp_path: Path, now: datetime, stream: Stream, *, was_read: bool
) -> None:
    await keep(mocked, tmp_path / "store", *([GAINED] if was_read else []))
    reaches(mocked, {ORG: OLD, GAINED: OLD if was_read else YOUNG})
    idle(mocked, DECEMBER, now.day, ORG, GAINED)
    answer = await november(tmp_path / "store", now, stream)
    assert answer.totals() == (TOTAL if stream is Stream.USAGE else DAYS)


@pytest.mark.parametrize("others", [{}, {GAINED: YOUNG}])
async def test_without_one_or_with_a_younger_one_the_month_is_complete(
    mocked: Mocked, tmp_path: Path, others: Mapping[str, str]
) -> None:
    await keep(mocked, tmp_path / "store")
    reaches(mocked, {ORG: OLD, **others})
    answer = await november(tmp_path / "store")
    assert answer.totals() == TOTAL


@days_too
@while_and_after
@pytest.mark.parametrize(("made", "complete"), [(YOUNG, True), (OLD, False)])
async def test_an_account_of_which_nothing_was_kept_had_nothing_before_it_was_made(
    mocked: Mocked, tmp_path: Path, now: datetime, stream: Stream, made: str, *, complete: bool
) -> None:
    reaches(mocked, {GAINED: made})
    idle(mocked, DECEMBER, now.day, GAINED)
    answer = await november(tmp_path / "store", now, stream)
    assert (len(answer), answer.complete) == (0, complete)


async def test_where_the_list_fails_the_month_is_what_was_kept_and_the_failure_shown(
    mocked: Mocked, tmp_path: Path
) -> None:
    await keep(mocked, tmp_path / "store")
    mocked.get(re.compile(BASE), status=401)
    answer = await november(tmp_path / "store")
    assert answer.totals(partial=True) == TOTAL
    assert [each.status for each in answer.failures] == [401]
    assert State.PARTIAL in {row.state for row in answer.coverage}
