"""What other accounts had read of what an account reaches now, before it read anything of it.

It was made of a part of one of them, say, or is one of them under another name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING

from billfold.columns import Row
from billfold.model import Stream
from billfold.period import Period
from billfold.store.book import Book
from billfold.store.counted_elsewhere import Held
from billfold.store.reading_back import scopes_at
from billfold.store.scopes import one_spelling, scope_ids

if TYPE_CHECKING:
    import pyarrow as pa


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
) -> Mapping[str, Mapping[Held, Sequence[Period]]]:
    """Return what others hold of the scopes that are missing of a window, by account.

    Nothing is asked where nothing is missing. Blocks; raises StoreError.
    """
    at: dict[tuple[str, str], list[str]] = {}
    for name, scopes in missing.items():
        if scopes and readings[name]:
            last = readings[name][-1]
            at.setdefault((last["provider"], last["origin"]), []).append(name)
    found: dict[str, dict[Held, Sequence[Period]]] = {}
    for place, names in at.items():
        every = {scope for name in names for scope in missing[name]}
        ids = frozenset[str]().union(*map(scope_ids, every))
        held = scopes_at(book, place, stream, window, as_of, sorted(ids)) if ids else {}
        for name in names:
            for owner, theirs in held.items():
                own = missing[name] & set(map(one_spelling, theirs))
                if own and owner != name:
                    found.setdefault(name, {}).update({Held(each, owner): () for each in own})
    return found
