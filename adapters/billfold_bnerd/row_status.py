"""Rows, and objects around them, that say they may not count as they stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from billfold.money import Money
from billfold.wire import says_lacking
from billfold_bnerd.marks import changing_marks, with_marks_inside
from billfold_bnerd.reductions import REDUCTIONS, is_reduction, reduces
from billfold_bnerd.standing_keys import names_kind, names_status
from billfold_bnerd.standing_words import OUT_OF_FORCE, REPLACED, TAKEN_BACK
from billfold_bnerd.values import Node, text, word_set, words, yes_or_no

_NAMES = ("name", "product", "product_name", "description", "label", "title")
# What may be marked so gives money back; what is discounted costs less.
_BACK = (REDUCTIONS | word_set("storno gutschrift rabatt")) - word_set("discounted")
# By these kinds a row says that it is a charge, whatever its product is called.
_CHARGES = word_set("usage charge charges fee fees consumption metered metering purchase sale")
# What a tax is called, without its blanks and signs, and what may stand beside that.
_TAXES = word_set("tax taxes vat mwst ust salestax valueaddedtax umsatzsteuer mehrwertsteuer")
_PERCENT = re.compile("[0-9]+([.,][0-9]+)? ?%")
_OPEN = word_set(
    "forecast forecasted estimate estimated projected projection provisional preliminary draft"
)
# What only a charge is marked as, as in `voided_at`; a resource is cancelled or deleted, too.
_CHANGED = TAKEN_BACK | REPLACED | OUT_OF_FORCE | {"waived"}
_NOT_FINAL = _OPEN | _CHANGED | word_set("cancelled canceled cancellation deleted pending")
_NOT_ALL = word_set("partial incomplete")
_UNFINISHED = _OPEN | _NOT_ALL
_FINAL = word_set("final finalized complete")
# What a row may be marked as that asks for no money: these, or not those.
_FREE = word_set("waived free freetier trial excluded nonbillable notbilled")
_BILLED = word_set("billable chargeable")
_DENIED = _FINAL | _BILLED
_ABOUT = ("meta", "metadata")  # what is said about a reply


def odd_status(node: Node, cost: Money | None) -> list[str]:
    """Return the keys by which a row that costs something says that it may count otherwise.

    It gives money back without a minus, or is cancelled, void, replaced, estimated, foreseen or
    free, or takes another row's place.
    """
    if cost is None or not cost.amount:
        return []
    gives = cost.amount < 0
    named = () if gives or _is_called_charge(node) else _naming_back(node)
    return _odd(node, _NOT_FINAL, named, gives_back=gives)


def odd_group(node: Node, costs: Iterable[Money | None], *, is_project: bool) -> list[str]:
    """Return the keys by which what is around rows says that of them, by the same rule.

    What is cancelled, deleted or pending there is a project or a thing, whose costs stand. What a
    project is called are its owner's words: only one that is called a reduction alone is none.
    """
    named = [key for key in _naming_back(node) if not is_project or is_reduction(_text(node, key))]
    if not (said := _odd(node, _OPEN | _CHANGED, named, gives_back=False)):
        return []
    amounts = [cost.amount for cost in costs if cost is not None and cost.amount]
    if amounts and max(amounts) < 0:
        return _odd(node, _OPEN | _CHANGED, (), gives_back=True)
    return said if amounts else []


def _odd(node: Node, odd: frozenset[str], named: Iterable[str], *, gives_back: bool) -> list[str]:
    """Return the keys by words of a kind, a status or a mark, beside those that ``named`` it so."""
    node = with_marks_inside(node)
    kinds = _kinds(node)
    back = () if gives_back else (key for key in kinds if reduces(_text(node, key)))
    said = (
        *(key for key in kinds if not odd.isdisjoint(_words_of(node, key))),
        *back,
        *named,
        *(key for key in kinds if "".join(_words_of(node, key)) in _FREE),
        *_affirmed(node, _flags(odd, gives_back=gives_back)),
        *changing_marks(node, _CHANGED, gives_back=gives_back),
    )
    return [*dict.fromkeys(said), *_denied(node, _DENIED)]


@lru_cache(maxsize=8)  # of few sets of words
def _flags(odd: frozenset[str], *, gives_back: bool) -> frozenset[str]:
    return _FREE | odd if gives_back else _FREE | odd | _BACK


def _naming_back(node: Node) -> list[str]:
    """Return the keys of the names that are those of a reduction, a product's own among them."""
    named = [key for key in _NAMES if key in node and reduces(_text(node, key))]
    product = node.get("product")
    if isinstance(product, Mapping) and reduces(_text(product, "name")):
        named.append("product.name")
    return named


