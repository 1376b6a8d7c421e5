"""What a store kept of months that Aether forgot, whichever organizations the token reaches now.

November cost 482.17 to one organization (the stated double has its last digits).
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from billfold import Account, Answer, Billfold, Money, Period, Secret, State, Stream
from billfold.model import Usage
from billfold.store.book import Book
from billfold.store.sync import questions, sync
from billfold_aether import Aether
from support.mocked import Mocked
from support.replies import reply

BASE = "https://api.aetherplatform.cloud/api/v1/organizations"
ORG = "7C1E55A9-04D3-4B8F-9A62-E3B70F18D4C6"
GAINED = "e8a6307c-b25f-4d19-a3e4-50f9c8d1726b"
OLD, YOUNG = "2026-03-08T19:22:30Z", "2026-12-01T08:00:00Z"
ON_9, ON_3 = (datetime(2026, month, day, 12, tzinfo=UTC) for month, day in ((11, 9), (12, 3)))
NOVEMBER = Period.month(2026, 11)
TOTAL = {"EUR": Money(Decimal("482.16999999999996"), "EUR")}
TWO_MONTHS = timedelta(days=60)


def reaches(mocked: Mocked, organizations: Mapping[str, str]) -> None:
    """List organizations, by when each was made."""
    listed = [{"id": name, "created_at": made} for name, made in organizations.items()]
    mocked.get(f"{BASE}?limit=100", body=json.dumps({"items": listed}))


def folds(store: Path, now: datetime) -> Billfold:
    accounts = [Account("acct", Aether(), Secret("token-of-a-test-1234567890"))]
    kept = {"store": store, "stored": "missing", "tolerance": TWO_MONTHS}
    return Billfold(accounts, clock=lambda: now, **kept)


async def keep(mocked: Mocked, store: Path) -> None:
    """Keep what one organization cost in November."""
    reaches(mocked, {ORG: OLD})
    mocked.get(f"{BASE}/{ORG}/billing/usage", body=reply("aether", "get_usage_busy_month"))
    daily = reply("aether", "get_daily_spend_ninth_of_month")
    mocked.get(f"{BASE}/{ORG}/billing/daily-spend", body=daily)
    async with folds(store, ON_9) as fold:
        asked = questions(fold.accounts, None, (Stream.USAGE,), ON_9)
        assert [each async for each in sync(fold, Book(str(store)), asked, clock=lambda: ON_9)]


async def november(store: Path) -> Answer[Usage]:
    async with folds(store, ON_3) as fold:
        return await fold.usage(NOVEMBER)


async def test_an_organization_that_was_gained_since_is_a_hole(
    mocked: Mocked, tmp_path: Path
) -> None:
    await keep(mocked, tmp_path / "store")
    reaches(mocked, {ORG: OLD, GAINED: OLD})
    answer = await november(tmp_path / "store")
    assert answer.totals(partial=True) == TOTAL
    assert [row.detail for row in answer.coverage if row.is_hole] == [
        f"2026-11 of {GAINED} is not in the store"
    ]


@pytest.mark.parametrize("others", [{}, {GAINED: YOUNG}])
async def test_without_one_or_with_a_younger_one_the_month_is_complete(
    mocked: Mocked, tmp_path: Path, others: Mapping[str, str]
) -> None:
    await keep(mocked, tmp_path / "store")
    reaches(mocked, {ORG: OLD, **others})
    answer = await november(tmp_path / "store")
    assert answer.totals() == TOTAL


async def test_where_the_list_fails_the_month_is_what_was_kept_and_the_failure_shown(
    mocked: Mocked, tmp_path: Path
) -> None:
    await keep(mocked, tmp_path / "store")
    mocked.get(re.compile(BASE), status=401)
    answer = await november(tmp_path / "store")
    assert answer.totals(partial=True) == TOTAL
    assert [each.status for each in answer.failures] == [401]
    assert State.PARTIAL in {row.state for row in answer.coverage}
