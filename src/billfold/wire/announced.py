"""Pages that a decoded body announces, by any of the names that lists go on by. Pure.

One rule for every provider: a list that seems whole and is page one of several is the costliest
error there is, because nothing about its numbers looks wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from billfold.wire.announced_in_rows import cut_row
from billfold.wire.announcement import Announcement, Found, short_of
from billfold.wire.paging_words import (
    BARE_COUNTS,
    COUNTS,
    Around,
    Word,
    may_say,
    names_a_list,
    points,
    says_whether_more,
    whole,
)
from billfold.wire.rows import fold, shown_rows

# An object with more members is a map of rows, and a deeper one is inside of them.
_WIDTH, _DEPTH = 40, 4
_WIDEST = 20_000  # members, wherever it stands
_SHORTEST = 3  # letters of a list's name, by which a key is told to be about it


def announced_pages(
    tree: object, shown: int | None = None, counts: Collection[str] = ()
) -> str | None:
    """Return in words what says that a decoded body is one page of several, or None.

    ``shown`` is how many rows it has, where that is not the length of its longest list. ``counts``
    are further keys that state how many rows there are, like ``total`` where that is no money.
    """
    found = in_body(tree, shown, counts)
    return None if found is None else found.unread()


def in_body(
    tree: object, shown: int | None = None, counts: Collection[str] = ()
) -> Announcement | None:
    """Return what a decoded body says about its pages; None where it says nothing."""
    if type(tree) is not dict:
        return None
    around, listed = list[tuple[str, Any]](), list[tuple[str, str, Any]]()
    _add_around(tree, "$", 0, around, listed)
    # Loops, as every reply comes here and most have nothing to say.
    lists, cut = dict[str, int](), None
    for path, key, rows in listed:
        cut = cut or cut_row(f"{path}.{key}", rows)
        if len(key) >= _SHORTEST:
            lists[fold(key)] = len(rows)
    if lists and len(lists) > _WIDTH:
        lists = {}
    names, silent = tuple(lists), cut is None
    for _, info in around:
        may_speak = _may_speak if len(info) <= _WIDTH else _may_speak.__wrapped__
        silent = silent and not may_speak(tuple(info), names)
        for key in counts:
            silent = silent and key not in info
    if silent:
        return None
    known, shown = shown is not None, shown_rows(tree) if shown is None else shown
    found = Found()
    if cut is not None:
        found.say("next", cut)
    for path, info in around:
        read_object(path, Around(fold(path.rpartition(".")[2]), info, lists, shown), counts, found)
    if not known and (rows := found.said.get("rows")) is not None and rows > (shown or 0):
        name = fold(found.said["rows_at"].strip("`").rpartition(".")[2])
        counts_rows = name in COUNTS or name in BARE_COUNTS
        if rows in _other_counts([info for _, info in around], inside=counts_rows):
            del found.said["rows"]
    return found.announcement(shown, in_body=True)


@lru_cache(maxsize=1024)  # replies to one request have the same keys
def _may_speak(keys: tuple[str, ...], lists: tuple[str, ...]) -> bool:
    """Return whether any of an object's keys may say something about pages, or about a list."""
    return any(map(may_say, keys)) or names_a_list(keys, lists)


def read_object(path: str, around: Around, counts: Collection[str], found: Found) -> None:
    """Add what one object says."""
    for name, key in around.keys.items():
        value, place = around.info[key], f"`{path}.{key}`"
        named = around.of_a_list(name)
        word = Word.ROWS if key in counts and around.loose else around.word(name)
        if named is not None and word is None:
            word, length = named
            if word is Word.ROWS and length != around.shown:
                _other_list(whole(value), length, place, found)
                continue
        _say(word, value, place, found)
        found.decided = found.decided or says_whether_more(name)
        if around.numbers_pages:
            found.sure.add(place)


def _say(word: Word | None, value: object, place: str, found: Found) -> None:
    if (word is Word.NEXT and points(value)) or (word is Word.LAST and value is False):
        found.say("next", place)
    elif word is Word.CUT:
        found.say("short", f"{place} says that this is not all")
    elif word is Word.CURSOR and points(value):
        found.cursor = found.cursor or place
    elif word is Word.PAGES:
        found.count("pages", whole(value), place)
    elif word is Word.ROWS:
        found.count("rows", whole(value), place)
    elif word is Word.PAGE and (page := whole(value)) is not None:
        found.say("page", page)
    elif word is Word.SIZE:
        found.size = found.size or (whole(value), place)


def _other_list(stated: int | None, length: int, place: str, found: Found) -> None:
    """Add how many rows there are of a list that is not the body's longest."""
    if stated is not None and stated > length:
        found.say("short", short_of(place, stated, length))


def _add_around(
    node: Mapping[str, Any],
    path: str,
    depth: int,
    around: list[tuple[str, Any]],
    listed: list[tuple[str, str, Any]],
) -> None:
    """Add the objects around a body's rows, and never a row; and each list that stands in one."""
    width = len(node)
    if width > _WIDEST:
        return
    around.append((path, node))
    inside = list[tuple[str, Any]]()
    for key, value in node.items():
        if type(value) is list:
            listed.append((path, key, value))
        elif type(value) is dict and value:
            inside += ((key, value),)
    if depth < _DEPTH and width <= _WIDTH:
        for key, value in inside:
            _add_around(value, f"{path}.{key}", depth + 1, around, listed)


def _lists(info: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    return ((key, value) for key, value in info.items() if type(value) is list)


def _other_counts(around: Collection[Mapping[str, Any]], *, inside: bool) -> set[int]:
    """Return what else a count may be of: all lists together, and where ``inside`` those in rows.

    What says that it is a total is one of rows.
    """
    lists = [rows for info in around for _, rows in _lists(info)]
    in_rows = Counter[str]()
    for row in (row for rows in lists for row in rows if inside and type(row) is dict):
        in_rows.update({key: len(value) for key, value in _lists(row)})
    return {sum(map(len, lists)), *in_rows.values()}
