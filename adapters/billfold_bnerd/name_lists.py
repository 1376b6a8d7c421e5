"""Lists beside the rows that name what these refer to, and cost nothing (section 3.1). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from attrs import define, field

from billfold.wire import Steps, in_slices
from billfold_bnerd.containers import LISTS, NESTED, is_map, may_hold_rows
from billfold_bnerd.fields import ONLY_PER_UNIT, Fields
from billfold_bnerd.unread import unread
from billfold_bnerd.values import NOT_STATED, Node

_AT_ONCE = 50  # things of unknown shape: some 20 ms of work


@define
class NameLists:
    """The keys of such lists, and the paths of the amounts in them that nobody reads."""

    keys: list[str] = field(factory=list)
    unread: list[str] = field(factory=list)


def name_lists(node: Node, rows: list[str]) -> Steps[NameLists]:
    """Return what of an object only names things beside its ``rows``; pauses where it is long."""
    lists = NameLists()
    for key in _inside(node):
        place, things = _things(f".{key}", node[key])
        if key not in rows and all((yield from in_slices(things, _are_names, _AT_ONCE))):
            lists.keys.append(key)
            lists.unread += yield from in_slices(things, partial(_unread_of, place), _AT_ONCE)
    return lists


def _things(place: str, value: object) -> tuple[str, list[object]]:
    """Return the values of a list or of a map by ids, and what their place is called."""
    if isinstance(value, list):
        return f"{place}[*]", value
    if isinstance(value, dict) and is_map(value):
        return f"{place}.*", list(value.values())
    return place, [value]


def _are_names(things: Iterable[object]) -> list[bool]:
    return [_is_name(thing) for thing in things]


def _is_name(thing: object) -> bool:
    """Return whether nothing in this costs or counts; what one unit costs is no cost."""
    if isinstance(thing, dict) and not is_map(thing):
        return _costs_nothing(Fields(thing)) and all(_is_name(thing[key]) for key in _inside(thing))
    if isinstance(thing, list | dict):
        return all(map(_is_name, _things("", thing)[1]))
    return thing is None or isinstance(thing, str)


def _inside(node: Node) -> list[str]:
    return [key for key in (*LISTS, *NESTED) if may_hold_rows(node.get(key))]


def _costs_nothing(fields: Fields) -> bool:
    cost = fields.cost()
    is_free = cost.money is not None and cost.money.amount == 0
    return fields.quantity()[0] is None and (is_free or cost in (NOT_STATED, ONLY_PER_UNIT))


def _unread_of(place: str, things: Iterable[object]) -> list[str]:
    return [path for thing in things for path in _unread(place, thing)]


def _unread(place: str, thing: object) -> Iterator[str]:
    if isinstance(thing, dict) and not is_map(thing):
        fields, inside = Fields(thing), _inside(thing)
        fields.cost()
        fields.unit_price()
        yield from (f"{place}{path}" for path in unread(fields, inside, ()))
        for key in inside:
            yield from _unread(f"{place}.{key}", thing[key])
    elif isinstance(thing, list | dict):
        yield from _unread_of(*_things(place, thing))
