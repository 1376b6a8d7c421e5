"""Books what accounts answered: each account's window is whole in one commit, or not there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import define, evolve, field

from billfold.answer import COUNTED
from billfold.errors import BillfoldError, MoneyError, StoreError
from billfold.model import State, Stream, Totals
from billfold.period import Period
from billfold.store.asked import Asked, scope_name, unconfirmed_text
from billfold.store.book import Book
from billfold.store.changes import Changes, Known, Window, changes
from billfold.store.columns import Row
from billfold.store.earned import confirmed, syncs
from billfold.store.literals import column_literal, text_literal, time_literal
from billfold.store.records import Booked
from billfold.store.rows import arrow_rows, stated_rows, sums, taking_back
from billfold.store.tables import SEEN_WHOLE, SYNCS, TABLES, arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

_NO_SCOPE = "[null,null]"
_AT_ONCE = 2_000  # fingerprints in one query


@define
class Outcome:
    """What became of one account's answer: what it changed, or why nothing could be booked.

    ``elsewhere`` are the scopes that another account booked before, and that account; ``moved`` is
    how much more is known than before, as totals are written.
    """

    asked: Asked
    changes: Changes = field(factory=Changes)
    error: BillfoldError | None = None
    elsewhere: dict[str, str] = field(factory=dict)
    moved: Totals | dict[str, Totals] = field(factory=dict)

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
    book: Book, asked: Sequence[Asked], sync_id: str, now: Callable[[], datetime]
) -> list[Outcome]:
    """Book answers of one stream, one of each account, and then how they went.

    Raises StoreError. Rows without their sync count, but prove no coverage.
    """
    outcomes = [Outcome(each) for each in asked]
    stream = asked[0].stream
    records = [each.asked.records() if each.asked.is_answered else () for each in outcomes]
    booked_at = book.append(
        TABLES[stream].name,
        lambda known_at: _rows(book, stream, outcomes, records, sync_id, known_at),
        now,
    )
    # What a sync says is never known before what it is about.
    book.append(
        "syncs",
        lambda known_at: arrow_rows(
            [row for outcome in outcomes for row in _sync_rows(outcome, sync_id, known_at)], SYNCS
        ),
        lambda: max(now(), booked_at),
    )
    return outcomes


def _sync_rows(outcome: Outcome, sync_id: str, known_at: datetime) -> list[Row]:
    asked = outcome.asked
    if outcome.error is not None:
        row = evolve(
            asked.answer.coverage[0], state=State.FAILED, detail=outcome.error.message, covers=None
        )
        failed = evolve(asked.answer, items=(), coverage=(row,), failures=(outcome.error,))
        asked = evolve(asked, answer=failed)
    return asked.sync_rows(sync_id, known_at, outcome.changes, outcome.remarks())


def _rows(
    book: Book,
    stream: Stream,
    outcomes: Sequence[Outcome],
    records: Sequence[Sequence[Booked]],
    sync_id: str,
    known_at: datetime,
) -> pa.Table:
    """Return what is still to be written by the newest state of the table."""
    import pyarrow as pa

    answered = [each for each in outcomes if each.asked.is_answered]
    known = _Known(book, stream, answered, [each for own in records for each in own])
    tables = [arrow_schema(TABLES[stream].columns).empty_table()]
    for outcome, own in zip(outcomes, records, strict=True):
        if not outcome.asked.is_answered:
            continue
        try:
            tables += _account_rows(known, outcome, own, sync_id, known_at)
        except MoneyError as error:
            outcome.changes = Changes()
            outcome.error = StoreError(
                f"{stream}: {error.message}; nothing of this reading is booked",
                account=outcome.asked.account,
                provider=outcome.asked.provider,
            )
    return pa.concat_tables(tables)


def _account_rows(
    known: _Known,
    outcome: Outcome,
    records: Sequence[Booked],
    sync_id: str,
    known_at: datetime,
) -> list[pa.Table]:
    asked = outcome.asked
    others = known.others(asked, records)
    outcome.elsewhere = {scope: owner for (scope, _), owner in sorted(others.items())}
    own = (
        [each for each in records if (each.scope, each.window) not in others] if others else records
    )
    windows = [each for each in asked.windows() if (each.scope, each.period) not in others]
    outcome.changes = changes(
        known.standing(asked.account),
        lambda prints: known.details(asked.account, prints),
        own,
        windows,
        is_whole=asked.is_whole,
        covered=() if asked.is_whole else _covered(known.book, asked),
        is_moving=asked.stream in SEEN_WHOLE,
    )
    table = TABLES[asked.stream]
    about = {
        "provider": asked.provider,
        "origin": asked.origin,
        "account": asked.account,
        "known_at": known_at,
        "sync_id": sync_id,
    }
    stated = stated_rows(table, outcome.changes.stated, about)
    gone = {each.fingerprint for each in outcome.changes.taken_back}
    negated = taking_back(table, known_at, sync_id)
    taken_back = known.rows(asked.account, gone, negated)
    outcome.moved = sums(table, [stated, taken_back])
    return [stated, taken_back]


def _covered(book: Book, asked: Asked) -> tuple[Window, ...]:
    """Return the windows of an account that whole readings have answered."""
    return tuple(
        Window(each.scope, each.period)
        for each in confirmed(syncs(book, asked.account, asked.stream))
    )


class _Known:
    """What the book holds as stated now, of the accounts and scopes of a batch."""

    def __init__(
        self, book: Book, stream: Stream, outcomes: Sequence[Outcome], records: Sequence[Booked]
    ) -> None:
        self.book = book
        self._table = TABLES[stream]
        self._is_timeless = stream in SEEN_WHOLE
        asked = [each.asked for each in outcomes]
        self._within = _within(stream, asked, records)
        self._standing = self._read_standing(asked)
        self._claims = self._read_claims(records)

    def standing(self, account: str) -> AbstractSet[str]:
        """Return the fingerprints of what is known of an account."""
        return self._standing.get(account, set())

    def others(self, asked: Asked, records: Iterable[Booked]) -> dict[tuple[str, Period], str]:
        """Return the scopes and times that another account booked before, and that account.

        What this batch books belongs to the first that asked.
        """
        found = {}
        for scope, window in sorted(_read_for(records)):
            claims = self._claims.setdefault((asked.provider, asked.origin, scope), [])
            about = [
                account
                for account, claimed in claims
                if self._is_timeless or claimed.overlaps(window)
            ]
            if not about:
                claims.append((asked.account, window))
            elif asked.account != about[0] and scope != _NO_SCOPE:
                found[scope, window] = about[0]
        return found

    def details(self, account: str, prints: AbstractSet[str]) -> list[Known]:
        """Return what is known of records by their fingerprints."""
        names = ["fingerprint", "record_id", "row", "owner", "scope", "window_start"]
        rows = self.rows(account, prints)
        if "derived" in rows.column_names:
            names.append("derived")
        cells = (rows[name].to_pylist() for name in names)
        return [Known(*values) for values in zip(*cells, strict=True)]

    def rows(self, account: str, prints: AbstractSet[str], columns: str | None = None) -> pa.Table:
        """Return the rows of an account by their fingerprints, each as it was last stated.

        ``columns`` is what is read of them, as SQL; None: what stands there.
        """
        import pyarrow as pa

        wanted = sorted(prints)
        stated = ", ".join(column_literal(column.name) for column in self._table.columns)
        tables = [arrow_schema(self._table.columns).empty_table()]
        for start in range(0, len(wanted), _AT_ONCE):
            some = ", ".join(map(text_literal, wanted[start : start + _AT_ONCE]))
            found = self.book.query(
                f"SELECT {columns or stated} FROM (SELECT *, "
                "ROW_NUMBER() OVER (PARTITION BY fingerprint "
                f"ORDER BY known_at DESC) AS nth FROM {self._table.name} "
                f"WHERE account = {text_literal(account)} AND sign = 1 "
                f"AND fingerprint IN ({some}){self._within}) AS stated WHERE nth = 1",
                self._table.name,
            )
            if found is not None:
                tables.append(found.cast(tables[0].schema))
        return pa.concat_tables(tables)

    def _read_standing(self, asked: Sequence[Asked]) -> dict[str, set[str]]:
        import pyarrow.compute as pc

        accounts = ", ".join(sorted({text_literal(each.account) for each in asked}))
        standing: dict[str, set[str]] = {}
        if not accounts:
            return standing
        found = self.book.query(
            f"SELECT account, fingerprint FROM {self._table.name} "
            f"WHERE account IN ({accounts}){self._within} "
            "GROUP BY account, fingerprint HAVING SUM(sign) > 0",
            self._table.name,
        )
        if found is not None:
            for account in found["account"].unique().to_pylist():
                own = found.filter(pc.field("account") == account)
                standing[account] = set(own["fingerprint"].to_pylist())
        return standing
        found = self.book.query(
            f"SELECT account, fingerprint FROM {self._table.name} "
            f"WHERE account IN ({accounts}){self._within} "
            "GROUP BY account, fingerprint HAVING SUM(sign) > 0",
            self._table.name,
        )
        if found is not None:
            names = found["account"].to_pylist()
            for account, told in zip(names, found["fingerprint"].to_pylist(), strict=True):
                standing.setdefault(account, set()).add(told)
        return standing

    def _read_claims(
        self, records: Sequence[Booked]
    ) -> dict[tuple[str, str, str], list[tuple[str, Period]]]:
        """Return who booked a scope for which times, who came first before who came later."""
        places = _read_for(records)
        if not places:
            return {}
        scopes = ", ".join(sorted({text_literal(scope) for scope, _ in places}))
        windows = [window for _, window in places]
        rows = self.book.rows(
            "SELECT provider, origin, scope, account, window_start, window_end, "
            f"MIN(known_at) AS since FROM {self._table.name} WHERE scope IN ({scopes})"
            f"{'' if self._is_timeless else _overlapping(windows)} "
            "GROUP BY provider, origin, scope, account, window_start, window_end ORDER BY since",
            self._table.name,
        )
        claims: dict[tuple[str, str, str], list[tuple[str, Period]]] = {}
        for row in rows:
            claimed = Period(row["window_start"], row["window_end"])
            scope = (row["provider"], row["origin"], row["scope"])
            claims.setdefault(scope, []).append((row["account"], claimed))
        return claims


def _read_for(records: Iterable[Booked]) -> set[tuple[str, Period]]:
    """Return the scopes and times of records; those that follow each other mostly share theirs."""
    found: set[tuple[str, Period]] = set()
    scope, window = None, None
    for each in records:
        if each.scope is not scope or each.window is not window:
            scope, window = each.scope, each.window
            found.add((scope, window))
    return found


def _overlapping(windows: Sequence[Period]) -> str:
    start, end = min(each.start for each in windows), max(each.end for each in windows)
    return f" AND window_start < {time_literal(end)} AND window_end > {time_literal(start)}"


def _within(stream: Stream, asked: Sequence[Asked], records: Sequence[Booked]) -> str:
    """Return the SQL that leaves out the rows of windows that no reading is about."""
    if stream in SEEN_WHOLE:
        return ""
    periods = {window.period for each in asked for window in each.windows()}
    periods |= {window for _, window in _read_for(records)}
    if not periods:
        return " AND false"
    start, end = min(each.start for each in periods), max(each.end for each in periods)
    return f" AND window_start >= {time_literal(start)} AND window_start < {time_literal(end)}"
