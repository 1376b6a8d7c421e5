"""Replies that say of themselves that they are not ready, in a key around their rows. Pure.

What is still calculated lacks rows, and nothing about its numbers says so. A row, or a single
resource, has a status of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from billfold.wire.places import Place, read_by, step_into, summary
from billfold.wire.rows import ABOUT_A_LIST, fold
from billfold.wire.unready_words import may_say_unready, says_unready

# Objects beside rows that say how a reply was made.
_ABOUT = {
    *ABOUT_A_LIST,
    *("report", "job", "status", "state", "query", "request", "task", "run", "export", "info"),
}


def unready(tree: object, kind: Any) -> tuple[str, ...]:
    """Return the places by which a decoded body says that it is not ready.

    ``kind`` is the shape that the body is read by. A shape that reads such a key says so by that.
    Raises RecursionError for what is nested too deep.
    """
    place = read_by(kind)
    return () if place is None else summary(_search(place, tree, "$")[0])


def says_not_ready(around: Mapping[str, Any], read: Collection[str], path: str) -> Iterator[str]:
    """Yield each place by which an object around rows says so, or one about them beside them.

    What is ``read`` is its reader's.
    """
    for key, value in around.items():
        if key in read:
            continue
        if _says(key, value):
            yield step_into(path, key)
        elif type(value) is dict and fold(key) in _ABOUT:
            at = step_into(path, key)
            yield from (step_into(at, name) for name in value if _says(name, value[name]))


def _says(key: str, value: object) -> bool:
    return may_say_unready(key) and says_unready(key, value)


def _search(place: Place, node: Any, path: str) -> tuple[list[str], bool]:
    """Return the places in an object and further in, and whether there are rows in it."""
    if type(node) is not dict:
        return [], False
    found, has_rows = list[str](), False
    for key, inside in place.inside.items():
        is_list = inside.items is not None or inside.values is not None
        below, rows_below = _search(inside, node.get(key), step_into(path, key))
        found += below
        has_rows = has_rows or rows_below or (is_list and key in node)
    own = says_not_ready(node, place.keys or (), path) if has_rows else ()
    return [*own, *found], has_rows
