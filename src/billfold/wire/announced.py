"""Pages that a decoded body announces, by any of the names that lists go on by. Pure.

One rule for every provider: a list that seems whole and is page one of several is the costliest
error there is, because nothing about its numbers looks wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

from billfold.steps import Steps
from billfold.wire.announced_in_objects import read_object, read_pages_of
from billfold.wire.announced_in_rows import said_in_rows, say_nothing
from billfold.wire.announcement import Announcement, Found
from billfold.wire.list_names import MOST_KEYS, is_about_pages_of, names_a_list, noun_of
from billfold.wire.members import containers_in, lists_in, objects_around
from billfold.wire.paging_around import WRAPPERS, Around
from billfold.wire.paging_values import whole
from billfold.wire.paging_words import BARE_COUNTS, COUNTS, LINKS, may_say
from billfold.wire.rows import PAGING, fold, shown_rows

# An object with more members is a map of rows, and a deeper one is inside of them.
_WIDTH, _DEPTH = 40, 4
_WIDEST = 20_000  # members, wherever it stands
# Lists whose rows say themselves what they are, by the id that they begin with.
_ENVELOPES = {"data", "items", "results", "rows", "records", "entries", "elements"}
_SHORTEST = 3  # letters of a list's name, by which a key is told to be about it
_BODIES = {"$", *WRAPPERS}
_named_rows = itemgetter(1, 2)
_names_any = lru_cache(maxsize=1024)(names_a_list)  # as replies to one request have the same keys
# What an object says of the list that it is: what kind of thing, and where that is.
_KINDS, _LISTS = {"object", "type", "kind"}, ("list", "collection", "page")
_ADDRESSES = {"url", "uri", "href", "self", "path"}
_TOTAL = "total"


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
    if not _may_any_say(tree, counts, in_rows):
        return None  # as nearly no reply does
    around: list[tuple[str, Any]] = []
    listed: list[tuple[str, str, Any]] = []
    _add_around(tree, "$", 0, around, listed)
    lists, nouns = _lengths(map(_named_rows, listed))
    found: Found | None = None
    for path, key, rows in listed:
        found = in_rows(f"{path}.{key}", rows, found)
    if found is None and not any(_may_speak(info, (*lists, *nouns), counts) for _, info in around):
        return None  # as a map of many things, by whose ids alone that could not be told
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


def _may_any_say(tree: dict[str, Any], counts: Collection[str], in_rows: Said) -> bool:
    """Return whether anything around a body's rows, or in these, may say something about pages.

    Told by keys alone, without a step for each of them. What it cannot rule out is looked at.
    """
    if any(map(may_say, tree)) or (counts and any(map(tree.__contains__, counts))):
        return True
    if next(containers_in(tree), None) is None:
        return False
    if (objects := objects_around(tree, _WIDTH)) is None:
        return True
    keys = (*dict.fromkeys(chain.from_iterable(objects)),)
    if any(map(may_say, keys[len(tree) :])) or any(map(keys.__contains__, counts)):
        return True
    if not (listed := [*lists_in(objects)]):
        return False
    if len(listed) > _WIDTH or any(in_rows(key, rows, None) for key, rows in listed if rows):
        return True
    return len(keys) > MOST_KEYS or _names_any(keys, (*chain(*_lengths(listed)),))


def _may_speak(info: Mapping[str, Any], names: Collection[str], counts: Collection[str]) -> bool:
    """Return whether any key of an object may say something about pages, or about a list."""
    return (
        any(map(may_say, info)) or names_a_list(info, names) or any(map(info.__contains__, counts))
    )


def _lengths(listed: Iterable[tuple[str, list[Any]]]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the lengths of lists by their names, and by what their rows say that they are."""
    lists: dict[str, int] = {}
    nouns: dict[str, int] = {}
    for key, rows in listed:
        if len(key) >= _SHORTEST:
            lists[fold(key)] = len(rows)
        if rows and key in _ENVELOPES and type(rows[0]) is dict and rows[0]:
            noun = noun_of(next(iter(rows[0])))
            if noun is not None:
                nouns[noun] = len(rows)
    return lists if len(lists) <= _WIDTH else {}, nouns


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


def is_empty_list(value: object) -> bool:
    """Return whether an object is nothing but an empty list, with its kind and its pages.

    As Stripe's ``{"object": "list", "data": [], "has_more": false, "total_count": 0}`` is. One that
    states rows, or another page, is none.
    """
    if not isinstance(value, Mapping):
        return False
    lists = [each for each in value.values() if isinstance(each, list)]
    if not lists or any(lists) or not all(_is_of_a_list(key, value[key]) for key in value):
        return False
    pages = in_body(value, 0)
    return pages is None or pages.unread() is None


def _is_of_a_list(key: str, value: object) -> bool:
    """Return whether a member of an object is its list, or says of it what it is or its pages."""
    name = fold(key)
    if name in _KINDS:
        return isinstance(value, str) and fold(value).endswith(_LISTS)
    if isinstance(value, Mapping):
        return name in PAGING
    if name == _TOTAL:  # which may be money
        return whole(value) == 0
    return isinstance(value, list) or value is None or name in _ADDRESSES or may_say(key)
