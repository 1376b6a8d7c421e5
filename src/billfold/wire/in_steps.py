"""A large body, decoded a MiB at a time, so that other work has its turn in between. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from billfold.steps import Steps, slices
from billfold.wire.duplicates import comes_out_as_it_went_in
from billfold.wire.structure import LARGE

EVERYTHING = msgspec.json.Decoder(float_hook=Decimal)
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ROWS = msgspec.json.Decoder(list[msgspec.Raw])
_FEW = 100  # members of an object that is no list of rows by their ids
_BLANKS = 64

_Sure = tuple[Any, bool]  # what a body says, and whether that is surely all
Decode = Callable[[bytes | memoryview], _Sure]


def everything(
    body: bytes | memoryview, most: int = LARGE, decode: Decode | None = None
) -> Steps[_Sure]:
    """Return what a body says, and whether it surely has no key twice in one object.

    ``decode`` says both of a part that is decoded at once. Pauses after each ``most`` bytes.
    Objects are cut between members and lists between rows that are objects; to find where takes a
    tenth of decoding. One row is never cut. Raises as msgspec does.
    """
    at_once = _at_once if decode is None else decode
    begins = bytes(body[:_BLANKS]).translate(None, b" \t\r\n")[:2]
    if len(body) <= most:
        return at_once(body)
    if begins[:1] == b"{":
        members = _MEMBERS.decode(body)
        if len(members) <= _FEW:
            return (yield from _of_members(body, members, most, at_once))
    if begins == b"[{":
        return (yield from _of_rows(_ROWS.decode(body), most, at_once))
    return at_once(body)


def _at_once(body: bytes | memoryview) -> tuple[Any, bool]:
    tree = EVERYTHING.decode(body)
    return tree, comes_out_as_it_went_in(body, tree)


def _of_members(
    body: bytes | memoryview, members: dict[str, msgspec.Raw], most: int, decode: Decode
) -> Steps[_Sure]:
    yield
    is_sure, tree = _are_all(members, len(body)), dict[str, Any]()
    for key, member in members.items():
        yield
        tree[key], of_member = yield from everything(memoryview(member), most, decode)
        is_sure = is_sure and of_member
    return tree, is_sure


def _are_all(members: dict[str, msgspec.Raw], size: int) -> bool:
    """Return whether an object of so many bytes surely has no other members than these.

    No key is written shorter than it is here, and nothing stands between members but a comma: one
    that was lost would be missing in the size. To write them all again would take a copy.
    """
    keys = len(msgspec.json.encode(dict.fromkeys(members, 0)))
    return keys + sum(memoryview(each).nbytes - 1 for each in members.values()) == size


def _of_rows(rows: Sequence[msgspec.Raw], most: int, decode: Decode) -> Steps[_Sure]:
    is_sure, tree = True, list[Any]()
    for some in slices(rows, most, _size):
        yield
        part, of_part = decode(b"[" + b",".join(some) + b"]")
        tree += part
        is_sure = is_sure and of_part
    return tree, is_sure


def _size(row: msgspec.Raw) -> int:
    return memoryview(row).nbytes
