"""Replies that say of themselves that they are not ready or failed, around their rows. Pure.

What is still calculated lacks rows, and nothing about its numbers says so. A row, or a single
resource, has a status of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from billfold.wire.error_words import has_data, said_of_errors
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
# Where JSON:API has what a resource says, whose id and type stand beside.
_ATTRIBUTES = "attributes"


def unready(tree: object, kind: Any) -> tuple[str, ...]:
    """Return the places by which a decoded body says that it is not ready.

    ``kind`` is the shape that the body is read by. A shape that reads such a key says so by that.
    Raises RecursionError for what is nested too deep.
    """
    return summary(place for place, _ in _places(tree, kind, says_unready))


def failed(tree: object, kind: Any) -> dict[str, object]:
    """Return what a decoded body says by its places, that it failed: around its rows or alone."""
    is_alone = type(tree) is dict and not has_data(tree)
    return {**(own_errors(tree) if is_alone else {}), **dict(_places(tree, kind, says_failed))}


def own_errors(tree: object) -> dict[str, object]:
    """Return what a decoded body says of errors by its own keys, by their places."""
    said = said_of_errors(tree) if type(tree) is dict else {}
    return {step_into("$", key): value for key, value in said.items()}


def shown(said: Mapping[str, object]) -> str:
    """Return places and the values there in words; those of errors have words of their own."""
    texts = {place: _text(value) for place, value in said.items()}
    return ", ".join(f"`{place}` {text}" for place, text in texts.items() if text)


def _text(value: object) -> str:
    if type(value) is str:
        return f'"{value}"'
    if type(value) is bool:
        return str(value).lower()
    return str(value) if type(value) in (int, Decimal) else ""


def says_not_ready(around: Mapping[str, Any], read: Collection[str], path: str) -> Iterator[str]:
    """Yield each place by which an object around rows says so, or one about them beside them.

    What is ``read`` is its reader's.
    """
    return (place for place, _ in _said(around, read, path, says_unready, around))


_Saying = Callable[[str, object], bool]
_Said = tuple[str, object]


def _said(
    around: Mapping[str, Any],
    read: Collection[str],
    path: str,
    says: _Saying,
    of: Mapping[str, Any],
) -> Iterator[_Said]:
    """Yield what an object says by its keys, whose status is that of the thing it is ``of``."""
    for key, value in around.items():
        if key in read:
            continue
        if may_say_unready(key) and says(key, value) and not is_of_a_thing(of, key, value):
            yield step_into(path, key), value
        elif type(value) is dict and fold(key) in _ABOUT:
            at = step_into(path, key)
            yield from (
                (step_into(at, name), inner)
                for name, inner in value.items()
                if may_say_unready(name) and says(name, inner)
            )


def _places(tree: object, kind: Any, says: _Saying) -> list[_Said]:
    place = read_by(kind)
    return [] if place is None else _search(place, tree, "$", says)[0]


def _search(
    place: Place, node: Any, path: str, says: _Saying, above: Mapping[str, Any] | None = None
) -> tuple[list[_Said], bool]:
    """Return what is said in an object and further in, and whether there are rows in it.

    An object ``above`` is the thing whose attributes these are.
    """
    if type(node) is not dict:
        return [], False
    found, has_rows = list[_Said](), False
    for key, inside in place.inside.items():
        is_list = inside.items is not None or inside.values is not None
        thing = node if key == _ATTRIBUTES and "id" in node else None
        below, rows_below = _search(inside, node.get(key), step_into(path, key), says, thing)
        found += below
        has_rows = has_rows or rows_below or (is_list and key in node)
    own = _said(node, place.keys or (), path, says, above or node) if has_rows else ()
    return [*own, *found], has_rows
