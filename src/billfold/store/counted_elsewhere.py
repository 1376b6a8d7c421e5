"""What an account left to others because they count it, and whether they still do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType

from attrs import frozen

from billfold.answer import COUNTED
from billfold.columns import Row
from billfold.model import ANSWERED, State, Stream
from billfold.period import Period
from billfold.store.account_reading import scope_name
from billfold.store.book import Book
from billfold.store.literals import text_literal, time_literal
from billfold.store.records import one_spelling
from billfold.store.standing import is_one_of
from billfold.store.sync_rows import is_about
from billfold.store.tables import TABLES


@frozen
class Held:
    """A scope, and the account that holds it."""

    account: str
    scope: str


def counted_text(scope: str, owner: str, spelled: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the sentence about a scope that another account counts; ``spelled`` are its ids."""
    return f"{scope_name(scope, spelled)} is {COUNTED} {owner}"


def still_counted(
    book: Book,
    details: Iterable[str],
    stream: Stream,
    window: Period | None,
    as_of: datetime | None,
) -> Mapping[str, Sequence[Held]]:
    """Return what the accounts that details name hold now, by such a sentence about it.

    Sentences have one spelling each, as scopes do.
    """
    owners = {_owner(said) for detail in details for said in _sentences(detail)}
    if not owners:
        return {}
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
    held: dict[str, list[Held]] = {}
    for row in rows:
        said = one_spelling(counted_text(row["scope"], row["account"]))
        held.setdefault(said, []).append(Held(row["account"], row["scope"]))
    return held


def left_to_others(readings: Sequence[Row], window: Period | None) -> AbstractSet[str]:
    """Return such sentences, in one spelling, of the last answer to each window that was asked."""
    last: dict[tuple[datetime | None, datetime | None], list[Row]] = {}
    for _, rows in groupby(readings, itemgetter("known_at")):
        own = list(rows)
        has_answered = any(State(row["state"]) in ANSWERED for row in own)
        if has_answered and (window is None or any(is_about(row, window) for row in own)):
            last[own[0]["requested_start"], own[0]["requested_end"]] = own
    details = (row["detail"] for reading in last.values() for row in reading)
    return {one_spelling(said) for detail in details for said in _sentences(detail)}


def scopes_of(held: Iterable[Held], account: str) -> AbstractSet[str]:
    """Return the scopes that an account holds, in one spelling."""
    return {one_spelling(each.scope) for each in held if each.account == account}


def _sentences(detail: str | None) -> list[str]:
    return [said for said in (detail or "").split("; ") if COUNTED in said]


def _owner(said: str) -> str:
    return said.partition(f"{COUNTED} ")[2]


def no_longer_counted(detail: str | None, counted: Iterable[str]) -> tuple[str | None, bool]:
    """Return a detail that says which of its sentences hold no more, and whether any is such.

    Those that hold are left out: what is asked for decides which account counts.
    """
    told = [] if detail is None else detail.split("; ")
    held = [said for said in told if COUNTED in said and one_spelling(said) in counted]
    lapsed = [said for said in told if COUNTED in said and said not in held]
    now = [
        f"{said.replace(COUNTED, 'no longer counted in account')}: run billfold sync"
        if said in lapsed
        else said
        for said in told
        if said not in held
    ]
    return "; ".join(now) or None, bool(lapsed)


def left_text(scopes: AbstractSet[str], account: str, detail: str | None) -> str:
    """Return the words that scopes are as another account read them, and how well that is known."""
    names = ", ".join(map(scope_name, sorted(scopes)))
    told = [said for said in (detail or "").split("; ") if said and COUNTED not in said]
    how = f": {'; '.join(told)}" if told else ""
    verb, them = ("is", "it") if len(scopes) == 1 else ("are", "them")
    return f"{names} {verb} as account {account} read {them}{how}"
