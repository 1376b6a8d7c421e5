"""Which keys of a usage reply's object hold rows, and whether they are all of them. Pure.

See CONTRACT.md, section 3, "Containers".
"""

from __future__ import annotations

from collections.abc import Mapping

from billfold_bnerd.lists import has_more_pages
from billfold_bnerd.values import UUID

LISTS = ("usage", "usages", "data", "items", "entries", "records", "results", "lines")
NESTED = {"projects": "project", "products": "product"}
COSTS = ("total", "cost", "price", "amount")
PRODUCT_KEYS = {"product_id", "product"}
ROW_KEYS = {*PRODUCT_KEYS, "quantity", "hours", *COSTS, *(f"{name}_cents" for name in COSTS)}


def containers(node: Mapping[str, object]) -> list[str]:
    """Return the keys that hold rows: a list, projects and products, or an object around those.

    A full one goes before an empty one of any kind, which would hide its money.
    """
    lists = [key for key in LISTS if isinstance(node.get(key), list)]
    objects = [key for key in LISTS if isinstance(node.get(key), dict)]
    nested = [key for key in NESTED if isinstance(node.get(key), list | dict)]
    full_lists = [key for key in lists if node[key]]
    if full_lists:
        return full_lists[:1]
    if any(node[key] for key in nested):
        return nested
    around = [] if PRODUCT_KEYS & node.keys() else [key for key in objects if _wraps(node[key])]
    if around:
        return around[:1]  # what costs something beside them is a total over their rows
    if ROW_KEYS & node.keys():
        return nested or lists[:1]
    full_objects = [key for key in objects if node[key]]
    return full_objects[:1] or nested or lists[:1] or objects[:1]


def _wraps(value: object) -> bool:
    """Return whether this is an object around rows, as seen from outside, and no row's detail."""
    if not isinstance(value, dict):
        return False
    return (
        is_map(value)
        or any(isinstance(value.get(key), list) and value[key] for key in LISTS)
        or any(isinstance(value.get(key), list | dict) and value[key] for key in NESTED)
    )


def may_hold_rows(value: object) -> bool:
    """Return whether there may be rows in this; an object that wraps nothing is a detail."""
    if isinstance(value, dict):
        return is_map(value) or any(may_hold_rows(value[key]) for key in containers(value))
    return isinstance(value, list) and bool(value)


def is_map(node: Mapping[str, object]) -> bool:
    """Return whether ids are its keys; under an empty one stands what belongs to no project."""
    return bool(node) and all(UUID.fullmatch(key) or key in ("", "null") for key in node)


def is_page(node: Mapping[str, object]) -> bool:
    """Return whether this object around rows, or one inside it, points at another page."""
    inner = [node[key] for key in containers(node)]
    around = [value for value in inner if isinstance(value, dict) and containers(value)]
    return has_more_pages(node, _count(node)) or any(map(is_page, around))


def _count(node: object) -> int:
    """Return how many rows or projects the outermost list or map has: pages are made of those."""
    if isinstance(node, dict):
        inside = containers(node)
        if inside:
            return sum(_count(node[key]) for key in inside)
    return len(node) if isinstance(node, list | dict) else 0
