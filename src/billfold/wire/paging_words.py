"""What a key says about the pages of a list, by the place where it stands. Pure.

Few words say it anywhere. The others do beside what else pages have: a `limit` may be one of
spending, a `total` money, `pages` those of a document, and `next` a date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, auto
from functools import cache, lru_cache

from billfold.wire.paging_values import whole
from billfold.wire.rows import fold

# What points at the next page, or says that there is one, wherever it stands beside rows or around
# them: a word for the next one and words for where it is, in either order, and some names of old.
_MEMBERS = "(pages?|items?|results?|records?|rows?|entries|elements?|data)"
_WHERE = (
    "(page(number)?|cursor|token|offset|ur[li]|link|href|path|mark(er)?|bookmark|key|id|batch|records?"
    "|results?|pagination|continuation|position|request)"
)
_NEXT = (
    f"next{_WHERE}+|{_WHERE}+next|(ms)?continuation(token)?|(pagination|skip)token|resume(page)?token"
    f"|(load|fetch|show)more{_MEMBERS}*|has(more|next|additional|further){_MEMBERS}*|more({_MEMBERS}+|{_MEMBERS}*available)|(is)?truncated|(incomplete|partial){_MEMBERS}+"
    "|remaining(item|record|row|result)s?count|lastevaluatedkey"
)
# Words that may be a date, too, as that on which something begins.
NEXT_IN_PAGING = {"next", "after", "more", "continue", "nextstart", "nextindex", "nextskip"}
LAST = {
    *("last", "lastpage", "islast", "islastpage", "finalpage", "isfinalpage", "done"),
    *("lastbatch", "islastbatch", "eof", "endoflist", "endofresults", "endofdata", "nomore"),
    *("nomorepages", "nomoreresults", "nomoreitems", "nomorerecords", "nomorerows"),
}
# Flags of a list that is not all there is, of one that is, and how many rows it is without. A limit
# that was reached is a list's where nothing says what else it is of.
_LISTED = f"({_MEMBERS}|lists?|sets?|max|maximum|response|size)"
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
PAGES = {
    *("totalpages", "totalpage", "lastpage", "pagecount", "pagescount", "numpages"),
    *("numberofpages", "pages"),
}
PAGE = {"page", "currentpage", "pagenumber", "pageno", "pagecurrent", "current"}
ROWS = {
    *("totalcount", "totalitems", "totalresults", "totalrecords", "totalelements", "totalrows"),
    *("totalentries", "totalsize", "recordstotal"),
}
COUNTS = {
    *("count", "itemcount", "resultcount", "resultscount", "recordcount", "rowcount"),
    *("elementcount", "entrycount", "itemscount", "recordscount", "rowscount", "elementscount"),
    "entriescount",
}
# A number under one of these, beside rows, counts them; `size` is a page's, whatever number it is.
BARE_COUNTS = {"hits", "matches", "found"}
# These point at the next page where nothing else says whether there is one; else at this one.
CURSORS = {
    *("cursor", "bookmark", "marker", "scrollid", "lastkey", "pagetoken", "pagingtoken"),
    *("aftercursor", "cursorafter", "endcursor", "pagestate", "pagingstate"),
}
_ROWS = (
    "count(total|all|overall)|((num|nb|numberof|total|overall)+(items|results|records|rows|entries|elements|hits|matches"
    "|found)(count|size)?|(total|overall)(item|result|record|row|entry|element|match)count|(items|results|records|rows|entries|elements)total|results?size|recordsfiltered|x?(total|overall|full)count)"
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
LINKS = {"link", "links"}
_ALL = {
    *(*NEXT_IN_PAGING, *LAST, *PAGES, *PAGE, *ROWS, *COUNTS, *BARE_COUNTS, *CURSORS, *LINKS),
    *("remaining", "total", "offset", *PAGE_SIZES),
}
_LONGEST = 60  # letters of a key that says something about pages
_FLAGS = {"true": True, "false": False}


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
    MAYBE_NEXT = auto()  # the same, where it is neither a date nor money
    LINKS = auto()  # where several pages are, of which the next may be one
    LAST = auto()  # whether this page is the last one
    PAGES = auto()  # how many pages there are
    PAGE = auto()  # which of them this one is
    ROWS = auto()  # how many rows there are
    CURSOR = auto()  # where the next page is, or this one
    CUT = auto()  # that this is not all there is
    SIZE = auto()  # how many rows a page has


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
    return name in NEXT_IN_PAGING or name in LAST or says_next(name)
