"""As of when a balance stands: its last reading, for a row says only when its amount was new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import evolve

from billfold.columns import Row
from billfold.model import Balance, Stream
from billfold.store.confirmed import confirmed
from billfold.store.scopes import one_spelling, scope_of
from billfold.store.sync_rows import unconfirmed

if TYPE_CHECKING:
    import pyarrow as pa


def as_last_stated(
    balances: Sequence[Balance], rows: pa.Table, readings: Sequence[Row]
) -> tuple[Balance, ...]:
    """Return an account's balances, made of these rows, as of their last reading.

    A moment before the reading that booked a balance is the provider's own, and stays. Only a whole
    reading surely states all that stands, but of whom it stated nothing.
    """
    asked_at = {row["sync_id"]: row["read_at"] for row in readings}
    booked_at = map(asked_at.get, rows["sync_id"].to_pylist())
    silent_of = [
        {scope and one_spelling(scope) for scope in unconfirmed([row])} for row in readings
    ]
    everywhere, silent = _last_read(readings), set[str | None]().union(*silent_of)
    last = {
        scope: _last_read(
            row for row, own in zip(readings, silent_of, strict=True) if scope not in own
        )
        for scope in silent
    }
    return tuple(
        _as_of(each, booked, last.get(scope_of(Stream.BALANCES, each), everywhere))
        for each, booked in zip(balances, booked_at, strict=True)
    )


def _last_read(readings: Iterable[Row]) -> datetime | None:
    """Return when the last whole one of these readings was made."""
    return max((each.read_at for each in confirmed(readings)), default=None)


def _as_of(balance: Balance, booked: datetime | None, last: datetime | None) -> Balance:
    if last is None or booked is None or balance.as_of < booked:
        return balance
    return evolve(balance, as_of=max(balance.as_of, last))
