"""What is no Money where a total stands: what it counts, or which sums it repeats. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from billfold.money import Money
from billfold_bnerd.amounts import PAGE_INFO, amounts_under
from billfold_bnerd.fields import COSTS
from billfold_bnerd.rounding import same
from billfold_bnerd.values import Node, number

_IN_CENTS = "_cents"
_PAGE_SIZES = frozenset({"limit", "per_page", "page_size", "page", "current_page"})


def odd_counts(node: Node, shown: int, costs: dict[str, Money]) -> Iterator[str]:
    """Yield the paths of bare totals that neither count the rows shown nor are their cost."""
    for key in PAGE_INFO & node.keys():
        info = node[key]
        if not isinstance(info, dict) or number(info.get("total")) is None:
            continue
        if not is_known_number(info, shown, costs):
            yield f".{key}.total"


def stated_total_key(node: Node) -> str:
    """Return under which key an object states a total over its rows; "" for none."""
    keys = (key for name in COSTS for key in (name, f"{name}{_IN_CENTS}"))
    return next((key for key in keys if node.get(key) is not None), "")


def is_known_number(node: Node, shown: int, costs: dict[str, Money]) -> bool:
    """Return whether a bare number where a total stands counts rows, or repeats their sum.

    It may be in whole units or in the smallest ones; its scale is not guessed, only compared.
    """
    key = stated_total_key(node)
    stated = number(node.get(key))
    if stated is None:
        return False
    if stated == 0 and not any(cost.amount for cost in costs.values()):
        return True
    may_count = not key.endswith(_IN_CENTS)
    if may_count and (stated == shown or not _PAGE_SIZES.isdisjoint(node)):
        return True
    return len(costs) == 1 and any(
        same(each, cost)
        for code, cost in costs.items()
        for each in (Money(stated, code), Money.minor(stated, code))
    )


def holds_sums(node: Node, costs: dict[str, Money]) -> bool:
    """Return whether a list or an object of amounts, where a total stands, has each sum in it."""
    key = stated_total_key(node)
    value = node.get(key)
    if not costs or not isinstance(value, dict | list) or "cents" in value:
        return False
    found = [*amounts_under(key, value, {})]
    return all(
        any(same(stated, cost) for one in found for stated in one.readings(cost))
        for cost in costs.values()
    )
