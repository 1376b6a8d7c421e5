"""Pages that a decoded body announces, by any of the names that lists go on by. Pure.

One rule for every provider: a list that seems whole and is page one of several is the costliest
error there is, because nothing about its numbers looks wrong.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from attrs import frozen

from billfold.wire.rows import NUMBERED, PAGING, fold, shown_rows

# What points at the next page, wherever it stands beside rows or around them.
_NEXT = {
    *("nextpage", "nextcursor", "nexttoken", "nextpagetoken", "nextpagecursor", "nextoffset"),
    *("nexturl", "nextpageurl", "nextlink", "nextpagelink", "@odata.nextlink", "nextmarker"),
    *("mscontinuation", "continuationtoken", "nextcontinuationtoken", "istruncated", "truncated"),
    *("morepages", "hasmore", "hasmorepages", "hasmoreitems", "hasnext", "hasnextpage"),
}
# The same, in words that mean other things elsewhere.
_NEXT_IN_PAGING = {"next", "after", "truncated", "more", "remaining"}
_PAGES = {"pages", "totalpages", "lastpage", "pagecount", "numpages", "numberofpages"}
_PAGE = {"page", "currentpage", "pagenumber", "pageno", "current"}
_ROWS = {
    *("totalcount", "totalitems", "totalresults", "totalrecords", "totalelements", "totalrows"),
    *("totalentries", "totalsize", "recordstotal"),
}
_LAST = {"last", "lastpage", "islast", "islastpage"}
_TOTALS = {"total", "count", "last"}
_SIZES = {"limit", "perpage", "pagesize", "offset"}
_ANY = {*_LAST, *_NEXT, *_NEXT_IN_PAGING, *_PAGES, *_PAGE, *_ROWS, *_TOTALS}
# An object with more members is a map of rows, and a deeper one is inside of them.
_WIDTH, _DEPTH = 40, 4
_WIDEST = 20_000  # members, wherever it stands
_NOTHING = {"", "0", "false", "no", "null", "none"}
_PREFIXES = ("x-", "wp-", "pagination-")
_RANGE = re.compile(r"\s*\w+\s+(\d{1,18})-(\d{1,18})/(\d{1,18})\s*")


@frozen
class Announcement:
    """What one reply says about the pages of its list.

    ``next`` is the place that points at a next page; ``pages`` and ``rows`` are how many there are
    over all pages, ``page`` the number of this one, ``shown`` how many rows the reply has, None
    where that cannot be told. ``counted`` are the paths of the numbers that count rows or pages, as
    far as they can be that many.
    """

    next: str | None = None
    pages: int | None = None
    rows: int | None = None
    page: int | None = None
    shown: int | None = None
    pages_at: str | None = None
    rows_at: str | None = None
    counted: frozenset[str] = frozenset()

    def unread(self, rows: int | None = None, page: int | None = None) -> str | None:
        """Return in words why there is more than was read, or None.

        Read are ``rows`` (those of this reply) and the pages up to number ``page`` (this one).
        """
        rows = self.shown if rows is None else rows
        page = max(page or 1, self.page or 1)
        if self.next is not None:
            return f"{self.next} points at a next page"
        if self.pages is not None and self.pages > page:
            return f"{self.pages_at} states {self.pages} pages, and this is page {page}"
        if self.rows is not None and rows is not None and self.rows > rows:
            return f"{self.rows_at} states {self.rows} rows, and {rows} were read"
        return None


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
    found: dict[str, Any] = {}
    for path, info in _around(tree, "$", 0):
        if len(info) <= _WIDEST and (counts or not _ANY.isdisjoint(map(fold, info))):
            _read(path, info, counts, found)
    if not found:
        return None
    shown = shown_rows(tree) if shown is None else shown
    stated = found.pop("counted", {}).items()
    counted = frozenset(place.strip("`") for place, number in stated if number >= (shown or 0))
    return Announcement(**found, shown=shown, counted=counted)


def in_headers(
    headers: Mapping[str, str], links: Collection[str], status: int, tree: object
) -> Announcement | None:
    """Return what a reply's headers say about its pages; ``links`` are the relations of its links.

    ``tree`` is its decoded body, whose rows are counted where a header states how many there are.
    """
    found: dict[str, Any] = {"next": "the header `Link`"} if "next" in links else {}
    stated = {_fold_header(name): (name, value) for name, value in headers.items()}
    for name, (header, value) in stated.items():
        place = f"the header `{header}`"
        if name in _NEXT and _points(value):
            found.setdefault("next", place)
        elif name in _PAGES:
            _add(found, "pages", _whole(value), place)
        elif name in _PAGE and (page := _whole(value)) is not None:
            found["page"] = page
        elif name in _ROWS or name == "total" or header.lower() == "pagination-count":
            _add(found, "rows", _whole(value), place)
        elif name == "pagination":
            _read_written(value, place, found)
    _read_range(stated.get("contentrange", ("", ""))[1], status, found)
    found.pop("counted", None)  # which is about places in a body
    return Announcement(**found, shown=shown_rows(tree)) if found else None


def says_pages(headers: Mapping[str, str], status: int) -> bool:
    """Return whether headers may say something about pages, which few do."""
    return status == 206 or not _HEADERS.isdisjoint(map(_fold_header, headers))


def _read_written(value: str, place: str, found: dict[str, Any]) -> None:
    """Add what a header says whose value is a JSON object about the list's pages."""
    try:
        written = msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError):
        return
    if isinstance(written, dict):
        said: dict[str, Any] = {}
        _read("$.pagination", written, (), said)
        said.pop("counted", None)
        for name, each in said.items():
            found.setdefault(name, place if isinstance(each, str) else each)


