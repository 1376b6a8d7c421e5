"""The objects of a reply that speak for the reply as a whole, whatever they say. Pure.

They stand around its rows, or around what it states of one thing. A row speaks for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

from billfold.wire.places import Place, read_by, step_into
from billfold.wire.rows import ABOUT_A_LIST, fold

# Objects inside of those that say how a reply was made, by their folded keys.
ABOUT_A_REPLY = {
    *ABOUT_A_LIST,
    *("report", "job", "status", "state", "query", "request", "task", "run", "export", "info"),
    "responsestatus",
}
# Where a body has what it is about, and where JSON:API has what a resource says, whose id and type
# stand beside.
_BODY, _ATTRIBUTES = "data", "attributes"


class Speaker(Struct, frozen=True):
    """An object, where it stands, and which of its keys the reply's shape reads.

    ``thing`` is what has an id, where that is not the object itself.
    """

    path: str
    info: Mapping[str, Any]
    read: frozenset[str]
    thing: Mapping[str, Any]


# Those that speak for a reply, and whether there are rows in it.
Speakers = tuple[list[Speaker], bool]


def speakers(tree: object, kind: Any) -> Speakers:
    """Return the objects around the rows that a shape reads, the outermost first.

    Without rows it is the body's own, and those that it comes in. Raises RecursionError for what is
    nested too deep.
    """
    place = read_by(kind)
    if place is None or type(tree) is not dict:
        return [], False
    found, has_rows = _around_rows(place, tree, "$")
    return (found, True) if has_rows else (_around_a_thing(place, tree), False)


def _around_rows(
    place: Place, node: Mapping[str, Any], path: str, above: Mapping[str, Any] | None = None
) -> tuple[list[Speaker], bool]:
    """Return an object and those further in, and whether there are rows in it.

    An object ``above`` is the thing whose attributes these are.
    """
    ahead = _ahead(place)
    found: list[Speaker] = []
    has_rows = not ahead.lists.isdisjoint(node)
    for key, inside, step in ahead.objects:
        if type(value := node.get(key)) is dict:
            thing = node if key == _ATTRIBUTES and "id" in node else None
            below, rows_below = _around_rows(inside, value, path + step, thing)
            has_rows = has_rows or rows_below
            found += below if rows_below else _beside(key, inside, value, path + step)
    if not has_rows:
        return [], False
    return [Speaker(path, node, place.keys or frozenset(), above or node), *found], True


class _Ahead(Struct, frozen=True):
    """What a shape reads in an object, as far as it may speak or has rows.

    ``lists`` are the keys of lists and maps; ``objects`` have how a path goes on to them. ``own``
    is the key under which a body has what it is about.
    """

    lists: frozenset[str]
    objects: tuple[tuple[str, Place, str], ...]
    own: str | None


@lru_cache(maxsize=1024)  # as every reply comes here, and there are few shapes
def _ahead(place: Place) -> _Ahead:
    inside = place.inside.items()
    lists = (key for key, each in inside if each.items is not None or each.values is not None)
    objects = (
        (key, each, step_into("", key))
        for key, each in inside
        if fold(key) in ABOUT_A_REPLY or _may_have_rows(each, set())
    )
    own = next((key for key in (_BODY, _ATTRIBUTES) if key in place.inside), None)
    return _Ahead(frozenset(lists), tuple(objects), own)


def _may_have_rows(place: Place, seen: set[Place]) -> bool:
    """Return whether a list or a map may be here, or in an object further in."""
    if place.items is not None or place.values is not None:
        return True
    if place in seen:
        return False
    seen.add(place)
    return any(_may_have_rows(each, seen) for each in place.inside.values())


def _beside(key: str, place: Place, info: Mapping[str, Any], path: str) -> list[Speaker]:
    """Return an object without rows that a shape reads, if it is about the reply."""
    is_about = fold(key) in ABOUT_A_REPLY
    return [Speaker(path, info, place.keys or frozenset(), info)] if is_about else []


def _around_a_thing(place: Place, node: Any) -> list[Speaker]:
    path = "$"
    found: list[Speaker] = []
    thing: Mapping[str, Any] | None = None
    while type(node) is dict:
        found.append(Speaker(path, node, place.keys or frozenset(), thing or node))
        for name, inside, step in _ahead(place).objects:
            if type(info := node.get(name)) is dict:
                found += _beside(name, inside, info, path + step)
        key = _ahead(place).own
        if key is None:
            break
        thing = node if key == _ATTRIBUTES and "id" in node else None
        node, place, path = node.get(key), place.inside[key], f"{path}.{key}"
    return found
