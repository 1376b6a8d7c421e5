"""Keys that say that something was put in another's place, or another in its. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from billfold.wire import holds_marks, is_empty_list, is_zero_time
from billfold_bnerd.status_words import status_word
from billfold_bnerd.values import Node, ident, number, text, word_set, words, yes_or_no

# What may be marked so asks again for another's money, unless it gives money back.
_REPLACING = word_set("replaces corrects supersedes reverses cancels replacement correction")
# Before what a thing is marked as: `is_deleted` and `has_been_refunded` are no other marks.
_CURRENCY = word_set("currency symbol")
_AUXILIARIES = word_set("is was has been marked")
# Before what was done of an amount: `amount_refunded`.
_SUMS = word_set("amount total sum cents")
# What says no less than `disputed`, with nothing beside it but which, and how many: `dispute_id`.
_DISPUTES, _WHICH = word_set("dispute disputes chargebacks"), word_set("id ids count open")
_DISPUTED = "disputed"
# How a dispute ended by which the money stays.
_WON = word_set("won warning_closed")
_STATUSES = ("status", "state")
# That nothing was done: `refund_status: "not_refunded"`.
_NOTHING = re.compile(r"none|null|nil|never|n/a|not[ _-][a-z _-]+", re.IGNORECASE)
# What a link to others consists of.
_LINK = word_set("href link links related self uri url")
# The document itself, as the service has it that it was written in.
_DOCUMENTS = ("easybill", "easybilldocument")

_NEVER_FINAL = word_set("finalized finalised")


def with_marks_inside(node: Node) -> Node:
    """Return an object with the marks that stand in an object of its own, each by its place.

    So does what EasyBill says of its document.
    """
    inside = {
        f"{key}.{name}": value
        for key in _holders(tuple(node))
        if isinstance(marks := node[key], Mapping)
        for name, value in marks.items()
    }
    return {**node, **inside} if inside else node


@lru_cache(maxsize=1024)  # most rows of a reply have the same keys
def _holders(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for key in keys if holds_marks(key) or "".join(words(key)) in _DOCUMENTS)


def own_key(key: str) -> str:
    """Return what a mark is called, wherever it stands."""
    return key.rpartition(".")[2]


def never_final(node: Node) -> str | None:
    """Return the key of a time of being made final that is stated, and is none yet."""
    return next((key for key in node if _dates_final(key) and not is_set(node[key])), None)


@lru_cache(maxsize=4096)
def _dates_final(key: str) -> bool:
    first, *at = mark(key) or ("",)
    return first in _NEVER_FINAL and bool(at)


def changing_marks(node: Node, changed: frozenset[str], *, gives_back: bool) -> list[str]:
    """Return the keys by which something says that it was changed, or that it changes another.

    ``changed`` are the words of the former; what ``gives_back`` money takes part of another's back.
    """
    odd = changed if gives_back else _or_replacing(changed)
    return [key for key in _saying(tuple(node), odd) if is_marked(key, node[key])]


@lru_cache(maxsize=1024)  # most rows of a reply have the same keys
def _saying(keys: tuple[str, ...], odd: frozenset[str]) -> tuple[str, ...]:
    is_odd = _DISPUTED in odd
    return tuple(key for key in keys if said_of(key) in odd or (is_odd and _names_dispute(key)))


@lru_cache(maxsize=4096)
def _names_dispute(key: str) -> bool:
    spelled = mark(key)
    return not _DISPUTES.isdisjoint(spelled) and (_DISPUTES | _WHICH).issuperset(spelled)


@lru_cache(maxsize=4096)
def said_of(key: str) -> str | None:
    """Return the first word of what a key says was done, to a thing or to an amount of it."""
    return next((word for word in mark(key) if word not in _SUMS), None)


@lru_cache(maxsize=8)  # of few sets of words
def _or_replacing(changed: frozenset[str]) -> frozenset[str]:
    return changed | _REPLACING


@lru_cache(maxsize=4096)
def mark(key: str) -> tuple[str, ...]:
    """Return the words of a key from the first on that says what something is marked as."""
    spelled = words(own_key(key))
    start = next((at for at, word in enumerate(spelled) if word not in _AUXILIARIES), 0)
    return spelled[start:]


def is_marked(key: str, value: object) -> bool:
    """Return whether a mark is set; a link to several (`disputes`) is there where none is, too."""
    is_link = isinstance(value, Mapping) and all(map(_names_link, value))
    return is_set(value) and not (is_link and "".join(mark(key)).endswith("s"))


@lru_cache(maxsize=1024)
def _names_link(key: str) -> bool:
    return bool(words(key)) and _LINK.issuperset(words(key))


def is_set(value: object) -> bool:
    """Return whether a mark is a yes, a time, an amount, or the id of another.

    So is an object or a list with one of these in it. Of Money its cents alone say whether it is
    any. An object of nothing but an empty list says nothing, and neither does a dispute that was
    won.
    """
    if isinstance(value, list):
        return any(map(is_set, value))
    if isinstance(value, Mapping):
        if is_empty_list(value) or any(_is_won(value.get(key)) for key in _STATUSES):
            return False
        money = [value["cents"]] if "cents" in value else []
        inside = (each for key, each in value.items() if _CURRENCY.isdisjoint(words(key)))
        return any(map(is_set, money or inside))
    if number(value) == 0 or _NOTHING.fullmatch((text(value) or "").strip()) or _is_won(value):
        return False
    stated = yes_or_no(value)
    return ident(value) is not None and not is_zero_time(value) if stated is None else stated


def _is_won(status: object) -> bool:
    return isinstance(status, str) and status_word(status) in _WON
