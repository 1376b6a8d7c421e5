"""Which keys of a usage reply's object hold rows, and whether they are all (contract section 3.1). Pure."""

from __future__ import annotations

from collections.abc import Mapping

from billfold_bnerd.untyped import UUID, more

LISTS = ("usage", "usages", "data", "items", "entries", "records", "results", "lines")
NESTED = {"projects": "project", "products": "product"}
COSTS = ("total", "cost", "price", "amount")
PRODUCT_KEYS = {"product_id", "product"}
ROW_KEYS = {*PRODUCT_KEYS, "quantity", "hours", *COSTS, *(f"{name}_cents" for name in COSTS)}


def containers(node: Mapping[str, object]) -> list[str]:
    """Name the keys that hold rows: one list, or what is nested by project and product, or an object around all that.

    A full one goes before an empty one of any kind, which would hide its money.
    """
    lists, maps = (
        [key for key in LISTS if isinstance(node.get(key), kind)] for kind in (list, dict)
    )
    nested = [key for key in NESTED if isinstance(node.get(key), list | dict)]
    if full := [key for key in lists if node[key]]:
        return full[:1]
    if any(node[key] for key in nested):
        return nested
    if not PRODUCT_KEYS & node.keys() and (around := [key for key in maps if _wraps(node[key])]):
        return around[:1]  # what costs something beside them is a total over their rows
    if ROW_KEYS & node.keys():
        return nested or lists[:1]
    return [key for key in maps if node[key]][:1] or nested or lists[:1] or maps[:1]


def _wraps(value: object) -> bool:
    """Tell an object around rows, seen from outside, from a row's detail."""
    return isinstance(value, dict) and (
        is_map(value)
        or any(isinstance(value.get(key), list) and value[key] for key in LISTS)
        or any(isinstance(value.get(key), list | dict) and value[key] for key in NESTED)
    )


def holds(value: object) -> bool:
    """Tell whether there may be rows in it; an object that is neither a map nor a wrapper is a detail."""
    if isinstance(value, dict):
        return is_map(value) or any(holds(value[key]) for key in containers(value))
    return isinstance(value, list) and bool(value)


def is_map(node: Mapping[str, object]) -> bool:
    """Tell whether ids are its keys; under an empty one stands what belongs to no project."""
    return bool(node) and all(UUID.fullmatch(key) or key in ("", "null") for key in node)


def paged(node: Mapping[str, object]) -> bool:
    """Tell whether this object around rows, or one in it, points at another page."""
    around = [
        inner
        for key in containers(node)
        if isinstance(inner := node[key], dict) and containers(inner)
    ]
    return more(node, _shown(node)) or any(map(paged, around))


def _shown(node: object) -> int:
    """Count what the outermost list or map has: that is what pages are made of, projects or rows."""
    if isinstance(node, dict) and (inside := containers(node)):
        return sum(_shown(node[key]) for key in inside)
    return len(node) if isinstance(node, list | dict) else 0
