"""A JSON document with very many records, written one record after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from billfold.codec import json_text

_BLOCK = 65_536  # characters


def long_json_text(document: Mapping[str, Any], indent: int | None = None) -> str:
    """Return what :func:`~billfold.codec.json_text` does, of values among which are iterators.

    Each is written as a list, and what it gives is forgotten before the next: of very many records
    there is the text alone, once. Memory that is new to the process is what a long text costs most.
    """
    return _joined(_object_pieces(document, indent))


def _joined(pieces: Iterable[str]) -> str:
    """Return pieces as one text, without ever having all of it twice, as ``join`` has."""
    # CPython grows a text where it is while nobody else has it, and Linux moves its pages without
    # a copy. Where that is not so, growing by a thirty-second at a time keeps the copies few.
    text, block, size = "", list[str](), 0
    for piece in pieces:
        block.append(piece)
        size += len(piece)
        if size > max(_BLOCK, len(text) // 32):
            text += "".join(block)
            block, size = [], 0
    text += "".join(block)
    return text


def _object_pieces(document: Mapping[str, Any], indent: int | None) -> Iterator[str]:
    before = "{" + _line(indent, 1)
    for key, value in document.items():
        yield f"{before}{json_text(key)}: "
        if isinstance(value, Iterator):
            yield from _list_pieces(value, indent)
        else:
            yield _inside(json_text(value, indent), indent, 1)
        before = _comma(indent, 1)
    yield _line(indent, 0) + "}"


def _list_pieces(values: Iterator[Any], indent: int | None) -> Iterator[str]:
    before, end = "[" + _line(indent, 2), "[]"
    for value in values:
        yield before
        yield _inside(json_text(value, indent), indent, 2)
        before, end = _comma(indent, 2), _line(indent, 1) + "]"
    yield end


def _inside(text: str, indent: int | None, depth: int) -> str:
    """Return the text of a value as it is written so deep in a document."""
    return text if indent is None else text.replace("\n", _line(indent, depth))


def _comma(indent: int | None, depth: int) -> str:
    return ", " if indent is None else "," + _line(indent, depth)


def _line(indent: int | None, depth: int) -> str:
    return "" if indent is None else "\n" + " " * indent * depth
