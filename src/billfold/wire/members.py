"""The few members of an object that matter, found without a step of ours for each other one. Pure.

Every reply is gone through for what it has beyond its shape, and most of it are plain values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain, compress, islice
from operator import is_
from typing import Any

_CONTAINERS = {dict, list}
_is_object, _is_list = partial(is_, dict), partial(is_, list)
_is_container = _CONTAINERS.__contains__
_is_a_dict = partial(type.__instancecheck__, dict)  # which calls nothing of ours


def objects_in(node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the members that are objects, by their keys."""
    values = node.values()
    return compress(node.items(), map(_is_object, map(type, values)))


def lists_in(objects: list[dict[str, Any]]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the members of several objects that are lists, by their keys."""
    values = chain.from_iterable(map(dict.values, objects))
    return compress(chain.from_iterable(map(dict.items, objects)), map(_is_list, map(type, values)))


def containers_in(node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the members that are objects or lists, by their keys."""
    values = node.values()
    return compress(node.items(), map(_is_container, map(type, values)))


def objects_around(node: dict[str, Any], most: int) -> list[dict[str, Any]] | None:
    """Return an object and those in it that stand in no list, the outermost first.

    None where they are many: ``most`` without the innermost, or more.
    """
    if not any(map(_is_a_dict, node.values())):
        return [node]  # as most that have a list of rows are
    objects: list[dict[str, Any]] = []
    level = [node]
    while level and len(objects) < most:
        objects += level
        values = chain.from_iterable(map(dict.values, level))
        level = [*islice(filter(_is_a_dict, values), most)]
    return None if level else objects
