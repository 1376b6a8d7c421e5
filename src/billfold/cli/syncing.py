"""Runs ``billfold sync``: once, or on and on."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from billfold.accounts.store_settings import read_duration
from billfold.cli.clock import now
from billfold.cli.global_options import GlobalOptions
from billfold.cli.options import OutputFormat, read_period
from billfold.cli.output.sync_result import SyncResult, write_sync
from billfold.cli.output.terminal import show_waiting
from billfold.cli.run import run_to_end
from billfold.cli.watching import watch_on
from billfold.errors import ConfigError, StoreError
from billfold.facade.billfold import Billfold
from billfold.model import Stream
from billfold.period import Period
from billfold.store.catching_up import unfinished
from billfold.store.compact import join
from billfold.store.shards import Shard
from billfold.store.sync import KEPT, Question, questions, sync

if TYPE_CHECKING:
    from billfold.accounts.account import Account
    from billfold.store.book import Book
    from billfold.store.booking import Outcome

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
                f"--period: {requested} is cut: whole months are kept, like 2026-10, "
                "2026-Q3, this-month, last-month or current"
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
        return watch_on(lambda: asked.written(output_format), plan.every, now)
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

    async def once(self) -> SyncResult:
        late = await self._unfinished()
        # A provider that has forgotten the month that ended leaves no hole in what runs.
        ended = {(each.account.name, each.stream, each.period) for each in late}
        asked = [*questions(self.accounts, self.plan.period, self.plan.streams, now()), *late]
        plan, is_shard = self.plan, self.plan.shard.count > 1
        result = SyncResult(self.book.url, plan.period, self.accounts, self.left_out, is_shard)
        progress = Progress(asked, self.book.url)
        with show_waiting(progress.text) as show:
            async with Billfold(self.accounts, left_out=self.left_out, clock=now) as fold:
                deadline = self.options.seconds()
                async for outcome in sync(fold, self.book, asked, clock=now, deadline=deadline):
                    if not (outcome.is_forgotten and _asked_for(outcome) in ended):
                        result.add(outcome)
                    show(progress.after(outcome.reading.stream))
        result.sort()
        try:
            await asyncio.to_thread(join, self.book)
        except StoreError as error:  # what was read is booked all the same
            result.not_joined = error
        return result

    async def _unfinished(self) -> list[Question]:
        """Return what is asked once more, for the last minutes of the month that has ended."""
        if self.plan.period is not None:
            return []
        return await asyncio.to_thread(
            unfinished, self.book, self.accounts, self.plan.streams, now()
        )

    async def written(self, output_format: OutputFormat) -> Iterable[Period]:
        """Sync, write what that did, and return the windows that were read."""
        result = await self.once()
        write_sync(result, output_format)
        return result.windows


def _asked_for(outcome: Outcome) -> tuple[str, Stream, Period | None]:
    reading = outcome.reading
    return reading.account, reading.stream, reading.answer.requested


class Progress:
    """How far a sync has come, stream by stream."""

    def __init__(self, asked: Sequence[Question], url: str) -> None:
        self._all = Counter(question.stream for question in asked)
        self._done = Counter[Stream]()
        self._url = url
        self.text = f"reading {len({each.account.name for each in asked})} accounts into {url} ..."

    def after(self, stream: Stream) -> str:
        """Count one more reading of a stream; return the line that says so."""
        self._done[stream] += 1
        done = f"{stream}: {self._done[stream]} of {self._all[stream]} readings"
        return f"{done} into {self._url} ..."
