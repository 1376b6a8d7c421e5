"""Of a month that was never read an answer says what to do, if anything can be done."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from billfold import Account, Billfold, History, Period, Secret, State, Stream
from billfold.store.book import Book
from billfold.store.sync import questions, sync
from billfold_aether import Aether
from store.world import OCTOBER
from support.mocked import Mocked

ORG = "7c1e55a9-04d3-4b8f-9a62-e3b70f18d4c6"
BILLING = f"https://api.aetherplatform.cloud/api/v1/organizations/{ORG}/billing"
DECEMBER = Period.month(2026, 12)
ON_5_DECEMBER = datetime(2026, 12, 5, tzinfo=UTC)
ON_1_NOVEMBER = datetime(2026, 11, 1, 0, 10, tzinfo=UTC)


async def keep_november(mocked: Mocked, folder: Path) -> None:
    fees = [{"kind": "control_plane", "name": "prod", "amount_eur": 20}]
    body = {"org_id": ORG, "period_start": "2026-11-01T00:00:00Z", "total_eur": 20, "items": []}
    mocked.get(f"{BILLING}/usage", payload={**body, "subscriptions": fees})
    points = [{"date": "2026-11-01", "amount_eur": 0}]
    mocked.get(f"{BILLING}/daily-spend", payload={"points": points, "total_eur": 0}, repeat=True)
    account = Account("beta", Aether(ORG), Secret("token-of-a-test-1234567890"))
    async with Billfold([account], clock=lambda: ON_1_NOVEMBER) as fold:
        asked = questions(fold.accounts, None, [Stream.USAGE, Stream.DAILY], ON_1_NOVEMBER)
        assert [
            each async for each in sync(fold, Book(str(folder)), asked, clock=lambda: ON_1_NOVEMBER)
        ]


@pytest.mark.parametrize("stream", [Stream.USAGE, Stream.DAILY])
@pytest.mark.parametrize(
    ("period", "said"),
    [
        (OCTOBER, "2026-10 was never read, and Aether answers only for what runs now"),
        (DECEMBER, "2026-12 was never read: run billfold sync --period 2026-12"),
    ],
)
async def test_what_its_provider_has_forgotten_nobody_is_told_to_ask_for(
    mocked: Mocked, tmp_path: Path, stream: Stream, period: Period, said: str
) -> None:
    await keep_november(mocked, tmp_path)
    async with History(tmp_path, clock=lambda: ON_5_DECEMBER) as history:
        answer = await getattr(history, stream.value)(period)
    (row,) = answer.coverage
    assert (row.state, row.detail) == (State.UNAVAILABLE, said)


async def test_of_a_moment_in_the_past_nobody_is_told_to_sync(
    mocked: Mocked, tmp_path: Path
) -> None:
    """No sync makes more known of it; of one that is still to come it does."""
    await keep_november(mocked, tmp_path)
    async with History(tmp_path, clock=lambda: ON_5_DECEMBER) as history:
        before = datetime(2026, 10, 20, tzinfo=UTC)
        for period, as_of, said in (
            (OCTOBER, before, "nothing of it was known by then"),
            (DECEMBER, datetime(2026, 12, 2, tzinfo=UTC), "nothing of 2026-12 was known by then"),
            (
                DECEMBER,
                datetime(2026, 12, 6, tzinfo=UTC),
                "2026-12 was never read: run billfold sync --period 2026-12",
            ),
        ):
            (row,) = (await history.usage(period, as_of=as_of)).coverage
            assert (row.state, row.detail) == (State.UNAVAILABLE, said)
