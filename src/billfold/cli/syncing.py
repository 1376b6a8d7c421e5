"""Runs ``billfold sync``: once, or on and on."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from billfold.accounts.store_settings import read_duration
from billfold.cli.clock import now
from billfold.cli.options import GlobalOptions, OutputFormat, read_period
from billfold.cli.output.sync_result import SyncResult, write_sync
from billfold.cli.output.terminal import print_stderr, show_waiting
from billfold.cli.run import run_to_end
from billfold.errors import ConfigError
from billfold.facade.billfold import Billfold
from billfold.model import Stream
from billfold.period import Period, utc_text
from billfold.store.shards import Shard
from billfold.store.sync import KEPT, questions, sync
from billfold.store.watch import missed, next_reading, open_windows

if TYPE_CHECKING:
    from billfold.accounts.account import Account
    from billfold.store.book import Book

_SHORTEST = timedelta(minutes=1)


@frozen
class Plan:
    """What is asked for, of which accounts, and how often."""

    period: Period | None
    streams: tuple[Stream, ...]
    shard: Shard
    every: timedelta

    @classmethod
    def read(cls, period: str, streams: Iterable[str], shard: str | None, every: str) -> Plan:
        """Return what the options say. Raises ConfigError, PeriodError."""
        requested = read_period(period)
        if requested is not None and not requested.is_whole_months:
            raise ConfigError(
                f"--period: {requested} is cut: whole months are kept, like 2026-10 or "
                "2026-10..2026-12, current or last-month"
            )
        try:
            rhythm = read_duration(every)
        except ConfigError as error:
            raise ConfigError(f"--every: {error}") from None
        if rhythm < _SHORTEST:
            raise ConfigError("--every is at least 1m")
        return cls(
            requested,
            tuple(map(_stream, streams)) or KEPT,
            Shard() if shard is None else Shard.parse(shard),
            rhythm,
        )


def _stream(text: str) -> Stream:
    word = text.strip().lower().replace("-", "_")
    if word not in KEPT:
        raise ConfigError(f"--stream: {text!r} cannot be kept; choose of {', '.join(KEPT)}")
    return Stream(word)


def run(
    options: GlobalOptions,
    book: Book,
    plan: Plan,
    output_format: OutputFormat,
    *,
    watch: bool,
) -> int:
    """Ask, book and show; return the exit code. Raises ConfigError before any request."""
    from billfold.accounts.config import build_accounts

    entries, left_out = options.split_entries()
    accounts = plan.shard.of(build_accounts(entries))
    others = tuple(entry.name for entry in entries if entry.name)
    names = {account.name for account in accounts}
    left_out = (*left_out, *(name for name in others if name not in names))
    asked = _Asked(options, book, plan, accounts, left_out)
    if watch:
        run_to_end(asked.on_and_on(output_format))
        return 0
    result = run_to_end(asked.once())
    write_sync(result, output_format)
    return result.exit_code


@frozen
class _Asked:
    options: GlobalOptions
    book: Book
    plan: Plan
    accounts: tuple[Account, ...]
    left_out: tuple[str, ...]
    clock: Callable[[], datetime] = now

    async def once(self) -> SyncResult:
        now = self.clock()
        asked = questions(self.accounts, self.plan.period, self.plan.streams, now)
        result = SyncResult(self.book.url, self.plan.period, self.accounts, self.left_out)
        with show_waiting(f"reading {len(self.accounts)} accounts into {self.book.url} ..."):
            async with Billfold(self.accounts, left_out=self.left_out) as fold:
                outcomes = sync(
                    fold, self.book, asked, clock=self.clock, deadline=self.options.deadline
                )
                async for outcome in outcomes:
                    result.add(outcome)
        return result

    async def on_and_on(self, output_format: OutputFormat) -> None:
        """Sync until SIGTERM or Ctrl-C ends it; what is being booked is finished."""
        stopped = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
        windows: tuple[Period, ...] = ()
        last = self.clock()
        while not stopped.is_set():
            now = self.clock()
            for window in missed(windows, last, now):
                print_stderr(
                    f"{window} ended while nobody read: its last reading is of {utc_text(last)}"
                )
            result = await self.once()
            write_sync(result, output_format)
            last = now
            windows = open_windows(result.windows, now)
            wake = next_reading(self.clock(), self.plan.every, windows)
            print_stderr(f"next reading at {utc_text(wake)}")
            await self._wait_until(wake, stopped)

    async def _wait_until(self, moment: datetime, stopped: asyncio.Event) -> None:
        """Wait in short steps: a laptop that slept through the moment wakes up late."""
        while not stopped.is_set() and (left := (moment - self.clock()).total_seconds()) > 0:
            try:
                await asyncio.wait_for(stopped.wait(), min(left, 60))
            except TimeoutError:
                continue
