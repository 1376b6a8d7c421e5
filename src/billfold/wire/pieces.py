"""What a large body was decoded to, shaped and looked at some rows at a time. Pure.

Everything here pauses in between, so that other work has its turn.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import cache
from types import GenericAlias
from typing import Any

import msgspec
from msgspec import inspect

from billfold.wire.kinds import alternatives, items_of

# Rows: some 5 ms of work.
ROWS = 1_000
_FEW = 100  # members of an object that is no list of rows by their ids


def cut(tree: object, most: int = ROWS) -> Iterator[Any]:
    """Yield a body in pieces: each has a part of one long list, the last one all the rest.

    A list is cut where only objects are around it; a row is never cut.
    """
    if type(tree) is list:
        for first in range(0, max(len(tree), 1), most):
            yield tree[first : first + most]
        return
    if type(tree) is not dict:
        yield tree
        return
    rest = dict[str, Any]()
    for key, value in tree.items():
        if _has_long_list(value, most):
            yield from ({key: piece} for piece in cut(value, most))
        else:
            rest[key] = value
    yield rest


def _has_long_list(value: object, most: int) -> bool:
    if type(value) is dict:
        return len(value) <= _FEW and any(_has_long_list(each, most) for each in value.values())
    return type(value) is list and len(value) > most


def shaping(tree: Any, shape: Any, most: int = ROWS) -> Generator[None, None, Any]:
    """Return a decoded body in its shape; pauses after so many rows of a long list.

    Raises msgspec.ValidationError, whose path may be that within a part of a list.
    """
    return msgspec.convert((yield from _with_rows(tree, _type_info(shape), most)), shape)


_type_info = cache(inspect.type_info)


def _with_rows(node: Any, kind: Any, most: int) -> Generator[None, None, Any]:
    """Return what stands at a place with the rows of its long lists in their shapes.

    A row that has its shape is taken as it is when the rest is shaped.
    """
    kinds = alternatives(kind)
    if type(node) is list and len(node) > most:
        rows = [each for one in kinds for item in items_of(one) for each in alternatives(item)]
        if len(rows) != 1 or not isinstance(rows[0], inspect.StructType):
            return node
        made, shape = list[Any](), GenericAlias(list, (rows[0].cls,))
        for part in cut(node, most):
            made += msgspec.convert(part, shape)
            yield
        return made
    if type(node) is dict:
        for field in (field for one in kinds for field in getattr(one, "fields", ())):
            value = node.get(field.encode_name)
            if type(value) in (dict, list):
                shaped = yield from _with_rows(value, field.type, most)
                if shaped is not value:
                    node = {**node, field.encode_name: shaped}
    return node
