"""The currency that a decoded body states where its shape reads none. Pure.

Money that a shape reads in a currency of its own is in another one by that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from billfold.errors import CurrencyError
from billfold.money import currency_code
from billfold.wire.places import Place, read_by, step_into
from billfold.wire.words import (
    is_amount,
    is_currency_key,
    is_money,
    is_money_key,
    may_name_currency,
    states_currency,
)

_CONTAINERS = {dict, list}


def unread_currencies(tree: object, kind: Any) -> dict[str, str]:
    """Return each currency that a body states and its shape does not read, with its first place.

    One beside an amount that is not read either is that amount's. Raises RecursionError for what is
    nested too deep.
    """
    place = read_by(kind)
    found: dict[str, str] = {}
    for code, path in _around(tree) if place is None else _search(place, tree, "$"):
        found.setdefault(code, path)
    return found


def _around(tree: Any) -> Iterator[tuple[str, str]]:
    """Yield what stands around rows that are read as they come, and state their own currency."""
    return _stated("", tree, "$")


def _search(place: Place, node: Any, path: str) -> Iterator[tuple[str, str]]:
    if type(node) is list and place.items is not None:
        for index, item in enumerate(node):
            yield from _search(place.items, item, f"{path}[{index}]")
    if type(node) is not dict:
        return
    for key, value in node.items():
        inside = place.inside.get(key, place.values)
        if inside is not None:
            if type(value) in _CONTAINERS:
                yield from _search(inside, value, step_into(path, key))
        elif place.keys is None or key in place.keys:
            continue
        elif type(value) is dict or may_name_currency(key):
            yield from _stated(key, value, step_into(path, key))


def _stated(key: str, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if is_currency_key(key) or states_currency(key, value):
        codes = value.values() if type(value) is dict else [value]
        yield from ((code, path) for code in map(_code, codes) if code is not None)
    elif type(value) is dict and not _has_amount(value):
        for name, member in value.items():
            if type(member) is dict or may_name_currency(name):
                yield from _stated(name, member, step_into(path, name))


def _has_amount(node: dict[str, Any]) -> bool:
    return is_money(node) or any(is_amount(node[key]) for key in node if is_money_key(key))


def _code(value: object) -> str | None:
    """Return the code that a value is; junk says nothing."""
    try:
        return currency_code(value) if isinstance(value, str) else None
    except CurrencyError:
        return None
