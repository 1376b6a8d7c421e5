"""What ``billfold sync`` keeps of a month if it runs as the timer in examples/deploy says.

Each project of the simulated Latitude.sh has a cycle that ends at a time of day of its own, hours
after the last reading before. Aether forgets its month at the end.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from billfold import Billfold, History, Period, Stream
from billfold.simulators import sandbox
from billfold.store.book import Book
from billfold.store.catching_up import unfinished
from billfold.store.sync import questions, sync

NOVEMBER, NOW = Period.month(2026, 11), datetime(2026, 12, 1, 1, tzinfo=UTC)
USAGE = (Stream.USAGE,)
ADDED, ON_10_NOVEMBER = "metal-br", datetime(2026, 11, 10, tzinfo=UTC)  # the others were there
UNKNOWN = (
    "2026-11: nothing was read before 2026-11-10T00:10:00Z, and what was deleted by then is not "
    "known"
)


def timer() -> Iterator[datetime]:
    """Yield every six hours from a day before November on, and two minutes before months end."""
    moment = datetime(2026, 10, 31, 0, 10, tzinfo=UTC)
    while moment < NOW:
        yield moment
        following = moment + timedelta(hours=6)
        if following.month != moment.month:
            yield moment.replace(hour=23, minute=58)
        moment = following


def around(windows: Iterable[Period], times: Iterable[datetime]) -> Iterator[datetime]:
    """Yield the last time before each end, and the first from then on.

    What is read at the others is read again at these.
    """
    times = [*times]
    for window in windows:
        yield max(each for each in times if each < window.end)
        yield min((each for each in times if each >= window.end), default=times[-1])


async def read(book: Book, moment: datetime) -> set[Period]:
    """Sync at a moment, and return the windows that were read."""
    windows = set[Period]()
    async with sandbox.running(moment, providers=("aether", "latitude")) as served:
        accounts = [
            each
            for each in sandbox.accounts(served)
            if each.name != ADDED or moment >= ON_10_NOVEMBER
        ]
        async with Billfold(accounts, clock=lambda: moment) as fold:
            late = await asyncio.to_thread(unfinished, book, fold.accounts, USAGE, moment)
            asked = [*questions(fold.accounts, None, USAGE, moment), *late]
            async for outcome in sync(fold, book, asked, clock=lambda: moment):
                windows |= {each.period for each in outcome.reading.windows()}
    return windows


async def holes(folder: Path, tolerance: timedelta) -> tuple[Mapping[str, set[str | None]], ...]:
    """Return what is said of what November lacks, by account: by the store alone, and beside all."""
    options = {"clock": lambda: NOW, "tolerance": tolerance}
    async with History(str(folder), **options) as history:
        views = [await history.costs(NOVEMBER, by="account", spread=True, partial=True)]
    async with sandbox.running(NOW, providers=("aether", "latitude")) as served:
        accounts = sandbox.accounts(served)
        beside = {"stored": "missing", "store": folder}
        async with Billfold(accounts, **options, **beside) as fold:
            views.append(await fold.costs(NOVEMBER, by="account", spread=True, partial=True))
    found: list[dict[str, set[str | None]]] = []
    for view in views:
        assert {row.account for row in view.coverage} == {"k8s", "k8s-sandbox", "metal", ADDED}
        found.append({})
        for row in view.coverage:
            if row.is_hole:
                found[-1].setdefault(row.account, set()).add(row.detail)
    return tuple(found)


async def test_a_month_is_complete_where_six_hours_are_tolerated(tmp_path: Path) -> None:
    folder, times = tmp_path / "store", [*timer()]
    book, done = Book(str(folder)), set[datetime]()
    wanted = {times[0], next(each for each in times if each >= ON_10_NOVEMBER)}
    while left := wanted - done:
        done.add(moment := min(left))
        later = around(await read(book, moment), times)
        wanted |= {each for each in later if each > moment}
    for found in await holes(folder, timedelta(hours=6)):
        assert found.keys() == {ADDED}
        assert UNKNOWN in found[ADDED]
    for found in await holes(folder, timedelta(hours=1)):
        assert found.keys() == {"metal", ADDED}
