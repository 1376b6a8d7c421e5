"""What a reply has beyond what was read of it, noted for the coverage of the call that asked.

An adapter need not know of it: the client notes, and the facade tells.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextvars import ContextVar, Token
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct
from yarl import URL

from billfold.period import utc_text
from billfold.wire.announced import Said, in_body
from billfold.wire.announced_in_headers import in_headers, says_pages
from billfold.wire.announced_in_rows import said_in_rows
from billfold.wire.announcement import Announcement
from billfold.wire.currencies import unread_currencies
from billfold.wire.error_words import has_data, states_error
from billfold.wire.paging_values import counts_rows
from billfold.wire.speakers import speakers
from billfold.wire.stated_knowledge import expected_until, known_until
from billfold.wire.stated_window import narrower_window
from billfold.wire.stated_zone import other_zone
from billfold.wire.unread import Announced, Unread, reads_money, unread
from billfold.wire.unread_columns import TooManyKeysError
from billfold.wire.unready import failed, shown, unready
from billfold.wire.withdrawn import withdrawn
from billfold.wire.words import may_state_currency

# The organization, project, team or invoice that is being read.
_PART: ContextVar[str | None] = ContextVar("part", default=None)
# Where a reader of pages wants to know what each announces, to judge of it at the list's end.
# It is looked for when it is asked for: of the pages before the last one nobody does.
_PAGES: ContextVar[list[Announced] | None] = ContextVar("pages", default=None)
# Raises the error that a body is, or returns the words of it, else what it is given.
Refuse = Callable[[str], str]


class Remark(Struct, frozen=True):
    """A sentence about a reply; ``gap`` is whether money or rows of it may be missing."""

    text: str
    gap: bool = False
    part: str | None = None


class StatedCurrency(Struct, frozen=True):
    """A currency that a reply states beside what is read of it, and where."""

    code: str
    place: str
    part: str | None = None

    def remark(self, others: Collection[str]) -> Remark:
        """Return what is said where the money was read in ``others``."""
        read_in = ", ".join(sorted(others))
        text = f"{self.place} says {self.code}, and the money was read as {read_in}"
        return Remark(text, gap=True, part=self.part)


class Remarks(Struct, eq=False):
    """What was noted of the replies of one call, each sentence once.

    ``currencies`` are those stated where none is read: whether they are those of the money, the
    money's reader knows. ``ends`` is up to when the replies should know what they state, None
    where they are documents, which know no more later.
    """

    _noted: dict[Remark, None] = {}
    currencies: dict[StatedCurrency, None] = {}
    ends: datetime | None = None

    def __iter__(self) -> Iterator[Remark]:
        return iter(self._noted)

    def note(self, text: str, *, gap: bool) -> None:
        """Keep a sentence about what is being read."""
        self._noted[Remark(text, gap, _PART.get())] = None

    def look(
        self,
        path: str,
        tree: object,
        shape: Any,
        body: bytes = b"",
        known: Unread | None = None,
        in_rows: Said = said_in_rows,
        refuse: Refuse = str,
    ) -> None:
        """Note the money and the pages of a decoded body, of which ``shape`` reads a part.

        Of a body that is read as it comes (``msgspec.Raw``) it is the currencies alone: all else is
        its reader's own business. ``known`` is what was found before, some rows at a time, and
        ``in_rows`` what reads rows for pages. ``refuse`` raises the error that a body is which says
        that it failed, and returns its words, or what it is given where the error has none.
        """
        try:
            if shape is msgspec.Raw:
                self._note_currencies(path, tree, shape, body)
                return
            # Where no money is read, a bare total beside a list is how long that list is.
            is_money = reads_money(shape) and not counts_rows(tree)
            counts = () if is_money else ("total",)
            announced = partial(in_body, tree, counts=counts, in_rows=in_rows)
            money = known or unread(tree, shape, announced)
            if money.may_say_void:
                self._note_withdrawn(path, tree, shape)
            if money.may_say_unready:
                self._note_unready(path, tree, shape, refuse)
            if money.may_state_currency:
                self._note_currencies(path, tree, shape, body)
            if (pages := _PAGES.get()) is not None:
                pages.append(partial(self._when_asked, path, announced))
            elif (found := announced()) is not None:
                self._note_pages(path, found)
        except (RecursionError, TooManyKeysError) as error:
            self._note_unsearched(path, error)
            return
        if money.amounts:
            self.note(f"not read in {path}: {', '.join(money.amounts)}", gap=False)
        if money.rows:
            self.note(f"rows of money not read in {path}: {', '.join(money.rows)}", gap=True)

    def _when_asked(self, path: str, announced: Announced) -> Announcement | None:
        """Return what a body announces, which only the last page of a list is asked for."""
        try:
            return announced()
        except RecursionError as error:
            self._note_unsearched(path, error)
            return None

    def _note_unsearched(self, path: str, error: Exception) -> None:
        why = "nested too deep" if isinstance(error, RecursionError) else "of too many keys"
        self.note(f"{path} is {why} to look for what was not read", gap=True)

    def _note_withdrawn(self, path: str, tree: object, shape: Any) -> None:
        if found := withdrawn(tree, shape):
            words = "say that they do not count, and were read all the same"
            self.note(f"rows of money in {path} {words}: {', '.join(found)}", gap=True)

    def note_errors(self, path: str, tree: object, words: str) -> None:
        """Keep what a reply says that it failed, or the errors that stand beside its data."""
        is_beside = type(tree) is dict and has_data(tree)
        says = "has errors beside its data" if is_beside else "says that it failed"
        self.note(f"{path} {says}: {words}", gap=True)

    def _note_unready(self, path: str, tree: object, shape: Any, refuse: Refuse) -> None:
        speaking = speakers(tree, shape)
        if said := failed(tree, speaking):
            if not (type(tree) is dict and states_error(tree)):  # as that was noted before
                self.note_errors(path, tree, refuse(shown(said)))
        elif found := unready(speaking):
            self.note(f"{path} says that it is not ready: {', '.join(found)}", gap=True)

    def _note_currencies(self, path: str, tree: object, shape: Any, body: bytes) -> None:
        if not may_state_currency(body):  # as few do, and the body is searched the faster
            return
        for code, at in unread_currencies(tree, shape).items():
            self.currencies[StatedCurrency(code, f"`{at}` in {path}", _PART.get())] = None

    def look_at_window(
        self, path: str, tree: object, query: Mapping[str, str], now: datetime
    ) -> None:
        """Note that a reply says that it is for less time than its request asked for."""
        if (found := narrower_window(tree, query, now)) is not None:
            said = f"`{found.place}` in {path} says {utc_text(found.stated)}"
            self.note(f"{said}, and {utc_text(found.asked)} was asked", gap=True)

    def look_at_zone(self, path: str, tree: object) -> None:
        """Note that a reply of days says that they are those of another zone than UTC."""
        if (found := other_zone(tree)) is not None:
            text = f"`{found[0]}` in {path} says {found[1]}, and its days were read as UTC's"
            self.note(text, gap=True)

    def look_at_knowledge(self, path: str, tree: object, shape: Any, asked: URL) -> None:
        """Note that a reply says that it knows less than the time that was asked for."""
        if self.ends is None or not reads_money(shape):
            return
        stated = known_until(tree, shape)
        if stated is not None and stated[1] < expected_until(self.ends, asked.query):
            text = f"`{stated[0]}` in {path} says that it is known until {utc_text(stated[1])}"
            self.note(text, gap=True)

    def look_at_headers(
        self, path: str, headers: Mapping[str, str], links: Collection[str], status: int, tree: Any
    ) -> None:
        """Note the pages that headers announce."""
        found = in_headers(headers, links, status, tree)
        if (pages := _PAGES.get()) is not None:
            pages.append(lambda: found)
        elif found is not None:
            self._note_pages(path, found)

    def _note_pages(self, path: str, announced: Announcement) -> None:
        if (words := announced.unread()) is not None:
            text = f"{path} is one page of several, and the others were not read: {words}"
            self.note(text, gap=True)


class about(Struct, eq=False):
    """Let what is noted inside the block be about a part of the account."""

    part: str | None
    _before: Token[str | None] | None = None

    def __enter__(self) -> None:
        self._before = _PART.set(self.part)

    def __exit__(self, *_: object) -> None:
        assert self._before is not None
        _PART.reset(self._before)


def is_read_for_pages() -> bool:
    """Return whether what a reply announces is asked for after it was read."""
    return _PAGES.get() is not None


class announcing(Struct, eq=False):
    """Let replies inside the block add what they announce to the list that it is entered with."""

    _before: Token[list[Announced] | None] | None = None

    def __enter__(self) -> list[Announced]:
        announced: list[Announced] = []
        self._before = _PAGES.set(announced)
        return announced

    def __exit__(self, *_: object) -> None:
        assert self._before is not None
        _PAGES.reset(self._before)


__all__ = ["Announced", "Remark", "Remarks", "about", "announcing", "says_pages"]