def _read_range(value: str, status: int, found: dict[str, Any]) -> None:
    """Add what ``Content-Range: items 0-24/80`` says, or a status 206 without it."""
    place, stated = "the header `Content-Range`", _RANGE.fullmatch(value)
    if stated is not None:
        if int(stated[2]) + 1 < int(stated[3]):
            found.setdefault("next", place)
        _add(found, "rows", int(stated[3]), place)
    elif status == 206:
        found.setdefault("next", "the status 206")


def _around(node: Mapping[str, Any], path: str, depth: int) -> Iterator[tuple[str, Any]]:
    """Yield the objects around a body's rows, and never a row."""
    yield path, node
    if depth < _DEPTH and len(node) <= _WIDTH:
        for key, value in node.items():
            if type(value) is dict and value:
                yield from _around(value, f"{path}.{key}", depth + 1)


def _read(
    path: str, info: Mapping[str, Any], counts: Collection[str], found: dict[str, Any]
) -> None:
    """Add what one object says; of several that say the same the first counts."""
    around = fold(path.rpartition(".")[2])
    folded = {fold(key): key for key in info}
    # Beside rows a bare `next` is the next page; in an object of its own it could be a date.
    loose = around in PAGING or any(isinstance(value, list) for value in info.values())
    sized = loose and not _SIZES.isdisjoint(folded)
    for name, key in folded.items():
        value, place = info[key], f"`{path}.{key}`"
        if name in _NEXT or (loose and name in _NEXT_IN_PAGING):
            if _points(value):
                found.setdefault("next", place)
        elif loose and name in _LAST and value is False:
            found.setdefault("next", place)
        elif loose and (name in _PAGES or (name == "last" and around in NUMBERED)):
            _add(found, "pages", _whole(value), place)
        elif loose and name in _PAGE and (page := _whole(value)) is not None:
            found.setdefault("page", page)
        elif name in _ROWS or key in counts or _counts_rows(name, around, loose, sized):
            _add(found, "rows", _whole(value), place)


def _counts_rows(name: str, around: str, loose: bool, sized: bool) -> bool:
    """Return whether a word that may be money or anything counts rows where it stands."""
    if name == "count":
        return around == "total" or loose
    return name == "total" and (sized or around in NUMBERED)


def _add(found: dict[str, Any], name: str, value: int | None, place: str) -> None:
    if value is None:
        return
    found.setdefault("counted", {})[place] = value
    if name not in found:
        found[name], found[f"{name}_at"] = value, place


@lru_cache(maxsize=1024)
def _fold_header(name: str) -> str:
    name = name.lower()
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return fold(name)


_HEADERS = {*_NEXT, *_PAGES, *_PAGE, *_ROWS, "total", "count", "contentrange", "link", "pagination"}


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
