"""What the spacing of a reply's times says that its rows are of (section 3.9). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from attrs import evolve

from billfold.period import Period
from billfold.wire import LOOKED_AT, Steps, in_slices
from billfold_bnerd.usage_rows import UsageRow

SHORTEST_DAY, LONGEST_DAY = timedelta(hours=23), timedelta(hours=25)  # as clocks are changed
_HOUR = timedelta(hours=1)


def are_days_or_less(starts: Collection[datetime]) -> bool:
    """Return whether any two times are a day apart, or less."""
    return any(later - earlier <= LONGEST_DAY for earlier, later in pairwise(sorted(starts)))


def with_hours(rows: Sequence[UsageRow]) -> Steps[Sequence[UsageRow]]:
    """Return rows, those that begin at times of their months a day or less apart as hours."""
    begun = yield from in_slices(rows, _begun, LOOKED_AT)
    if not begun or not are_days_or_less({*begun}):
        return rows
    return (yield from in_slices(rows, _as_hours))


def _begun(rows: Iterable[UsageRow]) -> list[datetime]:
    return [row.starts for row in rows if row.is_begun and row.starts is not None]


def _as_hours(rows: Iterable[UsageRow]) -> list[UsageRow]:
    return [_as_hour(row) for row in rows]


def _as_hour(row: UsageRow) -> UsageRow:
    if row.starts is None or not row.is_begun:
        return row
    return evolve(row, period=Period(row.starts, row.starts + _HOUR), starts=None)
