"""The objects of a reply that speak for the reply as a whole, whatever they say. Pure.

They stand around its rows, or around what it states of one thing. A row speaks for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from billfold.wire.places import Place, read_by, step_into
from billfold.wire.rows import ABOUT_A_LIST

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
    if place is None:
        return [], False
    found, has_rows = _around_rows(place, tree, "$")
    return (found, True) if has_rows else (_around_a_thing(place, tree), False)


def _around_rows(
    place: Place, node: Any, path: str, above: Mapping[str, Any] | None = None
) -> tuple[list[Speaker], bool]:
    """Return an object and those further in, and whether there are rows in it.

    An object ``above`` is the thing whose attributes these are.
    """
    if type(node) is not dict:
        return [], False
    found, has_rows = list[Speaker](), False
    for key, inside in place.inside.items():
        is_list = inside.items is not None or inside.values is not None
        thing = node if key == _ATTRIBUTES and "id" in node else None
        below, rows_below = _around_rows(inside, node.get(key), step_into(path, key), thing)
        found += below
        has_rows = has_rows or rows_below or (is_list and key in node)
    own = Speaker(path, node, place.keys or frozenset(), above or node)
    return ([own, *found] if has_rows else found), has_rows


def _around_a_thing(place: Place, node: Any) -> list[Speaker]:
    found, path = list[Speaker](), "$"
    thing: Mapping[str, Any] | None = None
    while type(node) is dict:
        found.append(Speaker(path, node, place.keys or frozenset(), thing or node))
        key = next((key for key in (_BODY, _ATTRIBUTES) if key in place.inside), None)
        if key is None:
            break
        thing = node if key == _ATTRIBUTES and "id" in node else None
        node, place, path = node.get(key), place.inside[key], step_into(path, key)
    return found
