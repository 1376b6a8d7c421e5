"""Rows that say they give money back, or that they are not final or no longer count. Pure."""

from __future__ import annotations

from billfold.money import Money
from billfold_bnerd.values import Node, text, word_set, words, yes_or_no

_KINDS = ("type", "kind", "direction", "category", "entry_type", "status", "state")
_BACK = word_set("credit refund reversal storno")
_NOT_FINAL = word_set(
    "cancelled canceled cancellation void voided forecast forecasted estimate estimated projected "
    "provisional draft reversed refunded deleted"
)


def odd_status(node: Node, cost: Money | None) -> list[str]:
    """Return the keys by which a row that costs something says that it may count otherwise.

    It gives money back without a minus, or is cancelled, void, estimated or foreseen.
    """
    if cost is None or not cost.amount:
        return []
    odd = _NOT_FINAL | _BACK if cost.amount > 0 else _NOT_FINAL
    kinds = [key for key in _KINDS if _has_word(text(node.get(key)), odd)]
    return kinds + [key for key in _NOT_FINAL & node.keys() if yes_or_no(node[key])]


def _has_word(stated: str | None, odd: frozenset[str]) -> bool:
    return stated is not None and not odd.isdisjoint(words(stated.lower()))
