"""Books what accounts answered: each account's window is whole in one commit, or not there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import define, evolve, field

from billfold.answer import COUNTED
from billfold.arrow import arrow_schema, arrow_table
from billfold.columns import Row
from billfold.errors import BillfoldError, MoneyError, StoreError
from billfold.model import State, Stream, Totals
from billfold.store.account_reading import AccountReading, scope_name, unconfirmed_text
from billfold.store.book import Book
from billfold.store.changes import Changes, changes, no_longer_stated
from billfold.store.known_rows import KnownRows
from billfold.store.records import Block
from billfold.store.rows import negated, stated_rows, sums
from billfold.store.tables import SEEN_WHOLE, SYNCS, TABLES

if TYPE_CHECKING:
    import pyarrow as pa


@define
class Outcome:
    """What became of one account's answer: what it changed, or why nothing could be booked.

    ``elsewhere`` are the scopes that another account booked before, and that account; ``moved`` is
    how much more is known than before, as totals are written.
    """

    reading: AccountReading
    changes: Changes = field(factory=Changes)
    error: BillfoldError | None = None
    elsewhere: dict[str, str] = field(factory=dict)
    moved: Totals | dict[str, Totals] = field(factory=dict)

    @property
    def is_forgotten(self) -> bool:
        """Whether the provider says of everything that it cannot be had any more."""
        return {row.state for row in self.reading.answer.coverage} == {State.UNAVAILABLE}

    def remarks(self) -> list[str]:
        """Return what a person should know beside what the provider's answer says."""
        said = [
            f"{scope_name(scope)} is {COUNTED} {owner}" for scope, owner in self.elsewhere.items()
        ]
        return (
            [*said, unconfirmed_text(self.changes.unconfirmed)]
            if self.changes.unconfirmed
            else said
        )


def book(
    book: Book, readings: Sequence[AccountReading], sync_id: str, now: Callable[[], datetime]
) -> list[Outcome]:
    """Book answers of one stream, one of each account, and then how they went.

    Raises StoreError. Rows without their sync count, but prove no coverage.
    """
    outcomes = [Outcome(each) for each in readings]
    stream = readings[0].stream
    read = [each.reading.blocks() if each.reading.is_answered else () for each in outcomes]
    booked_at = book.append(
        TABLES[stream].name,
        lambda known_at: _rows(book, stream, outcomes, read, sync_id, known_at),
        now,
    )
    # What a sync says is never known before what it is about.
    book.append(
        "syncs",
        lambda known_at: arrow_table(
            SYNCS, [row for outcome in outcomes for row in _sync_rows(outcome, sync_id, known_at)]
        ),
        lambda: max(now(), booked_at),
    )
    return outcomes


def _sync_rows(outcome: Outcome, sync_id: str, known_at: datetime) -> list[Row]:
    reading = outcome.reading
    if outcome.error is not None:
        row = evolve(
            reading.answer.coverage[0],
            state=State.FAILED,
            detail=outcome.error.message,
            covers=None,
        )
        failed = evolve(reading.answer, items=(), coverage=(row,), failures=(outcome.error,))
        reading = evolve(reading, answer=failed)
    return reading.sync_rows(sync_id, known_at, outcome.changes, outcome.remarks())


def _rows(
    book: Book,
    stream: Stream,
    outcomes: Sequence[Outcome],
    read: Sequence[Sequence[Block]],
    sync_id: str,
    known_at: datetime,
) -> pa.Table:
    """Return what is still to be written by the newest state of the table."""
    import pyarrow as pa

    answered = [each for each in outcomes if each.reading.is_answered]
    known = KnownRows(
        book, stream, [each.reading for each in answered], [each for own in read for each in own]
    )
    known.fetch(
        {
            outcome.reading.account: _may_be_gone(outcome.reading, known, own)
            for outcome, own in zip(outcomes, read, strict=True)
            if outcome.reading.is_answered
        }
    )
    tables = [arrow_schema(TABLES[stream].columns).empty_table()]
    for outcome, own in zip(outcomes, read, strict=True):
        if not outcome.reading.is_answered:
            continue
        try:
            tables += _account_rows(known, outcome, own, sync_id, known_at)
        except MoneyError as error:
            outcome.changes = Changes()
            outcome.error = StoreError(
                f"{stream}: {error.message}; nothing of this reading is booked",
                account=outcome.reading.account,
                provider=outcome.reading.provider,
            )
    return pa.concat_tables(tables)


def _may_be_gone(
    reading: AccountReading, known: KnownRows, read: Sequence[Block]
) -> AbstractSet[str]:
    """Return the marks of known records that a reading may take back or restate."""
    standing = known.standing(reading.account)
    return no_longer_stated(standing, read) if reading.is_whole else standing


def _account_rows(
    known: KnownRows,
    outcome: Outcome,
    read: Sequence[Block],
    sync_id: str,
    known_at: datetime,
) -> list[pa.Table]:
    reading = outcome.reading
    others = known.others(reading, read)
    outcome.elsewhere = {scope: owner for (scope, _), owner in sorted(others.items())}
    own = [each for each in read if (each.scope, each.window) not in others] if others else read
    windows = [each for each in reading.windows() if (each.scope, each.period) not in others]
    outcome.changes = changes(
        known.standing(reading.account),
        lambda prints: known.details(reading.account, prints),
        own,
        windows,
        is_whole=reading.is_whole,
        covered=known.covered(reading.account),
        is_moving=reading.stream in SEEN_WHOLE,
    )
    table = TABLES[reading.stream]
    about = {
        "provider": reading.provider,
        "origin": reading.origin,
        "account": reading.account,
        "known_at": known_at,
        "sync_id": sync_id,
    }
    stated = stated_rows(table, outcome.changes.stated, about)
    gone = {each.mark for each in outcome.changes.taken_back}
    taken_back = negated(table, known.rows(reading.account, gone), known_at, sync_id)
    outcome.moved = sums(table, [stated, taken_back])
    return [stated, taken_back]
