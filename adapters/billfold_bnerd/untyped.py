"""Values that may come in several forms: numbers, Money, times, references (contract sections 1.5, 2.3 and 3). Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from attrs import frozen

from billfold.errors import DriftError, MoneyError, PeriodError
from billfold.money import Money, exact, plain
from billfold.period import Period, midnight, utc

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
_DATE = len("2026-10-01")
BOUNDS = (("from", "to"), ("start", "end"), ("start_date", "end_date"))

# What lists elsewhere say of their pages: around the rows or one or two objects deeper.
_ABOUT = ("links", "_links", "meta", "pagination", "pagy", "paging", "page_info")
_NEXT = (
    "next",
    "next_page",
    "next_cursor",
    "next_url",
    "next_page_url",
    "next_page_token",
    "has_more",
    "has_next_page",
)
_PAGES = ("pages", "total_pages", "last_page")
_SIZES = {"limit", "per_page", "page_size", "current_page"}


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number of JSON")


def load(body: bytes) -> object:
    """Decode JSON of unknown shape; every number becomes a Decimal made of its own text.

    The one place without msgspec: its untyped decode reads numbers as floats, and no type of its says "text, number or object".
    Raises DriftError for what is no JSON, or holds half a character; the error quotes nothing of the reply.
    """
    try:
        value: object = json.loads(
            body.decode(), parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse
        )
        if (
            b"\\u" in body
        ):  # an escape may name half a surrogate pair, which no file or terminal takes later
            json.dumps(value, ensure_ascii=False, default=str).encode()
    except (ValueError, InvalidOperation, RecursionError):
        raise DriftError("the reply is not readable JSON") from None
    return value


def keys(node: Mapping[str, object]) -> str:
    """Name an object's keys, and nothing else of it, for an error."""
    return ", ".join(repr(key[:40]) for key in sorted(node)[:20]) or "none"


def more(node: Mapping[str, object], shown: int, *, counted: bool = False) -> bool:
    """Tell whether the object around a list points at another page; how to ask for it is not documented (section 1.1).

    ``shown`` is how many the list has; ``counted`` says that a bare ``total`` counts them, where it could be money else.
    """
    outer = [info for key in _ABOUT if isinstance(info := node.get(key), Mapping)]
    inner = [
        deeper for info in outer for key in _ABOUT if isinstance(deeper := info.get(key), Mapping)
    ]
    return any(_points(info, shown, counted) for info in (node, *outer, *inner))


def _points(info: Mapping[str, object], shown: int, counted: bool) -> bool:
    if any(info.get(key) for key in _NEXT):
        return True
    counts = ("total_count", "total") if counted or info.keys() & _SIZES else ("total_count",)
    several = any(count > 1 for key in _PAGES if (count := number(info.get(key))) is not None)
    return several or any(
        count > shown for key in counts if (count := number(info.get(key))) is not None
    )


def number(value: object) -> Decimal | None:
    """Read a number or numeric text exactly; None for anything else and for what no amount can hold."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = Decimal(value)
    try:
        return exact(value) if isinstance(value, Decimal) else None
    except MoneyError:
        return None


def text(value: object) -> str | None:
    """Read text, or an id that came as a number, however long; None for anything else and for empty text."""
    if isinstance(value, Decimal):
        return str(value) if number(value) is None else plain(value)
    return value if isinstance(value, str) and value else None


@frozen
class Amount:
    """Money, or the reason why there is none."""

    money: Money | None = None
    reason: str | None = None


def amount(value: object) -> Amount:
    """Read ``{"cents", "currency_iso"}``; anything else has no scale or currency, and none is guessed (section 3.3)."""
    if isinstance(value, Mapping):
        return scaled(value.get("cents"), value.get("currency_iso"))
    return Amount(
        reason="the provider states no amount"
        if value is None
        else "the amount stated has neither scale nor currency"
    )


def scaled(cents: object, currency: object) -> Amount:
    """Scale a count of the smallest unit by the currency's ISO 4217 exponent: 1000 is 10.00 EUR, 1000 JPY, 1.000 KWD."""
    count = number(cents)
    if count is None:
        return Amount(reason="the cents stated are no number that can be kept exactly")
    if not isinstance(currency, str):
        return Amount(reason="the amount stated has no currency")
    try:
        return Amount(Money.minor(count, currency[:40]))
    except MoneyError as error:
        return Amount(reason=f"the amount stated has no known scale: {error}")


def moment(value: object) -> datetime | None:
    """Read a time with its offset, or a plain date as the UTC midnight it begins with; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return (
            midnight(date.fromisoformat(value))
            if len(value) == _DATE
            else utc(datetime.fromisoformat(value))
        )
    except (ValueError, OverflowError):
        return None


def day(value: object) -> date | None:
    """Read the date that a date or a time begins with, as written; None for anything else."""
    try:
        return date.fromisoformat(value[:_DATE]) if isinstance(value, str) else None
    except ValueError:
        return None


def between(start: object, end: object) -> Period | None:
    """Read a window as half-open; None for anything else.

    The provider's own sample ends on the last second of its window (section 2.1): so an end on an hour's last second is
    included, and so is the day of a plain date, unless it is a month's first after the start.
    """
    first, last = moment(start), moment(end)
    if first is None or last is None:
        return None
    try:
        if len(str(end)) == _DATE:
            last += timedelta(0 if last.day == 1 and last > first else 1)
        elif (last.minute, last.second) == (59, 59):
            last = last.replace(microsecond=0) + timedelta(seconds=1)
        return Period(first, last)
    except (PeriodError, OverflowError):
        return None


def hour(start: object) -> Period | None:
    """Read the hour that begins at a time, which is how metering stamps its entries; None for anything else."""
    first = moment(start)
    try:
        return None if first is None else Period(first, first + timedelta(hours=1))
    except OverflowError:
        return None


def period(value: object) -> Period | None:
    """Read ``2026-10``, a date, or an object of two bounds; None for anything else."""
    if isinstance(value, Mapping):
        return next(
            (
                found
                for start, end in BOUNDS
                if (found := between(value.get(start), value.get(end)))
            ),
            None,
        )
    try:
        return Period.parse(value) if isinstance(value, str) else None
    except PeriodError:
        return None
