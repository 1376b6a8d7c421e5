"""What types say of themselves, as msgspec describes them. Pure."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import Any

from msgspec import inspect


def alternatives(kind: Any) -> list[Any]:
    """Return the types of which a value may have any."""
    if isinstance(kind, inspect.Metadata):
        return alternatives(kind.type)
    if isinstance(kind, inspect.UnionType):
        return list(chain.from_iterable(map(alternatives, kind.types)))
    return [kind]


def items_of(kind: Any) -> tuple[Any, ...]:
    """Return the types of a list's items; none for what is no list."""
    one = getattr(kind, "item_type", None)
    return getattr(kind, "item_types", () if one is None else (one,))


def mentions(shape: Any, kind: str) -> bool | None:
    """Return whether a shape has a type of msgspec's of this name; None where a hook reads it."""
    try:
        return kind in repr(inspect.type_info(shape))
    except TypeError:
        return None


@cache
def keeps_text(shape: Any) -> bool:
    """Return whether a shape keeps some JSON as it is written, which only the text has."""
    return mentions(shape, "RawType") is not False
