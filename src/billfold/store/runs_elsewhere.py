"""Whose cycle runs now, where accounts were renamed or split: each part's one cycle, once."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from attrs import evolve

from billfold.model import Stream
from billfold.period import Period
from billfold.store.reader import Found, Left, Reader
from billfold.store.scopes import one_spelling, scope_ids
from billfold.store.stands import windows_of
from billfold.store.sync_rows import is_whole, last_reading

if TYPE_CHECKING:
    import pyarrow as pa


def as_it_runs(reader: Reader, account: str, found: Found, moment: datetime) -> Found:
    """Return what is known of an account's usage with what runs of it under other names. Blocks.

    That stands instead of what has ended here, and what runs here instead of what others have of
    the same. Raises StoreError.
    """
    windows = windows_of(found.rows)
    here = {scope for scope, period in windows if moment in period}
    left = _but(here, found.left)
    ended = {scope for scope, _ in windows} - here
    if found.rows is None or not ended:
        return evolve(found, left=left)
    theirs = _running(reader, account, found, ended, moment)
    runs = {scope for each in theirs for scope in each.windows}
    left = [*_but(runs, left), *theirs]
    rows = _rows_but(runs, found.rows)
    is_known = not found.lapsed and is_whole(Stream.USAGE, last_reading(found.readings))
    if not rows.num_rows and is_known:  # else what keeps it from being known is to be said
        return Found((), None, left=left, is_all_left=True)
    return evolve(found, rows=rows, left=left)


def _running(
    reader: Reader, account: str, found: Found, scopes: AbstractSet[str], moment: datetime
) -> list[Left]:
    """Return what others have of these scopes that runs at a moment."""
    last = found.readings[-1]
    place, now = (last["provider"], last["origin"]), Period(moment, moment + timedelta.resolution)
    ids = frozenset[str]().union(*map(scope_ids, scopes))
    others = reader.of_others(account, place, ids, Stream.USAGE, now)
    return _but({scope for each in others for scope in each.windows} - scopes, others)


def _but(scopes: AbstractSet[str], every: Sequence[Left]) -> list[Left]:
    """Return what is left of others without these scopes, and of whom anything is."""
    kept = [
        evolve(
            each, windows={name: own for name, own in each.windows.items() if name not in scopes}
        )
        for each in every
    ]
    return [each for each in kept if each.windows]


def _rows_but(scopes: AbstractSet[str], rows: pa.Table) -> pa.Table:
    import pyarrow as pa

    kept = [one_spelling(scope) not in scopes for scope in rows["scope"].to_pylist()]
    return rows.filter(pa.array(kept, pa.bool_()))
