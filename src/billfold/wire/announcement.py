"""What one reply says about the pages of its list. Pure."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from billfold.counted import counted


class Announcement(Struct, frozen=True):
    """What one reply says about the pages of its list.

    ``next`` is the place that points at a next page; ``pages`` and ``rows`` are how many there are
    over all pages, ``page`` the number of this one, ``shown`` how many rows the reply has, None
    where that cannot be told. ``short`` is in words which other list is stated to be longer.
    ``counted`` are the paths of the numbers that count rows or pages, as far as they can be that
    many.
    """

    next: str | None = None
    pages: int | None = None
    rows: int | None = None
    page: int | None = None
    shown: int | None = None
    pages_at: str | None = None
    rows_at: str | None = None
    short: str | None = None
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
            return short_of(self.rows_at, self.rows, rows)
        return self.short


def short_of(place: str | None, stated: int, read: int) -> str:
    """Return in words that there are more rows than were read."""
    said, seen = counted(stated, "row"), counted(read, "was", "were")
    return f"{place} states {said}, and {seen} read"


def full_page(place: str, size: int) -> str:
    """Return in words that a page is full, and that nothing says that it is the last."""
    return f"{place} states pages of {counted(size, 'row')}, and this one is full"


_COUNTED = ("pages", "rows")


class Found(Struct):
    """What was found in a reply; of several that say the same the first counts.

    Of several counts the greatest does: a page has one of its own beside that of the list.

    ``counted`` are the numbers that count something, by the places where they stand, ``sure`` those
    places that hold no money whatever number is there. ``cursor`` is the place of one that may be
    the next page's or this one's; ``decided`` is whether anything else says if there is a next.
    ``size`` is how many rows a page has, and where that is stated.
    """

    said: dict[str, Any] = {}
    counted: dict[str, int] = {}
    sure: set[str] = set()
    cursor: str | None = None
    decided: bool = False
    size: tuple[int | None, str] | None = None

    def say(self, name: str, value: object) -> None:
        """Keep what is said, where nothing was before."""
        self.said.setdefault(name, value)

    def count(self, name: str, value: int | None, place: str) -> None:
        """Keep how many pages or rows there are, and where that is stated."""
        if value is None:
            return
        self.counted[place] = value
        if value > self.said.get(name, -1):
            self.said |= {name: value, f"{name}_at": place}

    def announcement(self, shown: int | None, *, in_body: bool) -> Announcement | None:
        """Return all of it, None where nothing was found."""
        if self.cursor is not None and not self.decided and self.said.keys().isdisjoint(_COUNTED):
            self.say("next", self.cursor)
        if self.size is not None and not self.decided and self.said.keys().isdisjoint(_COUNTED):
            size, place = self.size
            if size and size == shown:
                self.say("short", full_page(place, size))
        if not self.said and not self.counted:
            return None
        places = [
            place
            for place, number in self.counted.items()
            if place in self.sure or number >= (shown or 0)
        ]
        counted = frozenset(place.strip("`") for place in places) if in_body else frozenset()
        return Announcement(**self.said, shown=shown, counted=counted)
