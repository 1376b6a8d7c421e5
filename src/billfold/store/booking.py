"""Books what accounts answered: each account's window is whole in one commit, or not there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import define, evolve, field, frozen

from billfold.arrow import arrow_table
from billfold.columns import Row
from billfold.model import State, Stream, Totals
from billfold.store.account_reading import AccountReading
from billfold.store.book import Book
from billfold.store.changes import changes, no_longer_stated
from billfold.store.closed import Closed, stands_text
from billfold.store.confirmed import Confirmed
from billfold.store.counted_elsewhere import Held
from billfold.store.differing import Differing, differing, with_differing
from billfold.store.fitting import as_kept
from billfold.store.known import Changes, Window
from billfold.store.known_rows import KnownRows
from billfold.store.moved import astray, at_home
from billfold.store.reading_words import behind_text, missed_text, unconfirmed_text, withdrawn_text
from billfold.store.records import Block
from billfold.store.rows import negated, stated_rows, sums
from billfold.store.tables import KEEPS_ID, PRINT_DIGITS, SYNCS, TABLES, Table

if TYPE_CHECKING:
    import pyarrow as pa


@define
class Outcome:
    """What became of one account's answer: what it changed.

    ``elsewhere`` are the scopes that another account booked before, and that account, ``differing``
    where that has other amounts; ``moved`` is how much more is known than before, as totals are
    written. Of the windows that ``stands`` names it changed nothing: they were read whole after
    their end, and this reading is not whole; of the scopes in ``missed`` it has records of such a
    window that stand at no time.
    """

    reading: AccountReading
    changes: Changes = field(factory=Changes)
    elsewhere: dict[str, str] = field(factory=dict)
    moved: Totals | dict[str, Totals] = field(factory=dict)
    stands: tuple[Confirmed, ...] = ()
    missed: AbstractSet[str] = frozenset()
    differing: tuple[Differing, ...] = ()

    @property
    def is_forgotten(self) -> bool:
        """Whether the provider says of everything that it cannot be had any more."""
        return {row.state for row in self.reading.answer.coverage} == {State.UNAVAILABLE}

    def left(self) -> list[Held]:
        """Return what another account has booked, as this reading states it."""
        scopes = self.reading.as_stated(self.elsewhere)
        owners = self.elsewhere.values()
        return [Held(scope, owner) for scope, owner in zip(scopes, owners, strict=True) if scope]

    def unconfirmed(self) -> list[str | None]:
        """Return the scopes of which nothing was stated where something is known."""
        return self.reading.as_stated([each.scope for each in self.changes.unconfirmed])

    def behind(self) -> list[str | None]:
        """Return the scopes of which other records are known than this reading, cut off, has."""
        return self.reading.as_stated(self.changes.behind)

    def stands_text(self) -> str | None:
        """Return the sentence about windows that stand as they were, if there are any."""
        return stands_text(self.stands) if self.stands else None

    def remarks(self) -> list[str]:
        """Return what a person should know beside what the provider's answer says."""
        said = [
            *(each.text() for each in self.left()),
            *(each.said for each in self.differing),
            unconfirmed_text(self.unconfirmed()),
            withdrawn_text(self.changes.withdrawn),
            (behind_text if self.reading.stream is Stream.USAGE else missed_text)(self.behind()),
            self.stands_text(),
        ]
        return [each for each in said if each]


def book(
    book: Book, readings: Sequence[AccountReading], sync_id: str, now: Callable[[], datetime]
) -> list[Outcome]:
    """Book answers of one stream, one of each account, and then how they went.

    Raises StoreError. Rows without their sync count, and their windows are partial until they
    are read again (:mod:`billfold.store.untold`).
    """
    outcomes = [Outcome(as_kept(each)) for each in readings]
    stream = readings[0].stream
    read = [each.reading.blocks() if each.reading.is_answered else () for each in outcomes]
    booked_at = book.append(
        TABLES[stream].name,
        lambda known_at: _rows(book, stream, outcomes, read, sync_id, known_at),
        now,
    )
    left = [(each.reading, each.elsewhere) for each in outcomes]
    for each, differ in zip(outcomes, differing(book, stream, left), strict=True):
        each.differing = differ
        each.reading = with_differing(each.reading, differ)
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
    return outcome.reading.sync_rows(
        sync_id,
        known_at,
        outcome.changes,
        outcome.left(),
        [*outcome.unconfirmed(), *outcome.behind()],
        outcome.stands_text(),
    )


