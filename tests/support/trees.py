"""Places in JSON, and what may stand there instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from billfold.simulators.json_text import Number

Path = tuple[str | int, ...]

NUMBERS = [
    "0", "-0", "-1", "1.5", "1e2", "1E-30", "0.1", "9007199254740993", "1e400", "1e-400", "7" * 400, "NaN", "Infinity",
    "-Infinity", "0x10", "1.", ".5", "+1", "01", "1_000", "1e99999999999999999999", "9" * 81, "1e39", "1e40",
]  # fmt: skip
TEXTS = [
    "", " ", "0", "-1", "1e2", "12.34", "NaN", "Infinity", "true", "null", "\x00", "\u202e", "é" * 300, "..", "/", "%2e%2e",
    "EUR", "USD", "JPY", "XAU", "eur", "2026-11-20", "2026-11-20T00:00:00", "2026-11-20T00:00:00Z", "9999-12-31T23:59:59Z",
    "9999-12-31", "0001-01-01T00:00:00+14:00", "2026-11-20T24:00:00Z", "2026-11-20T23:59:60Z", "2026-02-30T00:00:00Z", "١٢٣",
]  # fmt: skip
SHAPES = [
    None,
    True,
    False,
    [],
    {},
    [[]],
    [None],
    [{}],
    {"": None},
    {"cents": Number("1"), "currency_iso": "USD"},
]


def places(tree: Any, path: Path = ()) -> Iterator[Path]:
    """List every place of a tree."""
    yield path
    members = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    )
    for key, member in members:
        yield from places(member, (*path, key))


def changed(tree: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    """Change what stands in one place; the rest is the same."""
    if not path:
        return change(tree)
    key, rest = path[0], path[1:]
    if isinstance(tree, dict):
        return {
            name: changed(member, rest, change) if name == key else member
            for name, member in tree.items()
        }
    return [
        changed(member, rest, change) if index == key else member
        for index, member in enumerate(tree)
    ]
