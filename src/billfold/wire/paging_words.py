"""What a key says about the pages of a list, by the place where it stands. Pure.

Few words say it anywhere. The others do beside what else pages have: a `limit` may be one of
spending, a `total` money, `pages` those of a document, and `next` a date.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from enum import Enum, auto
from functools import cache, cached_property, lru_cache
from typing import Any

from attrs import frozen

from billfold.wire.rows import ABOUT_A_LIST, NUMBERED, PAGING, fold
from billfold.wire.words import is_money_key

# What points at the next page, or says that there is one, wherever it stands beside rows or around
# them: a word for the next one and words for where it is, in either order, and some names of old.
_MEMBERS = "(pages?|items?|results?|records?|rows?|entries|elements?|data)"
_WHERE = (
    "(page(number)?|cursor|token|offset|ur[li]|link|href|path|marker|key|id|batch|records?|results?"
    "|pagination|continuation|position|request)"
)
_NEXT = (
    f"next{_WHERE}+|{_WHERE}+next|(ms)?continuation(token)?|paginationtoken|resume(page)?token"
    f"|(load|fetch|show)more{_MEMBERS}*|has(more|next|additional|further){_MEMBERS}*|more({_MEMBERS}+|{_MEMBERS}*available)|(is)?truncated|(incomplete|partial){_MEMBERS}+"
    "|remaining(item|record|row|result)s?count|lastevaluatedkey"
)
# Words that may be a date, too, as that on which something begins.
_NEXT_IN_PAGING = {"next", "after", "more", "continue", "nextstart", "nextindex", "nextskip"}
_LAST = {
    *("last", "lastpage", "islast", "islastpage", "finalpage", "isfinalpage", "done"),
    *("lastbatch", "islastbatch", "eof", "endoflist", "endofresults", "endofdata", "nomore"),
    *("nomorepages", "nomoreresults", "nomoreitems", "nomorerecords", "nomorerows"),
}
# Flags of a list that is not all there is, of one that is, and how many rows it is without. A limit
# that was reached is a list's where nothing says what else it is of.
_LISTED = f"({_MEMBERS}|lists?|sets?|max|maximum)"
_REACHED = "(reached|exceeded|hit)"
_NOT_ALL = (
    f"(is|was)?{_LISTED}*(is|was|are|were)?(partial|incomplete|capped|truncated|clipped|cutoff"
    f"|overflow(ed)?){_LISTED}*|{_LISTED}*limit(is|was)?{_REACHED}|max(imum)?{_LISTED}*{_REACHED}"
    f"|{_REACHED}{_LISTED}*(limit|max|maximum)|not(all|complete){_LISTED}*"
)
_ALL_THERE = f"(is)?{_LISTED}*(is)?(complete|exhaustive)"
_COUNTABLE = "(pages?|items?|results?|records?|rows?|entries|elements?)"
_LEFT_OUT = (
    f"{_COUNTABLE}+(left|remaining)|{_LISTED}*(omitted|notshown|notreturned|leftout)(count)?"
    f"|(omitted|notshown|notreturned|remaining){_LISTED}+(count)?|more{_LISTED}*remaining"
)
PAGES = {"totalpages", "lastpage", "pagecount", "numpages", "numberofpages", "pages"}
_PAGES_OF_ANYTHING = {"pagecount", "numberofpages", "pages"}
PAGE = {"page", "currentpage", "pagenumber", "pageno", "current"}
ROWS = {
    *("totalcount", "totalitems", "totalresults", "totalrecords", "totalelements", "totalrows"),
    *("totalentries", "totalsize", "recordstotal"),
}
COUNTS = {
    *("count", "itemcount", "resultcount", "resultscount", "recordcount", "rowcount"),
    *("elementcount", "entrycount"),
}
# A number under one of these, beside rows, counts them; `size` is a page's, whatever number it is.
BARE_COUNTS = {"hits", "matches", "found"}
# These point at the next page where nothing else says whether there is one; else at this one.
CURSORS = {"cursor", "bookmark", "marker", "scrollid", "lastkey", "pagetoken", "pagingtoken"}
_ROWS = (
    "count(total|all|overall)|((num|nb|numberof|total|overall)+(items|results|records|rows|entries|elements|hits|matches"
    "|found)(count|size)?|(items|results|records|rows|entries|elements)total|results?size|recordsfiltered|(total|overall)count)"
)
# Each of these patterns needs one of its hints. Nearly no key has one, and none of those is tried:
# that takes ten times as long, and to compile the patterns a tenth of what a short command does.
HINTS: Mapping[str, tuple[str, ...]] = {
    _NEXT: (
        *("next", "token", "more", "truncated", "incomplete", "partial", "remaining"),
        *("continuation", "lastevaluatedkey", "hasadditional", "hasfurther"),
    ),
    _NOT_ALL: (
        *("partial", "incomplete", "capped", "truncated", "clipped", "cutoff", "overflow"),
        *("reached", "exceeded", "hit", "notall", "notcomplete"),
    ),
    _ALL_THERE: ("complete", "exhaustive"),
    _LEFT_OUT: ("left", "remaining", "omitted", "notshown", "notreturned"),
    _ROWS: (
        "count",
        "total",
        "overall",
        "num",
        "nb",
        "resultsize",
        "resultssize",
        "recordsfiltered",
    ),
}
PAGE_SIZES = {"perpage", "pagesize", "itemsperpage", "resultsperpage"}
_SIZES, _SIZES_OR_LIMITS = {"perpage", "pagesize", "offset"}, {"limit", "size"}
_OF_A_LIST = {"count", "num", "number", "numberof"}
# What stands around a list's name, here a star, where a number counts its rows.
_COUNTS_LIST = re.compile(
    "(total|overall|num|number|nb|count)+(of)?[*](count)?|[*](total|overall|count|num)+"
)
# Objects about the pages of one list, by what stands beside its name: `jobs_page`.
_PAGES_OF_ONE = {*NUMBERED, "meta", "metadata", "links", "cursors", "navigation"}
_ROW_IDS = re.compile("(id|uuid|number|no|slug|name)$")
_LINKS = {"link", "links"}
_ALL = {
    *(*_NEXT_IN_PAGING, *_LAST, *PAGES, *PAGE, *ROWS, *COUNTS, *BARE_COUNTS, *CURSORS, *_LINKS),
    *("remaining", "total", "offset", *PAGE_SIZES),
}
_LONGEST = 60  # letters of a key that says something about pages
_MOST_DIGITS = 18
_SHORTEST = 3  # letters of what rows are called
MOST_KEYS = 200  # of which each is compared with each list's name
_FLAGS = {"true": True, "false": False}
_DATE = re.compile(r"\s*\d{4}-\d\d-\d\d([T ].*)?", re.DOTALL)


_compiled = cache(re.compile)


def _fits(pattern: str, name: str) -> bool:
    """Return whether a folded key is all of what a pattern says."""
    if len(name) > _LONGEST or not any(map(name.__contains__, HINTS[pattern])):
        return False
    return _compiled(pattern).fullmatch(name) is not None


@lru_cache(maxsize=4096)
def says_next(name: str) -> bool:
    """Return whether a folded key points at the next page, or says that there is one."""
    return _fits(_NEXT, name)


@lru_cache(maxsize=4096)
def says_rows(name: str) -> bool:
    """Return whether a folded key states how many rows there are."""
    return name in ROWS or _fits(_ROWS, name)


@lru_cache(maxsize=4096)
def says_not_all(name: str) -> bool:
    """Return whether a folded key, where it is true, says that a list is not all there is."""
    return _fits(_NOT_ALL, name)


@lru_cache(maxsize=4096)
def says_all_there(name: str) -> bool:
    """Return whether a folded key, where it is false, says that a list is not all there is."""
    return _fits(_ALL_THERE, name)


@lru_cache(maxsize=4096)
def says_left_out(name: str) -> bool:
    """Return whether a folded key says how many rows a list is without."""
    return _fits(_LEFT_OUT, name)


@lru_cache(maxsize=4096)
def may_say(key: str) -> bool:
    """Return whether a key may say anything about pages."""
    name = fold(key)
    says = says_next, says_rows, says_not_all, says_all_there, says_left_out
    return name in _ALL or any(said(name) for said in says)


class Word(Enum):
    """What the value under a key says."""

    NEXT = auto()  # where the next page is, or that there is one
    LAST = auto()  # whether this page is the last one
    PAGES = auto()  # how many pages there are
    PAGE = auto()  # which of them this one is
    ROWS = auto()  # how many rows there are
    CURSOR = auto()  # where the next page is, or this one
    CUT = auto()  # that this is not all there is
    SIZE = auto()  # how many rows a page has


@frozen
class Around:
    """An object that stands around rows, or beside them.

    ``name`` is the key it stands under, ``lists`` are the lengths of a body's lists by their names,
    ``shown`` is how many rows it has, ``nouns`` the lengths of lists by what their rows are.
    """

    name: str
    info: Mapping[str, Any]
    lists: Mapping[str, int]
    shown: int | None
    nouns: Mapping[str, int] = {}

    @cached_property
    def keys(self) -> dict[str, str]:
        """Its keys, by how they are compared."""
        return {fold(key): key for key in self.info}

    @property
    def numbers_pages(self) -> bool:
        """Whether it is about nothing but pages."""
        return self.name in NUMBERED

    @property
    def counts_beside(self) -> bool:
        """Whether a bare total in it counts rows: it is about pages, or has a page or a count."""
        beside = not self.keys.keys().isdisjoint({*PAGE, *COUNTS})
        return self.numbers_pages or (self.name in ABOUT_A_LIST and beside)

    @cached_property  # of as many keys as it has, each asks
    def loose(self) -> bool:
        """Whether a bare word is about rows: beside a list, and in what is about one."""
        return self.name in PAGING or any(isinstance(each, list) for each in self.info.values())

    @property
    def sized(self) -> bool:
        """Whether it states a page's size, and the page is full where that may be another limit."""
        if not self.loose or not _SIZES.isdisjoint(self.keys):
            return self.loose
        sizes = [whole(self.info[self.keys[each]]) for each in _SIZES_OR_LIMITS & self.keys.keys()]
        return any(size is not None and size <= (self.shown or 0) for size in sizes)

    def word(self, name: str) -> Word | None:
        """Return what the value under a folded key says, None where that is nothing of pages."""
        value = self.info[self.keys[name]]
        if says_next(name) or (name in _NEXT_IN_PAGING and self._points_at_a_page(value)):
            return Word.NEXT
        if name in CURSORS and self.loose and isinstance(value, str | int):
            return Word.CURSOR
        if self.loose and is_cut(name, value):
            return Word.CUT
        if name in _LINKS:
            return Word.NEXT if _links_to_next(value) else None
        if name == "remaining":
            return Word.NEXT if self.numbers_pages else None
        if name in _LAST and self.loose and isinstance(value, bool):
            return Word.LAST
        if self._counts_pages(name):
            return Word.PAGES
        if name in PAGE:
            return Word.PAGE if self.loose else None
        if self._sizes_a_page(name):
            return Word.SIZE
        return Word.ROWS if self._counts_rows(name) else None

    def of_a_list(self, name: str) -> tuple[Word, int] | None:
        """Return what a key like ``invoices_count`` says, and the length of the list it names."""
        if len(self.info) > MOST_KEYS:
            return None
        for listed, length in self.lists.items():
            if (word := _word_of(name, listed)) is not None:
                return word, length
        # A reader knows what it calls `build_count`.
        for listed, length in self.nouns.items():
            if (word := word_of_many(name, listed)) is not None:
                return word, length
        return None

    def _points_at_a_page(self, value: object) -> bool:
        """Return whether a bare word points at a page: beside rows a date is one, and no cursor."""
        is_date = isinstance(value, str) and _DATE.fullmatch(value) is not None
        return self.loose and (self.name in PAGING or not is_date)

    def _sizes_a_page(self, name: str) -> bool:
        is_beside = name in _SIZES_OR_LIMITS and any(
            key in PAGE or key == "offset" for key in self.keys
        )
        return self.loose and (name in PAGE_SIZES or is_beside)

    def _counts_pages(self, name: str) -> bool:
        if name in _PAGES_OF_ANYTHING and self.name not in PAGING:
            beside = not self.keys.keys().isdisjoint({*PAGE, *ROWS})
            return self.loose and (beside or self.sized)
        return (name in PAGES and self.loose) or (name == "last" and self.numbers_pages)

    def _counts_rows(self, name: str) -> bool:
        if name in COUNTS or name in BARE_COUNTS:
            return self.loose or (name == "count" and self.name == "total")
        return says_rows(name) or (name == "total" and (self.counts_beside or self.sized))


