"""What a decoded body holds that its shape does not read, as far as that is money. Pure.

Only where a look at the columns finds something is the body gone through again, for the paths.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import lru_cache
from typing import Any

from attrs import field, frozen

from billfold.wire.announcement import Announcement
from billfold.wire.breakdowns import repeats
from billfold.wire.pieces import ROWS, cut
from billfold.wire.places import Place, read_by, step_into, summary
from billfold.wire.unread_columns import TooManyKeysError, may_hold_money
from billfold.wire.unready_words import may_say_unready
from billfold.wire.void_words import may_say_void
from billfold.wire.words import Says, is_money, is_stated, may_name_currency, says

_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_FEW = 64  # keys, of which what they may say is kept


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


_NOTHING, _MAYBE_A_CURRENCY = Unread(), Unread(may_state_currency=True)


def unread(tree: object, kind: Any, announced: Announced = _announces_nothing) -> Unread:
    """Return the money in a decoded body that a shape does not read.

    What a struct names in its class variable ``not_read`` is known. What it reads as it comes
    (``msgspec.Raw``, ``dict``, ``object``) is its reader's own business. ``announced`` returns what
    the body says of its pages: what counts rows is none, though its word may be one of money.
    Raises TooManyKeysError, and RecursionError for what is nested too deep.
    """
    place = read_by(kind)
    beyond: set[str] = set()
    if place is None:
        return _MAYBE_A_CURRENCY
    if not may_hold_money(place, tree, beyond):
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
    place = read_by(kind)
    beyond: set[str] = set()
    if place is None:
        return _MAYBE_A_CURRENCY
    try:
        for piece in cut(tree, most):
            yield
            if may_hold_money(place, piece, beyond):
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
        elif not repeats(key, value, node, place.keys):
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
