"""What a large body was decoded to, shaped and looked at some rows at a time. Pure.

Everything here pauses in between, so that other work has its turn.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import cache
from types import GenericAlias
from typing import Any

import msgspec
from attrs import frozen
from msgspec import inspect
from msgspec.structs import force_setattr

from billfold.steps import letting_go
from billfold.wire.kinds import alternatives, items_of, keeps_text

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
    put = list[_Put]()
    rest = yield from _with_rows(tree, _type_info(shape), most, (), put)
    value = msgspec.convert(rest, shape)
    for each in put:
        value = each.into(value)
    return value


@frozen
class _Put:
    """Rows in their shapes, and the fields that lead to where they stand in the whole."""

    fields: tuple[str, ...]
    rows: list[Any] | tuple[Any, ...]

    def into(self, value: Any) -> Any:
        """Return the whole with these rows; frozen or not, nobody else has it yet."""
        if not self.fields:
            return self.rows
        *around, last = self.fields
        place = value
        for name in around:
            place = getattr(place, name)
        force_setattr(place, last, self.rows)
        return value


_type_info = cache(inspect.type_info)


def _with_rows(
    node: Any, kind: Any, most: int, fields: tuple[str, ...], put: list[_Put] | None
) -> Generator[None, None, Any]:
    """Return what stands at a place without the rows of its long lists, which are shaped apart.

    Those are ``put`` into the whole when the rest is shaped, as to look at each once more takes
    a while. Where it is not sure what stands around a list (None), they are shaped with the rest.
    """
    kinds = alternatives(kind)
    if type(node) is list and len(node) > most:
        row = _rows_of(kinds)
        if row is None:
            return node
        made, shape = list[Any](), GenericAlias(list, (row,))
        for part in cut(node, most):
            made += msgspec.convert(part, shape)
            yield
        if put is None or (whole := _list_of(kinds, made)) is None:
            return made
        put.append(_Put(fields, whole))
        return []
    if type(node) is dict:
        inner = put if _is_plain(kinds) else None
        for field in (field for one in kinds for field in getattr(one, "fields", ())):
            value = node.get(field.encode_name)
            if type(value) in (dict, list):
                at = (*fields, field.name)
                shaped = yield from _with_rows(value, field.type, most, at, inner)
                if shaped is not value:
                    node = {**node, field.encode_name: shaped}
    return node


def _is_plain(kinds: list[Any]) -> bool:
    """Return whether an object can be of one shape alone, which looks at none of its fields."""
    objects = [one for one in kinds if hasattr(one, "fields") or hasattr(one, "value_type")]
    plain = len(objects) == 1 and isinstance(objects[0], inspect.StructType)
    return plain and not hasattr(objects[0].cls, "__post_init__")


def _list_of(kinds: list[Any], rows: list[Any]) -> list[Any] | tuple[Any, ...] | None:
    """Return rows as the list or tuple that they are a field's, None where that says more."""
    lists = [one for one in kinds if items_of(one)]
    if len(lists) != 1 or getattr(lists[0], "min_length", None) is not None:
        return None
    if getattr(lists[0], "max_length", None) is not None:
        return None
    if isinstance(lists[0], inspect.ListType):
        return rows
    return tuple(rows) if isinstance(lists[0], inspect.VarTupleType) else None


def dropping(tree: Any, shape: Any, most: int = ROWS) -> Generator[None, None, None]:
    """Let go of a body that was shaped, some rows of its long lists at a time: it takes a while.

    Only rows of objects that have their shapes go, as nothing else may be held in those. What is
    read as it comes (``msgspec.Raw``) holds nothing of it.
    """
    if keeps_text(shape) and shape is not msgspec.Raw:
        return
    kind = None if shape is msgspec.Raw else _type_info(shape)
    for rows in _lists_of_rows(tree, kind, most):
        yield from letting_go(rows, most)


def _lists_of_rows(node: Any, kind: Any, most: int) -> Iterator[list[Any]]:
    """Yield the long lists that only objects are around and whose rows were made anew."""
    kinds = [] if kind is None else alternatives(kind)
    if type(node) is list and len(node) > most and (kind is None or _rows_of(kinds) is not None):
        yield node
    elif type(node) is dict and len(node) <= _FEW and kind is None:
        for value in node.values():
            yield from _lists_of_rows(value, None, most)
    elif type(node) is dict:
        for field in (field for one in kinds for field in getattr(one, "fields", ())):
            yield from _lists_of_rows(node.get(field.encode_name), field.type, most)


def _rows_of(kinds: list[Any]) -> Any:
    """Return the one shape that the rows of a list may have, with None or without it.

    None is for several shapes, and for rows of another kind.
    """
    rows = [each for one in kinds for item in items_of(one) for each in alternatives(item)]
    shapes = [each for each in rows if not isinstance(each, inspect.NoneType)]
    if len(shapes) != 1 or not isinstance(shapes[0], inspect.StructType):
        return None
    return shapes[0].cls if len(rows) == 1 else shapes[0].cls | None
