"""Whether what stands under a key may say when something was used. Pure.

Any time may, under whatever key, but one of the record, the bill or the life of something.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from attrs import frozen

from billfold_bnerd import times
from billfold_bnerd.naming_keys import describes, names_a_thing
from billfold_bnerd.time_keys import (
    dates_service,
    is_about_others,
    names_event,
    names_recording,
    names_span,
    names_time,
)
from billfold_bnerd.values import word_set, words

# What has a life, which other keys of a row may say the bounds of: `subscription_start`.
_LIVED = word_set(
    "subscription project product organization account instance server machine node vm host volume "
    "disk snapshot cluster image database domain resource lease term commitment membership user"
)
# A thing in an object of its own, which names_a_thing does not know.
_THINGS = word_set("subscription project product organization account machine node vm")
_STARTS, _ENDS = (
    word_set("from start starts started starting since begin begins began beginning"),
    word_set("to until end ends ended ending finish finished till"),
)
# Words of a bound that do not say what it is one of.
_BARE = word_set("date at on time ts timestamp")
# The last word of a key under which a number may be a moment, by the seconds since 1970.
_COUNTED = word_set("at on ts time timestamp date epoch hour") | _STARTS | _ENDS
# Such a bucket is a storage's by its name, and one of time by what its name reads as.
_MAY_BE_OF_TIME = word_set("bucket")
# Words by which people call a thing, or sort it.
_PEOPLES = word_set("label labels title description tags")
_OF_LIVES = frozenset(key for pair in times.BOUNDS_OF_LIVES for key in pair)

# What a key is of: a time of use, perhaps one, a record, a bill or a life, a thing, words. What is
# "said" of something may be of its use, too; a "date" is the key of what was then.
Kind = Literal["when", "event", "others", "name", "said", "words", "date"]
# Whether a moment begins something, ends it, or may do either.
Side = Literal["start", "end", "either"]


@frozen
class Meaning:
    """What a key means. ``bound`` is which one it names, if any, ``stem`` what it is one of.

    ``side`` is where a moment under it is of, ``may_be_number`` whether a number may be one.
    """

    kind: Kind
    bound: Literal["start", "end"] | None
    stem: tuple[str, ...]
    side: Side
    may_be_number: bool

    @property
    def is_plain(self) -> bool:
        """Whether it does not say what it is a time, or a bound, of."""
        return _BARE.issuperset(self.stem)

    @property
    def is_bare(self) -> bool:
        """Whether it names a bound and not what it is one of."""
        return self.bound is not None and self.is_plain

    def is_other_bound(self, other: Meaning) -> bool:
        """Return whether another key names the other bound of the same."""
        return {self.bound, other.bound} == {"start", "end"} and self.stem == other.stem


@lru_cache(maxsize=4096)  # of each key of each row
def meaning_of(key: str) -> Meaning:
    """Return what a key means."""
    spelled, kind, bound = words(key), _kind(key), _bound(key)
    stem = tuple(word for word in spelled if word not in _STARTS | _ENDS)
    is_counted = not _COUNTED.isdisjoint(spelled[-1:])
    return Meaning(kind, bound, stem, _side(key, kind, bound), is_counted)


def _kind(key: str) -> Kind:
    spelled = words(key)
    if times.is_whole(key):
        return "date"
    if describes(key):
        return "said" if _PEOPLES.isdisjoint(spelled[-1:]) else "words"
    if re.sub("_on$", "_at", key) in _OF_LIVES:
        return "others"
    if names_time(key):
        return "when"
    if not _MAY_BE_OF_TIME.isdisjoint(spelled[-1:]):
        return "event"
    if names_a_thing(key) or not _THINGS.isdisjoint(spelled[-1:]):
        return "name"
    is_others = is_about_others(key) or not _LIVED.isdisjoint(spelled)
    return "others" if is_others else "event"


def _bound(key: str) -> Literal["start", "end"] | None:
    which = [word for word in words(key) if word in _STARTS | _ENDS]
    if len(which) != 1:
        return None
    return "start" if which[0] in _STARTS else "end"


def _side(key: str, kind: Kind, bound: Literal["start", "end"] | None) -> Side:
    """Return where a moment under a key is of.

    When something was recorded, or billed, or happened, may be as it ended.
    """
    if bound == "end":
        return bound
    is_billed = kind == "when" and not (dates_service(key) or names_span(key))
    is_event = kind == "event" and bound is None
    is_either = is_event or is_billed or names_recording(key) or names_event(key)
    return "either" if is_either else "start"
