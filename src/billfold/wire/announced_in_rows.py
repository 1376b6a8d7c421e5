"""Rows that say that a list of their own goes on elsewhere, by that list's name. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from billfold.wire.paging_words import MOST_KEYS, Around, Word, points
from billfold.wire.rows import fold

# Who has such a key has it in every row: there may be a hundred thousand.
_FIRST = 20
_SHORTEST = 3  # letters of a list's name, by which a key is told to be about it


def cut_row(path: str, rows: Sequence[Any]) -> str | None:
    """Return the place by which the first row says it, None where none of the rows does.

    A flag without the list's name may be about a text.
    """
    for name in _words(rows):
        for index, row in enumerate(rows):
            if type(row) is dict and points(row.get(name)):
                return f"`{path}[{index}].{name}`"
    return None


def _words(rows: Sequence[Any]) -> set[str]:
    """Return the keys that say of a list in the same row that it goes on."""
    words = set[str]()
    for row in rows[:_FIRST]:
        if type(row) is dict and list in map(type, row.values()) and len(row) <= MOST_KEYS:
            listed = [key for key, value in row.items() if type(value) is list]
            words |= _next_words(tuple(row), tuple(listed))
    return words


@lru_cache(maxsize=1024)  # most rows are like the one before
def _next_words(keys: tuple[str, ...], listed: tuple[str, ...]) -> frozenset[str]:
    """Return which of a row's keys say of one of the lists in it that it goes on."""
    lists = {name: 0 for name in map(fold, listed) if len(name) >= _SHORTEST}
    said = Around("", dict.fromkeys(keys), lists, None)
    found = ((key, said.of_a_list(name)) for name, key in said.keys.items())
    return frozenset(key for key, word in found if word and word[0] is Word.NEXT)
