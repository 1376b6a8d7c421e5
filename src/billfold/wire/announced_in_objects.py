"""What an object beside rows, or around them, says about the pages of lists. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from billfold.wire.announcement import Found, short_of
from billfold.wire.paging_around import Around
from billfold.wire.paging_values import links_to_next, points, points_at_a_page, whole
from billfold.wire.paging_words import Word, says_whether_more
from billfold.wire.words import has_cents


def read_object(path: str, around: Around, counts: Collection[str], found: Found) -> None:
    """Add what one object says."""
    for name, key in around.keys.items():
        value, place = around.info[key], f"`{path}.{key}`"
        named = around.of_a_list(name)
        word = Word.ROWS if key in counts and around.loose else around.word(name)
        if named is not None and word is None:
            word, length = named
            if word is Word.ROWS and has_cents(value):  # which is money
                continue
            if word is Word.ROWS and length != around.shown:
                _other_list(whole(value), length, place, found)
                continue
        _say(word, value, place, found)
        found.decided = found.decided or says_whether_more(name)
        if around.numbers_pages:
            found.sure.add(place)


def leads_on(word: Word | None, value: object) -> bool:
    """Return whether what a word says is that there is a next page."""
    if word is Word.NEXT:
        return points(value)
    if word is Word.MAYBE_NEXT:
        return points_at_a_page(value)
    return links_to_next(value) if word is Word.LINKS else word is Word.LAST and value is False


def _say(word: Word | None, value: object, place: str, found: Found) -> None:
    if leads_on(word, value):
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
    if stated is not None and stated >= length:
        found.counted[place] = stated
        found.sure.add(place)
    if stated is not None and stated > length:
        found.say("short", short_of(place, stated, length))


def read_pages_of(
    name: str, length: int | None, path: str, info: Mapping[str, Any], found: Found
) -> None:
    """Add what an object says that is about the pages of one list alone, of which there are more.

    ``name`` is what it is called without the list's name, as ``page`` of ``jobs_page``; ``length``
    is the list's.
    """
    own = Found()
    read_object(path, Around(name, info, {}, length), (), own)
    said = own.announcement(length, in_body=True)
    if said is None:
        return
    if (words := said.unread()) is not None:
        found.say("short", words)
    found.counted |= {f"`{place}`": 0 for place in said.counted}
    found.sure |= {f"`{place}`" for place in said.counted}
