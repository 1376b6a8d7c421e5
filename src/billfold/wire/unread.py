"""What a decoded body holds that its shape does not read, as far as that is money. Pure.

A whole column of objects is looked at at once, because there may be a hundred thousand rows. Only
where one has something to say is the body gone through again, for the paths.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from functools import lru_cache
from itertools import chain, repeat
from typing import Any

from attrs import define, field, frozen
from msgspec import inspect

from billfold.counted import counted
from billfold.wire.announcement import Announcement
from billfold.wire.breakdowns import breaks_down
from billfold.wire.kinds import alternatives, items_of
from billfold.wire.pieces import ROWS, cut
from billfold.wire.unready_words import may_say_unready
from billfold.wire.void_words import may_say_void
from billfold.wire.words import (
    Says,
    any_priced,
    has_cents,
    is_amount,
    is_money,
    is_priced,
    is_stated,
    may_name_currency,
    says,
    states_currency,
)

_CONTAINERS = {dict, list}
_PLAIN = re.compile(r"[^\W\d][\w-]{0,79}")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_INDEX = re.compile(r"\[\d+\]")
_SHOWN, _FEW, _MOST_KEYS = 5, 64, 20_000


@frozen
class Unread:
    """The places of money that the shape does not read.

    ``amounts`` are single ones, ``rows`` those that stand in rows of their own: in a list, or in a
    map of objects. Of places that differ in nothing but their index the first is named.
    ``may_state_currency`` is whether anything that the shape does not read may name one,
    ``may_say_void`` whether it may say that its row does not count, ``may_say_unready`` that its
    reply is not ready.
    """

    amounts: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    may_state_currency: bool = field(default=False, eq=False)
    may_say_void: bool = field(default=False, eq=False)
    may_say_unready: bool = field(default=False, eq=False)


Announced = Callable[[], Announcement | None]


def _announces_nothing() -> None:
    return None


class TooManyKeysError(Exception):
    """A body has more different keys in one place than can be looked at in a moment."""


_NOTHING, _MAYBE_A_CURRENCY = Unread(), Unread(may_state_currency=True)


@define(eq=False)
class Place:
    """What is read at a place: an object's keys and what is in them, items, a map's values."""

    keys: frozenset[str] | None = None
    inside: dict[str, Place] = field(factory=dict)
    items: Place | None = None
    values: Place | None = None

    @property
    def reads(self) -> bool:
        """Whether an object whose keys are known is here, or further in."""
        return not (self.keys is None and self.items is None and self.values is None)


def unread(tree: object, kind: Any, announced: Announced = _announces_nothing) -> Unread:
    """Return the money in a decoded body that a shape does not read.

    What a struct names in its class variable ``not_read`` is known. What it reads as it comes
    (``msgspec.Raw``, ``dict``, ``object``) is its reader's own business. ``announced`` returns what
    the body says of its pages: what counts rows is none, though its word may be one of money.
    Raises TooManyKeysError, and RecursionError for what is nested too deep.
    """
    place, beyond = read_by(kind), set[str]()
    if place is None:
        return _MAYBE_A_CURRENCY
    if not _suspicious(place, tree, beyond):
        return _no_money(beyond) if beyond else _NOTHING
    pages = announced()
    counts = () if pages is None else pages.counted
    found = [each for each in _search(place, tree, "$") if each[0] not in counts]
    amounts = summary(path for path, in_rows in found if not in_rows)
    return Unread(amounts, summary(path for path, in_rows in found if in_rows), True, True, True)


def no_unread(tree: object, kind: Any, most: int = ROWS) -> Generator[None, None, Unread | None]:
    """Return what :func:`unread` does of a large body without money that is not read.

    None is for all others. Pauses after each ``most`` rows.
    """
    place, beyond = read_by(kind), set[str]()
    if place is None:
        return _MAYBE_A_CURRENCY
    try:
        for piece in cut(tree, most):
            yield
            if _suspicious(place, piece, beyond):
                return None
    except (RecursionError, TooManyKeysError):
        return None
    return _no_money(beyond)


def _no_money(beyond: set[str]) -> Unread:
    """Return what a body without unread money may say by its keys ``beyond`` those read."""
    may_say = _may_say if len(beyond) <= _FEW else _may_say.__wrapped__
    return may_say(frozenset(beyond))


@lru_cache(maxsize=1024)  # replies to one request have the same keys
def _may_say(beyond: frozenset[str]) -> Unread:
    may = (may_name_currency, may_say_void, may_say_unready)
    return Unread((), (), *(any(map(says_so, beyond)) for says_so in may))


@lru_cache(maxsize=1024)
def reads_money(kind: Any) -> bool:
    """Return whether a shape has a field for money, or may: one that only a hook can read."""
    place = read_by(kind)
    return place is None or _reads_money(place, set())


def _reads_money(place: Place, seen: set[int]) -> bool:
    """Return whether money is read at a place or further in, where none of ``seen`` are."""
    if id(place) in seen:
        return False
    seen.add(id(place))
    if any(says(key) is not Says.NOTHING for key in place.keys or ()):
        return True
    further = (*place.inside.values(), place.items, place.values)
    return any(_reads_money(each, seen) for each in further if each is not None)


def rows_in(tree: object, left_out: Iterable[str]) -> tuple[str, ...]:
    """Return the rows of money in values that were left out, as they do not fit their shape.

    ``left_out`` are the values' paths, as the reader of shapes names them. It does not name the
    keys of a map, whose values cannot be found again.
    """
    found: list[str] = []
    for path in (path for path in left_out if "[...]" not in path):
        steps = _STEP.findall(path)
        value: Any = tree
        for name, index in steps:
            value = value[int(index)] if index else value[name]
        key = next((name for name, _ in reversed(steps) if name), "")
        found += [at for at, in_rows in _amounts(key, value, path, {}) if in_rows]
    return summary(found)


def summary(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the first place of each kind, with how many more there are."""
    kinds: dict[str, list[str]] = {}
    for path in paths:
        kinds.setdefault(_INDEX.sub("[]", path), []).append(path)
    shown = [
        f"`{alike[0]}`" + (f" (and {len(alike) - 1} more)" if len(alike) > 1 else "")
        for alike in kinds.values()
    ]
    more = len(shown) - _SHOWN
    return (*shown[:_SHOWN], *([counted(more, "other place")] if more > 0 else ()))


