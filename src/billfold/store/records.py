"""Records as they are booked: each with its id, its scope, its window, and what tells it apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby, repeat
from operator import attrgetter
from typing import Any, cast

import msgspec
from attrs import fields, frozen

from billfold.model import Charge, Invoice, InvoiceLine, Stream, Usage, billed_period, booking_month
from billfold.money import Money
from billfold.period import Period, midnight
from billfold.store.tables import PRINT_DIGITS, TABLES, RowKind

_BYTES = 16  # of the digest, of which PRINT_DIGITS are kept
# What says where and when a record was read, not what it is.
_NOT_TOLD_APART = {"provider", "account", "source", "requested", "charges", "lines", "as_of"}
_ENCODE = msgspec.msgpack.Encoder(order="deterministic").encode


@frozen(eq=False)
class Block:
    """Records of one kind that were read for one scope and time, in the order they were stated.

    ``owner`` is the usage or invoice that they are parts of, None where each is for itself;
    ``place`` is the first one's number in its reading. ``marks`` tell each as it is stated from
    all others of its account. Most days change few of very many: only those become
    :class:`Booked`.
    """

    kind: RowKind
    records: Sequence[Any]
    owner: str | None
    scope: str
    window: Period
    place: int
    marks: Sequence[str]

    def booked(self, number: int) -> Booked:
        """Return the record of this number with what is booked beside it."""
        mark = self.marks[number]
        name = mark[PRINT_DIGITS:]
        return Booked(
            self.kind,
            self.records[number],
            name,
            name if self.owner is None else self.owner,
            self.scope,
            self.window,
            self.place + number,
            mark,
        )

    def every(self) -> Iterator[Booked]:
        """Yield every record with what is booked beside it."""
        return map(self.booked, range(len(self.records)))


@frozen(eq=False)
class Booked:
    """A record with what is booked beside it.

    ``scope`` is whom the provider bills for it, and the project where it is of one; ``owner`` is
    the usage or invoice that it is part of, or itself. ``window`` is the time it was read for,
    ``place`` its number in its reading. ``mark`` is its fingerprint's kept digits, and its id.
    """

    kind: RowKind
    record: Any
    record_id: str
    owner: str
    scope: str
    window: Period
    place: int
    mark: str

    @property
    def fingerprint(self) -> str:
        """What tells it from what the same id stood for before."""
        return self.mark[:PRINT_DIGITS]

    @property
    def derived(self) -> bool:
        """Whether it was computed here from stated totals."""
        return bool(getattr(self.record, "derived", False))

    @property
    def month(self) -> str:
        """The month that it is booked in, as ``2026-10``."""
        return _label(_booked_in(self.record, self.window))


def blocks(stream: Stream, items: Sequence[Any], window: Period) -> Iterator[Block]:
    """Yield the records of a reading that was asked for a window, usages with their charges."""
    if stream is Stream.USAGE:
        yield from _with_parts(stream, items, lambda usage: usage.covers, "charges")
    elif stream is Stream.INVOICES:
        yield from _with_parts(stream, items, lambda _: window, "lines")
    else:
        (kind,) = TABLES[stream].kinds
        place = 0
        for billing_account, own in groupby(items, attrgetter("billing_account_id")):
            records = tuple(own)
            yield _block(kind, records, None, scope_text(billing_account), window, place)
            place += len(records)


def _with_parts(
    stream: Stream, items: Iterable[Any], window_of: Callable[[Any], Period], parts: str
) -> Iterator[Block]:
    """Yield usages or invoices, each before its charges or lines."""
    header, kind = TABLES[stream].kinds
    place = 0
    for item in items:
        window = window_of(item)
        scope = scope_text(item.billing_account_id, getattr(item, "sub_account_id", None))
        yield _block(header, (item,), None, scope, window, place)
        if own := getattr(item, parts):
            yield _block(kind, own, record_id(header, item), scope, window, place + 1)
        place += 1 + len(own)


def _block(
    kind: RowKind,
    records: Sequence[Any],
    owner: str | None,
    scope: str,
    window: Period,
    place: int,
) -> Block:
    marks = _marks(kind, records, owner)
    return Block(kind, records, owner, scope, window, place, marks)


def _marks(kind: RowKind, records: Sequence[Any], owner: str | None) -> list[str]:
    """Return what is equal for records that say the same, wherever and whenever they were read."""
    values, encode, digest, kept = _GETTERS[kind.record], _ENCODE, blake2b, PRINT_DIGITS
    ids = _ids(kind, records)
    if owner is None:
        stated = zip(ids, map(values, records), strict=True)
    else:
        stated = zip(repeat(owner), map(values, records), strict=False)
        if kind.record is InvoiceLine:  # a charge's id is unique in its account
            ids = [f"{owner}{name}" for name in ids]
    return [
        digest(encode(each), digest_size=_BYTES).hexdigest()[:kept] + name
        for each, name in zip(stated, ids, strict=True)
    ]


def _ids(kind: RowKind, records: Iterable[Any]) -> list[str]:
    if kind.key == ("id",):
        return [record.id for record in records]
    return [record_id(kind, record) for record in records]


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


def _getter(record: type) -> Callable[[Any], tuple[Any, ...]]:
    """Return what gives a record's values: written out, which takes a quarter less than by name."""
    names = [each.name for each in fields(record) if each.name not in _NOT_TOLD_APART]
    made: dict[str, Any] = {}
    exec(f"def values(each): return ({', '.join(f'each.{name}' for name in names)},)", made)
    return cast("Callable[[Any], tuple[Any, ...]]", made["values"])


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


@lru_cache(maxsize=256)
def _label(period: Period) -> str:
    return f"{period.start:%Y-%m}"
