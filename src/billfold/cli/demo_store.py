"""A store as ``billfold sync --watch`` would have filled it, of all simulated providers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from billfold.facade.billfold import Billfold
from billfold.model import Stream
from billfold.period import Period
from billfold.simulators import sandbox
from billfold.store.book import Book
from billfold.store.catching_up import unfinished
from billfold.store.sync import questions, sync
from billfold.store.watch import BEFORE_THE_END


async def fill_store(config: Path, names: Collection[str], now: datetime) -> None:
    """Fill a store beside a configuration with last month, and let the configuration name it.

    Accounts are read two minutes before each of their windows ends, and when the month is over.
    """
    folder, month = config.parent / "store", Period.month_of(now).previous_month()
    book = Book(str(folder))
    ends: dict[str, list[datetime]] = {name: [month.start] for name in names}
    after = month.end + BEFORE_THE_END
    while (moment := _next(ends)) < now:
        due = {name for name, own in ends.items() if min(own) <= moment}
        windows = await _read(book, due, moment)
        for name in due:
            later = [window.end - BEFORE_THE_END for window in windows.get(name, ())]
            ends[name] = [each for each in (*later, after) if each > moment] or [now]
    with config.open("a", encoding="utf-8") as file:
        file.write(f'\n[store]\nurl = {json.dumps(str(folder))}\ntolerance = "1h"\n')


def _next(ends: dict[str, list[datetime]]) -> datetime:
    return min(min(own) for own in ends.values())


async def _read(book: Book, names: Collection[str], moment: datetime) -> dict[str, set[Period]]:
    """Let the simulators be as at a moment, book what sync asks then, and return its windows."""
    windows: dict[str, set[Period]] = {}
    async with sandbox.running(moment) as served:
        accounts = [each for each in sandbox.accounts(served) if each.name in names]
        async with Billfold(accounts, clock=lambda: moment) as fold:
            usage = (Stream.USAGE,)
            late = await asyncio.to_thread(unfinished, book, fold.accounts, usage, moment)
            asked = [*questions(fold.accounts, None, usage, moment), *late]
            async for outcome in sync(fold, book, asked, clock=lambda: moment):
                own = windows.setdefault(outcome.reading.account, set())
                own |= {window.period for window in outcome.reading.windows()}
    return windows
