"""The last hours of a month may be stated after it: plain syncs find them, and say so until then."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from billfold import Account, Answer, Billfold, History, Period, Secret, State, Stream, Usage
from billfold.store.catching_up import unfinished
from billfold.store.sync import questions, sync
from billfold_bnerd import Bnerd
from support.mocked import Mocked

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
ACCOUNT = Account("cloud", Bnerd(ORG), Secret("token-0123456789"))
SEPTEMBER, OCTOBER = Period.month(2026, 9), Period.month(2026, 10)
WHY = "an hour's usage may be stated days after it"


def row(start: str, end: str, cents: int) -> dict[str, Any]:
    total = {"cents": cents, "currency_iso": "EUR"}
    return {"from": start, "to": end, "product": "vm", "total": total}


FIRST = row("2026-09-05T00:00:00Z", "2026-09-05T01:00:00Z", 1000)
LAST = row("2026-09-30T23:00:00Z", "2026-10-01T00:00:00Z", 500)


async def cron(mocked: Mocked, folder: Path, at: str, *rows: dict[str, Any]) -> list[Period | None]:
    """Run a plain ``billfold sync`` while September has these rows; return what was over of it."""
    now, url = datetime.fromisoformat(at), "https://api.bnerd.cloud/billing/usage"
    mocked.clear()
    for month, listed in ((SEPTEMBER, rows), (OCTOBER, ())):
        to = {SEPTEMBER: "2026-09-30T23:59:59Z", OCTOBER: "2026-10-31T23:59:59Z"}[month]
        query = f"organization_id={ORG}&from={month.start:%Y-%m-%d}T00:00:00Z&to={to}"
        mocked.get(f"{url}?{query}", payload={"data": list(listed)}, repeat=True)
    clock = partial(datetime.fromtimestamp, now.timestamp(), UTC)
    async with Billfold([ACCOUNT], clock=clock) as fold, History(folder) as history:
        again = unfinished(history.book, [ACCOUNT], (Stream.USAGE,), now)
        wanted = [*questions([ACCOUNT], None, (Stream.USAGE,), now), *again]
        async for outcome in sync(fold, history.book, wanted, clock=clock):
            assert outcome.reading.is_whole
    return [each.period for each in again]


async def kept(folder: Path) -> tuple[str, State, str | None]:
    now = datetime(2026, 10, 26, tzinfo=UTC)
    async with History(folder, clock=lambda: now) as history:
        answer: Answer[Usage] = await history.usage(SEPTEMBER)
    (coverage,) = answer.coverage
    return str(answer.totals(partial=True)["EUR"]), coverage.state, coverage.detail


async def test_the_last_hour_that_is_stated_minutes_after_its_month_is_kept_by_a_plain_sync(
    mocked: Mocked, tmp_path: Path
) -> None:
    """10.00 when September ends, and 15.00 with its last hour, final on 4 October."""
    assert await cron(mocked, tmp_path, "2026-09-20T06:00:00+00:00", FIRST) == []
    assert await cron(mocked, tmp_path, "2026-10-01T00:00:00+00:00", FIRST) == [SEPTEMBER]
    early = f"read at 2026-10-01T00:00:00Z: not final from 2026-09-28 on: {WHY}"
    assert await kept(tmp_path) == ("10.00 EUR", State.COMPLETE, early)
    assert await cron(mocked, tmp_path, "2026-10-02T06:00:00+00:00", FIRST, LAST) == [SEPTEMBER]
    soon = f"read at 2026-10-02T06:00:00Z: not final from 2026-09-29 on: {WHY}"
    assert await kept(tmp_path) == ("15.00 EUR", State.COMPLETE, soon)
    assert await cron(mocked, tmp_path, "2026-10-10T06:00:00+00:00", FIRST, LAST) == [SEPTEMBER]
    assert await kept(tmp_path) == ("15.00 EUR", State.COMPLETE, None)
    assert await cron(mocked, tmp_path, "2026-10-25T06:00:00+00:00", FIRST, LAST) == []
