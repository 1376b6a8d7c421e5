"""Values of undocumented shape: numbers, texts, amounts and times. Pure."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from attrs import frozen

from billfold.money import Money, exact, plain
from billfold.period import Period, midnight, utc
from billfold.wire import DriftError

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# An object of JSON.
Node = Mapping[str, object]

BOUNDS = (("from", "to"), ("start", "end"), ("start_date", "end_date"))
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
_DATE = len("2026-10-01")
_DAY = timedelta(days=1)
# Every error about money and periods is a ValueError; beyond the year 9999 it is an OverflowError.
_UNREADABLE = (ValueError, OverflowError)


def unfit(problem: str, path: str) -> DriftError:
    """Return the error for a problem at a path; neither may quote the reply."""
    return DriftError(f"the reply does not fit its contract: {problem} - at `{path}`")


def key_names(node: Node) -> str:
    """Return an object's keys, and nothing else of it, for an error."""
    return ", ".join(repr(key[:40]) for key in sorted(node)[:20]) or "none"


def load_json(body: bytes) -> object:
    """Return decoded JSON of unknown shape; every number becomes a Decimal of its own text."""
    # The one place without msgspec, whose untyped decoder reads numbers as floats.
    try:
        value: object = json.loads(
            body.decode(), parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse_constant
        )
        if b"\\u" in body:
            # An escape may name half a surrogate pair, which no file takes later.
            json.dumps(value, ensure_ascii=False, default=str).encode()
    except (ValueError, InvalidOperation, RecursionError):
        raise DriftError("the reply is not readable JSON") from None
    return value


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(constant)


def number(value: object) -> Decimal | None:
    """Return a number or numeric text exactly; None for the rest and for what no amount holds."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = Decimal(value)
    try:
        return exact(value) if isinstance(value, Decimal) else None
    except ValueError:
        return None


def text(value: object) -> str | None:
    """Return text, or an id that came as a number, however long; None for the rest and for ""."""
    if isinstance(value, Decimal):
        return str(value) if number(value) is None else plain(value)
    return value if isinstance(value, str) and value else None


@frozen
class Amount:
    """Money, or the reason why there is none."""

    money: Money | None = None
    reason: str | None = None


NOT_STATED = Amount(reason="the provider states no amount")


def amount(value: object) -> Amount:
    """Return what ``{"cents", "currency_iso"}`` states (CONTRACT.md, sections 1.5 and 3.3)."""
    if isinstance(value, Mapping):
        return scaled(value.get("cents"), value.get("currency_iso"))
    if value is None:
        return NOT_STATED
    return Amount(reason="the amount stated has neither scale nor currency")


def scaled(cents: object, currency: object) -> Amount:
    """Return a count of the smallest unit as Money: 1000 is 10.00 EUR, 1000 JPY, 1.000 KWD."""
    count = number(cents)
    if count is None:
        return Amount(reason="the cents stated are no number that can be kept exactly")
    if not isinstance(currency, str):
        return Amount(reason="the amount stated has no currency")
    try:
        return Amount(Money.minor(count, currency[:40]))
    except ValueError as error:
        return Amount(reason=f"the amount stated has no known scale: {error}")


def whole_cents(value: object, currency: str | None) -> Amount:
    """Return whole cents beside a currency, or Money, as EasyBill's documents state them.

    Digits after a point, zeros too, would mean another scale.
    """
    count = number(value)
    if count is None and not isinstance(value, Decimal):
        return amount(value)
    if count is not None and count.as_tuple().exponent != 0:
        return Amount(reason="the amount stated is not in whole cents, so its scale is not known")
    return scaled(value, currency)


def moment(value: object) -> datetime | None:
    """Return a time with its offset in UTC; for a plain date, its UTC midnight."""
    if not isinstance(value, str):
        return None
    try:
        if len(value) == _DATE:
            return midnight(date.fromisoformat(value))
        return utc(datetime.fromisoformat(value))
    except _UNREADABLE:
        return None


def day(value: object) -> date | None:
    """Return the date that a date or a time begins with, as written."""
    try:
        return date.fromisoformat(value[:_DATE]) if isinstance(value, str) else None
    except ValueError:
        return None


def bounded(start: object, end: object) -> Period | None:
    """Return the half-open period between two times or dates.

    As in the provider's own sample (section 2.1), an end on an hour's last second is included, and
    so is the day of a plain date, unless it is the first day of a month after the start.
    """
    first, last = moment(start), moment(end)
    if first is None or last is None:
        return None
    try:
        if len(str(end)) == _DATE:
            last += timedelta(0) if last.day == 1 and last > first else _DAY
        elif (last.minute, last.second) == (59, 59):
            last = last.replace(microsecond=0) + timedelta(seconds=1)
        return Period(first, last)
    except _UNREADABLE:
        return None


def hour(start: object) -> Period | None:
    """Return the hour that begins at a time, as metering stamps its entries."""
    first = moment(start)
    try:
        return None if first is None else Period(first, first + timedelta(hours=1))
    except _UNREADABLE:
        return None


def days(first: object, last: object) -> Period | None:
    """Return whole UTC days, the last one included; None unless both are dates in this order."""
    start, end = day(first), day(last)
    try:
        return None if start is None or end is None else Period.days(start, end + _DAY)
    except _UNREADABLE:
        return None


def period(value: object) -> Period | None:
    """Return the period of ``2026-10``, a date or an object of two bounds."""
    if isinstance(value, Mapping):
        periods = (bounded(value.get(start), value.get(end)) for start, end in BOUNDS)
        return next(filter(None, periods), None)
    try:
        return Period.parse(value) if isinstance(value, str) else None
    except _UNREADABLE:
        return None


def billed_month(value: object) -> Period | None:
    """Return the period an invoice states; a date stands for its month, as bills are monthly."""
    stated = period(value)
    if stated is not None and isinstance(value, str) and ".." not in value:
        return Period.month_of(stated.start)
    return stated
