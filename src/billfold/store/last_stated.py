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
    return tuple(
        _as_of(each, booked, _last_read(readings, scope_of(Stream.BALANCES, each)))
        for each, booked in zip(balances, booked_at, strict=True)
    )


def _last_read(readings: Iterable[Row], scope: str) -> datetime | None:
    """Return when a scope's balances were read last by a whole reading that stated any."""
    own = (row for row in readings if scope not in map(_spelled, unconfirmed([row])))
    return max((each.read_at for each in confirmed(own)), default=None)


def _spelled(scope: str | None) -> str | None:
    return scope and one_spelling(scope)


def _as_of(balance: Balance, booked: datetime | None, last: datetime | None) -> Balance:
    if last is None or booked is None or balance.as_of < booked:
        return balance
    return evolve(balance, as_of=max(balance.as_of, last))
