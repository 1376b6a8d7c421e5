"""What the keys of an object say about pages, which stands around rows or beside them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from billfold.wire.list_names import MOST_KEYS, word_of, word_of_many
from billfold.wire.paging_values import whole
from billfold.wire.paging_words import (
    BARE_COUNTS,
    COUNTS,
    CURSORS,
    LAST,
    LINKS,
    NEXT_IN_PAGING,
    PAGE,
    PAGE_SIZES,
    PAGES,
    ROWS,
    Word,
    is_cut,
    says_next,
    says_rows,
)
from billfold.wire.rows import ABOUT_A_LIST, NUMBERED, PAGING, fold

_PAGES_OF_ANYTHING = {"pagecount", "numberofpages", "pages"}
# What a body has its list in: beside it stands what the body says of the list.
WRAPPERS = ("data", "attributes", "result", "response")
# Objects that may be about pages, and about anything else.
_OF_ANYTHING = {"info", "batch", "chunk", "slice", "scroll"}
_SIZES, _SIZES_OR_LIMITS = {"perpage", "pagesize", "offset"}, {"limit", "size"}


class Around(Struct, frozen=True, dict=True):  # for cached_property
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
        return self.name in PAGING or self.name in _OF_ANYTHING or _is_beside_a_list(self.info)

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
        if says_next(name):
            return Word.NEXT
        if name in NEXT_IN_PAGING and self.loose:  # beside rows a date is one, and no cursor
            return Word.NEXT if self.name in PAGING else Word.MAYBE_NEXT
        if name in CURSORS and self.loose and isinstance(value, str | int):
            return Word.CURSOR
        if self.loose and is_cut(name, value):
            return Word.CUT
        if name in LINKS or (name in NUMBERED and isinstance(value, list)):
            return Word.LINKS
        if name == "remaining":
            return Word.NEXT if self.numbers_pages else None
        if name in LAST and self.loose and isinstance(value, bool):
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
            if (word := word_of(name, listed)) is not None:
                return word, length
        # A reader knows what it calls `build_count`.
        for listed, length in self.nouns.items():
            if (word := word_of_many(name, listed)) is not None:
                return word, length
        return None

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


def _is_beside_a_list(info: Mapping[str, Any]) -> bool:
    """Return whether an object has a list, by itself or in what a body comes in."""
    if list in map(type, info.values()):
        return True
    inside = (info.get(key) for key in WRAPPERS)
    return any(isinstance(each, dict) and _is_beside_a_list(each) for each in inside)
