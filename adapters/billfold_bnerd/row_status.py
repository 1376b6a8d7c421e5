"""Rows, and objects around them, that say they may not count as they stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from billfold.money import Money
from billfold_bnerd.marks import changing_marks, with_marks_inside
from billfold_bnerd.standing_keys import names_kind, names_status
from billfold_bnerd.standing_words import OUT_OF_FORCE, REPLACED, TAKEN_BACK
from billfold_bnerd.values import Node, number, text, word_set, words, yes_or_no

_NAMES = ("name", "product", "product_name", "description")
_BACK = word_set("credit credits refund reversal storno discount rebate gutschrift rabatt")
# What is named so and more gives money back, too: "Refund October", "Credit note 7".
_BACK_FIRST = word_set("refund reversal storno rebate gutschrift rabatt")
# What a tax is called, without its blanks and signs, and what may stand beside that.
_TAXES = word_set("tax taxes vat mwst ust salestax valueaddedtax umsatzsteuer mehrwertsteuer")
_PERCENT = re.compile("[0-9]+([.,][0-9]+)? ?%")
_OPEN = word_set(
    "forecast forecasted estimate estimated projected projection provisional preliminary draft"
)
# What only a charge is marked as, as in `voided_at`; a resource is cancelled or deleted, too.
_CHANGED = TAKEN_BACK | REPLACED | OUT_OF_FORCE | word_set("waived void")
_NOT_FINAL = _OPEN | _CHANGED | word_set("cancelled canceled cancellation void deleted pending")
_NOT_ALL = word_set("partial incomplete")
_FINAL = word_set("final finalized complete")
# What a row may be marked as that asks for no money: these, or not those.
_FREE = word_set("waived free freetier trial excluded nonbillable notbilled")
_BILLED = word_set("billable chargeable")
_ABOUT = ("meta", "metadata")  # what is said about a reply
# What says that there is more which is not there, where it lists or counts it.
_LACKING = word_set("failed missing omitted skipped unavailable unreachable")
_LACKED = word_set(
    "projects project products product resources items rows records entries usage data services "
    "regions sources ids count months days hours"
)


def odd_status(node: Node, cost: Money | None) -> list[str]:
    """Return the keys by which a row that costs something says that it may count otherwise.

    It gives money back without a minus, or is cancelled, void, replaced, estimated, foreseen or
    free, or takes another row's place.
    """
    if cost is None or not cost.amount:
        return []
    node = with_marks_inside(node)
    odd = _NOT_FINAL if cost.amount < 0 else _NOT_FINAL | _BACK
    named = (key for key in _NAMES if cost.amount > 0 and _names_back(_words_of(node, key)))
    free = (key for key in _kinds(node) if "".join(_words_of(node, key)) in _FREE)
    flags = (key for key in node if _flag(key) in _FREE and yes_or_no(node[key]))
    changed = changing_marks(node, _CHANGED, gives_back=cost.amount < 0)
    said = (*_with_words(node, odd), *named, *free, *flags, *changed)
    return [*dict.fromkeys(said), *_denied(node, _FINAL | _BILLED)]


def open_marks(node: Node) -> list[str]:
    """Return the keys by which an object is marked as not final yet, by a yes or a no."""
    marked = (key for key in node if _flag(key) in _OPEN and yes_or_no(node[key]))
    return [*marked, *_denied(node, _FINAL)]


def gives_back(node: Node) -> bool:
    """Return whether a row is called money that is given back, by its kind or by a name."""
    called = (*_kinds(node), *_NAMES, "label", "title")
    return any(not _BACK.isdisjoint(_words_of(node, key)) for key in called)


def is_tax(said: Mapping[str, str], product: str | None) -> bool:
    """Return whether a row is called a tax, by its kind or by a name of nothing else but a rate."""
    kinds = (value for key, value in said.items() if names_kind(key))
    called = (*kinds, said.get("name"), said.get("description"), product)
    return any(_names_tax(each) for each in called if each)


@lru_cache(maxsize=4096)  # of each name of each row
def _names_tax(called: str) -> bool:
    spelled = re.sub(r"[ _.:()-]", "", _PERCENT.sub("", called))
    return spelled.casefold() in _TAXES


def _names_back(name: tuple[str, ...]) -> bool:
    """Return whether a name is one of money that is given back, or begins with such a word."""
    is_note = name[:2] in (("credit", "note"), ("credit", "memo"))
    return bool(name) and (_BACK.issuperset(name) or name[0] in _BACK_FIRST or is_note)


def _denied(node: Node, flags: frozenset[str]) -> list[str]:
    """Return the keys of some flags that say no."""
    return [key for key in node if _flag(key) in flags and yes_or_no(node[key]) is False]


def unfinished(node: Node) -> list[str]:
    """Return the keys by which an object around rows says that they are not all, or not final.

    What is deleted or cancelled there is a project, whose costs stand.
    """
    lacking = (key for key in node if _says_lacking(key, node[key]))
    return [
        *_with_words(node, _OPEN | _NOT_ALL),
        *_denied(node, _FINAL),
        *lacking,
        *(f"{name}.{key}" for name in _ABOUT for key in _unfinished_by(node.get(name))),
    ]


def _unfinished_by(about: object) -> list[str]:
    """Return the keys by which what is said about a reply says that it is not all, or not final."""
    if not isinstance(about, Mapping):
        return []
    return [*_with_words(about, _OPEN | _NOT_ALL), *_denied(about, _FINAL)]


def _says_lacking(key: str, value: object) -> bool:
    """Return whether a key like ``failed_projects`` lists or counts something."""
    first, *others = words(key) or [""]
    is_some = bool(value) if isinstance(value, list | dict) else (number(value) or 0) > 0
    return first in _LACKING and _LACKED.issuperset(others) and is_some


def _kinds(node: Node) -> list[str]:
    return [key for key in node if names_kind(key) or names_status(key)]


def _with_words(node: Node, odd: frozenset[str]) -> list[str]:
    kinds = [key for key in _kinds(node) if not odd.isdisjoint(_words_of(node, key))]
    return kinds + [key for key in node if _flag(key) in odd and yes_or_no(node[key])]


@lru_cache(maxsize=4096)  # of each key of each row several times
def _flag(key: str) -> str:
    return "".join(words(key)).removeprefix("is")


def _words_of(node: Node, key: str) -> tuple[str, ...]:
    stated = text(node.get(key))
    return () if stated is None else words(stated.lower())