@lru_cache(maxsize=1024)
def read_by(kind: Any) -> Place | None:
    """Return what a shape reads of a body; None for a type that only a hook can read."""
    try:
        return _place([inspect.type_info(kind)], {})
    except TypeError:
        return None


def _place(kinds: list[Any], known: dict[tuple[int, ...], Place]) -> Place | None:
    """Return what several types, of which a value may have any, read of it together."""
    kinds = list(chain.from_iterable(map(alternatives, kinds)))
    ident = tuple(map(id, kinds))
    if ident not in known:
        place = known[ident] = Place()
        objects = [kind for kind in kinds if hasattr(kind, "fields")]
        if objects:
            place.keys = frozenset().union(*map(_keys, objects))
        inside: dict[str, list[Any]] = {}
        for each in chain.from_iterable(kind.fields for kind in objects):
            inside.setdefault(each.encode_name, []).append(each.type)
        inner = {name: _place(types, known) for name, types in inside.items()}
        place.inside = {name: each for name, each in inner.items() if each is not None}
        place.items = _place(list(chain.from_iterable(map(items_of, kinds))), known)
        place.values = _place([kind.value_type for kind in kinds if _is_map(kind)], known)
    return known[ident] if known[ident].reads else None


def _keys(kind: Any) -> frozenset[str]:
    tag = getattr(kind, "tag_field", None)
    known: frozenset[str] = getattr(kind.cls, "not_read", frozenset())
    return known.union(each.encode_name for each in kind.fields) | ({tag} if tag else set())


def _is_map(kind: Any) -> bool:
    return hasattr(kind, "value_type")


def _suspicious(place: Place, node: Any, beyond: set[str]) -> bool:
    """Return whether there may be unread money in one value, and in what stands in it.

    Adds to ``beyond`` the keys that are not read, as far as values stand under them.
    """
    # Nearly all that stands around rows is decided here, without a call for each key.
    if type(node) is list:
        return bool(node) and place.items is not None and _any_suspicious(place.items, node, beyond)
    if type(node) is not dict:
        return False
    inside, values, keys = place.inside, place.values, place.keys
    for key, value in node.items():
        if key in inside or values is not None:
            deeper = inside.get(key, values)
            if type(value) in _CONTAINERS and deeper and _suspicious(deeper, value, beyond):
                return True
        elif keys is not None and key not in keys and value is not None:
            # What may be money is taken for it: the search, which comes then, knows.
            if type(value) in _CONTAINERS:
                found = bool(value) and _holds_money(key, [value], True, beyond)
            else:
                beyond.add(key)
                found = is_amount(value) if says(key) else is_priced(value)
            if found:
                return True
    return False


