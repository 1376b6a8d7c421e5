"""Asks every account for what can be kept, and books what changed."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Hashable,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import aclosing
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from attrs import evolve, frozen

from billfold.accounts.account import Account
from billfold.answer import Answer
from billfold.coverage import Coverage
from billfold.errors import BillfoldError, StoreError
from billfold.model import WINDOWED, State, Stream
from billfold.period import Period, utc
from billfold.store.account_reading import AccountReading
from billfold.store.book import Book
from billfold.store.booking import Outcome, book
from billfold.store.handing_over import HandingOver
from billfold.store.known import Window
from billfold.store.known_accounts import KnownAccount, known_accounts, require_tables
from billfold.store.lines import lines
from billfold.store.tables import TABLES

KEPT = tuple(TABLES)
# Their ids prove that an organization has a new name: so they are read before the others.
_PROVING = frozenset({Stream.USAGE, Stream.LEDGER, Stream.INVOICES})
_AT_ONCE = 32  # accounts that are asked side by side
_BATCH = 64  # answers in one commit, and
_RECORDS = 50_000  # so many records, whichever comes first


class AccountSource(Protocol):
    """What answers for several accounts, with a method per stream: a Billfold."""

    accounts: tuple[Account, ...]


@frozen
class Question:
    """One stream and window of one account; ``period`` None is what the provider calls current.

    ``handed`` is what the account booked, and hands over to another one that states it;
    ``new_names`` are those that payers have by what was read of the account before.
    """

    account: Account
    stream: Stream
    period: Period | None
    handed: tuple[Window, ...] = ()
    new_names: frozenset[tuple[str, str]] = frozenset()


def questions(
    accounts: Iterable[Account],
    period: Period | None,
    streams: Iterable[Stream],
    now: datetime,
) -> list[Question]:
    """Return what is asked: whole months, one after another.

    ``period`` None is the running one: usage as each provider runs it, everything else by the
    UTC month. Streams that are answered as of now are asked once.
    """
    months = (Period.month_of(now),) if period is None else period.split_months()
    wanted = []
    for account in accounts:
        for stream in streams:
            if stream not in WINDOWED or (stream is Stream.USAGE and period is None):
                wanted.append(Question(account, stream, None))
            else:
                wanted += [Question(account, stream, month) for month in months]
    return wanted


async def sync(
    fold: AccountSource,
    store: Book,
    wanted: Sequence[Question],
    *,
    clock: Callable[[], datetime],
    deadline: float | None = None,
) -> AsyncIterator[Outcome]:
    """Ask, book, and yield what became of each question, as it was booked.

    One account's failure is an outcome, never an end. Raises StoreError where the store can take
    nothing more; what was yielded is booked.
    """
    sync_id = uuid4().hex
    by_stream: dict[Stream, list[Question]] = {}
    await asyncio.to_thread(require_tables, store)
    known = {each.name: each for each in await asyncio.to_thread(known_accounts, store)}
    for question in wanted:
        before = known.get(question.account.name)
        if before and before.answered and before.provider != question.account.provider:
            yield _refused(question, before, utc(clock()))
            continue
        by_stream.setdefault(question.stream, []).append(question)
    new_names: dict[str, frozenset[tuple[str, str]]] = {}
    for stream in sorted(by_stream, key=lambda each: each not in _PROVING):
        several = [
            evolve(each, new_names=new_names.get(each.account.name, frozenset()))
            for each in by_stream[stream]
        ]
        left, let_go = dict[str, set[str]](), set[str]()
        accounts = {each.account.name: each.account for each in several}
        handing_over = HandingOver()
        async for outcome in _asked(fold, store, several, sync_id, clock, deadline):
            left.setdefault(outcome.reading.account, set()).update(outcome.elsewhere.values())
            if outcome.changes.counts.get("withdrawn"):
                let_go.add(outcome.reading.account)
            handing_over.add(outcome)
            name, proven = outcome.reading.account, outcome.changes.new_names
            new_names[name] = new_names.get(name, frozenset()) | proven
            yield outcome
        handed: dict[str, list[Window]] = {}
        for owner, window in handing_over.to_others(accounts):
            handed.setdefault(owner, []).append(window)
        handing = [
            evolve(each, handed=tuple(handed[each.account.name]))
            for each in several
            if each.account.name in handed
        ]
        async for outcome in _asked(fold, store, handing, sync_id, clock, deadline):
            if outcome.changes.counts.get("withdrawn"):
                let_go.add(outcome.reading.account)
            yield outcome
        # What an account left to another one may be nobody's now: that one took it back since.
        again = [each for each in several if left.get(each.account.name, set()) & let_go]
        async for outcome in _asked(fold, store, again, sync_id, clock, deadline):
            yield outcome


async def _asked(
    fold: AccountSource,
    store: Book,
    wanted: Sequence[Question],
    sync_id: str,
    clock: Callable[[], datetime],
    deadline: float | None,
) -> AsyncGenerator[Outcome, None]:
    """Ask questions of one stream, book the answers, and yield what became of each."""
    async with aclosing(_answers(fold, wanted, clock, deadline)) as answers:
        async for batch in _batches(answers):
            for outcome in await _booked(store, batch, sync_id, clock):
                yield outcome


async def _booked(
    store: Book, batch: list[AccountReading], sync_id: str, clock: Callable[[], datetime]
) -> list[Outcome]:
    """Book a batch to its end: a cancellation is obeyed once its records and its sync stand."""
    booking = asyncio.ensure_future(asyncio.to_thread(book, store, batch, sync_id, clock))
    try:
        return await asyncio.shield(booking)
    except asyncio.CancelledError:
        await asyncio.wait([booking])
        raise


async def _batches(answers: AsyncIterator[AccountReading]) -> AsyncIterator[list[AccountReading]]:
    batch: list[AccountReading] = []
    records = 0
    async for answer in answers:
        # What one window of an account changes may matter to the next one.
        if answer.account in {each.account for each in batch}:
            yield batch
            batch, records = [], 0
        batch.append(answer)
        records += _size(answer)
        if len(batch) >= _BATCH or records >= _RECORDS:
            yield batch
            batch, records = [], 0
    if batch:
        yield batch


def _size(reading: AccountReading) -> int:
    return sum(1 + len(getattr(item, "charges", ())) for item in reading.answer)


async def _answers(
    fold: AccountSource,
    wanted: Sequence[Question],
    clock: Callable[[], datetime],
    deadline: float | None,
) -> AsyncGenerator[AccountReading, None]:
    """Yield answers as they arrive, a few accounts at a time and no more than fit a batch.

    Accounts that may reach the same answer in their order, so that it counts in the first of them.
    The price: one that is slow holds back those that stand behind it.
    """
    waiting, line_of = deque(wanted), lines(question.account for question in wanted)
    asked: dict[asyncio.Task[AccountReading], Hashable] = {}
    try:
        while waiting or asked:
            while waiting and len(asked) < _AT_ONCE:
                question = waiting.popleft()
                task = asyncio.create_task(_ask(fold, question, clock, deadline))
                asked[task] = line_of[question.account.name]
            ended = _at_the_head(asked)
            if not ended:
                running = [task for task in asked if not task.done()]
                await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                del asked[task]
                yield task.result()
    finally:
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)


def _at_the_head(
    asked: Mapping[asyncio.Task[AccountReading], Hashable],
) -> list[asyncio.Task[AccountReading]]:
    """Return the tasks that have ended, as far as none before them in their line still runs."""
    ended, held = list[asyncio.Task[AccountReading]](), set[Hashable]()
    for task, line in asked.items():
        if not task.done():
            held.add(line)
        elif line not in held:
            ended.append(task)
    return ended


async def _ask(
    fold: AccountSource,
    question: Question,
    clock: Callable[[], datetime],
    deadline: float | None,
) -> AccountReading:
    account, stream = question.account, question.stream
    method: Callable[..., Any] = getattr(fold, stream.value)
    window = (question.period,) if stream in WINDOWED else ()
    # What was known when the asking began is surely in the answer; what came after may not be.
    read_at = utc(clock())
    try:
        answer = await method(*window, accounts=[account.name], deadline=deadline)
    except BillfoldError as error:
        answer = _failed(account, stream, question.period, error)
    origin = str(account.url().origin())
    asked = account.name, account.provider, origin, read_at, answer
    return AccountReading(*asked, handed=question.handed, new_names=question.new_names)


def _refused(question: Question, before: KnownAccount, now: datetime) -> Outcome:
    """Refuse an account that is another provider's in the store: they would take back its rows."""
    account = question.account
    error = StoreError(
        f"{account.name} is an account of {before.provider} in the store: give this one of "
        f"{account.provider} another name",
        account=account.name,
        provider=account.provider,
    )
    answer = _failed(account, question.stream, question.period, error)
    origin = str(account.url().origin())
    return Outcome(AccountReading(account.name, account.provider, origin, now, answer))


def _failed(
    account: Account, stream: Stream, period: Period | None, error: BillfoldError
) -> Answer[Any]:
    located = error.locate(provider=account.provider, account=account.name)
    row = Coverage(account.name, account.provider, stream, State.FAILED, None, error.message)
    return Answer(stream, period, (), (row,), (located,), (account.name,))
