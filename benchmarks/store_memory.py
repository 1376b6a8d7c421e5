"""Syncs as many accounts as it is told, and prints the MiB of memory it had at most."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from attrs import frozen

from benchmarks import store_charges as made
from billfold import Account, Billfold, Secret, Stream
from billfold.adapter import Declaration, Reading, Readings
from billfold.model import Usage
from billfold.period import Period
from billfold.store.book import Book
from billfold.store.sync import questions, sync
from billfold.wire import Problem

_MONTH = Period.month(2026, 12)
_NOW = _MONTH.start + timedelta(days=29)
_LINES = 50


@frozen(eq=False)
class _Stating:
    """An adapter that sends nothing and states fifty charges."""

    provider: ClassVar[str] = "bench"
    declares: ClassVar[Declaration] = Declaration(
        title="Bench",
        base_url="https://bench.example",
        token_env="BENCH_TOKEN",
        url_env="BENCH_URL",
        problem=lambda _: Problem(),
    )
    name: str

    async def usage(self, client: object, period: Period | None) -> Readings[Usage]:
        """Yield a month of the account."""
        lines = (made.charge(self.name, _MONTH, n, 29) for n in range(_LINES))
        usage = Usage(
            requested=period,
            covers=_MONTH,
            charges=tuple(line for line in lines if line is not None),
            billing_account_id=self.name,
        )
        yield Reading((usage,), _MONTH)


async def _run(count: int, folder: str) -> None:
    names = [f"account-{number}" for number in range(count)]
    accounts = [Account(name, _Stating(name), Secret(f"token-of-{name}")) for name in names]
    async with Billfold(accounts, clock=lambda: _NOW) as fold:
        asked = questions(fold.accounts, None, (Stream.USAGE,), _NOW)
        booked = 0
        async for outcome in sync(fold, Book(folder), asked, clock=lambda: _NOW):
            assert not outcome.reading.unfit
            booked += outcome.changes.counts["new"] > 0
        assert booked == count


def _peak() -> float:
    """Return this program's own peak in MiB: ru_maxrss has that of who started it, too."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_run(int(sys.argv[1]), folder))
    print(_peak())
