"""Restatements: what became known of a window after it had ended, and something was known of it.

The first reading after the end closes the window: what it changes is told apart from what changes
when the window had been read to its end before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from billfold.columns import Row
from billfold.model import ANSWERED, State, Stream, Totals, amounts_of
from billfold.money import Money, sum_by_currency
from billfold.period import Period, utc
from billfold.store.book import Book
from billfold.store.confirmed import confirmed
from billfold.store.known_accounts import require_tables
from billfold.store.literals import column_literal, time_literal
from billfold.store.reading_back import records_of
from billfold.store.records import as_named_now
from billfold.store.standing import by_account, is_one_of
from billfold.store.sync_rows import syncs
from billfold.store.tables import PRINT_DIGITS, TABLES, Table

if TYPE_CHECKING:
    import pyarrow as pa

# Streams whose records have a window that ends.
STREAMS = (Stream.USAGE, Stream.DAILY, Stream.LEDGER, Stream.INVOICES)
_AT_ONCE = 100  # accounts in one query
# What moves to another month is taken back in the one, and new in the other.
_KEY = ("row", "window_start", "known_at", "sync_id")


@frozen
class Restatement:
    """A record of a closed window that a sync found changed, new or gone.

    ``before`` and ``after`` are the record as it was and is stated, None where it was not there.
    ``month`` is the one it is booked in, ``known_at`` when the change was booked; ``closes`` says
    that no earlier reading had read the window after its end.
    """

    account: str
    provider: str
    stream: Stream
    kind: str
    record_id: str
    month: str
    window: Period
    known_at: datetime
    sync_id: str
    before: Any
    after: Any
    closes: bool = False

    @property
    def change(self) -> str:
        """What happened, in a word."""
        if self.before is None:
            return "new"
        return "withdrawn" if self.after is None else "changed"

    @property
    def moved(self) -> Totals:
        """How much more is stated than before, per currency; nothing for what adds up to none."""
        less = [-money for money in _amounts(self, self.before)]
        return sum_by_currency([*_amounts(self, self.after), *less])


def _amounts(each: Restatement, record: Any) -> tuple[Money, ...]:
    """Return what a record adds to its stream's total: a usage's own is that of its charges."""
    if record is None or each.kind in ("usage", "line"):
        return ()
    if each.kind == "charge":
        return () if record.cost is None else (record.cost,)
    return amounts_of(each.stream, record)


def restatements(
    book: Book,
    accounts: Iterable[str],
    period: Period | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[Restatement, ...]:
    """Return what changed in closed windows that share time with a period, in the order of time.

    ``since`` and ``until`` bound when a change became known. Blocks, and raises StoreError.
    """
    require_tables(book)
    bounds = [f"known_at >= {time_literal(since)}"] if since else []
    bounds += [f"known_at <= {time_literal(until)}"] if until else []
    if period is not None:
        bounds.append(f"window_start < {time_literal(period.end)}")
        bounds.append(f"window_end > {time_literal(period.start)}")
    left, found = iter(accounts), list[Restatement]()
    while several := list(islice(left, _AT_ONCE)):
        for stream in STREAMS:
            found += _of_accounts(book, stream, several, bounds)
    return tuple(sorted(found, key=lambda each: (each.known_at, each.month)))


def _of_accounts(
    book: Book, stream: Stream, accounts: Sequence[str], bounds: Sequence[str]
) -> list[Restatement]:
    table = TABLES[stream]
    where = [is_one_of("account", accounts), "known_at >= window_end", *bounds]
    rows = book.query(
        f"SELECT {_as_stated(table)} FROM {table.name} WHERE {' AND '.join(where)} "
        "ORDER BY known_at, window_start, place, record_id",
        table.name,
    )
    if rows is None or not rows.num_rows:
        return []
    readings = syncs(book, accounts, stream)
    found = []
    for account, own in by_account(rows).items():
        for each in _paired(own, table, stream, account):
            earlier = [row for row in readings[account] if _is_before(row, each)]
            if earlier:  # else it is the first that is known of the window
                closes = not any(_is_to_the_end(row, each) for row in earlier)
                found.append(evolve(each, closes=closes))
    return found


def _as_stated(table: Table) -> str:
    """Return the columns, the amounts of rows that take others back as they had been stated."""
    columns = []
    for each in table.columns:
        name = column_literal(each.name)
        negated = f"CASE WHEN sign < 0 THEN -{name} ELSE {name} END AS {name}"
        columns.append(negated if each.is_negated else name)
    return ", ".join(columns)


def _is_before(reading: Row, each: Restatement) -> bool:
    """Return whether a reading had answered for the window before another one changed it."""
    if reading["sync_id"] == each.sync_id or utc(reading["known_at"]) > each.known_at:
        return False
    start = reading["covers_start"] or reading["requested_start"]
    end = reading["covers_end"] or reading["requested_end"]
    is_about = start is None or (utc(start) < each.window.end and utc(end) > each.window.start)
    return is_about and State(reading["state"]) in ANSWERED


def _is_to_the_end(reading: Row, each: Restatement) -> bool:
    return any(
        window.read_at >= each.window.end and window.period.overlaps(each.window)
        for window in confirmed([reading])
    )


def _paired(rows: pa.Table, table: Table, stream: Stream, account: str) -> list[Restatement]:
    """Return each record once: as it was before a sync, and as it is after it."""
    import pyarrow as pa

    named: dict[tuple[Any, ...], dict[int, Any]] = {}
    about: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    prints: dict[tuple[Any, ...], list[str]] = {}
    for kind in table.kinds:
        kinds = rows["row"].to_pylist()
        own = rows.filter(pa.array([name == kind.name for name in kinds], pa.bool_()))
        booked = own.select(
            [*_KEY, "record_id", "sign", "month", "provider", "window_end", "fingerprint"]
        ).to_pylist()
        for row, (_, record) in zip(booked, records_of(own, kind, account), strict=True):
            name = as_named_now(kind.key, row["record_id"])
            key = name, *(row[column] for column in _KEY)
            named.setdefault(key, {})[row["sign"]] = record
            prints.setdefault(key, []).append(row["fingerprint"][:PRINT_DIGITS])
            about[key] = row
    return [
        Restatement(
            account=account,
            provider=row["provider"],
            stream=stream,
            kind=row["row"],
            record_id=key[0],
            month=row["month"],
            window=Period(utc(row["window_start"]), utc(row["window_end"])),
            known_at=utc(row["known_at"]),
            sync_id=row["sync_id"],
            before=named[key].get(-1),
            after=named[key].get(1),
        )
        for key, row in about.items()
        # A charge that went with its usage to a longer or a shorter window says what it said.
        if len(prints[key]) == 1 or len({*prints[key]}) == 2
    ]


def moved(found: Iterable[Restatement]) -> dict[str, dict[str, Any]]:
    """Return how much more is stated, per stream and kind: they show the same money."""
    amounts: dict[str, dict[str, list[Money]]] = {}
    for each in found:
        record = each.after if each.before is None else each.before
        kind = record.kind.value if each.kind == "invoice" else ""
        own = amounts.setdefault(each.stream.value, {}).setdefault(kind, [])
        own += each.moved.values()
    return {
        stream: {
            key: value
            for kind, several in kinds.items()
            for key, value in (
                [(kind, sum_by_currency(several))] if kind else sum_by_currency(several).items()
            )
        }
        for stream, kinds in amounts.items()
    }