def is_cut(name: str, value: object) -> bool:
    """Return whether the value under a folded key says that a list is not all there is."""
    flag = _FLAGS.get(value.lower()) if isinstance(value, str) else value
    if flag is True:
        return says_not_all(name) or says_left_out(name)
    if flag is False:
        return says_all_there(name)
    return says_left_out(name) and (whole(value) or 0) > 0


def says_whether_more(name: str) -> bool:
    """Return whether a folded key says that there is a next page, or that there is none."""
    return name in _NEXT_IN_PAGING or name in _LAST or says_next(name)


def names_a_list(keys: Collection[str], lists: Collection[str]) -> bool:
    """Return whether any of an object's keys says something of one of the lists by its name."""
    if not lists or len(keys) > MOST_KEYS:
        return False
    # Loops, as every list of a reply comes here, and nearly none is named by another key.
    for key in keys:
        name = fold(key)
        for listed in lists:
            if _word_of(name, listed) is not None:
                return True
    return False


@lru_cache(maxsize=4096)
def _word_of(name: str, listed: str) -> Word | None:
    """Return what a folded key like ``invoices_count`` says of a list that it names."""
    for singular in (listed, listed.removesuffix("s")):
        word = name.removeprefix(singular) if singular in name else name
        word = name.removesuffix(singular) if word == name else word
        goes_on = any(says(word) for says in (says_next, says_not_all, says_left_out))
        if word != name and (goes_on or word in _OF_A_LIST):
            return Word.NEXT if goes_on else Word.ROWS
    return word_of_many(name, listed)


