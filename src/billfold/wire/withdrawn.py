"""Rows of money that say of themselves that they do not count, in a key that is not read. Pure.

An adapter reads a row's `status` where one is documented. A flag or a date that comes later, as
`voided_at`, would be taken for nothing, and its row for money.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache, reduce
from typing import Any

from billfold.wire.members import containers_in
from billfold.wire.places import Place, read_by, step_into, summary
from billfold.wire.void_words import STATES, holds_marks, may_say_void, says_void
from billfold.wire.words import is_amount, is_money, is_money_key


def withdrawn(tree: object, kind: Any) -> tuple[str, ...]:
    """Return the places by which rows with an amount say that they are void, or not yet money.

    ``kind`` is the shape that the body is read by. A row whose status is read says so by that.
    Raises RecursionError for what is nested too deep.
    """
    place = read_by(kind)
    return () if place is None else summary(_search(place, tree, "$"))


def _search(place: Place, node: Any, path: str) -> Iterator[str]:
    if type(node) is list and place.items is not None:
        for index, item in enumerate(node):
            yield from _search(place.items, item, f"{path}[{index}]")
    if type(node) is not dict:
        return
    if any(map(_may_mark, node)) and (keys := _keys_that_say_so(node, place)) is not None:
        yield reduce(step_into, keys, path)
    for key, value in containers_in(node):
        inside = place.inside.get(key, place.values)
        if inside is not None:
            yield from _search(inside, value, step_into(path, key))


def _keys_that_say_so(row: Mapping[str, Any], place: Place) -> tuple[str, ...] | None:
    """Return the keys that lead to what says so: one of the row's, or one in an object of marks.

    None is also for a row that has no amount, whose status is read, or of which no keys are. A
    status that is known to say nothing of the money speaks for no other key.
    """
    known = place.keys
    if known is None:
        return None
    keys = next((keys for keys in _saying(row) if keys[0] not in known), None)
    if keys is None or any(row.get(each) for each in STATES & known - place.not_read):
        return None
    return keys if any(_is_amount(name, value) for name, value in row.items()) else None


def _saying(row: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for key in filter(_may_mark, row):
        value = row[key]
        if may_say_void(key) and says_void(key, value):
            yield (key,)
        elif type(value) is dict and holds_marks(key):
            inside = (
                name
                for name, inner in value.items()
                if may_say_void(name) and says_void(name, inner)
            )
            yield from ((key, name) for name in inside)


@lru_cache(maxsize=4096)
def _may_mark(key: str) -> bool:
    """Return whether a row may say so under a key, or have marks inside."""
    return may_say_void(key) or holds_marks(key)


def _is_amount(key: str, value: Any) -> bool:
    return is_money(value) or (is_money_key(key) and is_amount(value))
