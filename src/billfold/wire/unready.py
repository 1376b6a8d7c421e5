"""Replies that say of themselves that they are not ready or failed, around their rows. Pure.

What is still calculated lacks rows, and nothing about its numbers says so. A row, or a single
resource, has a status of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from billfold.wire.error_words import is_error
from billfold.wire.places import Place, read_by, step_into, summary
from billfold.wire.rows import ABOUT_A_LIST, fold
from billfold.wire.unready_words import (
    is_of_a_thing,
    may_say_unready,
    says_failed,
    says_unready,
)

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
    return summary(_places(tree, kind, says_unready))


def failed(tree: object, kind: Any) -> bool:
    """Return whether a decoded body says around its rows that it failed, or says nothing else."""
    return is_error(tree) or bool(_places(tree, kind, says_failed))


def says_not_ready(around: Mapping[str, Any], read: Collection[str], path: str) -> Iterator[str]:
    """Yield each place by which an object around rows says so, or one about them beside them.

    What is ``read`` is its reader's.
    """
    return _said(around, read, path, says_unready)


_Saying = Callable[[str, object], bool]


def _said(
    around: Mapping[str, Any], read: Collection[str], path: str, says: _Saying
) -> Iterator[str]:
    is_thing = "id" in around
    for key, value in around.items():
        if key in read:
            continue
        if may_say_unready(key) and says(key, value) and not (is_thing and is_of_a_thing(value)):
            yield step_into(path, key)
        elif type(value) is dict and fold(key) in _ABOUT:
            at = step_into(path, key)
            yield from (
                step_into(at, name)
                for name in value
                if may_say_unready(name) and says(name, value[name])
            )


def _places(tree: object, kind: Any, says: _Saying) -> list[str]:
    place = read_by(kind)
    return [] if place is None else _search(place, tree, "$", says)[0]


def _search(place: Place, node: Any, path: str, says: _Saying) -> tuple[list[str], bool]:
    """Return the places in an object and further in, and whether there are rows in it."""
    if type(node) is not dict:
        return [], False
    found, has_rows = list[str](), False
    for key, inside in place.inside.items():
        is_list = inside.items is not None or inside.values is not None
        below, rows_below = _search(inside, node.get(key), step_into(path, key), says)
        found += below
        has_rows = has_rows or rows_below or (is_list and key in node)
    own = _said(node, place.keys or (), path, says) if has_rows else ()
    return [*own, *found], has_rows
