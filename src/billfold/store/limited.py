"""What a store has of the projects or organizations that an account's settings name. Pure.

What they name no more does not count, nor say how well the rest is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import msgspec
from attrs import evolve

from billfold.adapter.reading import Reading
from billfold.columns import Row
from billfold.counted import listed, sentences
from billfold.model import ANSWERED, State
from billfold.store.scopes import scope_ids

if TYPE_CHECKING:
    import pyarrow as pa

# The ids of projects or organizations in one spelling; None is every one.
Reach = frozenset[str] | None

# The cells of a sync's row that list scopes, and the scope of what each of them lists.
_CELLS: Mapping[str, Callable[[Any], str | None]] = {
    "confirmed": itemgetter(0),
    "unconfirmed": lambda scope: scope,
    "counted_elsewhere": itemgetter(0),
}


def counts(scope: str | None, reach: Reach) -> bool:
    """Return whether a scope is of what is reached; what is of nobody is."""
    if reach is None or scope is None:
        return True
    ids = scope_ids(scope)
    return not ids or not ids.isdisjoint(reach)


def limited_rows(rows: pa.Table | None, reach: Reach) -> pa.Table | None:
    """Return the rows of records that count; None for none."""
    if rows is None or reach is None:
        return rows
    import pyarrow as pa

    kept = [counts(scope, reach) for scope in rows["scope"].to_pylist()]
    return rows.filter(pa.array(kept, pa.bool_())) if any(kept) else None


def limited_readings(readings: Sequence[Row], reach: Reach) -> Sequence[Row]:
    """Return how readings went of what counts: one of nothing that does says nothing.

    A whole reading has rows besides of parts that it is not whole for, as where another account has
    other amounts: not of those that count no more.
    """
    if reach is None:
        return readings
    others = _others(readings, reach)
    found: list[Row] = []
    for _, rows in groupby(readings, itemgetter("known_at")):
        own = list(rows)
        read = [each for row in own for each in _listed(row, "confirmed")]
        if not read:
            found += own  # it was cut off, and nobody knows what it would have been of
        elif any(counts(scope, reach) for scope, *_ in read):
            told = (row for row in own if row["confirmed"] or not _is_of(row, others))
            found += (_limited(row, reach) for row in told)
    return found


def read_of_any(
    readings: Sequence[Row],
    reach: Reach,
    reached: Mapping[str, tuple[datetime, AbstractSet[str]]],
) -> Sequence[Row]:
    """Return how readings went of what is no usage, without answers that were of others only.

    Only a usage says whom an account reaches, also where nothing was booked: ``reached`` is when
    each sync read it, and of whom.
    """
    if reach is None or not reached:
        return readings
    times = sorted(reached.values(), key=itemgetter(0))
    return [row for row in readings if row["state"] not in ANSWERED or _reaches(row, reach, times)]


def _reaches(row: Row, reach: Reach, reached: Sequence[tuple[datetime, AbstractSet[str]]]) -> bool:
    """Return whether the usage that was read last by then was of any that count."""
    before = [scopes for read_at, scopes in reached if read_at <= row["read_at"]]
    _, first = reached[0]
    return any(counts(scope, reach) for scope in (before[-1] if before else first))


def _others(readings: Sequence[Row], reach: frozenset[str]) -> AbstractSet[str]:
    """Return the ids of those that readings name and that do not count."""
    named = {scope for row in readings for scope in _scopes(row) if scope is not None}
    every = frozenset[str]().union(*map(scope_ids, named))
    return every.difference(reach, *(scope_ids(scope) for scope in named if counts(scope, reach)))


def _is_of(row: Row, ids: AbstractSet[str]) -> bool:
    return (row["part"] or "").casefold() in ids


def _scopes(row: Row) -> Iterator[str | None]:
    for name, of in _CELLS.items():
        yield from map(of, _listed(row, name))


def _listed(row: Row, name: str) -> list[Any]:
    return msgspec.json.decode(row[name], type=list[Any]) if row[name] else []


def _limited(row: Row, reach: Reach) -> Row:
    cells: dict[str, Any] = {}
    for name, of in _CELLS.items():
        if every := _listed(row, name):
            kept = [each for each in every if counts(of(each), reach)]
            cells[name] = msgspec.json.encode(kept).decode() if kept else None
    if lost := row.get("lost"):
        cells["lost"] = {scope: asked for scope, asked in lost.items() if counts(scope, reach)}
    return row | cells


def doubting(reading: Reading[Any], named: AbstractSet[str]) -> Reading[Any]:
    """Return a store's reading, partial where it has projects that the provider did not name.

    Some failed: these may be among them, or may not be asked for any more.
    """
    every = {each.sub_account_id for each in reading.items if each.sub_account_id}
    others = sorted(each for each in every if each.casefold() not in named)
    if not others or reading.state not in ANSWERED:
        return reading
    said = f"whether {listed(others)} is still asked for is not known, as a part failed"
    return evolve(reading, state=State.PARTIAL, detail=sentences(reading.detail, said))
