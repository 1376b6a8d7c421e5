"""Which keys of an object hold rows (CONTRACT.md, section 3.1). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from billfold.wire import is_money_key
from billfold_bnerd.fields import COSTS, ONLY_PER_UNIT, Fields
from billfold_bnerd.values import NOT_STATED, UUID, Node, word_set, words

LISTS = ("usage", "usages", "data", "items", "entries", "records", "results", "lines")
NESTED = {"projects": "project", "products": "product"}
_ANY = frozenset({*LISTS, *NESTED})
PRODUCT_KEYS = {"product_id", "product"}
_COST_KEYS = (*COSTS, "price")
ROW_KEYS = {
    *PRODUCT_KEYS,
    "quantity",
    "hours",
    *_COST_KEYS,
    *(f"{key}_cents" for key in _COST_KEYS),
}
# Of a thing, and not of all that a map holds.
_OF_ONE = frozenset(
    {*ROW_KEYS.difference(COSTS, (f"{key}_cents" for key in COSTS)), "id", "name", "unit"}
)
# Under such words stand objects and lists about all that a map holds.
_ABOUT_ALL = word_set(
    "meta metadata link links page pages paging pagination paginate paginator pager pagy info list "
    "result results resultset response set cursor cursors summary total totals sum tax "
    "taxes vat credit credits discount discounts organization period window range month filter "
    "filters query request params currency error errors warning warnings"
)
_NO_PROJECT = ("", "null")
_LENGTH_OF_UUID = 36


def containers(node: Node) -> list[str]:
    """Return the keys that hold rows: a list, projects and products, or an object around those.

    A full one goes before an empty one of any kind, which would hide its money. They are the ids
    of a map that has more than ids.
    """
    if _ANY.isdisjoint(node):  # as nearly every row
        return _ids_beside_others(node)
    lists = [key for key in LISTS if isinstance(node.get(key), list)]
    objects = [key for key in LISTS if isinstance(node.get(key), dict)]
    nested = [key for key in NESTED if isinstance(node.get(key), list | dict)]
    full_lists = [key for key in lists if node[key]]
    if full_lists:
        return full_lists[:1]
    if any(node[key] for key in nested):
        return _without_names(node, nested)
    around = [] if PRODUCT_KEYS & node.keys() else [key for key in objects if _wraps(node[key])]
    if around:
        return around[:1]  # what costs something beside them is a total over their rows
    if ROW_KEYS & node.keys():
        return nested or lists[:1]
    full_objects = [key for key in objects if node[key]]
    return full_objects[:1] or nested or lists[:1] or objects[:1]


def _without_names(node: Node, nested: list[str]) -> list[str]:
    """Return which of two full lists hold rows: one may state names alone, of the other's rows."""
    if len(nested) < len(NESTED) or not all(node[key] for key in nested):
        return nested
    return [key for key in nested if not _are_names(node[key])] or nested


def _are_names(value: object) -> bool:
    """Return whether the things in a list, or in a map by ids, state nothing but texts."""
    if isinstance(value, list):
        return all(isinstance(thing, dict) and "id" in thing and _is_name(thing) for thing in value)
    return isinstance(value, dict) and is_map(value) and all(map(_is_name, value.values()))


def _is_name(thing: object) -> bool:
    return isinstance(thing, dict) and all(
        (value is None or isinstance(value, str | bool))
        and not (key == "usage" or key in ROW_KEYS or is_money_key(key))
        for key, value in thing.items()
    )


def _wraps(value: object) -> bool:
    """Return whether this is an object around rows, as seen from outside, and no row's detail."""
    if not isinstance(value, dict):
        return False
    lists = [key for key in LISTS if isinstance(value.get(key), list)]
    nested = [key for key in NESTED if isinstance(value.get(key), list | dict)]
    is_keyed = is_map(value) or bool(_ids_beside_others(value))
    return is_keyed or any(value[key] for key in (*lists, *nested))


def may_hold_rows(value: object) -> bool:
    """Return whether there may be rows in this; an object that wraps nothing is a detail."""
    if isinstance(value, dict):
        inside = containers(value)
        is_keyed = is_map(value) or are_ids(inside)
        return is_keyed or any(may_hold_rows(value[key]) for key in inside)
    return isinstance(value, list) and bool(value)


