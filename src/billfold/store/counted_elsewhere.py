"""What an account left to others because they count it, and whether they still do."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import groupby
from operator import itemgetter

import msgspec
from attrs import field, frozen

from billfold.columns import Row
from billfold.coverage import COUNTED
from billfold.model import ANSWERED, State, Stream
from billfold.period import Period
from billfold.store.book import Book
from billfold.store.literals import text_literal, time_literal
from billfold.store.scopes import one_spelling, scope_name
from billfold.store.standing import is_one_of
from billfold.store.sync_rows import is_about
from billfold.store.tables import TABLES

_HELD: msgspec.json.Decoder[list[tuple[str, str]]] = msgspec.json.Decoder(list[tuple[str, str]])


@frozen
class Held:
    """A scope, in any letter case, and the account that holds it."""

    scope: str = field(eq=one_spelling)
    account: str

    def text(self) -> str:
        """Return the sentence that another account counts it."""
        return f"{scope_name(self.scope)} is {COUNTED} {self.account}"

    def lapsed_text(self) -> str:
        """Return the sentence that it did, and does no more."""
        name = scope_name(self.scope)
        return f"{name} is no longer counted in account {self.account}: run billfold sync"


def left_to_others(readings: Sequence[Row], window: Period | None) -> AbstractSet[Held]:
    """Return what the last answer to each window that was asked left to other accounts."""
    last: dict[tuple[datetime | None, datetime | None], list[Row]] = {}
    for _, rows in groupby(readings, itemgetter("known_at")):
        own = list(rows)
        has_answered = any(State(row["state"]) in ANSWERED for row in own)
        if has_answered and (window is None or any(is_about(row, window) for row in own)):
            last[own[0]["requested_start"], own[0]["requested_end"]] = own
    return {
        Held(scope, account)
        for own in last.values()
        for row in own
        if row["counted_elsewhere"]
        for scope, account in _HELD.decode(row["counted_elsewhere"])
    }


def held_now(
    book: Book,
    left: Mapping[str, AbstractSet[Held]],
    stream: Stream,
    window: Period | None,
    as_of: datetime | None,
) -> Mapping[Held, Sequence[str]]:
    """Return what the accounts hold that left anything, or that anything was left to.

    With it come its scope's spellings in the store: an older one may have several.
    """
    owners = {each.account for own in left.values() for each in own}
    if not owners:
        return {}
    names = owners.union(name for name, own in left.items() if own)
    table = TABLES[stream]
    where = [is_one_of("account", sorted(names)), f"row = {text_literal(table.kinds[0].name)}"]
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
    held: dict[Held, list[str]] = {}
    for row in rows:
        held.setdefault(Held(row["scope"], row["account"]), []).append(row["scope"])
    return held


def lapsed(account: str, left: Iterable[Held], held: Container[Held]) -> list[Held]:
    """Return what an account left to others that neither they nor it hold now."""
    gone = [each for each in left if each not in held and Held(each.scope, account) not in held]
    return sorted(gone, key=Held.text)


def as_read_by_text(scopes: AbstractSet[str], account: str, detail: str | None) -> str:
    """Return the words that scopes are as another account read them, and how well that is known."""
    names = ", ".join(map(scope_name, sorted(scopes)))
    how = f": {detail}" if detail else ""
    verb, them = ("is", "it") if len(scopes) == 1 else ("are", "them")
    return f"{names} {verb} as account {account} read {them}{how}"
