"""What a key says about pages by the name of the list that it has: `invoices_count`. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

from billfold.wire.paging_words import (
    CURSORS,
    LINKS,
    NEXT_IN_PAGING,
    Word,
    says_left_out,
    says_next,
    says_not_all,
)
from billfold.wire.rows import NUMBERED, fold
from billfold.wire.words import is_money_key

MOST_KEYS = 200  # of which each is compared with each list's name
_SHORTEST = 3  # letters of what rows are called

_OF_A_LIST = {"count", "num", "number", "numberof"}
# What stands around a list's name, here a star, where a number counts its rows.
_COUNTS_LIST = re.compile(
    "(total|overall|num|number|nb|count)+(of)?[*](count)?|[*](total|overall|count|num)+"
)
# Objects about the pages of one list, by what stands beside its name: `jobs_page`.
_PAGES_OF_ONE = {*NUMBERED, "meta", "metadata", *LINKS, "cursors", "navigation"}
# What follows on a list's whole name: `usage_next`. What comes `after` it may be an amount.
_FOLLOWING = {
    **dict.fromkeys(NEXT_IN_PAGING - {"after"}, Word.MAYBE_NEXT),
    **dict.fromkeys(CURSORS, Word.CURSOR),
    **dict.fromkeys(LINKS, Word.LINKS),
}
_ROW_IDS = re.compile("(id|uuid|number|no|slug|name)$")


def names_a_list(keys: Collection[str], lists: Collection[str]) -> bool:
    """Return whether any of an object's keys says something of one of the lists by its name."""
    if not lists or len(keys) > MOST_KEYS:
        return False
    # Loops, as every list of a reply comes here, and nearly none is named by another key.
    for key in keys:
        name = fold(key)
        for listed in lists:
            if word_of(name, listed) is not None:
                return True
    return False


@lru_cache(maxsize=4096)
def word_of(name: str, listed: str) -> Word | None:
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
    if around.startswith("*") and word in _FOLLOWING:
        return _FOLLOWING[word]
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