def is_map(node: Node) -> bool:
    """Return whether ids are all its keys."""
    return bool(node) and all(map(is_id, node))


def is_id(key: str) -> bool:
    """Return whether a key is an id; under an empty one stands what belongs to no project."""
    return UUID.fullmatch(key) is not None or key in _NO_PROJECT


def are_ids(inside: Sequence[str]) -> bool:
    """Return whether containers are the ids of a map; the first says it of all."""
    return any(map(is_id, inside[:1]))


def _ids_beside_others(node: Node) -> list[str]:
    """Return the ids of a map that says something of all that it holds, too; else none."""
    others = [key for key in node if len(key) != _LENGTH_OF_UUID and key not in _NO_PROJECT]
    if len(others) in (0, len(node)) or not all(_is_of_all(key, node[key]) for key in others):
        return []
    ids = [key for key in node if is_id(key)]
    holds = any(isinstance(node[key], dict | list) for key in ids)
    return ids if holds and len(ids) + len(others) == len(node) else []


def _is_of_all(key: str, value: object) -> bool:
    is_single = not isinstance(value, dict | list) or "cents" in value
    return key not in _OF_ONE and (is_single or _ABOUT_ALL.issuperset(words(key)))


def said_beside(node: Node, inside: Sequence[str]) -> Node:
    """Return what an object says beside the ids of its map, which are too many to look at each."""
    if not are_ids(inside):
        return node
    ids = frozenset(inside)
    return {key: value for key, value in node.items() if key not in ids}


def wrappers(top: object) -> Iterator[tuple[str, Node, list[str]]]:
    """Yield the objects that a reply is wrapped in, each by its place and with what holds its rows.

    The first is the reply itself; a project or another thing is none.
    """
    place, node = "$", top
    while isinstance(node, dict) and (inside := containers(node)):
        yield place, said_beside(node, inside), inside
        place, node = f"{place}.{inside[0]}", node[inside[0]] if inside[0] in LISTS else None


def count_rows(node: object) -> int:
    """Return how many rows or projects the outermost list or map has: pages are made of those."""
    inside = containers(node) if isinstance(node, dict) else []
    if are_ids(inside):
        return len(inside)
    if isinstance(node, dict) and inside:
        return sum(count_rows(node[key]) for key in inside)
    return len(node) if isinstance(node, list | dict) else 0


def is_row(node: Node, *, is_product: bool) -> bool:
    """Return whether an object says what was used or what it costs; a product's needs no more."""
    usage = node.get("usage")
    return (
        bool(ROW_KEYS & node.keys())
        or (usage is not None and not isinstance(usage, list | dict))
        or (is_product and bool({"id", "name"} & node.keys()))
    )


def states_its_money(node: Node) -> bool:
    """Return whether a product's row states its own Money, which its lists only break down."""
    return bool(PRODUCT_KEYS & node.keys()) and Fields(node).cost().money is not None


def states_all_its_money(node: Node, inside: Sequence[str]) -> bool:
    """Return whether a product's object states its Money, and nothing in its lists costs any."""
    lists = [node[key] for key in inside]
    are_readings = all(isinstance(items, list) and all(map(_is_reading, items)) for items in lists)
    return Fields(node).cost().money is not None and are_readings


def _is_reading(item: object) -> bool:
    """Return whether an object in a list says how much was used, and not what that costs."""
    if not isinstance(item, dict) or containers(item):
        return False
    return Fields(item).cost() in (NOT_STATED, ONLY_PER_UNIT)


def is_single_row(top: Node, inside: list[str]) -> bool:
    """Return whether a reply is one row with its lists, not an object around rows."""
    is_empty = not any(top[key] for key in inside)
    return states_its_money(top) or (bool(PRODUCT_KEYS & top.keys()) and is_empty)


def is_reply(path: Sequence[object], node: Node, inside: list[str]) -> bool:
    """Return whether this is the object around a reply, whether or not there are rows in it."""
    return not path and bool(inside) and not is_single_row(node, inside)
