"""As of when a balance stands: its last reading, for a row says only when its amount was new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import evolve

from billfold.columns import Row
from billfold.model import Balance
from billfold.store.confirmed import confirmed

if TYPE_CHECKING:
    import pyarrow as pa


def as_last_stated(
    balances: Sequence[Balance], rows: pa.Table, readings: Sequence[Row]
) -> tuple[Balance, ...]:
    """Return an account's balances, made of these rows, as of their last reading.

    A moment before the reading that booked a balance is the provider's own, and stays. Only a whole
    reading surely states all that stands.
    """
    last = max((each.read_at for each in confirmed(readings)), default=None)
    if last is None:
        return tuple(balances)
    asked_at = {row["sync_id"]: row["read_at"] for row in readings}
    booked_at = map(asked_at.get, rows["sync_id"].to_pylist())
    return tuple(
        _as_of(each, booked, last) for each, booked in zip(balances, booked_at, strict=True)
    )


def _as_of(balance: Balance, booked: datetime | None, last: datetime) -> Balance:
    is_read_then = booked is not None and balance.as_of >= booked
    return evolve(balance, as_of=max(balance.as_of, last)) if is_read_then else balance
