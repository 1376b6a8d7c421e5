"""``stored="missing"`` over several months: the running one is as its provider states it now."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import define, field

from billfold import (
    Account,
    Answer,
    Billfold,
    ForbiddenError,
    Money,
    Period,
    Secret,
    State,
    Stream,
    Usage,
)
from billfold.store.book import Book
from billfold.store.sync import questions, sync
from billfold_aether import Aether
from support.mocked import Mocked

ORG = "7C1E55A9-04D3-4B8F-9A62-E3B70F18D4C6"
BILLING = f"https://api.aetherplatform.cloud/api/v1/organizations/{ORG}/billing"
BOTH = Period.parse("2026-10..2026-12")
ON_20_NOVEMBER = datetime(2026, 11, 20, 9, tzinfo=UTC)


@define
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@define
class Cluster:
    """A store, and an organization whose only cluster has a fee and no autoscaling."""

    folder: Path
    mocked: Mocked
    clock: Clock = field(factory=lambda: Clock(ON_20_NOVEMBER))

    def states(self, month: str, fee: float, days: int) -> None:
        fees = [{"kind": "control_plane", "name": "prod", "amount_eur": fee}]
        body = {"org_id": ORG, "period_start": f"{month}-01T00:00:00Z", "total_eur": fee}
        points = [{"date": f"{month}-{day:02d}", "amount_eur": 0} for day in range(1, days + 1)]
        self.mocked.get(f"{BILLING}/usage", payload={**body, "items": [], "subscriptions": fees})
        self.mocked.get(f"{BILLING}/daily-spend", payload={"points": points, "total_eur": 0})

    def fold(self, **options: Any) -> Billfold:
        account = Account("k", Aether(ORG), Secret("token-of-a-test-1234567890"))
        options = {"store": self.folder, "stored": "missing", **options}
        return Billfold([account], clock=self.clock, **options)

    async def sync(self, now: datetime) -> None:
        self.clock.now = now
        async with self.fold() as fold:
            asked = questions(fold.accounts, None, [Stream.USAGE], now)
            assert [
                each async for each in sync(fold, Book(str(self.folder)), asked, clock=self.clock)
            ]

    async def usage(self, period: Period = BOTH, **options: Any) -> Answer[Usage]:
        self.clock.now = ON_20_NOVEMBER
        async with self.fold(**options) as fold:
            return await fold.usage(period)


async def both_are_kept(mocked: Mocked, folder: Path) -> Cluster:
    cluster = Cluster(folder, mocked)
    cluster.states("2026-10", 31, 31)
    await cluster.sync(datetime(2026, 10, 31, 23, 58, tzinfo=UTC))
    cluster.states("2026-11", 7, 1)
    await cluster.sync(datetime(2026, 11, 1, 0, 10, tzinfo=UTC))
    return cluster


async def test_the_running_month_is_as_it_is_stated_now(mocked: Mocked, tmp_path: Path) -> None:
    cluster = await both_are_kept(mocked, tmp_path / "store")
    cluster.states("2026-11", 50, 20)
    answer = await cluster.usage()
    # 31.00 of October, and 50.00 of November, of which 7.00 was known on the first
    assert answer.totals(partial=True) == {"EUR": Money.parse("81.00 EUR")}
    assert {row.known_until for row in answer.coverage} == {ON_20_NOVEMBER}


async def test_a_month_ahead_is_not_missing(mocked: Mocked, tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "store", mocked)
    cluster.states("2026-10", 31, 31)
    await cluster.sync(datetime(2026, 10, 31, 23, 58, tzinfo=UTC))
    cluster.states("2026-11", 50, 20)
    answer = await cluster.usage(Period.parse("2026-Q4"), tolerance=timedelta(hours=1))
    assert answer.totals() == {"EUR": Money.parse("81.00 EUR")}
    assert {row.known_until for row in answer.coverage} == {ON_20_NOVEMBER}


async def test_of_a_running_month_that_fails_only_the_one_before_is_the_store_s(
    mocked: Mocked, tmp_path: Path
) -> None:
    cluster = await both_are_kept(mocked, tmp_path / "store")
    mocked.get(f"{BILLING}/usage", status=403, payload={"error": {"code": "forbidden"}})
    mocked.get(f"{BILLING}/daily-spend", status=403, payload={"error": {"code": "forbidden"}})
    answer = await cluster.usage()
    assert answer.totals(partial=True) == {"EUR": Money.parse("31.00 EUR")}  # October
    assert State.PARTIAL in {row.state for row in answer.coverage}
    assert [type(failure) for failure in answer.failures] == [ForbiddenError]


async def test_a_running_month_that_is_read_in_part_is_not_the_store_s(
    mocked: Mocked, tmp_path: Path
) -> None:
    cluster = await both_are_kept(mocked, tmp_path / "store")
    fees = [{"kind": "control_plane", "name": "prod", "amount_eur": 50}]
    body = {"org_id": ORG, "period_start": "2026-11-01T00:00:00Z", "total_eur": 50}
    mocked.get(f"{BILLING}/usage", payload={**body, "items": [], "subscriptions": fees})
    mocked.get(f"{BILLING}/daily-spend", status=403, payload={"error": {"code": "forbidden"}})
    answer = await cluster.usage()
    assert answer.totals(partial=True) == {"EUR": Money.parse("81.00 EUR")}
    assert State.PARTIAL in {row.state for row in answer.coverage}
