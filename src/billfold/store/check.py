"""Proves that a store is what it should be, and names what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from time import sleep

from attrs import frozen

from billfold.columns import Row, as_money
from billfold.counted import counted
from billfold.errors import StoreError
from billfold.model import ANSWERED, Stream
from billfold.money import Money
from billfold.period import Period, utc_text
from billfold.store.book import Book, no_store
from billfold.store.earned import stands_whole
from billfold.store.literals import text_literal, time_literal
from billfold.store.scopes import scope_name
from billfold.store.standing import is_one_of
from billfold.store.tables import KEEPS_ID, PRINT, SEEN_WHOLE, TABLES, Table

# Named one by one; what is left is counted.
_SHOWN = 20
# Seconds: a sync's second commit follows its first in less than a tenth of that.
_BETWEEN_COMMITS = 1.0


@frozen
class Fault:
    """What is wrong with a table: ``rule`` is the word for what it breaks."""

    table: str
    rule: str
    detail: str


@frozen
class Report:
    """What was looked at: rows by table; and what is wrong."""

    rows: dict[str, int]
    faults: tuple[Fault, ...]


def check(book: Book, now: datetime) -> Report:
    """Read the whole store and prove what can be proven of it. Blocks.

    Raises StoreError where there is no store.
    """
    faults: list[Fault] = []
    rows: dict[str, int] = {}
    try:
        rows |= _count(book, "syncs")
    except StoreError as error:
        faults.append(Fault("syncs", "unreadable", error.message))
    is_told = "syncs" in rows
    for stream, table in TABLES.items():
        try:
            if found := _count(book, table.name):
                rows |= found
                faults += _faults(book, stream, table, now, is_told=is_told)
            elif is_told and _is_read(book, stream):
                book.require(table.name)
        except StoreError as error:
            faults.append(Fault(table.name, "unreadable", error.message))
    if not rows and not faults:
        raise no_store(book)
    return Report(rows, tuple(faults))


def _count(book: Book, name: str) -> dict[str, int]:
    """Return how many rows a table has, by its name; nothing where it is not there."""
    found = book.rows(f"SELECT COUNT(*) AS count FROM {name}", name)
    return {name: found[0]["count"]} if found else {}


def _is_read(book: Book, stream: Stream) -> bool:
    """Return whether anybody was asked for a stream: what was read then has a table."""
    return bool(
        book.rows(
            f"SELECT 1 FROM syncs WHERE stream = {text_literal(stream.value)} LIMIT 1", "syncs"
        )
    )


def _faults(
    book: Book, stream: Stream, table: Table, now: datetime, *, is_told: bool
) -> Iterator[Fault]:
    """Yield what is wrong with a table; ``is_told`` is whether ``syncs`` says who was read."""
    proofs: dict[str, Callable[[], Iterator[str]]] = {
        "signs": lambda: _signs(book, stream, table),
        "owner": lambda: _owners(book, stream, table),
        "clock": lambda: _clock(book, table, now),
        "parts": lambda: _parts(book, table),
    }
    if is_told:
        proofs["syncs"] = lambda: _syncs(book, stream, table)
    if is_told and stream is Stream.USAGE:
        proofs["total"] = lambda: _totals(book)
    for rule, proof in proofs.items():
        details = list(proof())
        if len(details) > _SHOWN:
            details[_SHOWN:] = [f"and {len(details) - _SHOWN} more"]
        yield from (Fault(table.name, rule, detail) for detail in details)


def _signs(book: Book, stream: Stream, table: Table) -> Iterator[str]:
    """Name the records that do not stand once or not at all, or whose amounts do not cancel."""
    name = (
        "account, row, record_id" if stream in KEEPS_ID else "account, row, record_id, window_start"
    )
    money = table.money or "CAST(NULL AS INT)"
    rows = book.rows(
        "SELECT account, record_id, SUM(signs) AS signs FROM ("
        f"SELECT {name}, SUM(sign) AS signs, "
        f"SUM({money}) AS amount, MAX(CASE WHEN sign = 1 THEN {money} END) AS stated "
        f"FROM {table.name} GROUP BY {name}, {PRINT}) AS each GROUP BY {name} "
        "HAVING SUM(signs) NOT IN (0, 1) OR MIN(signs) < 0 OR MAX(signs) > 1 "
        "OR SUM(CASE WHEN signs = 0 AND amount <> 0 THEN 1 "
        "WHEN signs = 1 AND amount <> stated THEN 1 ELSE 0 END) > 0 ORDER BY account, record_id",
        table.name,
    )
    for row in rows:
        yield (
            f"{row['record_id']} of account {row['account']} does not stand exactly once: its "
            f"signs add up to {row['signs']}, or its amounts do not cancel"
        )


def _syncs(book: Book, stream: Stream, table: Table) -> Iterator[str]:
    """Name the syncs whose rows are not all there, and the rows that no sync is known of."""
    rows = _unequal(book, stream, table)
    if any(_is_cut_off(book, stream, table, row) for row in rows):
        # One that runs now books its rows first: it is cut off if they stand alone a while later.
        sleep(_BETWEEN_COMMITS)
        before = {(row["account"], row["sync_id"]) for row in rows}
        rows = _unequal(book, stream, table)
        rows = [row for row in rows if (row["account"], row["sync_id"]) in before]
    for row in rows:
        about = f"sync {row['sync_id']} of account {row['account']}"
        if row["booked"] < row["said"]:
            yield f"{about} booked {row['said']} rows, and {row['booked']} are there"
        elif _is_cut_off(book, stream, table, row):
            yield (
                f"{about} was cut off: its rows count, and prove no coverage until billfold sync "
                "reads them again"
            )


def _is_cut_off(book: Book, stream: Stream, table: Table, row: Row) -> bool:
    """Return whether a sync booked rows, and no answer since is of the time of the last ones."""
    if row["booked"] <= row["said"]:
        return False
    own = f"account = {text_literal(row['account'])}"
    since = time_literal(row["known_at"])
    return not book.rows(
        "SELECT 1 FROM syncs, (SELECT MIN(window_start) AS first, MAX(window_end) AS last "
        f"FROM {table.name} WHERE {own} AND sync_id = {text_literal(row['sync_id'])} "
        f"AND known_at = {since}) AS booked "
        f"WHERE {own} AND stream = {text_literal(stream.value)} AND known_at >= {since} "
        f"AND {is_one_of('state', sorted(ANSWERED))} "
        "AND COALESCE(covers_start, requested_start, read_at) < last "
        "AND COALESCE(covers_end, requested_end, read_at) > first LIMIT 1",
        "syncs",
        table.name,
    )


def _unequal(book: Book, stream: Stream, table: Table) -> list[Row]:
    """Return the syncs of which other rows are there than they say, by account."""
    # What the syncs say is read before what was booked: a sync that runs meanwhile is not "lost".
    return book.rows(
        "SELECT COALESCE(b.account, s.account) AS account, "
        "COALESCE(b.sync_id, s.sync_id) AS sync_id, COALESCE(b.count, 0) AS booked, "
        "COALESCE(s.count, 0) AS said, b.known_at AS known_at FROM "
        "(SELECT account, sync_id, COUNT(*) AS count, MAX(known_at) AS known_at "
        f"FROM {table.name} GROUP BY account, sync_id) AS b FULL OUTER JOIN "
        "(SELECT account, sync_id, "
        'SUM(COALESCE("new", 0) + 2 * COALESCE(changed, 0) + COALESCE(withdrawn, 0)) AS count '
        f"FROM syncs WHERE stream = {text_literal(stream.value)} GROUP BY account, sync_id) AS s "
        "ON b.account = s.account AND b.sync_id = s.sync_id "
        "WHERE COALESCE(b.count, 0) <> COALESCE(s.count, 0) "
        "ORDER BY 1, 2",
        "syncs",
        table.name,
    )


def _owners(book: Book, stream: Stream, table: Table) -> Iterator[str]:
    """Name the records of one scope that stand under two accounts."""
    when = "" if stream in SEEN_WHOLE else "window_start, "
    rows = book.rows(
        "SELECT scope, MIN(name) AS record_id, MIN(account) AS one, MAX(account) AS two FROM ("
        f"SELECT provider, origin, lower({table.scope}) AS scope, {when}row, "
        f"lower(record_id) AS own, MIN(record_id) AS name, account FROM {table.name} "
        f"WHERE {table.scope} <> '[null,null]' GROUP BY provider, origin, lower({table.scope}), "
        f"{when}row, lower(record_id), account HAVING SUM(sign) > 0) AS standing "
        f"GROUP BY provider, origin, scope, {when}row, own HAVING COUNT(*) > 1 "
        "ORDER BY scope, own",
        table.name,
    )
    for row in rows:
        yield (
            f"{row['record_id']} of {scope_name(row['scope'])} stands under the accounts "
            f"{row['one']} and {row['two']}: it counts twice"
        )


def _parts(book: Book, table: Table) -> Iterator[str]:
    """Name the windows with charges or lines that stand and whose usage or invoice is not there.

    An answer shows both where their windows share time.
    """
    if len(table.kinds) == 1:
        return
    header, part = table.kinds
    own = text_literal(header.name)
    rows = book.rows(
        "SELECT p.account, p.window_start, p.window_end, SUM(p.count) AS count "
        f"FROM ({_standing_in(table, f'row <> {own}')}) AS p "
        f"LEFT JOIN ({_standing_in(table, f'row = {own}')}) AS h "
        "ON p.account = h.account AND lower(p.owner) = lower(h.owner) "
        "AND p.window_start < h.window_end AND p.window_end > h.window_start "
        "WHERE h.owner IS NULL GROUP BY p.account, p.window_start, p.window_end ORDER BY 1, 2",
        table.name,
    )
    for row in rows:
        window = Period(row["window_start"], row["window_end"])
        yield (
            f"{counted(row['count'], part.name)} of account {row['account']}, {window}, in no "
            f"{header.name} that is known, and in no answer, until billfold sync reads all of it"
        )


def _standing_in(table: Table, condition: str) -> str:
    """Return the SQL of how many rows of an owner stand in each window."""
    return (
        f"SELECT account, owner, window_start, window_end, SUM(sign) AS count FROM {table.name} "
        f"WHERE {condition} GROUP BY account, owner, window_start, window_end HAVING SUM(sign) > 0"
    )


def _clock(book: Book, table: Table, now: datetime) -> Iterator[str]:
    """Say that rows are known at a moment that has not come: by a clock that was wrong."""
    (row,) = book.rows(f"SELECT MAX(known_at) AS last FROM {table.name}", table.name)
    if row["last"] is not None and row["last"] > now:
        yield f"rows are known at {utc_text(row['last'])}, which has not come yet by this clock"


def _totals(book: Book) -> Iterator[str]:
    """Name the usages whose charges are not what their provider states over them."""
    rows = book.rows(
        # Older rows have whom they are billed to as it came, and newer ones in one case.
        "SELECT u.account, u.scope, u.window_start, u.window_end, u.currency, u.total, "
        "COALESCE(c.cost, 0) AS cost FROM "
        "(SELECT account, lower(owner) AS owner, scope, window_start, window_end, "
        "stated_total_currency AS currency, SUM(stated_total) AS total FROM usage "
        "WHERE row = 'usage' AND stated_total_currency IS NOT NULL "
        "GROUP BY account, lower(owner), scope, window_start, window_end, stated_total_currency "
        "HAVING SUM(sign) > 0) AS u LEFT JOIN "
        "(SELECT account, lower(owner) AS owner, cost_currency AS currency, SUM(cost) AS cost "
        "FROM usage WHERE row = 'charge' GROUP BY account, lower(owner), cost_currency) AS c "
        "ON u.account = c.account AND u.owner = c.owner AND u.currency = c.currency "
        "WHERE COALESCE(c.cost, 0) <> u.total ORDER BY u.account, u.window_start, u.scope",
        "usage",
    )
    for row in rows:
        window = Period(row["window_start"], row["window_end"])
        if stands_whole(book, row["account"], row["scope"], window):
            yield (
                f"{scope_name(row['scope'])} of account {row['account']}, {window}: "
                f"{_money(row, 'total')} is stated, and the charges add up to {_money(row, 'cost')}"
            )


def _money(row: Row, name: str) -> Money:
    return as_money(row[name], row["currency"])
