"""A lease is stated once its job has ended: until two days later, what is kept is not final."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from billfold import Account, Billfold, History, Period, Secret, State, Stream
from billfold.store.book import Book
from billfold.store.catching_up import unfinished
from billfold.store.sync import Question, sync
from billfold_harmont import Harmont
from support.mocked import Mocked

OCTOBER = Period.month(2026, 10)
ACCOUNT = Account("ci", Harmont("acme"), Secret("token-0123456789"))
STREAMS = (Stream.USAGE, Stream.DAILY, Stream.LEDGER)
BASE = "https://api.harmont.dev/api/v0/billing"
LAST_MINUTES = datetime(2026, 10, 31, 23, 58, tzinfo=UTC)
SOON = datetime(2026, 11, 1, 0, 10, tzinfo=UTC)


def build(start: str, cents: int) -> dict[str, Any]:
    job = {"cpu_count": 2, "memory_gb": 4, "disk_gb": 20, "started_at": start}
    jobs = [{**job, "amount_cents": -cents}]
    return {"build_id": start, "total_cents": -cents, "started_at": start, "jobs": jobs}


def answer_october(mocked: Mocked, cents: int, *builds: dict[str, Any]) -> None:
    """Let October be stated as of now; what is of its last day is what is beyond 1.00."""
    query = "from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z"
    by_day = {5: 100, 31: cents - 100}
    days = [
        {"date": f"2026-10-{day:02}", "total_cents": by_day.get(day, 0)} for day in range(1, 32)
    ]
    mocked.clear()
    mocked.get(f"{BASE}/usage/acme/breakdown?{query}", payload={"data": builds})
    mocked.get(f"{BASE}/usage/acme?{query}", payload={"total_cents": cents})
    mocked.get(f"{BASE}/usage/acme/series?{query}", payload={"data": days})
    mocked.get(f"{BASE}/transactions/acme?limit=100", payload={"data": [], "next_cursor": None})


async def read(folder: Path, now: datetime, *first: Question) -> list[Stream]:
    """Ask what the month that is over still needs, as each sync does, and return what that was."""
    book = Book(str(folder))
    again = unfinished(book, [ACCOUNT], STREAMS, now)
    async with Billfold([ACCOUNT], clock=lambda: now) as fold:
        async for outcome in sync(fold, book, [*first, *again], clock=lambda: now):
            assert outcome.reading.is_whole
    return [each.stream for each in again]


async def known(folder: Path, now: datetime, stream: str) -> tuple[str, State, str | None]:
    async with History(folder, clock=lambda: now) as history:
        answer = await getattr(history, stream)(OCTOBER)
    (row,) = answer.coverage
    return str(answer.totals(partial=True)["USD"]), row.state, row.detail


async def read_before_it_is_final(mocked: Mocked, folder: Path, first: dict[str, Any]) -> None:
    """Read October in its last minutes and ten minutes after it, when 1.00 is stated."""
    answer_october(mocked, 100, first)
    running = [Question(ACCOUNT, stream, OCTOBER) for stream in STREAMS]
    assert await read(folder, LAST_MINUTES, *running) == []
    answer_october(mocked, 100, first)
    assert await read(folder, SOON) == [*STREAMS]


async def test_what_is_not_final_is_read_again_and_says_so_until_then(
    mocked: Mocked, tmp_path: Path
) -> None:
    """A job of 1.00 in October, and one of 0.40 that runs into November: 1.40, once it has ended."""
    first, last = build("2026-10-05T10:00:00Z", 100), build("2026-10-31T23:50:00Z", 40)
    await read_before_it_is_final(mocked, tmp_path, first)
    why = (
        "read at 2026-11-01T00:10:00Z: not final from 2026-10-30 on: "
        "a lease is stated once its job has ended"
    )
    for stream in ("usage", "daily"):
        assert await known(tmp_path, SOON, stream) == ("1.00 USD", State.COMPLETE, why)
    answer_october(mocked, 140, first, last)
    later = datetime(2026, 11, 3, 6, 10, tzinfo=UTC)
    assert await known(tmp_path, later, "usage") == ("1.00 USD", State.COMPLETE, why)
    assert await read(tmp_path, later) == [Stream.USAGE, Stream.DAILY]
    for stream in ("usage", "daily"):
        assert await known(tmp_path, later, stream) == ("1.40 USD", State.COMPLETE, None)
    assert await read(tmp_path, datetime(2026, 11, 9, 6, 10, tzinfo=UTC)) == []


async def test_a_cron_of_once_a_month_reads_a_month_again_until_it_is_final(
    mocked: Mocked, tmp_path: Path
) -> None:
    """On the first of November October is 1.00, on the first of December 1.40, and final."""
    first, last = build("2026-10-05T10:00:00Z", 100), build("2026-10-31T23:50:00Z", 40)
    await read_before_it_is_final(mocked, tmp_path, first)
    answer_october(mocked, 140, first, last)
    december = datetime(2026, 12, 1, 0, 10, tzinfo=UTC)
    assert await read(tmp_path, december) == [Stream.USAGE, Stream.DAILY]
    for stream in ("usage", "daily"):
        assert await known(tmp_path, december, stream) == ("1.40 USD", State.COMPLETE, None)
    assert await read(tmp_path, datetime(2027, 1, 1, 0, 10, tzinfo=UTC)) == []
