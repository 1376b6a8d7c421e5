"""Records as they are booked: each with its id, its scope, its window, and what tells it apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import lru_cache, partial
from hashlib import blake2b
from itertools import groupby, repeat
from operator import attrgetter
from typing import Any, cast

import msgspec
from attrs import evolve, fields, frozen

from billfold.makers import maker
from billfold.model import (
    Charge,
    Invoice,
    InvoiceLine,
    Stream,
    Usage,
    billed_period,
    month_of_start,
    start_within,
)
from billfold.money import Money
from billfold.period import Period, midnight
from billfold.store.scopes import one_spelling, scope_of, scope_text
from billfold.store.tables import PRINT_DIGITS, TABLES, RowKind

# What is not checked of a usage whose total is not kept, as other lines make it than are known.
LINES_AND_TOTAL = "charges vs. stated total"
_BYTES = 16  # of the digest, of which PRINT_DIGITS are kept
# What says where and when a record was read, not what it is.
_NOT_TOLD_APART = frozenset(
    {
        *("provider", "account", "source", "requested", "known_until", "since", "charges", "lines"),
        "as_of",
    }
)
# Fields that records did not have from the beginning. They tell apart only where they are stated,
# so that a record which states none is what an older store holds of it.
_ADDED = ("corrects",)
# The fields that say whom a record is billed to: their letter case tells no records apart.
_WHOSE = frozenset({"billing_account_id", "sub_account_id", "scope"})


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
        return _make_booked(
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
    def fills(self) -> bool:
        """Whether it fills its usage up to a total: the whole window's, and no share of a day."""
        return self.derived and self.record.period == self.window

    @property
    def has_total(self) -> bool:
        """Whether it is a usage that states a total, or checks, of its lines."""
        record = self.record
        return isinstance(record, Usage) and bool(record.checks or record.stated_total is not None)

    def without_total(self) -> Booked:
        """Return a usage without its total and checks, which other lines than are known make."""
        names = (check.name for check in self.record.checks)
        unchecked = (*self.record.unchecked, *names, LINES_AND_TOTAL)
        record = evolve(self.record, stated_total=None, checks=(), unchecked=unchecked)
        (mark,) = _MARKERS[self.kind.record]([record], None)
        return evolve(self, record=record, mark=mark)

    @property
    def amount(self) -> tuple[str, str | None, datetime | None, datetime | None]:
        """What its shares, if it has any, have in common."""
        period = getattr(self.record, "period", None)
        start, end = (None, None) if period is None else (period.start, period.end)
        return self.owner, getattr(self.record, "service", None), start, end


# For the very many of a first reading.
_make_booked = maker(Booked)


def blocks(
    stream: Stream, items: Sequence[Any], window: Period, read_at: datetime
) -> Iterator[Block]:
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
            block = _block(kind, records, None, scope_text(billing_account), window, place)
            yield _as_stated(block, read_at) if stream is Stream.BALANCES else block
            place += len(records)


def _with_parts(
    stream: Stream, items: Iterable[Any], window_of: Callable[[Any], Period], parts: str
) -> Iterator[Block]:
    """Yield usages or invoices, each before its charges or lines."""
    header, kind = TABLES[stream].kinds
    place = 0
    for item in items:
        window = window_of(item)
        scope = scope_of(stream, item)
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
    marks = _MARKERS[kind.record](records, owner)
    return Block(kind, records, owner, scope, window, place, marks)


def _as_stated(block: Block, read_at: datetime) -> Block:
    """Return balances of which those tell the moment, too, whose provider says as of when they are.

    A moment from the reading on is billfold's own: that of the reading.
    """
    marks = [
        _MARKS_AS_OF([record], None)[0] if record.as_of < read_at else mark
        for record, mark in zip(block.records, block.marks, strict=True)
    ]
    return evolve(block, marks=marks)


def record_id(kind: RowKind, record: Any) -> str:
    """Return what names a record among those of its account; a charge's is its own id.

    Whom it is billed to has one spelling in it.
    """
    if kind.key == ("id",):
        return str(record.id)
    return _named(kind.key, [_key(getattr(record, name)) for name in kind.key])


