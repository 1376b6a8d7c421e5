"""Rows that say that a list of their own goes on elsewhere, by that list's name. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from billfold.wire.paging_words import Around, Word, names_a_list, points
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
    words, seen = set[str](), set[tuple[str, ...]]()
    for row in rows[:_FIRST]:
        if type(row) is not dict or list not in map(type, row.values()):  # as in most
            continue
        listed = [key for key, value in row.items() if type(value) is list]
        alike = (*row, *listed)
        if alike in seen:  # as most rows are like the one before
            continue
        seen.add(alike)
        lists = {fold(key): len(row[key]) for key in listed}
        lists = {name: length for name, length in lists.items() if len(name) >= _SHORTEST}
        if names_a_list(row, lists):
            said = Around("", row, lists, None)
            found = ((key, said.of_a_list(name)) for name, key in said.keys.items())
            words.update(key for key, word in found if word and word[0] is Word.NEXT)
    return words
