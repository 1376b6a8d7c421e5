"""Text where a shape wants a number, written as no provider writes one. Pure.

Python reads ``1_0``, digits of other scripts and ``NaN`` as decimals. A whole column of values is
looked at at once, because there may be a hundred thousand rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, repeat
from typing import Any

from msgspec import Struct, inspect

from billfold.wire.kinds import alternatives, items_of

# Nothing of it is tried twice: text may be megabytes.
_NUMERAL = re.compile(
    r"\s*+[-+]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][-+]?[0-9]++)?\s*+", re.ASCII
)

_CONTAINS_TEXT = {str, dict, list}


def is_numeral(text: str) -> bool:
    """Return whether text is a number as JSON or people write it, in ASCII digits."""
    return _NUMERAL.fullmatch(text) is not None


def find_odd_numeral(tree: Any, kind: Any) -> str | None:
    """Return the path of text in a decoded body that is no numeral where a number is wanted."""
    numbers = _wanted_in(kind)
    if numbers is None or not _has_odd(numbers, [tree]):
        return None
    return next(_odd(numbers, tree, "$"), None)


class _Numbers(Struct, eq=False):
    """Where a shape wants numbers: here, under an object's keys, in items, in a map's values."""

    here: bool = False
    keys: dict[str, _Numbers] = {}
    items: _Numbers | None = None
    values: _Numbers | None = None

    @property
    def are_wanted(self) -> bool:
        return self.here or bool(self.keys) or not (self.items is None and self.values is None)


@lru_cache(maxsize=1024)
def _wanted_in(kind: Any) -> _Numbers | None:
    try:
        return _wanted([inspect.type_info(kind)], {})
    except TypeError:
        return None  # only a hook can read it


def _wanted(kinds: list[Any], known: dict[tuple[int, ...], _Numbers | None]) -> _Numbers | None:
    """Return where several types, of which a value may have any, want numbers."""
    kinds = list(chain.from_iterable(map(alternatives, kinds)))
    ident = tuple(map(id, kinds))
    if not kinds or ident in known:
        return known.get(ident)  # that of a shape within itself is not whole yet
    numbers = known[ident] = _Numbers(any(isinstance(kind, inspect.DecimalType) for kind in kinds))
    inside: dict[str, list[Any]] = {}
    for each in chain.from_iterable(getattr(kind, "fields", ()) for kind in kinds):
        inside.setdefault(each.encode_name, []).append(each.type)
    for name, types in inside.items():
        if (wanted := _wanted(types, known)) is not None:
            numbers.keys[name] = wanted
    numbers.items = _wanted(list(chain.from_iterable(map(items_of, kinds))), known)
    values = [kind.value_type for kind in kinds if hasattr(kind, "value_type")]
    numbers.values = _wanted(values, known)
    if not numbers.are_wanted:
        known[ident] = None
    return known[ident]


def _has_odd(numbers: _Numbers, nodes: list[Any]) -> bool:
    """Return whether any of the values at one place, in all rows, has an odd numeral."""
    kinds = set(map(type, nodes))
    if numbers.here and str in kinds and any(map(_is_odd, nodes)):
        return True
    if dict in kinds and (numbers.keys or numbers.values is not None):
        objects = nodes if len(kinds) == 1 else [node for node in nodes if type(node) is dict]
        for key, inside in numbers.keys.items():
            # A missing one is None, which is no text either. A number of JSON, as nearly all are,
            # is told by its type alone.
            if _CONTAINS_TEXT.isdisjoint(map(type, map(dict.get, objects, repeat(key)))):
                continue
            if _has_odd(inside, list(map(dict.get, objects, repeat(key)))):
                return True
        if numbers.values is not None:
            columns = chain.from_iterable(map(dict.values, objects))
            if _has_odd(numbers.values, list(columns)):
                return True
    if list in kinds and numbers.items is not None:
        lists = (node for node in nodes if type(node) is list)
        return _has_odd(numbers.items, list(chain.from_iterable(lists)))
    return False


def _is_odd(value: object) -> bool:
    return type(value) is str and not is_numeral(value)


def _odd(numbers: _Numbers, node: Any, path: str) -> Iterator[str]:
    """Yield the path of each odd numeral, as msgspec names it."""
    if numbers.here and _is_odd(node):
        yield path
    places: Iterable[tuple[_Numbers | None, Any, str]] = ()
    if type(node) is dict:
        places = [
            (numbers.keys.get(key), value, f"{path}.{key}")
            if key in numbers.keys
            else (numbers.values, value, f"{path}[...]")
            for key, value in node.items()
        ]
    elif type(node) is list:
        places = [(numbers.items, item, f"{path}[{n}]") for n, item in enumerate(node)]
    for inside, value, at in places:
        if inside is not None:
            yield from _odd(inside, value, at)
