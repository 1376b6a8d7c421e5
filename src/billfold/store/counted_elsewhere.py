"""What an account left to others because they count it, and whether they still do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from types import MappingProxyType

from billfold.answer import COUNTED
from billfold.model import Stream
from billfold.period import Period
from billfold.store.account_reading import scope_name
from billfold.store.book import Book
from billfold.store.literals import text_literal, time_literal
from billfold.store.records import one_spelling
from billfold.store.standing import is_one_of
from billfold.store.tables import TABLES


def counted_text(scope: str, owner: str, spelled: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the sentence about a scope that another account counts; ``spelled`` are its ids."""
    return f"{scope_name(scope, spelled)} is {COUNTED} {owner}"


def still_counted(
    book: Book,
    details: Iterable[str],
    stream: Stream,
    window: Period | None,
    as_of: datetime | None,
) -> AbstractSet[str]:
    """Return all such sentences about the accounts that details name, and what they hold now.

    They have one spelling each, as scopes do.
    """
    owners = {
        said.partition(f"{COUNTED} ")[2]
        for detail in details
        for said in detail.split("; ")
        if COUNTED in said
    }
    if not owners:
        return frozenset()
    table = TABLES[stream]
    where = [is_one_of("account", sorted(owners)), f"row = {text_literal(table.kinds[0].name)}"]
    if window is not None:
        where.append(f"window_start < {time_literal(window.end)}")
        where.append(f"window_end > {time_literal(window.start)}")
    if as_of is not None:
        where.append(f"known_at <= {time_literal(as_of)}")
    rows = book.rows(
        f"SELECT {table.scope} AS scope, account FROM {table.name} WHERE {' AND '.join(where)} "
        f"GROUP BY {table.scope}, account HAVING SUM(sign) > 0",
        table.name,
    )
    return {one_spelling(counted_text(row["scope"], row["account"])) for row in rows}


def no_longer_counted(detail: str | None, counted: AbstractSet[str]) -> tuple[str | None, bool]:
    """Return a detail that says which of its sentences hold no more, and whether any is such."""
    told = [] if detail is None else detail.split("; ")
    lapsed = [said for said in told if COUNTED in said and one_spelling(said) not in counted]
    now = [
        f"{said.replace(COUNTED, 'no longer counted in account')}: run billfold sync"
        if said in lapsed
        else said
        for said in told
    ]
    return "; ".join(now) or None, bool(lapsed)
