"""Rows that say that a list of objects of their own goes on elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from billfold.steps import LOOKED_AT, Steps, slices
from billfold.wire.announced_in_objects import leads_on, read_pages_of
from billfold.wire.announcement import Found, short_of
from billfold.wire.list_names import MOST_KEYS, is_about_pages_of, word_of, word_of_many
from billfold.wire.paging_values import points, whole
from billfold.wire.paging_words import LINKS, NEXT_IN_PAGING, Word, says_next
from billfold.wire.rows import NUMBERED, fold
from billfold.wire.words import has_cents, is_money_key

_SHORTEST = 3  # letters of a list's name, by which a key is told to be about it
# Objects about the list beside them, whatever its name. A thing may have a page, or pages.
_BARE = {*NUMBERED, *LINKS} - {"page", "pages"}


class _Key(Struct, frozen=True):
    """A key that says something of a list in the same row.

    ``listed`` is the list's key, None for what needs no name. ``word`` is None for an object about
    the list's pages, which is called ``name`` without the list's name.
    """

    key: str
    listed: str | None
    word: Word | None
    name: str = ""


def said_in_rows(path: str, rows: Sequence[Any], before: Found | None = None) -> Found | None:
    """Return what the rows say of the lists in them, and what was said ``before``; None if nothing.

    What points at a next page needs no list's name where it stands beside a list of objects.
    """
    objects = rows if set(map(type, rows)) == {dict} else [*filter(_is_object, rows)]
    keys: frozenset[str] = frozenset().union(*objects)
    if len(keys) > MOST_KEYS or not (spoken := _keys_about_lists(keys)):
        return before
    found = before or Found()
    for each in spoken:
        _read(each, path, rows, found)
    return found if found.said or found.counted else None


def say_nothing(rows: Sequence[Any]) -> Steps[bool]:
    """Return whether no key of any row can say something of a list; pauses where there are many."""
    keys = set[str]()
    for some in slices(rows, LOOKED_AT):
        if keys:
            yield
        keys.update(*filter(_is_object, some))
    return len(keys) > MOST_KEYS or not _keys_about_lists(frozenset(keys))


def _is_object(row: object) -> bool:
    return type(row) is dict


@lru_cache(maxsize=256)
def _keys_about_lists(keys: frozenset[str]) -> tuple[_Key, ...]:
    """Return which of the keys say something of a list under another of them."""
    folded = {fold(key): key for key in sorted(keys)}
    found = [_Key(key, None, None, name) for name, key in folded.items() if name in _BARE]
    found += [_Key(key, None, word) for name, key in folded.items() if (word := _bare_word(name))]
    for listed, at in folded.items():
        stem = listed.removesuffix("s")
        for name, key in folded.items() if len(listed) >= _SHORTEST else ():
            if stem not in name or name == listed:
                continue
            if (about := is_about_pages_of(name, {listed: 0})) is not None:
                found.append(_Key(key, at, None, about[0]))
            if (word := _word(name, listed)) is not None:
                found.append(_Key(key, at, word))
    said = {each.word for each in found}
    # A cursor is this page's where another key says whether there is a next one.
    is_decided = not said.isdisjoint({Word.NEXT, Word.MAYBE_NEXT, Word.ROWS})
    return tuple(each for each in found if not (is_decided and each.word is Word.CURSOR))


def _bare_word(name: str) -> Word | None:
    """Return what a key says of the list beside it without its name."""
    if says_next(name):
        return Word.NEXT
    if name in NEXT_IN_PAGING:
        return Word.MAYBE_NEXT
    return Word.LINKS if name in LINKS else None


def _word(name: str, listed: str) -> Word | None:
    """Return what a key says; a count is told by the list's whole name."""
    word = word_of(name, listed)
    return word_of_many(name, listed) if word is Word.ROWS else word


def _read(said: _Key, path: str, rows: Sequence[Any], found: Found) -> None:
    """Add what the rows say by one key; of several rows the first is named."""
    is_money = is_money_key(said.key)
    # In one loop, without a call of ours for each row that says nothing.
    values = [row.get(said.key) if type(row) is dict else None for row in rows]
    for index, value in enumerate(values):
        if not value:
            continue
        length = _length(said.listed, rows[index])
        if length is None:
            continue
        place = f"{path}[{index}].{said.key}"
        if said.word is Word.CURSOR or leads_on(said.word, value):
            is_of_a_list = said.listed is not None or _has_objects(rows[index], said.key)
            if is_of_a_list and points(value):
                found.say("next", f"`{place}`")
                return
        elif said.word is Word.ROWS:
            stated = None if has_cents(value) else whole(value)
            if stated is None or stated < length:
                continue
            if is_money:
                found.counted[f"`{place}`"] = stated
                found.sure.add(f"`{place}`")
            if stated > length:
                found.say("short", short_of(f"`{place}`", stated, length))
        elif said.word is None and type(value) is dict:
            read_pages_of(said.name, length if said.listed else None, place, value, found)


def _length(listed: str | None, row: dict[str, Any]) -> int | None:
    """Return the length of a row's list, or of any; None where it has none."""
    lists = row.values() if listed is None else [row.get(listed)]
    return max((len(each) for each in lists if type(each) is list), default=None)


def _has_objects(row: dict[str, Any], beside: str) -> bool:
    """Return whether there is a list of objects beside a key."""
    lists = (each for key, each in row.items() if key != beside and type(each) is list)
    return any(each and _is_object(each[0]) for each in lists)
