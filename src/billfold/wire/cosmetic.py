"""Values of a reply that carry neither money nor identity: one that is odd is left out. Pure.

A shape declares them ``Cosmetic[str]``. Only a reply that does not fit comes here, so that one that
fits costs nothing more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin

import msgspec
from msgspec import Struct, inspect

from billfold.wire.kinds import alternatives
from billfold.wire.numerals import is_numeral

T = TypeVar("T")

_MARK = "cosmetic"
Cosmetic = Annotated[T | None, msgspec.Meta(extra={_MARK: True})]

_LISTS = (inspect.ListType, inspect.VarTupleType, inspect.SetType, inspect.FrozenSetType)


class _Place(Struct, frozen=True):
    """Where a value stands: ``holder[key]``, which ``kind`` describes, declared as ``wanted``.

    ``outer_cosmetic`` is whether it stands inside of something cosmetic.
    """

    holder: Any
    key: Any
    path: str
    kind: inspect.Type
    wanted: Any
    outer_cosmetic: bool = False

    @property
    def value(self) -> Any:
        return self.holder[self.key]

    @property
    def cosmetic(self) -> bool:
        kind = self.kind
        return isinstance(kind, inspect.Metadata) and bool((kind.extra or {}).get(_MARK))

    def kinds(self) -> list[inspect.Type]:
        return alternatives(self.kind)

    @property
    def is_odd_numeral(self) -> bool:
        """Whether text stands for a number that is written as no provider's number is."""
        decimal = any(isinstance(kind, inspect.DecimalType) for kind in self.kinds())
        return decimal and isinstance(self.value, str) and not is_numeral(self.value)


def mended(body: bytes, shape: Any) -> tuple[bytes, list[str]]:
    """Return a JSON body without the cosmetic values that do not fit, and where they stood.

    A number where text is wanted becomes its text, and a numeral or a count of seconds what it
    stands for. All other numbers keep their own text. Raises json.JSONDecodeError or UnicodeError
    for what is no JSON, and msgspec.ValidationError for text that only looks like a number, in a
    place that matters.
    """
    root = {"": json.loads(body, parse_int=_number, parse_float=_number, parse_constant=_number)}
    left_out: list[str] = []
    for place in _places(_Place(root, "", "$", _described(shape), shape)):
        if place.cosmetic:
            fitting = _fitting(place)
            if fitting is None:
                left_out.append(place.path)
            place.holder[place.key] = fitting
        elif place.is_odd_numeral and place.outer_cosmetic:
            place.holder[place.key] = {}  # which is no number, so that what it is in does not fit
        elif place.is_odd_numeral:
            raise msgspec.ValidationError(f"Invalid decimal string - at `{place.path}`")
    return msgspec.json.encode(root[""]), left_out


_described = cache(inspect.type_info)


def _number(text: str) -> msgspec.Raw:
    return msgspec.Raw(text.encode())


def _places(place: _Place) -> Iterator[_Place]:
    """Yield all that is in a place, as far as the shape describes it, and at last the place."""
    value, path, inside = place.value, place.path, place.cosmetic or place.outer_cosmetic
    for kind in place.kinds():
        if isinstance(kind, inspect.StructType) and isinstance(value, dict):
            wanted = {field.encode_name: field.type for field in msgspec.structs.fields(kind.cls)}
            for field in kind.fields:
                name = field.encode_name
                if name in value:
                    at = f"{path}.{name}"
                    yield from _places(_Place(value, name, at, field.type, wanted[name], inside))
        elif isinstance(kind, _LISTS) and isinstance(value, list):
            item = _item(place.wanted)
            for index in range(len(value)):
                at = f"{path}[{index}]"
                yield from _places(_Place(value, index, at, kind.item_type, item, inside))
        elif isinstance(kind, inspect.DictType) and isinstance(value, dict):
            item = _item(place.wanted)
            for key in value:
                yield from _places(
                    _Place(value, key, f"{path}[...]", kind.value_type, item, inside)
                )
    yield place


def _item(wanted: Any) -> Any:
    """Return what the members of a declared list or map are, None for what is neither."""
    arguments = get_args(wanted)
    if get_origin(wanted) in (list, tuple, set, frozenset):
        return arguments[0]
    if get_origin(wanted) is dict:
        return arguments[1]
    inner = arguments[:1] if get_origin(wanted) is Annotated else arguments
    return next((item for one in inner if (item := _item(one)) is not None), None)


def _fitting(place: _Place) -> msgspec.Raw | None:
    """Return what the place's value is in JSON that fits; None for what stands for nothing."""
    text = msgspec.json.encode(place.value)
    quoted = msgspec.json.encode(text.decode()) if isinstance(place.value, msgspec.Raw) else text
    if place.is_odd_numeral:
        return None
    for candidate, strict in ((text, True), (quoted, True), (text, False)):
        try:
            value = msgspec.json.decode(candidate, type=place.wanted, strict=strict)
        except msgspec.DecodeError:
            continue
        return msgspec.Raw(_encode(value))
    return None


_encode = msgspec.json.Encoder(decimal_format="number").encode
