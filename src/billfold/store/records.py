"""Records as they are booked: each with its id, its scope, its window, and what tells it apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any

import msgspec
from attrs import define, fields

from billfold.model import Charge, Invoice, Stream, Usage, billed_period, booking_month
from billfold.money import Money
from billfold.period import Period, midnight
from billfold.store.tables import TABLES, RowKind

_BYTES = 16
# What says where and when a record was read, not what it is.
_NOT_TOLD_APART = {"provider", "account", "source", "requested", "charges", "lines", "as_of"}
_ENCODE = msgspec.msgpack.Encoder(order="deterministic").encode


@define(eq=False)  # not frozen: there are very many, and making one is most of what it costs
class Booked:
    """A record with what is booked beside it.

    ``scope`` is whom the provider bills for it, and the project where it is of one; ``owner`` is
    the usage or invoice that it is part of, or itself. ``window`` is the time it was read for,
    ``place`` its number in its reading.
    """

    kind: RowKind
    record: Any
    record_id: str
    owner: str
    scope: str
    window: Period
    place: int
    fingerprint: str

    @property
    def derived(self) -> bool:
        """Whether it was computed here from stated totals."""
        return bool(getattr(self.record, "derived", False))

    @property
    def month(self) -> str:
        """The month that it is booked in, as ``2026-10``."""
        return _label(_booked_in(self.record, self.window))


def booked(stream: Stream, items: Iterable[Any], window: Period) -> Iterator[Booked]:
    """Yield the records of a reading that was asked for a window, usages with their charges."""
    if stream is Stream.USAGE:
        yield from _with_parts(stream, items, lambda usage: usage.covers, "charges")
    elif stream is Stream.INVOICES:
        yield from _with_parts(stream, items, lambda _: window, "lines")
    else:
        (kind,) = TABLES[stream].kinds
        for place, item in enumerate(items):
            name = record_id(kind, item)
            scope = scope_text(item.billing_account_id)
            yield Booked(kind, item, name, name, scope, window, place, fingerprint(item, name))


def _with_parts(
    stream: Stream, items: Iterable[Any], window_of: Callable[[Any], Period], parts: str
) -> Iterator[Booked]:
    """Yield usages or invoices, each before its charges or lines."""
    header, kind = TABLES[stream].kinds
    place = 0
    for item in items:
        window = window_of(item)
        scope = scope_text(item.billing_account_id, getattr(item, "sub_account_id", None))
        owner = record_id(header, item)
        yield Booked(header, item, owner, owner, scope, window, place, fingerprint(item, owner))
        for part in getattr(item, parts):
            place += 1
            # A charge's id is unique in its account, a line's in its invoice.
            name = part.id if stream is Stream.USAGE else f"{owner}{part.id}"
            told = fingerprint(part, owner)
            yield Booked(kind, part, name, owner, scope, window, place, told)
        place += 1


@lru_cache(maxsize=1024)
def scope_text(billing_account: str | None, sub_account: str | None = None) -> str:
    """Return whom a record is billed to as text that two never share."""
    return msgspec.json.encode((billing_account, sub_account)).decode()


def record_id(kind: RowKind, record: Any) -> str:
    """Return what names a record among those of its account; a charge's is its own id."""
    if kind.key == ("id",):
        return str(record.id)
    return msgspec.json.encode([_key(getattr(record, name)) for name in kind.key]).decode()


def _key(value: Any) -> Any:
    # Two currencies of one balance, or of one day, are two records.
    if isinstance(value, Money):
        return value.currency
    return value.start if isinstance(value, Period) else value


def fingerprint(record: Any, owner: str) -> str:
    """Return what is equal for records that say the same, wherever and whenever they were read."""
    stated = _ENCODE((owner, _GETTERS[type(record)](record)))
    return blake2b(stated, digest_size=_BYTES).hexdigest()


def _getter(record: type) -> Callable[[Any], tuple[Any, ...]]:
    names = [each.name for each in fields(record) if each.name not in _NOT_TOLD_APART]
    return attrgetter(*names)


_GETTERS = {kind.record: _getter(kind.record) for table in TABLES.values() for kind in table.kinds}


def _booked_in(record: Any, window: Period) -> Period:
    if isinstance(record, Charge):
        return booking_month(record, window)
    if isinstance(record, Usage):
        return record.covers
    if isinstance(record, Invoice):
        return billed_period(record) or window
    if hasattr(record, "date"):
        return Period.month_of(midnight(record.date))
    return Period.month_of(record.at) if hasattr(record, "at") else window


def _label(period: Period) -> str:
    return f"{period.start:%Y-%m}"
