"""The flat columns of a record: one rule for writing it as a row and for reading it back.

Money becomes a decimal and its currency, a period its two bounds, and what is nested (tags, checks)
JSON text. A column has the field's name, or the field's name and a suffix.
"""

from __future__ import annotations

import decimal
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin

import attrs
import msgspec
from attrs import frozen

from billfold.codec import CONVERTER
from billfold.errors import CurrencyError, MoneyError
from billfold.money import Money, exponent
from billfold.period import Period

# What decimal128(38,24) holds: fourteen digits before the point, twenty-four behind it.
DIGITS, PLACES = 38, 24
_SMALLEST = Decimal(1).scaleb(-PLACES)
# Zeros behind the last place may go; anything else that has no room is an error.
_COLUMN = decimal.Context(prec=DIGITS, traps=[decimal.Inexact, decimal.InvalidOperation])
# Wide enough for every number that the model holds, so that nothing here rounds.
_WIDE = decimal.Context(prec=120)

Value = Any
Row = dict[str, Value]


class ColumnType(StrEnum):
    """What a column holds, in words that every engine has a type for."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"


@frozen
class Column:
    """A column: its name, what it holds, and whether a row that takes another back negates it."""

    name: str
    holds: ColumnType
    is_negated: bool = False


@frozen
class Field:
    """A field of a record: its columns, what gives their values, and what reads them back.

    ``is_its_cell`` says that its value is its only column's as it is.
    """

    name: str
    columns: tuple[Column, ...]
    values: Callable[[Any], Sequence[Value]]
    read: Callable[[Sequence[Value]], Any]
    is_its_cell: bool = False


def fit(numbers: Iterable[Decimal]) -> bool:
    """Return whether a decimal column holds each of these exactly."""
    quantize = _COLUMN.quantize
    try:
        for each in numbers:
            quantize(each, _SMALLEST)
    except decimal.DecimalException:
        return False
    return True


def require_fit(number: Decimal, name: str) -> Decimal:
    """Return a number that a decimal column holds exactly. Raises MoneyError that names it."""
    if not fit((number,)):
        raise MoneyError(
            f"{name} is {number:f}, and a column holds {DIGITS - PLACES} digits before the "
            f"point and {PLACES} behind it"
        )
    return number


def shortest(number: Decimal, places: int = 0) -> Decimal:
    """Return the same number without the zeros that a column of fixed scale put behind it."""
    wanted = max(_places_behind(number), places)
    return number.quantize(Decimal(1).scaleb(-wanted), context=_WIDE)


def _places_behind(number: Decimal) -> int:
    return max(-int(number.normalize(_WIDE).as_tuple().exponent), 0)


def _places(currency: str) -> int:
    try:
        return exponent(currency)
    except CurrencyError:
        return 0


def as_money(amount: Decimal, currency: str) -> Money:
    """Return the money of a column of fixed scale, with no more digits than it needs."""
    return Money(shortest(amount, _places(currency)), currency)


def _money_field(name: str) -> Field:
    def values(money: Money | None) -> Sequence[Value]:
        if money is None:
            return (None, None)
        return (require_fit(money.amount, name), money.currency)

    def read(cells: Sequence[Value]) -> Money | None:
        amount, currency = cells
        return None if amount is None else as_money(amount, currency)

    columns = (
        Column(name, ColumnType.DECIMAL, is_negated=True),
        Column(f"{name}_currency", ColumnType.TEXT),
    )
    return Field(name, columns, values, read)


def _period_field(name: str) -> Field:
    def values(period: Period | None) -> Sequence[Value]:
        return (None, None) if period is None else (period.start, period.end)

    def read(cells: Sequence[Value]) -> Period | None:
        start, end = cells
        return None if start is None else Period(_utc(start), _utc(end))

    columns = tuple(Column(f"{name}_{bound}", ColumnType.TIME) for bound in ("start", "end"))
    return Field(name, columns, values, read)


def _decimal_field(name: str) -> Field:
    def values(number: Decimal | None) -> Sequence[Value]:
        return (None if number is None else require_fit(number, name),)

    def read(cells: Sequence[Value]) -> Decimal | None:
        return None if cells[0] is None else shortest(cells[0])

    return Field(name, (Column(name, ColumnType.DECIMAL, is_negated=True),), values, read)


def _plain_field(name: str, holds: ColumnType, read: Callable[[Value], Any]) -> Field:
    def read_cell(cells: Sequence[Value]) -> Any:
        return None if cells[0] is None else read(cells[0])

    columns = (Column(name, holds),)
    return Field(name, columns, lambda value: (value,), read_cell, is_its_cell=True)


def _enum_field(name: str, kind: type[StrEnum]) -> Field:
    def values(member: StrEnum | None) -> Sequence[Value]:
        return (None if member is None else member.value,)

    return Field(
        name,
        (Column(name, ColumnType.TEXT),),
        values,
        lambda cells: None if cells[0] is None else kind(cells[0]),
    )


def _nested_field(name: str, kind: Any) -> Field:
    unstructure = CONVERTER.get_unstructure_hook(kind)  # to look it up takes longer than its work

    def values(nested: Any) -> Sequence[Value]:
        written = unstructure(nested) if nested else None
        return (None if written is None else _JSON.encode(written).decode(),)

    def read(cells: Sequence[Value]) -> Any:
        if cells[0] is None:
            return () if get_origin(kind) is tuple else {}
        return CONVERTER.structure(msgspec.json.decode(cells[0]), kind)

    return Field(name, (Column(name, ColumnType.TEXT),), values, read)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


_SIMPLE: Mapping[type, tuple[ColumnType, Callable[[Any], Any]]] = {
    str: (ColumnType.TEXT, str),
    bool: (ColumnType.BOOLEAN, bool),
    int: (ColumnType.WHOLE, int),
    datetime: (ColumnType.TIME, _utc),
    date: (ColumnType.DATE, lambda day: day),
}
_JSON = msgspec.json.Encoder(order="deterministic")


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        (kind,) = (each for each in get_args(kind) if each is not type(None))
    return kind


def _field(name: str, annotated: Any) -> Field:
    kind = _without_none(annotated)
    if kind is Money:
        return _money_field(name)
    if kind is Period:
        return _period_field(name)
    if kind is Decimal:
        return _decimal_field(name)
    if kind in _SIMPLE:
        return _plain_field(name, *_SIMPLE[kind])
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _enum_field(name, kind)
    return _nested_field(name, kind)


def tuples_of(record: type) -> tuple[str, ...]:
    """Return the names of a record's fields that hold records: those have rows of their own."""
    attrs.resolve_types(record)
    return tuple(each.name for each in attrs.fields(record) if get_origin(each.type) is tuple)


@lru_cache(maxsize=64)
def fields_of(record: type, *, without: tuple[str, ...] = ()) -> tuple[Field, ...]:
    """Return the fields of a record in their order, without those named."""
    attrs.resolve_types(record)
    return tuple(
        _field(each.name, each.type) for each in attrs.fields(record) if each.name not in without
    )