@lru_cache(maxsize=4096)
def word_of_many(name: str, listed: str) -> Word | None:
    """Return what a folded key says of a list whose whole name it has: `next_jobs_cursor`.

    A total is of rows where what is listed is countable, and no money.
    """
    if listed not in name or name == listed:
        return None
    around = name.replace(listed, "*", 1)
    word = around.replace("*", "")
    if word == "more" or says_next(word) or says_not_all(word) or says_left_out(word):
        return Word.NEXT
    if _COUNTS_LIST.fullmatch(around) is None:
        return None
    is_counted = listed.endswith("s") and not is_money_key(listed)
    return Word.ROWS if is_counted or "total" not in word else None


@lru_cache(maxsize=1024)
def noun_of(key: str) -> str | None:
    """Return what rows are called that begin with this key, `builds` of `build_id`; or None."""
    noun = _ROW_IDS.sub("", fold(key))
    if len(noun) < _SHORTEST or noun == fold(key):
        return None
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def is_about_pages_of(name: str, lists: Mapping[str, int]) -> tuple[str, int] | None:
    """Return what an object is called that is about one list's pages, and the list's length.

    It is called so beside the list's name: `page`, where that is `jobs_page`.
    """
    for listed, length in lists.items():
        if name.startswith(listed) and name[len(listed) :] in _PAGES_OF_ONE:
            return name[len(listed) :], length
    return None


def points(value: object) -> bool:
    """Return whether this is a cursor, an address, a number or a yes."""
    if _links_to_next(value):
        return True
    if isinstance(value, Mapping):  # {"href": ...}
        return any(points(member) for member in value.values())
    if isinstance(value, str):
        return value.strip().lower() not in {"", "0", "false", "no", "null", "none"}
    return bool(value) and not isinstance(value, list | tuple)


def _links_to_next(value: object) -> bool:
    """Return whether a list of links has one to the next page."""
    links = value if isinstance(value, list | tuple) else ()
    return any(
        isinstance(link, Mapping) and link.get("rel") == "next" and points(link.get("href"))
        for link in links
    )


def whole(value: object) -> int | None:
    """Return a whole number, also where it is written as text; nobody counts beyond 18 digits."""
    if isinstance(value, str):
        is_whole = value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS
        return int(value) if is_whole else None
    # `1e999999999` is a number, too, and would fill the memory as an int.
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if not -(10**_MOST_DIGITS) < value < 10**_MOST_DIGITS:
        return None
    return int(value) if int(value) == value else None
