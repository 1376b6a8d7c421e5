"""What errors say that stand in a body beside its data, in whatever form. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import msgspec

_SHOWN, _DEPTH = 3, 3
_TEXTS = ("message", "detail", "error_description", "title", "reason", "code")


def words_of_errors(body: bytes) -> str | None:
    """Return what the errors in a body say, by any of the names they say it; None without one."""
    tree = _object(body)
    said = dict.fromkeys(words for key in ("errors", "error") for words in _words(tree.get(key), 0))
    return "; ".join(islice(said, _SHOWN)) or None


def words_of_an_error(body: bytes) -> str | None:
    """Return what a body says that is nothing but an error; None without words."""
    return _text(_object(body)) or words_of_errors(body)


def _object(body: bytes) -> dict[str, object]:
    try:
        tree = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return tree if type(tree) is dict else {}


def _text(error: dict[str, object]) -> str | None:
    texts = map(error.get, _TEXTS)
    return next((text for text in texts if isinstance(text, str) and text), None)


def _words(error: object, depth: int) -> Iterator[str]:
    if isinstance(error, str) and error:
        yield error
    elif isinstance(error, list | dict) and depth < _DEPTH:
        named = error if isinstance(error, dict) else {}
        if words := _text(named):
            yield words
            return
        for member in islice(named.values() if named else error, _SHOWN):
            yield from _words(member, depth + 1)
