"""The rows that stand: each record as it was last stated, unless it was taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from billfold.model import Stream
from billfold.period import Period
from billfold.store.book import Book
from billfold.store.literals import text_literal, time_literal
from billfold.store.scopes import one_spelling, scope_ids
from billfold.store.tables import MARK, TABLES

if TYPE_CHECKING:
    import pyarrow as pa


def standing_rows(table: str, where: Sequence[str], as_of: datetime | None) -> str:
    """Return the SQL of a table's standing rows among those that fulfil every condition.

    ``as_of`` None is what is known now. They come by account, window and place.
    """
    conditions = [*where, *_until(as_of)]
    chosen = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return (
        f"WITH known AS (SELECT * FROM {table}{chosen}), "
        f"standing AS (SELECT account, {MARK} AS mark, MAX(CASE WHEN sign = 1 THEN known_at END) "
        f"AS last FROM known GROUP BY account, {MARK} HAVING SUM(sign) > 0) "
        "SELECT known.* FROM known JOIN standing ON known.account = standing.account "
        f"AND {MARK} = standing.mark AND known.known_at = standing.last "
        "WHERE known.sign = 1 "
        "ORDER BY known.account, known.window_start, known.place, known.record_id"
    )


def windows_by_mark(
    book: Book, table: str, accounts: Sequence[str], condition: str = "true"
) -> dict[str, dict[str, Period]]:
    """Return the window in which each mark stands that fulfils a condition, by account."""
    found: dict[str, dict[str, Period]] = {}
    for row in book.rows(
        f"SELECT account, {MARK} AS mark, window_start, window_end FROM {table} "
        f"WHERE {is_one_of('account', accounts)} AND {condition} "
        f"GROUP BY account, {MARK}, window_start, window_end HAVING SUM(sign) > 0",
        table,
    ):
        window = Period(row["window_start"], row["window_end"])
        found.setdefault(row["account"], {})[row["mark"]] = window
    return found


def holders(
    book: Book, stream: Stream, where: Sequence[str], as_of: datetime | None
) -> list[tuple[str, str]]:
    """Return the accounts that have records which fulfil every condition, each with a scope.

    Scopes are spelled as they are stored. ``as_of`` None is what is known now.
    """
    table = TABLES[stream]
    conditions = [f"row = {text_literal(table.kinds[0].name)}", *where, *_until(as_of)]
    rows = book.rows(
        f"SELECT account, {table.scope} AS scope FROM {table.name} "
        f"WHERE {' AND '.join(conditions)} GROUP BY account, {table.scope} "
        "HAVING SUM(sign) > 0 ORDER BY account",
        table.name,
    )
    return [(row["account"], row["scope"]) for row in rows]


def held_windows(
    book: Book,
    place: tuple[str, str],
    window: Period,
    as_of: datetime | None,
    scopes: Iterable[str],
) -> dict[str, list[tuple[str, Period]]]:
    """Return the scopes, in one spelling, and times of usages by the accounts that have them.

    They are of a window, of a provider and its address, which are ``place``, and of the projects
    or payers of ``scopes``; ``as_of`` None is what is known now.
    """
    ids = sorted(frozenset[str]().union(*map(scope_ids, scopes)))
    if not ids:
        return {}
    provider, origin = place
    table = TABLES[Stream.USAGE]
    whose = (f"lower({name})" for name in ("billing_account_id", "sub_account_id"))
    conditions = [
        f"row = {text_literal(table.kinds[0].name)}",
        f"provider = {text_literal(provider)} AND origin = {text_literal(origin)}",
        f"({' OR '.join(is_one_of(each, ids) for each in whose)})",
        *overlapping(window),
        *_until(as_of),
    ]
    found: dict[str, list[tuple[str, Period]]] = {}
    for row in book.rows(
        f"SELECT account, scope, window_start, window_end FROM {table.name} "
        f"WHERE {' AND '.join(conditions)} GROUP BY account, scope, window_start, window_end "
        "HAVING SUM(sign) > 0 ORDER BY account, scope, window_start",
        table.name,
    ):
        period = Period(row["window_start"], row["window_end"])
        found.setdefault(row["account"], []).append((one_spelling(row["scope"]), period))
    return found


def named_since(
    book: Book, accounts: Sequence[str], as_of: datetime | None
) -> dict[str, dict[str, tuple[str, datetime | None]]]:
    """Return the scopes that accounts have usages of: the id as stated, and since when it is there.

    They are by account, in one spelling; None is one of which it is not stated. ``as_of`` None is
    what is known now.
    """
    table = TABLES[Stream.USAGE]
    conditions = [
        f"row = {text_literal(table.kinds[0].name)}",
        is_one_of("account", accounts),
        *_until(as_of),
    ]
    found: dict[str, dict[str, tuple[str, datetime | None]]] = {}
    for row in book.rows(
        f"SELECT account, {table.scope} AS scope, MAX(since) AS since, "
        f"MAX(COALESCE(sub_account_id, billing_account_id, '')) AS name FROM {table.name} "
        f"WHERE {' AND '.join(conditions)} GROUP BY account, {table.scope} HAVING SUM(sign) > 0",
        table.name,
    ):
        own = found.setdefault(row["account"], {})
        own[one_spelling(row["scope"])] = row["name"], row["since"]
    return found


def overlapping(window: Period) -> list[str]:
    """Return the SQL of the conditions that a row's window shares time with this one."""
    return [
        f"window_start < {time_literal(window.end)}",
        f"window_end > {time_literal(window.start)}",
    ]


def _until(as_of: datetime | None) -> list[str]:
    return [] if as_of is None else [f"known_at <= {time_literal(as_of)}"]


def is_one_of(column: str, texts: Sequence[str]) -> str:
    """Return the SQL of a condition: a column has one of these texts."""
    return f"{column} IN ({', '.join(map(text_literal, texts))})"


def is_between(column: str, texts: Collection[str]) -> str:
    """Return the SQL of a condition that leaves most others out: texts from the first to the last.

    It takes the engine a third of the time that :func:`is_one_of` does.
    """
    if not texts:
        return "false"
    first, last = text_literal(min(texts)), text_literal(max(texts))
    return f"{column} >= {first} AND {column} <= {last}"


def by_account(rows: pa.Table) -> dict[str, pa.Table]:
    """Return the rows of each account, in the order that they have."""
    import pyarrow.compute as pc

    accounts = rows["account"].combine_chunks().dictionary_encode()
    # Numbers are sorted by counting them, and stay in their order where they are equal.
    rows = rows.take(pc.call_function("array_sort_indices", [accounts.indices]))
    counts = accounts.indices.value_counts().field("counts").to_pylist()
    start, found = 0, {}
    for account, count in zip(accounts.dictionary.to_pylist(), counts, strict=True):
        found[account] = rows.slice(start, count)
        start += count
    return found
