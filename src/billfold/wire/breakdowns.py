"""What repeats an amount beside it, whole or in parts, and so states no other money. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import lru_cache, reduce
from typing import Any

from billfold.money.arithmetic import EXACT
from billfold.wire.words import is_money_key, names_breakdown, snake_case

# What a subtotal may be of.
_WHOLES = ("amount", "cost", "price", "total")


def repeats(key: str, value: object, beside: Mapping[str, Any], read: Collection[str]) -> bool:
    """Return whether what stands under a key is an amount that was ``read`` beside it once more.

    It is called its subtotal and is equal, or is that amount in parts.
    """
    return _is_subtotal(key, value, beside, read) or _breaks_down(key, value, beside, read)


def _is_subtotal(key: str, value: object, beside: Mapping[str, Any], read: Collection[str]) -> bool:
    number = _number(value)
    if number is None or not (wholes := _whole_keys(key)):
        return False
    return any(number == _number(beside.get(name)) for name in read if snake_case(name) in wholes)


@lru_cache(maxsize=4096)
def _whole_keys(key: str) -> frozenset[str]:
    """Return under which keys an amount stands whose subtotal a key names, in snake case.

    For `subtotal_eur` those are `amount_eur`, `price_eur` and the like; for what is none, none.
    """
    spelled = snake_case(key).replace("sub_total", "subtotal")
    unit = spelled.removeprefix("subtotal")
    is_subtotal = unit != spelled and (not unit or unit.startswith("_"))
    return frozenset(f"{each}{unit}" for each in _WHOLES if is_subtotal)


def _breaks_down(key: str, value: object, beside: Mapping[str, Any], read: Collection[str]) -> bool:
    """Return whether the rows under a key are an amount in parts.

    They are called so (`by_cluster`, `breakdown`), and state one amount each, under one key, whose
    sum is that amount to the last digit.
    """
    rows = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(rows, list) or not rows or not names_breakdown(key):
        return False
    amounts = [_only_amount(row) for row in rows]
    parts = [each for each in amounts if each is not None]
    if len(parts) < len(rows) or len({name for name, _ in parts}) > 1:
        return False
    try:
        total = reduce(EXACT.add, (part for _, part in parts), Decimal(0))
    except ArithmeticError:
        return False
    stated = [_number(beside.get(name)) for name in read if is_money_key(name)]
    return total != 0 and total in stated


def _only_amount(row: object) -> tuple[str, Decimal] | None:
    """Return the amount of a row and its key; None for a row that may state more or none."""
    if not isinstance(row, dict) or any(isinstance(each, dict | list) for each in row.values()):
        return None
    names = [key for key in row if is_money_key(key) and row[key] is not None]
    number = _number(row[names[0]]) if len(names) == 1 else None
    return None if number is None else (names[0], number)


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value)
