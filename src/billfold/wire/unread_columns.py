"""Whether a body may hold money that its shape does not read, told by columns. Pure.

A whole column of objects is looked at at once, because there may be a hundred thousand rows. What
may be money is taken for it: the search, which comes then, knows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain, filterfalse, repeat
from typing import Any

from billfold.wire.members import containers_in
from billfold.wire.places import Place
from billfold.wire.words import (
    Says,
    any_priced,
    has_cents,
    is_amount,
    is_money,
    is_priced,
    may_name_currency,
    says,
    states_currency,
)

_CONTAINERS = {dict, list}
_FEW, _MOST_KEYS = 64, 20_000


class TooManyKeysError(Exception):
    """A body has more different keys in one place than can be looked at in a moment."""


def may_hold_money(place: Place, node: Any, beyond: set[str]) -> bool:
    """Return whether there may be unread money in one value, and in what stands in it.

    Adds to ``beyond`` the keys that are not read, as far as values stand under them.
    """
    # Nearly all that stands around rows is decided here, without a call for each key.
    if type(node) is list:
        return bool(node) and place.items is not None and _any_may(place.items, node, beyond)
    if type(node) is not dict:
        return False
    inside, values = place.inside, place.values
    for key, value in containers_in(node):
        deeper = inside.get(key, values)
        if deeper is not None and may_hold_money(deeper, value, beyond):
            return True
    if values is not None or place.keys is None:
        return False
    for key in filterfalse(place.keys.__contains__, node):
        value = node[key]
        if value is None:
            continue
        # What may be money is taken for it: the search, which comes then, knows.
        kind = type(value)
        if kind in _CONTAINERS:
            found = bool(value) and _holds_money(key, [value], True, beyond)
        else:
            beyond.add(key)
            found = is_amount(value) if says(key) else kind is str and is_priced(value)
        if found:
            return True
    return False


def _any_may(place: Place, nodes: list[Any], beyond: set[str]) -> bool:
    """Return whether there may be unread money in what stands at one place, in all rows of it."""
    kinds = set(map(type, nodes))
    if dict in kinds:
        objects = _only(dict, nodes, kinds)
        keys: set[str] = set().union(*objects)
        if place.keys is not None and (unknown := keys - place.keys):
            # A currency decides only for what may be money or not.
            is_open = any(says(key) is Says.EITHER for key in unknown)
            priced = is_open and _states_currency(objects, keys)
            for key, column in _columns(objects, unknown):
                if _holds_money(key, column, priced, beyond):
                    return True
        for key, inside in place.inside.items():
            # A missing one is None, which holds nothing either.
            if key in keys and _any_may(inside, list(map(dict.get, objects, repeat(key))), beyond):
                return True
        if place.values is not None:
            column = list(chain.from_iterable(map(dict.values, objects)))
            if _any_may(place.values, column, beyond):
                return True
    if place.items is None or list not in kinds:
        return False
    items = list(chain.from_iterable(_only(list, nodes, kinds)))
    return _any_may(place.items, items, beyond)


def _only(kind: type, nodes: list[Any], kinds: Collection[type]) -> list[Any]:
    """Return those of a kind, where ``kinds`` are all there are."""
    return nodes if len(kinds) == 1 else [node for node in nodes if type(node) is kind]


def _states_currency(objects: list[Any], keys: Collection[str]) -> bool:
    """Return whether any object may say what amounts are in."""
    named = [key for key in keys if may_name_currency(key)]
    return any(states_currency(key, each.get(key)) for key in named for each in objects)


def _holds_money(
    key: str, column: list[Any], priced: bool, beyond: set[str], around: Says = Says.NOTHING
) -> bool:
    """Return whether there may be an amount under a key that is not read, in all rows of it.

    ``priced`` is whether a currency stands beside it in any row.
    """
    beyond.add(key)
    said = says(key, around)
    kinds = set(map(type, column))
    if kinds.isdisjoint(_CONTAINERS):
        if said is Says.MONEY or (said is Says.EITHER and priced):
            return any(map(is_amount, set(column)))
        if said is Says.EITHER and any(map(has_cents, set(column))):
            return True
        if str not in kinds:
            return False
        texts = set(column)
        return any_priced(
            texts if len(kinds) == 1 else [each for each in texts if type(each) is str]
        )
    items = list(chain.from_iterable(value for value in column if type(value) is list))
    objects = [value for value in column if type(value) is dict]
    rest = [value for value in column if type(value) not in _CONTAINERS]
    keys = set().union(*objects)
    inside = _states_currency(objects, keys)
    return (
        (inside and any(map(is_money, objects)))
        or any(_holds_money(key, each, priced, beyond, around) for each in (items, rest) if each)
        or any(
            _holds_money(name, each, inside, beyond, said) for name, each in _columns(objects, keys)
        )
    )


def _columns(objects: list[Any], keys: Collection[str]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the values under each of the keys, in all rows."""
    if len(keys) <= _FEW:
        for key in keys:
            yield key, [node[key] for node in objects if key in node]
        return
    if len(keys) > _MOST_KEYS:
        raise TooManyKeysError
    # Each key would go through all rows again, of which each may have its own keys.
    columns: dict[str, list[Any]] = {key: [] for key in keys}
    for key, value in chain.from_iterable(map(dict.items, objects)):
        if key in columns:
            columns[key].append(value)
    yield from columns.items()
