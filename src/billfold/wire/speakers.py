"""The objects of a reply that speak for the reply as a whole, whatever they say. Pure.

They stand around its rows, or around what it states of one thing. A row speaks for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from billfold.wire.places import Place, read_by, step_into
from billfold.wire.rows import ABOUT_A_LIST, fold

# Objects inside of those that say how a reply was made, by their folded keys.
ABOUT_A_REPLY = {
    *ABOUT_A_LIST,
    *("report", "job", "status", "state", "query", "request", "task", "run", "export", "info"),
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


def speakers(tree: object, kind: Any) -> tuple[list[Speaker], bool]:
    """Return the objects around the rows that a shape reads, the outermost first.

    And whether there are rows: else it is the body's own, and those that it comes in. Raises
    RecursionError for what is nested too deep.
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
    found, has_rows = list[Speaker](), False
    for key, inside in place.inside.items():
        if key not in node:
            continue
        value = node[key]
        has_rows = has_rows or inside.items is not None or inside.values is not None
        if type(value) is dict:
            thing = node if key == _ATTRIBUTES and "id" in node else None
            at = step_into(path, key)
            below, rows_below = _around_rows(inside, value, at, thing)
            has_rows = has_rows or rows_below
            found += below if rows_below else _beside(key, inside, value, at)
    if not has_rows:
        return [], False
    return [Speaker(path, node, place.keys or frozenset(), above or node), *found], True


def _beside(key: str, place: Place, info: Mapping[str, Any], path: str) -> list[Speaker]:
    """Return an object without rows that a shape reads, if it is about the reply."""
    is_about = fold(key) in ABOUT_A_REPLY
    return [Speaker(path, info, place.keys or frozenset(), info)] if is_about else []


def _around_a_thing(place: Place, node: Any) -> list[Speaker]:
    found, path = list[Speaker](), "$"
    thing: Mapping[str, Any] | None = None
    while type(node) is dict:
        found.append(Speaker(path, node, place.keys or frozenset(), thing or node))
        for name, inside in place.inside.items():
            if type(info := node.get(name)) is dict:
                found += _beside(name, inside, info, step_into(path, name))
        key = next((key for key in (_BODY, _ATTRIBUTES) if key in place.inside), None)
        if key is None:
            break
        thing = node if key == _ATTRIBUTES and "id" in node else None
        node, place, path = node.get(key), place.inside[key], step_into(path, key)
    return found