def _rows(
    book: Book,
    stream: Stream,
    outcomes: Sequence[Outcome],
    read: Sequence[Sequence[Block]],
    sync_id: str,
    known_at: datetime,
) -> pa.Table:
    """Return what is still to be written by the newest state of the table."""
    answered = [each for each in outcomes if each.reading.is_answered]
    known = KnownRows(
        book, stream, [each.reading for each in answered], [each for own in read for each in own]
    )
    compared = [
        _Compared(outcome, own, *_own(known, outcome, own))
        for outcome, own in zip(outcomes, read, strict=True)
        if outcome.reading.is_answered
    ]
    known.fetch({each.account: _may_be_gone(known, each) for each in compared})
    whole = {each.account: each.own for each in compared if each.outcome.reading.is_whole}
    known.find_moved(whole)
    homes = {name: known.homes(name) for name in whole}
    known.fetch({name: astray(at_home(whole[name], homes[name]), homes[name]) for name in whole})
    for each in compared:
        _decide(known, each)
    return _changed_rows(known, answered, TABLES[stream], sync_id, known_at)


def _changed_rows(
    known: KnownRows,
    outcomes: Sequence[Outcome],
    table: Table,
    sync_id: str,
    known_at: datetime,
) -> pa.Table:
    """Return the rows of all that changed, and note by account how much that is."""
    import pyarrow as pa

    # One table for all: making one takes longer than the few rows that it has of an account.
    changed = [(each.reading, each.changes.stated) for each in outcomes]
    stated = stated_rows(table, changed, known_at, sync_id)
    gone = {
        each.reading.account: [known.mark for known in each.changes.taken_back] for each in outcomes
    }
    taken_back = negated(table, known.rows(gone), known_at, sync_id)
    rows = pa.concat_tables([stated, taken_back])
    moved = sums(table, rows)
    for each in outcomes:
        each.moved = moved.get(each.reading.account, {})
    return rows


@frozen(eq=False)
class _Compared:
    """What an account read, and ``own``, what of it is compared with what is known, by windows."""

    outcome: Outcome
    read: Sequence[Block]
    own: Sequence[Block]
    windows: Sequence[Window]

    @property
    def account(self) -> str:
        return self.outcome.reading.account


def _may_be_gone(known: KnownRows, each: _Compared) -> AbstractSet[str]:
    """Return the marks of known records that a reading may take back or restate."""
    standing = known.standing(each.account)
    is_whole = each.outcome.reading.is_whole
    return no_longer_stated(standing, each.read) if is_whole else standing


def _own(
    known: KnownRows, outcome: Outcome, read: Sequence[Block]
) -> tuple[Sequence[Block], Sequence[Window]]:
    """Return what an answer may change, and of which windows; note what it may not."""
    reading = outcome.reading
    others = known.others(reading, read)
    outcome.elsewhere = {scope: owner for (scope, _), owner in sorted(others.items())}
    own = [each for each in read if (each.scope, each.window) not in others] if others else read
    if held := known.held_by_others(reading, own):
        own = [each for each in own if (each.owner or each.marks[0][PRINT_DIGITS:]) not in held]
    windows = [each for each in reading.windows() if (each.scope, each.period) not in others]
    closed = Closed(known.covered(reading.account))
    outcome.stands = tuple(
        dict.fromkeys(one for each in windows for one in closed.of(each.scope, each.period))
    )
    outcome.missed = _missed(known, reading, own, closed)
    own = [each for each in own if not closed.of(each.scope, each.window)]
    windows = [each for each in windows if not closed.of(each.scope, each.period)]
    return own, windows


def _missed(
    known: KnownRows, reading: AccountReading, read: Iterable[Block], closed: Closed
) -> set[str]:
    """Return the scopes of closed windows of which a record is read that stands at no time."""
    if reading.stream not in KEEPS_ID:
        return set()
    left = [each for each in read if each.owner is None and closed.of(each.scope, each.window)]
    standing = {mark[PRINT_DIGITS:] for mark in known.standing(reading.account)} if left else set()
    return {
        each.scope
        for each in left
        if any(mark[PRINT_DIGITS:] not in standing for mark in each.marks)
    }


def _decide(known: KnownRows, each: _Compared) -> None:
    """Note what an answer changes in what is known of its account."""
    reading = each.outcome.reading
    covered = known.covered(reading.account)
    done = changes(
        known.standing(reading.account),
        [one for one in known.fetched(reading.account) if one.scope not in reading.unfit],
        each.own,
        each.windows,
        is_whole=reading.is_whole,
        covered=[Window(one.scope, one.period) for one in covered],
        is_moving=reading.stream in KEEPS_ID,
        homes=known.homes(reading.account),
        handed=reading.handed,
        new_names=reading.new_names,
    )
    behind = {*done.behind, *each.outcome.missed}
    each.outcome.changes = evolve(done, behind=tuple(sorted(behind)))
