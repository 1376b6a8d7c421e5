"""The accounts that a book knows, each with the provider that answered for it first."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from billfold.columns import Row
from billfold.model import ANSWERED
from billfold.store.book import Book
from billfold.store.standing import is_one_of
from billfold.store.tables import TABLES


@frozen
class KnownAccount:
    """An account's name, its provider, and where that was asked.

    ``since`` is when it was asked first, ``answered`` when anything was answered first, if ever.
    """

    name: str
    provider: str
    origin: str
    since: datetime
    answered: datetime | None


def known_accounts(book: Book) -> list[KnownAccount]:
    """Return every account that was ever asked, in the order of time. Blocks; raises StoreError.

    A name is one account: of several providers it is the one that answered first.
    """
    rows = book.rows(
        "SELECT account, provider, MAX(origin) AS origin, MIN(known_at) AS since, "
        f"MIN(CASE WHEN {is_one_of('state', sorted(ANSWERED))} THEN known_at END) AS answered "
        "FROM syncs GROUP BY account, provider",
        "syncs",
    )
    first: dict[str, Row] = {}
    for row in sorted(rows, key=_first_answered):
        first.setdefault(row["account"], row)
    found = [
        KnownAccount(row["account"], row["provider"], row["origin"], row["since"], row["answered"])
        for row in first.values()
    ]
    return sorted(found, key=lambda each: (each.since, each.name))


def _first_answered(row: Row) -> tuple[bool, datetime]:
    return row["answered"] is None, row["answered"] or row["since"]


def require_tables(book: Book) -> None:
    """Raise StoreError where a table is gone that was booked in. Blocks."""
    asked = {row["stream"] for row in book.rows("SELECT DISTINCT stream FROM syncs", "syncs")}
    for stream, table in TABLES.items():
        if stream in asked:
            book.require(table.name)
