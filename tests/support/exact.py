"""Look for floats."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs


def floats(value: Any) -> list[str]:
    """List the places of a record in which a float stands."""
    return [path for path, inner in _values(value, type(value).__name__) if isinstance(inner, float | complex)]


def _values(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from _values(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _values(inner, f"{path}[{key!r}]")
    elif isinstance(value, tuple | list):
        for index, inner in enumerate(value):
            yield from _values(inner, f"{path}[{index}]")
    else:
        yield path, value
