"""Where a provider repeats a token, however it writes it. Pure, and linear in the text."""

from __future__ import annotations

import base64
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

# One character, written by JSON (once or in a text of its own), by a URL or by HTML.
_ESCAPE = re.compile(
    r"[\\%&](?:(?<=\\)\\{0,3}(?:u00[2-7][0-9A-Fa-f]|/)"
    r"|(?<=%)[2-7][0-9A-Fa-f]"
    r"|(?<=&)(?:#0{0,8}[0-9]{2,3};?|#[xX]0{0,8}[2-7][0-9A-Fa-f];?|[A-Za-z]{2,10};))"
)
# What any of them needs. One byte is looked for at the speed of memory, and several a hundred times
# as slowly: so those that begin with a backslash only where there is one.
_MARKS = (b"%", b"&")
_BACKSLASH, _ESCAPED = b"\\", (b"\\u00", b"\\/")
# What is escaped may be escaped once more.
_ROUNDS = 2
# What is shorter may be part of any word.
_SHORTEST_BASE64 = 16


def forms_of(token: str) -> tuple[str, ...]:
    """Return a token as it is, as JSON has it, and in Base64."""
    return (token, json.dumps(token)[1:-1], *_base64_forms(token))


def _base64_forms(token: str) -> Iterator[str]:
    """Yield what every Base64 of a text has that holds a token, like ``user:token``.

    The three ways in which its bytes may fall, and the alphabet for URLs, too.
    """
    for before, cut in enumerate((0, 2, 3)):
        written = base64.b64encode(b"\0" * before + token.encode()).decode()
        form = written[cut : (before + len(token)) * 8 // 6]
        if len(form) >= _SHORTEST_BASE64:
            yield form
            yield form.replace("+", "-").replace("/", "_")


def may_hold(body: bytes, forms: Sequence[bytes]) -> bool:
    """Return whether a body has one of the forms, or anything that may write one differently."""
    # `in` takes bytes for a number first, and the error of that costs more than looking.
    find = body.find
    escaped = _ESCAPED if find(_BACKSLASH) >= 0 else ()
    # All of them, without a step of ours for each: nearly no body has any.
    return max(map(find, (*_MARKS, *escaped, *forms))) >= 0


def masked(text: str, forms: Sequence[str], mask: str) -> str:
    """Return text with a mask for each of the forms, plain or escaped."""
    pieces, end = [], 0
    for start, stop in sorted(_places(text, forms, _ROUNDS)):
        if stop > end:
            pieces += [] if start < end else [text[end:start], mask]
            end = stop
    return "".join((*pieces, text[end:])) if end else text


def _places(text: str, forms: Sequence[str], rounds: int) -> Iterator[tuple[int, int]]:
    """Yield where the forms begin and end in a text, and in what its escapes stand for."""
    for form in forms:
        at = text.find(form)
        while at >= 0:
            yield at, at + len(form)
            at = text.find(form, at + len(form))
    if not rounds or _ESCAPE.search(text) is None:
        return
    plain, read, written = _unescaped(text)
    for start, stop in _places(plain, forms, rounds - 1):
        first = bisect_right(read, start) - 1
        last = bisect_left(read, stop)
        last -= read[last] != stop
        yield written[first] + start - read[first], written[last] + stop - read[last]


def _unescaped(text: str) -> tuple[str, list[int], list[int]]:
    """Return what a text's escapes stand for, and where pieces begin there and here."""
    pieces: list[str] = []
    read, written = [0], [0]
    end = length = 0
    for match in _ESCAPE.finditer(text):
        character = _character(match[0])
        if len(character) == 1:
            start, stop = match.span()
            pieces += (text[end:start], character)
            length += start - end
            read += (length, length := length + 1)
            written += (start, stop)
            end = stop
    pieces.append(text[end:])
    read.append(length + len(text) - end)
    written.append(len(text))
    return "".join(pieces), read, written


@lru_cache
def _character(escape: str) -> str:
    if escape[0] == "&":
        # Its two thousand names are loaded where a reply has one, as few have.
        from html import unescape

        return unescape(escape)
    return "/" if escape[-1] == "/" else chr(int(escape[-2:], 16))