def _is_called_charge(node: Node) -> bool:
    return any(_CHARGES.issuperset(_words_of(node, key) or ("",)) for key in _kinds(node))


def open_marks(node: Node) -> list[str]:
    """Return the keys by which an object is marked as not final yet, by a yes or a no."""
    return [*_affirmed(node, _OPEN), *_denied(node, _FINAL)]


def gives_back(node: Node) -> bool:
    """Return whether a row is called money that is given back, by its kind or by a name."""
    return any(reduces(_text(node, key)) for key in _kinds(node)) or bool(_naming_back(node))


def is_tax(said: Mapping[str, str], product: str | None) -> bool:
    """Return whether a row is called a tax, by its kind or by a name of nothing else but a rate."""
    kinds = (value for key, value in said.items() if names_kind(key))
    called = (*kinds, said.get("name"), said.get("description"), product)
    return any(_names_tax(each) for each in called if each)


@lru_cache(maxsize=4096)  # of each name of each row
def _names_tax(called: str) -> bool:
    spelled = re.sub(r"[ _.:()-]", "", _PERCENT.sub("", called))
    return spelled.casefold() in _TAXES


def _affirmed(node: Node, flags: frozenset[str]) -> list[str]:
    """Return the keys of some flags that say yes."""
    return [key for key in _flagged(tuple(node), flags) if yes_or_no(node[key])]


def _denied(node: Node, flags: frozenset[str]) -> list[str]:
    """Return the keys of some flags that say no."""
    return [key for key in _flagged(tuple(node), flags) if yes_or_no(node[key]) is False]


def unfinished(node: Node) -> list[str]:
    """Return the keys by which an object around rows says that they are not all, or not final.

    What is deleted or cancelled there is a project, whose costs stand.
    """
    lacking = (key for key in node if says_lacking(key, node[key]))
    return [
        *_unfinished_by(node),
        *lacking,
        *(f"{name}.{key}" for name in _ABOUT for key in _unfinished_by(node.get(name))),
    ]


def _unfinished_by(about: object) -> list[str]:
    """Return the keys by which what is said about a reply says that it is not all, or not final."""
    if not isinstance(about, Mapping):
        return []
    return [*_with_words(about, _UNFINISHED), *_denied(about, _FINAL)]


def _kinds(node: Node) -> tuple[str, ...]:
    return _kinds_among(tuple(node))


@lru_cache(maxsize=1024)  # most rows of a reply have the same keys
def _kinds_among(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for key in keys if names_kind(key) or names_status(key))


def _with_words(node: Node, odd: frozenset[str]) -> list[str]:
    kinds = [key for key in _kinds(node) if not odd.isdisjoint(_words_of(node, key))]
    return kinds + _affirmed(node, odd)


@lru_cache(maxsize=1024)  # most rows of a reply have the same keys
def _flagged(keys: tuple[str, ...], flags: frozenset[str]) -> tuple[str, ...]:
    return tuple(key for key in keys if _flag(key) in flags)


@lru_cache(maxsize=4096)
def _flag(key: str) -> str:
    return "".join(words(key)).removeprefix("is")


def _words_of(node: Node, key: str) -> tuple[str, ...]:
    return words(_text(node, key).lower())


def _text(node: Node, key: str) -> str:
    return text(node.get(key)) or ""