def _any_suspicious(place: Place, nodes: list[Any], beyond: set[str]) -> bool:
    """Return whether there may be unread money in what stands at one place, in all rows of it."""
    kinds = set(map(type, nodes))
    if dict in kinds:
        objects = _only(dict, nodes, kinds)
        keys = set[str]().union(*objects)
        if place.keys is not None and (unknown := keys - place.keys):
            # A currency decides only for what may be money or not.
            is_open = any(says(key) is Says.EITHER for key in unknown)
            priced = is_open and _states_currency(objects, keys)
            for key, column in _columns(objects, unknown):
                if _holds_money(key, column, priced, beyond):
                    return True
        for key, inside in place.inside.items():
            # A missing one is None, which holds nothing either.
            if key in keys and _any_suspicious(
                inside, list(map(dict.get, objects, repeat(key))), beyond
            ):
                return True
        if place.values is not None:
            column = list(chain.from_iterable(map(dict.values, objects)))
            if _any_suspicious(place.values, column, beyond):
                return True
    if place.items is None or list not in kinds:
        return False
    items = list(chain.from_iterable(_only(list, nodes, kinds)))
    return _any_suspicious(place.items, items, beyond)


def _only(kind: type, nodes: list[Any], kinds: Collection[type]) -> list[Any]:
    """Return those of a kind, where ``kinds`` are all there are."""
    return nodes if len(kinds) == 1 else [node for node in nodes if type(node) is kind]


def _states_currency(objects: list[Any], keys: Collection[str]) -> bool:
    """Return whether any object may say what amounts are in."""
    named = [key for key in keys if may_name_currency(key)]
    return any(states_currency(key, each.get(key)) for key in named for each in objects)


def _holds_money(
    key: str, column: list[Any], priced: bool, beyond: set[str], around: Says = Says.NOTHING
) -> bool:
    """Return whether there may be an amount under a key that is not read, in all rows of it.

    ``priced`` is whether a currency stands beside it in any row.
    """
    beyond.add(key)
    said = says(key, around)
    kinds = set(map(type, column))
    if kinds.isdisjoint(_CONTAINERS):
        if said is Says.MONEY or (said is Says.EITHER and priced):
            return any(map(is_amount, set(column)))
        if said is Says.EITHER:
            return any(map(has_cents, set(column)))
        if str not in kinds:
            return False
        texts = set(column)
        return any_priced(
            texts if len(kinds) == 1 else [each for each in texts if type(each) is str]
        )
    items = list(chain.from_iterable(value for value in column if type(value) is list))
    objects = [value for value in column if type(value) is dict]
    rest = [value for value in column if type(value) not in _CONTAINERS]
    keys = set().union(*objects)
    inside = _states_currency(objects, keys)
    return (
        (inside and any(map(is_money, objects)))
        or any(_holds_money(key, each, priced, beyond, around) for each in (items, rest) if each)
        or any(
            _holds_money(name, each, inside, beyond, said) for name, each in _columns(objects, keys)
        )
    )


def _columns(objects: list[Any], keys: Collection[str]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the values under each of the keys, in all rows."""
    if len(keys) <= _FEW:
        for key in keys:
            yield key, [node[key] for node in objects if key in node]
        return
    if len(keys) > _MOST_KEYS:
        raise TooManyKeysError
    # Each key would go through all rows again, of which each may have its own keys.
    columns: dict[str, list[Any]] = {key: [] for key in keys}
    for key, value in chain.from_iterable(map(dict.items, objects)):
        if key in columns:
            columns[key].append(value)
    yield from columns.items()


def _search(place: Place, node: Any, path: str) -> Iterator[tuple[str, bool]]:
    """Yield the path of each amount that is not read, and whether it stands in a row."""
    if type(node) is list and place.items is not None:
        for index, item in enumerate(node):
            yield from _search(place.items, item, f"{path}[{index}]")
    if type(node) is not dict:
        return
    for key, value in node.items():
        at = step_into(path, key)
        if key in place.inside:
            yield from _search(place.inside[key], value, at)
        elif place.values is not None:
            yield from _search(place.values, value, at)
        elif place.keys is None or key in place.keys:
            continue
        elif not breaks_down(key, value, node, place.keys):
            yield from _amounts(key, value, at, node)


def _amounts(
    key: str,
    value: Any,
    path: str,
    beside: dict[str, Any],
    in_rows: bool = False,
    around: Says = Says.NOTHING,
) -> Iterator[tuple[str, bool]]:
    """Yield the path of each amount in a value under a key, and whether it stands in a row."""
    said = says(key, around)
    if is_money(value) or is_stated(key, said, value, beside):
        yield path, in_rows
    elif isinstance(value, dict):
        is_map = bool(value) and all(isinstance(each, dict) for each in value.values())
        is_map = is_map and not any(map(is_money, value.values()))
        for name, member in value.items():
            at = step_into(path, name)
            yield from _amounts(name, member, at, value, in_rows or is_map, said)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _amounts(key, item, f"{path}[{index}]", beside, True, around)


def step_into(path: str, key: str) -> str:
    """Return the path of an object's member."""
    return f"{path}.{key}" if _PLAIN.fullmatch(key) else f"{path}[{json.dumps(key[:40])}]"
