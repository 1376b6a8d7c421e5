"""Which of a reply's amounts are totals over its rows, and no rows themselves. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from billfold.money import Money, sum_by_currency
from billfold_bnerd.fields import COSTS, Fields
from billfold_bnerd.lists import PRODUCT_KEYS
from billfold_bnerd.values import Node, number, text, word_set

_LABELS = ("name", "label", "title", "type", "kind", "description", "product", "product_name")
_TOTAL_LABELS = word_set("total totals sum subtotal summe gesamt gesamtsumme zwischensumme")
_TOTAL_LABELS |= {"grand total"}
_REFERENCES = (
    *(*PRODUCT_KEYS, "product_name", "project_id", "project", "project_name"),
    *("subscription_id", "id"),
)
# What says more of a row than an amount.
_DETAILS = ("quantity", "hours", "usage", "description", "name", "period", "from", "start")
_PAGE_SIZES = frozenset({"limit", "per_page", "page_size", "page", "current_page"})


def sums(costs: Iterable[Money | None]) -> dict[str, Money]:
    """Add up what is stated, per currency."""
    return sum_by_currency(cost for cost in costs if cost is not None)


def is_total_row(node: object, cost: Money | None, others: Sequence[Money | None]) -> bool:
    """Return whether a row of a list is a total over the ``others``.

    It is called one, or names nothing that costs something and is exactly what they add up to.
    """
    if not isinstance(node, dict) or cost is None or not others:
        return False
    if _is_called_total(node):
        return True
    has_quantity = any(node.get(key) is not None for key in ("quantity", "hours"))
    if names_something(node) or (has_quantity and len(others) == 1):
        return False
    return sums(others) == {cost.currency: cost} and None not in others


def names_something(node: Node) -> bool:
    """Return whether a row names a product, a project, a subscription or itself."""
    return any(node.get(key) not in (None, "") for key in _REFERENCES)


def is_bare(node: object) -> bool:
    """Return whether a row is an amount and nothing that tells what it is for."""
    return (
        isinstance(node, dict)
        and not names_something(node)
        and not any(node.get(key) not in (None, "") for key in _DETAILS)
    )


def _is_called_total(node: Node) -> bool:
    labels = (text(node.get(key)) for key in _LABELS)
    return any(label is not None and label.strip().casefold() in _TOTAL_LABELS for label in labels)


def is_known_number(fields: Fields, shown: int, costs: dict[str, Money]) -> bool:
    """Return whether a bare number where a total stands counts rows, or repeats their sum.

    It may be in whole units or in the smallest ones; its scale is not guessed, only compared.
    """
    name = next(name for name in COSTS if fields.node.get(name) is not None)
    stated = number(fields.node[name])
    if stated is None:
        return False
    if stated in (0, shown) or not _PAGE_SIZES.isdisjoint(fields.node):
        return True
    return len(costs) == 1 and any(
        cost in (Money(stated, code), Money.minor(stated, code)) for code, cost in costs.items()
    )
