"""What errors say that stand in a body beside its data, in whatever form. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import msgspec

_SHOWN, _DEPTH = 3, 3


def words_of_errors(body: bytes) -> str | None:
    """Return what the errors in a body say, by any of the names they say it; None without one."""
    try:
        tree = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    stated = (tree.get("errors"), tree.get("error")) if type(tree) is dict else ()
    said = dict.fromkeys(words for each in stated for words in _words(each, 0))
    return "; ".join(islice(said, _SHOWN)) or None


def _words(error: object, depth: int) -> Iterator[str]:
    if isinstance(error, str) and error:
        yield error
    elif isinstance(error, list | dict) and depth < _DEPTH:
        named = error if isinstance(error, dict) else {}
        texts = (named.get(key) for key in ("message", "detail", "title", "reason", "code"))
        if words := next((text for text in texts if text and isinstance(text, str)), None):
            yield words
            return
        for member in islice(named.values() if named else error, _SHOWN):
            yield from _words(member, depth + 1)
