"""The few members of an object that matter, found without a step of ours for each other one. Pure.

Every reply is gone through for what it has beyond its shape, and most of it are plain values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import compress
from operator import is_
from typing import Any

_CONTAINERS = {dict, list}
_is_object, _is_container = partial(is_, dict), _CONTAINERS.__contains__


def objects_in(node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the members that are objects, by their keys."""
    values = node.values()
    return compress(node.items(), map(_is_object, map(type, values)))


def containers_in(node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the members that are objects or lists, by their keys."""
    values = node.values()
    return compress(node.items(), map(_is_container, map(type, values)))
