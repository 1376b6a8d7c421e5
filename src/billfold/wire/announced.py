"""Pages that a decoded body announces, by any of the names that lists go on by. Pure.

One rule for every provider: a list that seems whole and is page one of several is the costliest
error there is, because nothing about its numbers looks wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from billfold.steps import Steps
from billfold.wire.announced_in_objects import read_object, read_pages_of
from billfold.wire.announced_in_rows import said_in_rows, say_nothing
from billfold.wire.announcement import Announcement, Found
from billfold.wire.list_names import is_about_pages_of, names_a_list, noun_of
from billfold.wire.members import containers_in
from billfold.wire.paging_around import WRAPPERS, Around
from billfold.wire.paging_words import BARE_COUNTS, COUNTS, LINKS, may_say
from billfold.wire.rows import PAGING, fold, shown_rows

# An object with more members is a map of rows, and a deeper one is inside of them.
_WIDTH, _DEPTH = 40, 4
_WIDEST = 20_000  # members, wherever it stands
_FEW = 256  # keys of all these objects, of which what they may say is kept
# Lists whose rows say themselves what they are, by the id that they begin with.
_ENVELOPES = {"data", "items", "results", "rows", "records", "entries", "elements"}
_SHORTEST = 3  # letters of a list's name, by which a key is told to be about it
_BODIES = {"$", *WRAPPERS}


def announced_pages(
    tree: object, shown: int | None = None, counts: Collection[str] = ()
) -> str | None:
    """Return in words what says that a decoded body is one page of several, or None.

    ``shown`` is how many rows it has, where that is not the length of its longest list. ``counts``
    are further keys that state how many rows there are, like ``total`` where that is no money.
    """
    found = in_body(tree, shown, counts)
    return None if found is None else found.unread()


# What reads the rows of a list.
Said = Callable[[str, Sequence[Any], Found | None], Found | None]


def in_body(
    tree: object,
    shown: int | None = None,
    counts: Collection[str] = (),
    in_rows: Said = said_in_rows,
) -> Announcement | None:
    """Return what a decoded body says about its pages; None where it says nothing.

    ``in_rows`` reads the rows of its lists.
    """
    if type(tree) is not dict:
        return None
    around: list[tuple[str, Any]] = []
    listed: list[tuple[str, str, Any]] = []
    _add_around(tree, "$", 0, around, listed)
    # Loops, as every reply comes here and most have nothing to say.
    lists: dict[str, int] = {}
    nouns: dict[str, int] = {}
    found: Found | None = None
    for path, key, rows in listed:
        found = in_rows(f"{path}.{key}", rows, found)
        if len(key) >= _SHORTEST:
            lists[fold(key)] = len(rows)
        if rows and key in _ENVELOPES and type(rows[0]) is dict and rows[0]:
            noun = noun_of(next(iter(rows[0])))
            if noun is not None:
                nouns[noun] = len(rows)
    if lists and len(lists) > _WIDTH:
        lists = {}
    if found is None:
        keys = tuple([tuple(info) for _, info in around])
        is_kept = sum(map(len, keys)) <= _FEW
        may_any_speak = _may_any_speak if is_kept else _may_any_speak.__wrapped__
        if not may_any_speak(keys, (*lists, *nouns), tuple(counts)):
            return None
    known, shown = shown is not None, shown_rows(tree) if shown is None else shown
    found = found or Found()
    for path, info in around:
        name = fold(path.rpartition(".")[2])
        own = is_about_pages_of(name, lists)
        if own is not None and own[1] != shown:
            read_pages_of(own[0], own[1], path, info, found)
        else:
            name = name if own is None else own[0]
            read_object(path, Around(name, info, lists, shown, nouns), counts, found)
    if not known and (rows := found.said.get("rows")) is not None and rows > (shown or 0):
        name = fold(found.said["rows_at"].strip("`").rpartition(".")[2])
        counts_rows = name in COUNTS or name in BARE_COUNTS
        if rows in _other_counts([info for _, info in around], inside=counts_rows):
            del found.said["rows"]
    return found.announcement(shown, in_body=True)


def reading_rows(tree: object) -> Steps[Said]:
    """Return what reads the rows of a large body: nothing, where they say nothing by their keys.

    Pauses after some of them.
    """
    listed: list[tuple[str, str, Any]] = []
    if type(tree) is dict:
        _add_around(tree, "$", 0, [], listed)
    for _, _, rows in listed:
        if not (yield from say_nothing(rows)):
            return said_in_rows
    return _nothing_said


def _nothing_said(path: str, rows: Sequence[Any], before: Found | None) -> Found | None:
    return before


@lru_cache(maxsize=1024)  # replies to one request have the same keys
def _may_any_speak(
    objects: tuple[tuple[str, ...], ...], lists: tuple[str, ...], counts: tuple[str, ...]
) -> bool:
    """Return whether any key of these objects may say something about pages, or about a list."""
    return any(
        any(map(may_say, keys)) or names_a_list(keys, lists) or not set(counts).isdisjoint(keys)
        for keys in objects
    )


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
    inside: list[tuple[str, Any]] = []
    for key, value in containers_in(node):
        if type(value) is list:
            listed.append((path, key, value))
        elif value:
            inside.append((key, value))
    if depth < _DEPTH and width <= _WIDTH:
        for key, value in inside:
            if fold(key) not in LINKS or _has_pages(node, path):
                _add_around(value, f"{path}.{key}", depth + 1, around, listed)


def _has_pages(node: Mapping[str, Any], path: str) -> bool:
    """Return whether links in an object may be those of pages: it is about them, or has rows.

    Those of a thing beside the rows, as its documentation, lead from that.
    """
    name = path.rpartition(".")[2]
    return name in _BODIES or fold(name) in PAGING or len([*containers_in(node)]) > 1


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
