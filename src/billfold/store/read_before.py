"""What other accounts had read of what an account reaches now, before it read anything of it.

It was made of a part of one of them, say, or is one of them under another name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING

from billfold.columns import Row
from billfold.model import ANSWERED, Stream
from billfold.period import Period
from billfold.store.account_reading import ALWAYS
from billfold.store.book import Book
from billfold.store.confirmed import windows_by_scope
from billfold.store.counted_elsewhere import Held
from billfold.store.reading_back import scopes_at
from billfold.store.scopes import one_spelling, scope_ids
from billfold.store.standing import held_windows
from billfold.store.stands import windows_of
from billfold.store.sync_rows import first_read

if TYPE_CHECKING:
    import pyarrow as pa

# What others hold of scopes, and of which time, by account.
_Held = Mapping[str, Mapping[Held, Sequence[Period]]]


def known_scopes(rows: pa.Table | None, left: Iterable[Held]) -> set[str]:
    """Return the scopes of which an account has rows, or that it left to others."""
    own = [] if rows is None else rows["scope"].unique().to_pylist()
    return {one_spelling(scope) for scope in [*own, *(each.scope for each in left)]}


def read_before(
    book: Book,
    readings: Mapping[str, Sequence[Row]],
    missing: Mapping[str, AbstractSet[str]],
    stream: Stream,
    window: Period,
    as_of: datetime | None,
) -> _Held:
    """Return what others hold of the scopes that are missing of a window, by account.

    Nothing is asked where nothing is missing. Blocks; raises StoreError.
    """
    found: dict[str, dict[Held, Sequence[Period]]] = {}
    for place, names in _places(readings, missing).items():
        every = {scope for name in names for scope in missing[name]}
        ids = frozenset[str]().union(*map(scope_ids, every))
        held = scopes_at(book, place, stream, window, as_of, sorted(ids)) if ids else {}
        for name in names:
            for owner, theirs in held.items():
                own = missing[name] & set(map(one_spelling, theirs))
                if own and owner != name:
                    found.setdefault(name, {}).update({Held(each, owner): () for each in own})
    return found


def cycles_before(
    book: Book,
    readings: Mapping[str, Sequence[Row]],
    rows: Mapping[str, pa.Table],
    window: Period,
    as_of: datetime | None,
) -> _Held:
    """Return the cycles of a window that others hold of the time before an account's own first.

    Those of a project that was deleted since count, too. Where an account's own first cycle begins
    with the window, the store is not read.
    Blocks; raises StoreError.
    """
    first = {name: _first_cycles(own, window) for name, own in rows.items()}
    found: dict[str, dict[Held, list[Period]]] = {}
    for place, names in _places(readings, first).items():
        scopes = frozenset[str]().union(*(first[name] for name in names))
        for owner, windows in held_windows(book, place, window, as_of, scopes).items():
            for name in (each for each in names if each != owner):
                for scope, period in windows:
                    own = first[name].get(scope)
                    if own is not None and period.end <= own:
                        theirs = found.setdefault(name, {})
                        theirs.setdefault(Held(scope, owner), []).append(period)
    return found


def held_alone(
    book: Book,
    readings: Mapping[str, Sequence[Row]],
    older: Mapping[str, AbstractSet[str]],
    stream: Stream,
    window: Period,
    as_of: datetime | None,
) -> _Held:
    """Return what older names of accounts hold of a window and no other account has had since.

    It was deleted before the account read anything under its newer name, and is of its months all
    the same. Nothing is asked where there is no older name. Blocks; raises StoreError.
    """
    found: dict[str, Mapping[Held, Sequence[Period]]] = {}
    since = Period(window.start, ALWAYS.end)
    for place, names in _places(readings, older).items():
        held = scopes_at(book, place, stream, window, as_of)
        anywhere = scopes_at(book, place, stream, since, as_of)
        for name in names:
            own = {name, *older[name]}
            others = {
                one_spelling(scope) for each in anywhere.keys() - own for scope in anywhere[each]
            }
            here = others | set(map(one_spelling, held.get(name, ())))
            theirs: dict[Held, Sequence[Period]] = {
                Held(each, owner): ()
                for owner in older[name]
                for each in map(one_spelling, held.get(owner, ()))
                if each not in here
            }
            if theirs:
                found[name] = theirs
    return found


def is_older(readings: Sequence[Row], newer: Sequence[Row]) -> bool:
    """Return whether one account was read for the last time before another was for the first."""
    last = max((row["read_at"] for row in readings if row["state"] in ANSWERED), default=None)
    first = first_read(newer)
    return last is not None and first is not None and last < first


def has_reached_all(newer: Sequence[Row], older: Sequence[Row]) -> bool:
    """Return whether an account has reached all that an older one has since it was read, too.

    Both names of one that was renamed stood in the configuration for a while, say.
    """
    first = first_read(newer)
    began = first_read(older)
    if first is None or began is None or began >= first:
        return False
    since = windows_by_scope(row for row in older if row["read_at"] >= first)
    return bool(since) and since.keys() <= windows_by_scope(newer).keys()


def _first_cycles(rows: pa.Table, window: Period) -> Mapping[str, datetime]:
    """Return when the first cycle of each scope begins, where that is within a window."""
    windows = sorted(windows_of(rows), key=lambda each: each[1].start, reverse=True)
    if all(period.is_whole_months for _, period in windows):
        return {}
    first = {scope: period.start for scope, period in windows}
    return {scope: start for scope, start in first.items() if start > window.start}


def _places(
    readings: Mapping[str, Sequence[Row]], missing: Mapping[str, Collection[str]]
) -> Mapping[tuple[str, str], list[str]]:
    """Return the accounts that miss anything, by where they are asked."""
    at: dict[tuple[str, str], list[str]] = {}
    for name, scopes in missing.items():
        if scopes and readings[name]:
            last = readings[name][-1]
            at.setdefault((last["provider"], last["origin"]), []).append(name)
    return at
