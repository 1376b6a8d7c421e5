"""Keys that stand twice in one object, of which decoders take the last without a word. Pure."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import msgspec

_COLON, _UPPER_COLON = rb"\u003a", rb"\u003A"
_ENCODE = msgspec.json.Encoder(decimal_format="number").encode


def duplicate_key(body: bytes, tree: Any) -> str | None:
    """Return a key that a decoded body lost, None for none.

    Most providers write JSON as msgspec does: it comes out as it went in. Else a key that is lost
    takes its colon with it. Only where colons are missing, or may be written as an escape, is the
    slow way gone, which knows the key.
    """
    again = _ENCODE(tree)
    if again == body:
        return None
    may_be_escaped = _COLON in body or _UPPER_COLON in body
    if not may_be_escaped and again.count(b":") == body.count(b":"):
        return None
    return by_text(body)[1]


def by_text(body: bytes) -> tuple[Any, str | None]:
    """Return a body whose numbers are their own text, and a key that stands twice in one object."""
    duplicates: list[str] = []

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        counts = Counter(key for key, _ in pairs)
        duplicates.extend(key for key, count in counts.items() if count > 1)
        return dict(pairs)

    tree = json.loads(body, object_pairs_hook=members, parse_int=str, parse_float=str)
    return tree, duplicates[0] if duplicates else None
