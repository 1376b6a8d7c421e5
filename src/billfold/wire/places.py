"""What a shape reads of a body, by its places, and how a place is named. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import Any

from msgspec import Struct, inspect

from billfold.counted import counted
from billfold.wire.kinds import alternatives, items_of

_PLAIN = re.compile(r"[^\W\d][\w-]{0,79}")
_INDEX = re.compile(r"\[\d+\]")
_SHOWN = 5


class Place(Struct, eq=False):
    """What is read at a place: an object's keys and what is in them, items, a map's values.

    ``keys`` are those that are known, of which ``not_read`` only are.
    """

    keys: frozenset[str] | None = None
    not_read: frozenset[str] = frozenset()
    inside: dict[str, Place] = {}
    items: Place | None = None
    values: Place | None = None

    @property
    def reads(self) -> bool:
        """Whether an object whose keys are known is here, or further in."""
        return not (self.keys is None and self.items is None and self.values is None)


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
            place.not_read = frozenset().union(*map(_not_read, objects))
            place.keys = place.not_read.union(*map(_keys, objects))
        inside: dict[str, list[Any]] = {}
        for each in chain.from_iterable(kind.fields for kind in objects):
            inside.setdefault(each.encode_name, []).append(each.type)
        inner = {name: _place(types, known) for name, types in inside.items()}
        place.inside = {name: each for name, each in inner.items() if each is not None}
        place.items = _place(list(chain.from_iterable(map(items_of, kinds))), known)
        place.values = _place([kind.value_type for kind in kinds if _is_map(kind)], known)
    return known[ident] if known[ident].reads else None


def _keys(kind: Any) -> set[str]:
    tag = getattr(kind, "tag_field", None)
    return {each.encode_name for each in kind.fields} | ({tag} if tag else set())


def _not_read(kind: Any) -> frozenset[str]:
    known: frozenset[str] = getattr(kind.cls, "not_read", frozenset())
    return known


def _is_map(kind: Any) -> bool:
    return hasattr(kind, "value_type")


def step_into(path: str, key: str) -> str:
    """Return the path of an object's member."""
    return f"{path}.{key}" if _PLAIN.fullmatch(key) else f"{path}[{json.dumps(key[:40])}]"


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
