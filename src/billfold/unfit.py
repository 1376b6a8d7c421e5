"""Numbers that no decimal column holds: which records have them, and how these are called.

An account has thousands of records that fit, so whether any does not is asked of all at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any

from billfold.columns import ColumnType, fields_of, fit, require_fit, tuples_of
from billfold.errors import MoneyError
from billfold.model import (
    Balance,
    Charge,
    DailyCost,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    Subscription,
    Usage,
)
from billfold.money import Money

_CALLED: dict[type, str] = {
    Balance: "balance",
    Charge: "charge",
    DailyCost: "day",
    Invoice: "invoice",
    InvoiceLine: "line",
    LedgerEntry: "entry",
    Subscription: "subscription",
    Usage: "usage",
}
# Numbers that no total is made of: without them a record says less, and costs the same.
BESIDE_THE_COST = frozenset({"quantity", "unit_price", "list_cost"})


def all_fit(kind: type, records: Collection[Any]) -> bool:
    """Return whether decimal columns hold every number of records of one kind."""
    for name, is_money in _numbers(kind).items():
        stated = [each for each in map(attrgetter(name), records) if each is not None]
        if not fit(each.amount for each in stated) if is_money else not fit(stated):
            return False
    return True


def unfit_names(record: Any) -> list[str]:
    """Return the names of the fields whose number no decimal column holds."""
    kind: type = type(record)
    return [name for name in _numbers(kind) if _unfit(record, name) is not None]


def misfit(record: Any, name: str, owner: Any) -> MoneyError:
    """Return the error that a field's number does not fit, which names its record and whose it is.

    ``owner`` is what the record is a part of, or itself: a line's invoice alone says whose it is.
    """
    error = _unfit(record, name, f"{name} of {called(record)}")
    assert error is not None
    return error.locate(provider=owner.provider, account=owner.account, part=part_of(owner))


def called(record: Any) -> str:
    """Return what people can look a record up by: what it is, its id, its words and its time."""
    own = [_CALLED.get(type(record), "record"), getattr(record, "id", None)]
    words = getattr(record, "description", None) or getattr(record, "service", None)
    told = ", ".join(str(each) for each in (words, _time(record)) if each)
    return " ".join(str(each) for each in own if each) + (f" ({told})" if told else "")


def part_of(record: Any) -> str | None:
    """Return the project, or else the organization, that a record is of."""
    return getattr(record, "sub_account_id", None) or getattr(record, "billing_account_id", None)


def _time(record: Any) -> str | None:
    """Return the day or period that a record is about."""
    if (day := getattr(record, "day", None) or getattr(record, "date", None)) is not None:
        return str(day)
    if (at := getattr(record, "at", None)) is not None:
        return f"{at:%Y-%m-%d}"
    period = getattr(record, "period", None) or getattr(record, "covers", None)
    return None if period is None else str(period)


def _unfit(record: Any, name: str, words: str = "") -> MoneyError | None:
    number = getattr(record, name)
    if number is None:
        return None
    try:
        require_fit(number.amount if isinstance(number, Money) else number, words or name)
    except MoneyError as error:
        return error
    return None


@lru_cache(maxsize=16)
def _numbers(kind: type) -> Mapping[str, bool]:
    """Return the names of the fields that hold a number, and whether it is money."""
    return {
        field.name: len(field.columns) > 1
        for field in fields_of(kind, without=tuples_of(kind))
        if field.columns[0].holds is ColumnType.DECIMAL
    }
