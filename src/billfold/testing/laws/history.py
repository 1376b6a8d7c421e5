"""Laws of history: what is read is kept as it was stated, and changes only as it is read anew.

They need the packages of the extra ``store``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from billfold.adapter import streams
from billfold.adapter.declaration import MAY_GROW
from billfold.answer import Answer
from billfold.facade.history import History
from billfold.model import WINDOWED, Stream
from billfold.period import Period
from billfold.simulators.faults import fewer_rows, scaled, status
from billfold.store.catching_up import unfinished
from billfold.store.records import record_id
from billfold.store.sync import KEPT, Question, sync
from billfold.store.tables import TABLES
from billfold.testing.harness import LAST_MONTH, NOW, THIS_MONTH, Case, Harness, Subject, fold_over
from billfold.testing.laws.holes import require_explained
from billfold.testing.rules import (
    Rule,
    of_account,
    require,
    require_total,
    states,
    totals,
)

if TYPE_CHECKING:
    from billfold.accounts.account import Account
    from billfold.store.booking import Outcome

HISTORY = "law 3, each cent once in history"

KEPT_AS_STATED = Rule(
    "law 4, what was known stays known",
    "give one Usage for each billing account, project and window, and each other record an id of "
    "its own: what shares both is kept as one record",
)
KEPT_ONCE = Rule(
    HISTORY,
    "let a usage's covers be the provider's window, whose start does not move with the clock, and "
    "state the same record in the same words: else what was read before stays beside it",
)
ADDS_UP = Rule(
    HISTORY, "leave out of each window what another window has, also where two of them meet"
)
RESTATED = Rule(
    HISTORY,
    "make the id of what was charged, not of an amount: a record that is restated keeps its id",
)
STAYS = Rule(
    "law 5, a failure withdraws nothing",
    "let the error of a request out, and say State.PARTIAL of what was cut off: only what is "
    "State.COMPLETE says that a record is gone",
)

NOT_FINAL = Rule(
    "law 4, what is not final is read again",
    "declare in `Declaration.late_data` how long the provider states more of a time that is over, "
    "and say it in the words of its LateData",
)

_HOUR = timedelta(hours=1)
_BEFORE = NOW - 6 * _HOUR
_MIDDLE = LAST_MONTH.start + timedelta(days=14)


@frozen
class _Store:
    """A store in a folder of its own."""

    folder: str

    async def keep(
        self, accounts: Sequence[Account], cases: Collection[Case], now: datetime = NOW
    ) -> list[Outcome]:
        """Ask for cases at a moment, book what is answered, and return what became of it."""
        wanted = [
            Question(account, case.stream, case.period) for case in cases for account in accounts
        ]
        async with self.history(now) as history, fold_over(accounts, now=now) as fold:
            outcomes = sync(fold, history.book, wanted, clock=lambda: now)
            done = [outcome async for outcome in outcomes]
        # As was asked for, not as was answered: the same law names the same account every time.
        names = [account.name for account in accounts]
        streams = [case.stream for case in cases]
        return sorted(
            done,
            key=lambda each: (
                streams.index(each.reading.stream),
                names.index(each.reading.account),
            ),
        )

    async def read(self, case: Case, now: datetime = NOW, as_of: datetime | None = None) -> Any:
        """Return what the store knows of a case, as a provider would answer.

        What is no complete answer has to say why.
        """
        async with self.history(now) as history:
            answer = await case.read(await history.at(as_of))
        for row in answer.coverage:
            require_explained(f"{case}, as it is kept: {row.account} is {row.state}", row)
        return answer

    async def unfinished(
        self, accounts: Sequence[Account], streams: Collection[Stream], now: datetime
    ) -> list[Question]:
        """Return what a sync asks once more."""
        async with self.history(now) as history:
            return await asyncio.to_thread(unfinished, history.book, accounts, streams, now)

    def history(self, now: datetime) -> History:
        return History(self.folder, clock=lambda: now)


@asynccontextmanager
async def _store() -> AsyncIterator[_Store]:
    with TemporaryDirectory(prefix="billfold-law-") as folder:
        yield _Store(folder)


def _cases(subject: Subject) -> list[Case]:
    """Return each stream that is kept, as it runs now, or last month where it has no such thing."""
    month = {
        Stream.DAILY: THIS_MONTH,
        Stream.LEDGER: LAST_MONTH,
        Stream.INVOICES: LAST_MONTH,
    }
    return [Case(each, month.get(each)) for each in streams(subject.adapter) if each in KEPT]


def _months(subject: Subject) -> list[Case]:
    """Return the streams of which last month can be asked."""
    return [
        Case(stream, LAST_MONTH)
        for stream in streams(subject.adapter)
        if stream in WINDOWED and stream in KEPT
    ]


def _of_windows(stored: Answer[Any], answer: Answer[Any]) -> Answer[Any]:
    """Return what is known without billing cycles that an answer is not about.

    Where one began between two readings, the one before it is known, too.
    """
    windows = {_scope(usage): usage.covers for usage in answer if answer.stream is Stream.USAGE}
    items = [
        each
        for each in stored
        if _scope(each) not in windows or windows[_scope(each)].overlaps(each.covers)
    ]
    return evolve(stored, items=tuple(items))


def _scope(record: Any) -> tuple[Any, ...]:
    return record.account, record.billing_account_id, getattr(record, "sub_account_id", None)


def _require_kept(rule: Rule, about: str, stored: Answer[Any], answer: Answer[Any]) -> None:
    """Require that what was read back is what was answered, record by record."""
    for account in answer.accounts or ():
        kept = _sorted(answer.stream, of_account(stored.items, account))
        stated = _sorted(answer.stream, of_account(answer.items, account))
        differing = [one for one, other in zip(stated, kept, strict=False) if one != other]
        counts = f"{len(kept)} records of {account} are kept of {len(stated)}"
        seen = f"{counts}, and others are {differing[:1]}" if differing else counts
        require(kept == stated, rule, f"{about}: {seen}")


def _sorted(stream: Stream, records: Iterable[Any]) -> list[Any]:
    kind = TABLES[stream].kinds[0]
    return sorted(records, key=lambda record: record_id(kind, record))


async def replayed(subject: Subject) -> None:
    """Require that what was read at two moments is known as it was answered last, and once."""
    cases = _cases(subject)
    async with _store() as store:
        with subject.serve(now=_BEFORE) as harness:
            await store.keep(harness.accounts(), cases, _BEFORE)
        with subject.serve() as harness:
            accounts = harness.accounts()
            await store.keep(accounts, cases)
            repeated = await store.keep(accounts, cases, NOW)
        for outcome in repeated:
            for row in outcome.reading.unfit.values():
                require(False, KEPT_ONCE, f"{_named(outcome)}: {row.detail}")
            about = f"{_named(outcome)}, read once more, changes {dict(outcome.changes.counts)}"
            require(not outcome.changes, KEPT_ONCE, about)
        for case in cases:
            answer = await subject.answer(case)
            if answer.complete:
                about = f"{case}, read back after three readings"
                stored = _of_windows(await store.read(case), answer)
                require_total(KEPT_ONCE, about, stored, totals(answer))


async def as_of(subject: Subject) -> None:
    """Require that what was known before a later reading can still be answered as it was."""
    cases = _cases(subject)
    async with _store() as store:
        answers = {}
        with subject.serve(now=_BEFORE) as harness:
            async with fold_over(harness.accounts(), now=_BEFORE) as fold:
                for case in cases:
                    answers[case] = await case.read(fold)
            await store.keep(harness.accounts(), cases, _BEFORE)
        with subject.serve() as harness:
            await store.keep(harness.accounts(), cases)
        for case, answer in answers.items():
            if answer.complete:
                stored = await store.read(case, as_of=_BEFORE + _HOUR)
                about = f"{case}, as of a moment before it was read again"
                _require_kept(KEPT_AS_STATED, about, stored, answer)
                require(stored.complete, KEPT_AS_STATED, f"{about}, is {states(stored)}")


async def not_final(subject: Subject) -> None:
    """Require that a month which is not final says so, is asked for again, and is kept as that."""
    soon, cases = LAST_MONTH.end + _HOUR, _months(subject)
    async with _store() as store:
        with subject.serve(now=soon) as harness:
            accounts = harness.accounts()
            outcomes = await store.keep(accounts, cases, soon)
        again = await store.unfinished(accounts, [case.stream for case in cases], soon)
        asked = {(each.account.name, each.stream) for each in again}
        kept = {case.stream: await store.read(case, soon) for case in cases}
    late = {each.name: each.adapter.declares.late_data for each in accounts}
    for outcome in outcomes:
        reading = outcome.reading
        is_said = _says_not_final(reading.answer, reading.account)
        if reading.is_answered and reading.stream in late[reading.account]:
            about = f"{_named(outcome)}, an hour after its end, is declared not to be final"
            require(is_said, NOT_FINAL, f"{about}, and not said to be")
        if is_said:
            about = f"{_named(outcome)}, an hour after its end, is said not to be final"
            is_asked = (reading.account, reading.stream) in asked
            require(is_asked, NOT_FINAL, f"{about}, and sync does not ask for it again")
            is_kept = _says_not_final(kept[reading.stream], reading.account)
            require(is_kept, NOT_FINAL, f"{about}, and not as it is kept")


def _says_not_final(answer: Answer[Any], account: str) -> bool:
    own = (row.detail or "" for row in answer.coverage if row.account == account)
    return any(MAY_GROW in detail for detail in own)


async def split(subject: Subject) -> None:
    """Require that a window that was read in two halves is kept as the whole."""
    for case in _months(subject):
        answer = await subject.answer(case)
        if case.stream is Stream.INVOICES or not answer.complete:
            continue
        halves = Period(LAST_MONTH.start, _MIDDLE), Period(_MIDDLE, LAST_MONTH.end)
        async with _store() as store:
            with subject.serve() as harness:
                parts = [Case(case.stream, half) for half in halves]
                outcomes = await store.keep(harness.accounts(), parts)
            if all(outcome.reading.is_whole for outcome in outcomes):
                stored = await store.read(case)
                about = f"{case}, kept of its halves"
                require_total(ADDS_UP, about, stored, totals(answer))


async def restated(subject: Subject) -> None:
    """Require that a record that is stated otherwise is one that changed, and none new or gone."""
    cases = _cases(subject)
    async with _store() as store:
        with subject.serve() as harness:
            accounts = harness.accounts()
            await store.keep(accounts, cases)
            harness.inject(scaled(Decimal(2)))
            outcomes = await store.keep(accounts, cases, NOW + _HOUR)
        for outcome in outcomes:
            if outcome.reading.is_whole:
                _require_restated(outcome)


def _require_restated(outcome: Outcome) -> None:
    counts = dict(outcome.changes.counts)
    about = f"{_named(outcome)}, with every amount twice as large, changes {counts}"
    require(not counts.get("new") and not counts.get("withdrawn"), RESTATED, about)


async def withdrawn(subject: Subject) -> None:
    """Require that no failure takes back what is known, and a whole reading what it lacks."""
    answers = {case: await subject.baseline(case) for case in _cases(subject)}
    async with _store() as store:
        with subject.serve() as harness:
            accounts = harness.accounts()
            await store.keep(accounts, answers)
            for case, expected in answers.items():
                for at in expected.routes if expected.answer.complete else ():
                    harness.inject(status(500), at=at)
                    for outcome in await store.keep(accounts, [case]):
                        counts = dict(outcome.changes.counts)
                        about = f"{_named(outcome)}, read again while {at} fails, changes {counts}"
                        require(not counts.get("withdrawn"), STAYS, about)
                if expected.answer.complete:
                    about = f"{case}, after readings that failed"
                    require_total(STAYS, about, await store.read(case), totals(expected.answer))
            await _require_gone(store, harness, list(answers))


async def _require_gone(store: _Store, harness: Harness, cases: Sequence[Case]) -> None:
    """Require that what a whole reading states no more is gone."""
    harness.inject(fewer_rows)
    outcomes = await store.keep(harness.accounts(), cases, NOW + _HOUR)
    for case in cases:
        own = [each for each in outcomes if _is_of(each, case)]
        if all(each.reading.is_whole and not each.changes.unconfirmed for each in own):
            stored = await store.read(case, NOW + _HOUR)
            records = [record for each in own for record in each.reading.answer]
            answer = Answer(case.stream, case.period, tuple(records), stored.coverage)
            about = f"{case}, with a row less in each list"
            require_total(STAYS, about, stored, totals(answer))


def _is_of(outcome: Outcome, case: Case) -> bool:
    answer = outcome.reading.answer
    return (answer.stream, answer.requested) == (case.stream, case.period)


def _named(outcome: Outcome) -> str:
    reading = outcome.reading
    return f"{reading.stream} of {reading.account} for {reading.month}"
