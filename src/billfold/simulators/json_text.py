"""JSON whose numbers keep their own text, and ways to look into it and to change it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

# Returns what stands at a place, by its path (like ``$.data[].id``), its key and its value.
Visit = Callable[[str, str, Any], Any]


class Number(str):
    """A number as it is written."""

    __slots__ = ()


class Members(list[tuple[str, Any]]):
    """An object's members in order; a key may be there twice."""


def parse(body: bytes) -> Any:
    """Return JSON as dicts, lists and texts, and numbers as :class:`Number`."""
    return json.loads(body, parse_int=Number, parse_float=Number, parse_constant=Number)


def write(value: Any) -> str:
    """Return JSON, or what looks like it.

    A Decimal and a :class:`Number` become numbers, digit by digit.
    """
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict | Members):
        members = value.items() if isinstance(value, dict) else value
        return "{" + ",".join(f"{json.dumps(key)}:{write(member)}" for key, member in members) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(write, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def rewritten(value: Any, visit: Visit, path: str = "$", key: str = "") -> Any:
    """Return a copy of a tree with what ``visit`` returns at each place, leaves first."""
    if isinstance(value, dict):
        value = {
            name: rewritten(member, visit, f"{path}.{name}", name) for name, member in value.items()
        }
    elif isinstance(value, list):
        value = [rewritten(member, visit, f"{path}[]", key) for member in value]
    return visit(path, key, value)


def places(value: Any, path: str = "$") -> Iterator[tuple[str, Any]]:
    """Yield every place of a tree as its path and value, the root last."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from places(member, f"{path}.{name}")
    elif isinstance(value, list):
        for member in value:
            yield from places(member, f"{path}[]")
    yield path, value


def as_decimal(value: Any) -> Decimal | None:
    """Return a number, or a text that is one, as a Decimal; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def is_numeral(value: Any) -> bool:
    """Return whether a value is a number, or a text that is one."""
    return as_decimal(value) is not None


def is_text(value: Any) -> bool:
    """Return whether a value is a text, and no number."""
    return isinstance(value, str) and not isinstance(value, Number)


def last_key(path: str) -> str:
    """Return the key that a path like ``$.data[].id`` ends with."""
    return path.rsplit(".", 1)[-1].removesuffix("[]")
