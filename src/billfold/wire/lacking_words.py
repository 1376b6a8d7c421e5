"""Which keys list or count what a reply is without: `unreachable_clusters`. Pure."""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache

from billfold.wire.paging_values import whole

_LACKING = ("failed", "missing", "omitted", "skipped", "unavailable", "unreachable")
# Beside a noun, whose plural these stand for.
_IDS = {"id", "ids", "uuid", "uuids"}
_COUNTING = {"count", "counts", "num", "number", "of", *_IDS}
# What a reply has, so that one that says how many are not there is not all. What else is counted
# may be the health of a thing: `failed_nodes`.
_PARTS = {
    *("account", "build", "cluster", "data", "day", "entry", "hour", "invoice", "item", "job"),
    *("month", "organization", "page", "partition", "pool", "product", "project", "record"),
    *("region", "resource", "row", "service", "shard", "source", "team", "tenant", "usage", "zone"),
}
# What fails or is skipped by its own nature, of which a summary says how much did, or which.
_WORK = {
    *("backup", "build", "check", "commit", "deployment", "execution", "invitation", "job"),
    *("lease", "pipeline", "request", "run", "snapshot", "stage", "step", "task", "test"),
    *("transaction", "webhook", "workflow"),
}
_BY_NATURE = {"failed", "skipped"}
# What belongs to one thing, and is no part of a reply.
_OF_ONE = {
    *("attempt", "attribute", "column", "feature", "field", "header", "key", "label", "line"),
    *("login", "name", "option", "payment", "permission", "property", "replica", "scope", "tag"),
    *("value", "warning"),
}
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

    Lists and objects may be of anything; what is counted is a part of a reply, or has ids.
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
        noun = next(filter(None, reversed(words)), None)
        if noun is None:
            is_counted = adjective != "failed" or not _IDS.isdisjoint(spelled)
            return _Lack.COUNTED if is_counted else _Lack.LISTED
        return _lack_of(noun, adjective, has_several=not _COUNTING.isdisjoint(spelled))
    return None


def _lack_of(noun: str, adjective: str, *, has_several: bool) -> _Lack | None:
    """Return how a noun is lacking that is a part of a reply, or has several things."""
    one = f"{noun[:-3]}y" if noun.endswith("ies") else noun.removesuffix("s")
    if one in _OF_ONE or (one in _WORK and adjective in _BY_NATURE):
        return None
    if one in _PARTS:
        return _Lack.COUNTED
    is_plural = len(noun) >= _SHORTEST and noun.endswith("s") and not noun.endswith(_SINGULAR)
    return _Lack.LISTED if is_plural or has_several else None
