"""Rows, and objects around them, that say they may not count as they stand. Pure."""

from __future__ import annotations

from billfold.money import Money
from billfold_bnerd.values import Node, number, text, word_set, words, yes_or_no

_KINDS = ("type", "kind", "direction", "category", "entry_type", "status", "state")
_NAMES = ("name", "product", "product_name", "description")
_BACK = word_set("credit credits refund reversal storno discount rebate gutschrift rabatt")
_OPEN = word_set("forecast forecasted estimate estimated projected provisional preliminary draft")
_NOT_FINAL = _OPEN | word_set(
    "cancelled canceled cancellation void voided reversed refunded deleted"
)
_NOT_ALL = word_set("partial incomplete")
_FINAL = word_set("final finalized complete")
# What says that there is more which is not there, where it lists or counts it.
_LACKING = word_set("failed missing omitted skipped unavailable unreachable")
_LACKED = word_set(
    "projects project products product resources items rows records entries usage data services "
    "regions sources ids count months days hours"
)


def odd_status(node: Node, cost: Money | None) -> list[str]:
    """Return the keys by which a row that costs something says that it may count otherwise.

    It gives money back without a minus, or is cancelled, void, estimated or foreseen.
    """
    if cost is None or not cost.amount:
        return []
    if cost.amount < 0:
        return _with_words(node, _NOT_FINAL)
    named = (key for key in _NAMES if _BACK.issuperset(_words_of(node, key) or ("",)))
    return [*_with_words(node, _NOT_FINAL | _BACK), *named]


def unfinished(node: Node) -> list[str]:
    """Return the keys by which an object around rows says that they are not all, or not final.

    What is deleted or cancelled there is a project, whose costs stand.
    """
    open_keys = (key for key in node if _flag(key) in _FINAL and yes_or_no(node[key]) is False)
    lacking = (key for key in node if _says_lacking(key, node[key]))
    return [*_with_words(node, _OPEN | _NOT_ALL), *open_keys, *lacking]


def _says_lacking(key: str, value: object) -> bool:
    """Return whether a key like ``failed_projects`` lists or counts something."""
    first, *others = words(key) or [""]
    is_some = bool(value) if isinstance(value, list | dict) else (number(value) or 0) > 0
    return first in _LACKING and _LACKED.issuperset(others) and is_some


def _with_words(node: Node, odd: frozenset[str]) -> list[str]:
    kinds = [key for key in _KINDS if not odd.isdisjoint(_words_of(node, key))]
    return kinds + [key for key in node if _flag(key) in odd and yes_or_no(node[key])]


def _flag(key: str) -> str:
    return "".join(words(key)).removeprefix("is")


def _words_of(node: Node, key: str) -> tuple[str, ...]:
    return words((text(node.get(key)) or "").lower())