def as_named_now(key: tuple[str, ...], name: str) -> str:
    """Return a stored record's id as it is made now: older ones have whom they name as it came."""
    return name if _WHOSE.isdisjoint(key) else _renamed(key, name)


@lru_cache(maxsize=1024)
def _renamed(key: tuple[str, ...], name: str) -> str:
    return _named(key, msgspec.json.decode(name))


def _named(key: tuple[str, ...], values: Sequence[Any]) -> str:
    told = [
        one_spelling(value) if value and name in _WHOSE else value
        for name, value in zip(key, values, strict=True)
    ]
    return msgspec.json.encode(told).decode()


def _key(value: Any) -> Any:
    # Two currencies of one balance, or of one day, are two records.
    if isinstance(value, Money):
        return value.currency
    return value.start if isinstance(value, Period) else value


def _marker(
    kind: RowKind, beside: AbstractSet[str] = frozenset()
) -> Callable[[Sequence[Any], str | None], list[str]]:
    """Return what makes the marks of records that are parts of an owner, or of none.

    A mark is equal for records that say the same, wherever and whenever they were read, and in
    whatever case whom they are billed to. Fields ``beside`` tell them apart, too. It is written
    out, and through one buffer, which takes an eighth less.
    """
    told = [each.name for each in fields(kind.record) if each.name not in _NOT_TOLD_APART - beside]
    is_part = kind.record in (Charge, InvoiceLine)
    names: dict[str, Any] = {
        "name_of": partial(record_id, kind),
        "one_spelling": one_spelling,
        "encode": msgspec.msgpack.Encoder(order="deterministic").encode_into,
        "digest": partial(blake2b, digest_size=_BYTES),
    }
    lines = [
        "def marks(records, owner):",
        " made, text = [], bytearray()",
        " for each in records:",
        f"  name = {'each.id' if kind.key == ('id',) else 'name_of(each)'}",
        f"  encode(({'owner' if is_part else 'name'}, ({_each(told)})), text)",
        # A charge's id is unique in its account, a line's in its invoice.
        *(["  name = owner + name"] if kind.record is InvoiceLine else ()),
        f"  made.append(digest(text).hexdigest()[:{PRINT_DIGITS}] + name)",
        " return made",
    ]
    exec("\n".join(lines), names)
    return cast("Callable[[Sequence[Any], str | None], list[str]]", names["marks"])


def _each(names: Iterable[str]) -> str:
    told = {name: f"each.{name}" for name in names}
    told |= {
        name: f"{told[name]} and one_spelling({told[name]})" for name in told if name in _WHOSE
    }
    told |= {
        name: f"*(() if {told[name]} is None else ({told[name]},))"
        for name in told
        if name in _ADDED
    }
    return "".join(f"{each}," for each in told.values())


_MARKERS = {kind.record: _marker(kind) for table in TABLES.values() for kind in table.kinds}
_MARKS_AS_OF = _marker(TABLES[Stream.BALANCES].kinds[0], frozenset({"as_of"}))


def months(records: Iterable[Booked]) -> list[str]:
    """Return the month that each record is booked in, as ``2026-10``."""
    booked_in = (
        month
        for (kind, window), own in groupby(records, attrgetter("kind", "window"))
        for month in map(_booked_in(kind, window), own)
    )
    return [
        label
        for month, same in groupby(booked_in)
        for label in repeat(f"{month.start:%Y-%m}", len(list(same)))
    ]


def _booked_in(kind: RowKind, window: Period) -> Callable[[Booked], Period]:
    """Return what says the month of records of one kind that were read for one time."""
    if kind.record is Charge:
        month_of = month_of_start(window)
        return lambda each: month_of(start_within(each.record, window))
    return lambda each: _month(each.record, window)


def _month(record: Any, window: Period) -> Period:
    if isinstance(record, Usage):
        return record.covers
    if isinstance(record, Invoice):
        return billed_period(record) or window
    if hasattr(record, "date"):
        return Period.month_of(midnight(record.date))
    return Period.month_of(record.at) if hasattr(record, "at") else window
