"""Which keys list or count what a reply is without: `unreachable_clusters`. Pure."""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache

from billfold.wire.paging_values import whole
from billfold.wire.words import is_money_key

_LACKING = ("failed", "missing", "omitted", "skipped", "unavailable", "unreachable")
# Beside a noun, whose plural these stand for.
_COUNTING = {"count", "counts", "num", "number", "of", "id", "ids", "uuid", "uuids"}
# What is named as several parts are.
_MASS = {"data", "usage"}


def _plural_too(*nouns: str) -> set[str]:
    return {f"{noun}{plural}" for noun in nouns for plural in ("", "s")}


# What fails or is skipped by its own nature, of which a summary counts how much did.
_WORK = _plural_too(
    *("build", "check", "deployment", "job", "pipeline", "request", "run", "step", "task", "test"),
    "transaction",
)
_BY_NATURE = {"failed", "skipped"}
# What belongs to one thing, and is no part of a reply.
_OF_ONE = _plural_too(
    *("attempt", "attribute", "byte", "column", "feature", "field", "header", "key", "label"),
    *("line", "login", "minute", "name", "option", "payment", "permission", "replica", "scope"),
    *("seat", "second", "tag", "value", "warning"),
) | {"property", "properties"}
_SINGULAR = ("ss", "us", "is")  # endings in "s" of nouns that are no plural
_SHORTEST = 4  # letters of a plural, unlike `was` and `has`
_WORD = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


class _Lack(Enum):
    """How a key that calls something lacking says which, or how much."""

    LISTED = auto()
    COUNTED = auto()  # or listed


def may_say_lacking(key: str) -> bool:
    """Return whether a key calls something failed, missing, unreachable and the like."""
    return _lack(key) is not None


def says_lacking(key: str, value: object) -> bool:
    """Return whether a key like ``failed_projects`` lists or counts something.

    What failed may be counted as well, and then needs a name.
    """
    lack = _lack(key)
    if lack is None or not value:
        return False
    return type(value) in (list, dict) or (lack is _Lack.COUNTED and (whole(value) or 0) > 0)


@lru_cache(maxsize=4096)
def _lack(key: str) -> _Lack | None:
    """Return what a key calls lacking, by the first or the last of its words; or None."""
    spelled = [word.lower() for word in _WORD.findall(key)]
    words = [word for word in spelled if word not in _COUNTING] or [""]
    for adjective in _LACKING:
        if words[0].startswith(adjective):
            words[0] = words[0].removeprefix(adjective)
        elif words[-1].endswith(adjective):
            words[-1] = words[-1].removesuffix(adjective)
        else:
            continue
        noun = [word for word in words if word]
        if noun and (not _OF_ONE.isdisjoint(noun) or not _are_parts(noun, spelled)):
            return None
        by_nature = adjective in _BY_NATURE and not _WORK.isdisjoint(noun)
        is_nameless = adjective == "failed" and not noun
        is_listed = by_nature or is_nameless or is_money_key(key)
        return _Lack.LISTED if is_listed else _Lack.COUNTED
    return None


def _are_parts(noun: list[str], spelled: list[str]) -> bool:
    """Return whether a noun is of several: a plural, or one that what is spelled beside counts."""
    last = noun[-1]
    is_plural = len(last) >= _SHORTEST and last.endswith("s") and not last.endswith(_SINGULAR)
    return is_plural or last in _MASS or not _COUNTING.isdisjoint(spelled)
