"""Pages that a decoded body announces, by any of the names that lists go on by. Pure.

One rule for every provider: a list that seems whole and is page one of several is the costliest
error there is, because nothing about its numbers looks wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from attrs import frozen

# Keys are compared in lower case, without "_", "-" and " ".
_FOLDED = str.maketrans("", "", "_- ")
# What points at the next page, wherever it stands beside rows or around them.
_NEXT = {
    *("nextpage", "nextcursor", "nexttoken", "nextpagetoken", "nextpagecursor", "nextoffset"),
    *("nexturl", "nextpageurl", "nextlink", "nextpagelink", "@odata.nextlink", "nextmarker"),
    *("continuationtoken", "nextcontinuationtoken", "istruncated", "morepages"),
    *("hasmore", "hasmorepages", "hasmoreitems", "hasnext", "hasnextpage"),
}
# The same, in words that mean other things elsewhere.
_NEXT_IN_PAGING = {"next", "after"}
_PAGES = {"pages", "totalpages", "lastpage", "pagecount", "numpages", "numberofpages"}
_PAGE = {"page", "currentpage", "pagenumber", "pageno", "current"}
_ROWS = {
    *("totalcount", "totalitems", "totalresults", "totalrecords", "totalelements", "totalrows"),
    *("totalentries", "totalsize", "recordstotal"),
}
_SIZES = {"limit", "perpage", "pagesize", "offset"}
# Objects that say something about a list's pages, and those of them that number the pages.
_NUMBERED = {"pagination", "paging", "pagy", "page", "pageinfo"}
_PAGING = {*_NUMBERED, "links", "_links", "meta", "metadata", "stats", "cursors", "cursor"}
# An object with more members is a map of rows, and a deeper one is inside of them.
_WIDTH, _DEPTH = 40, 4
_NOTHING = frozenset({"", "0", "false", "no", "null", "none"})


@frozen
class Announcement:
    """What one reply says about the pages of its list.

    ``next`` is the place that points at a next page; ``pages`` and ``rows`` are how many there are
    over all pages, ``page`` the number of this one, ``shown`` how many rows the reply has.
    """

    next: str | None = None
    pages: int | None = None
    rows: int | None = None
    page: int | None = None
    shown: int = 0
    pages_at: str | None = None
    rows_at: str | None = None

    def unread(self, rows: int | None = None, page: int | None = None) -> str | None:
        """Return in words why there is more than was read, or None.

        Read are ``rows`` (those of this reply) and the pages up to number ``page`` (this one).
        """
        rows = self.shown if rows is None else rows
        page = page or self.page or 1
        if self.next is not None:
            return f"{self.next} points at a next page"
        if self.pages is not None and self.pages > page:
            return f"{self.pages_at} states {self.pages} pages, and {page} was read"
        if self.rows is not None and self.rows > rows:
            return f"{self.rows_at} states {self.rows} rows, and {rows} were read"
        return None


def announced_pages(
    tree: object, shown: int | None = None, counts: Collection[str] = ()
) -> str | None:
    """Return in words what says that a decoded body is one page of several, or None.

    ``shown`` is how many rows it has, where that is not the length of its longest list. ``counts``
    are further keys that state how many rows there are, like ``total`` where that is no money.
    """
    found = announcement(tree, shown, counts)
    return None if found is None else found.unread()


def announcement(
    tree: object, shown: int | None = None, counts: Collection[str] = ()
) -> Announcement | None:
    """Return what a decoded body says about its pages; None where it says nothing."""
    if not isinstance(tree, Mapping):
        return None
    found: dict[str, Any] = {}
    for path, info in _around(tree, "$", 0):
        _read(path, info, counts, found)
    if not found:
        return None
    return Announcement(**found, shown=_shown(tree) if shown is None else shown)


def _around(node: Mapping[str, Any], path: str, depth: int) -> Iterator[tuple[str, Any]]:
    """Yield the objects around a body's rows, and never a row."""
    yield path, node
    if depth < _DEPTH and len(node) <= _WIDTH:
        for key, value in node.items():
            if isinstance(value, Mapping) and value:
                yield from _around(value, f"{path}.{key}", depth + 1)


def _read(
    path: str, info: Mapping[str, Any], counts: Collection[str], found: dict[str, Any]
) -> None:
    """Add what one object says; of several that say the same the first counts."""
    around = _fold(path.rpartition(".")[2])
    folded = {_fold(key): key for key in info}
    # Beside rows a bare `next` is the next page; in an object of its own it could be a date.
    loose = around in _PAGING or any(isinstance(value, list) for value in info.values())
    sized = loose and not _SIZES.isdisjoint(folded)
    for name, key in folded.items():
        value, place = info[key], f"`{path}.{key}`"
        if name in _NEXT or (loose and name in _NEXT_IN_PAGING):
            if _points(value):
                found.setdefault("next", place)
        elif loose and name == "last" and value is False:
            found.setdefault("next", place)
        elif loose and (name in _PAGES or (name == "last" and around in _NUMBERED)):
            _add(found, "pages", _whole(value), place)
        elif loose and name in _PAGE and (page := _whole(value)) is not None:
            found.setdefault("page", page)
        elif name in _ROWS or key in counts or _counts_rows(name, around, sized):
            _add(found, "rows", _whole(value), place)


def _counts_rows(name: str, around: str, sized: bool) -> bool:
    """Return whether a word that may be money or anything counts rows where it stands."""
    if name == "count":
        return around == "total"
    return name == "total" and (sized or around in _NUMBERED)


def _add(found: dict[str, Any], name: str, value: int | None, place: str) -> None:
    if value is not None and name not in found:
        found[name], found[f"{name}_at"] = value, place


def _fold(key: object) -> str:
    return str(key).lower().translate(_FOLDED)


def _points(value: object) -> bool:
    """Return whether this is a cursor, an address, a number or a yes."""
    if isinstance(value, Mapping):  # {"href": ...}
        return any(_points(member) for member in value.values())
    if isinstance(value, str):
        return value.strip().lower() not in _NOTHING
    return bool(value) and not isinstance(value, list | tuple)


def _whole(value: object) -> int | None:
    """Return a whole number, also where it is written as text."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None
    if isinstance(value, int | float | Decimal) and value == value // 1:
        return int(value)
    return None


def _shown(tree: object) -> int:
    """Return how many rows a body has: the length of the longest list that is around no other."""
    if isinstance(tree, list):
        return len(tree)
    if not isinstance(tree, Mapping):
        return 0
    lists = [value for value in tree.values() if isinstance(value, list)]
    rows = [value for value in lists if value and isinstance(value[0], Mapping)]
    return max(map(len, rows or lists), default=0) or max(map(_shown, tree.values()), default=0)
