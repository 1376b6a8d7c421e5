"""A large body, decoded a MiB at a time, so that other work has its turn in between. Pure.

Of a larger list as many rows as are a MiB are decoded at once, and of a larger object as many
members, which are cut off where another one seems to begin. That is sure where these alone can be
read as a list or an object, as JSON can be read in one way only: what begins where a row does, and
makes a whole list, ends where a row does. What cannot be cut so is decoded value by value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from itertools import islice
from typing import Any

import msgspec

from billfold.steps import Steps
from billfold.wire.duplicates import duplicate_key
from billfold.wire.structure import LARGE

EVERYTHING = msgspec.json.Decoder(float_hook=Decimal)
_KEY = msgspec.json.Decoder(str)
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_SCAN = json.JSONDecoder().raw_decode  # which says where a value ends
_BLANKS = re.compile(rb"[ \t\r\n]*+")
_BETWEEN = rb",[ \t\r\n]*+\{[ \t\r\n]*+"
_FIRST_KEY = re.compile(rb'\{[ \t\r\n]*+("(?:[^"\\]|\\.)*+")')
_MEMBER = re.compile(rb',[ \t\r\n]*+"')
# What begins as a row may be one of a list in a row: so many are tried, then rows are counted off.
_TRIED = 8
# Of how many bytes, by the most of a step, the end of a value is looked for.
_NEARBY = 16

_Sure = tuple[Any, bool]  # what a body says, and whether that is surely all
Decode = Callable[[bytes], _Sure]


def everything(body: bytes, most: int = LARGE, decode: Decode | None = None) -> Steps[_Sure]:
    """Return what a body says, and whether it has no key twice in one object.

    ``decode`` says both of a part that is decoded at once. Pauses after each ``most`` bytes. No
    text is ever cut. Raises as msgspec does.
    """
    at_once = _at_once if decode is None else decode
    if len(body) <= most:
        return at_once(body)
    parts = _Parts(body, most, at_once)
    try:
        tree, end = yield from parts.value(parts.begins(0))
        if parts.begins(end) == len(body):
            return tree, parts.are_sure
    except msgspec.DecodeError:
        raise
    except (ValueError, RecursionError):
        pass
    return at_once(body)  # which says what is wrong


def _at_once(body: bytes) -> _Sure:
    tree = EVERYTHING.decode(body)
    return tree, duplicate_key(body, tree) is None


class _Parts(msgspec.Struct, eq=False):
    """Decode a body from its beginning to its end.

    Methods take where something begins, and return it with where it ends. They raise ValueError for
    what is no JSON.
    """

    body: bytes
    most: int
    decode: Decode
    are_sure: bool = True
    _pause: int = 0
    # Every byte a character, so that places in it are places in the body.
    _window: str = ""
    _from: int = -1

    def value(self, at: int) -> Steps[tuple[Any, int]]:
        """Decode a value."""
        if at >= self._pause:
            yield
            self._pause = at + self._near
        end = self._end(at)
        if end is not None:
            return self._read(self.body[at:end]), end
        is_object = self.body[at : at + 1] == b"{"
        return (yield from (self._members(at) if is_object else self._rows(at)))

    def begins(self, at: int) -> int:
        """Return where the next thing begins that is not blank."""
        blanks = _BLANKS.match(self.body, at)
        assert blanks is not None
        return blanks.end()

    def _members(self, at: int) -> Steps[tuple[dict[str, Any], int]]:
        tree, mark = dict[str, Any](), b","
        while mark == b",":
            at = self.begins(at + 1)
            end = None
            if self._ends_nearby(at):
                end = yield from self._cut(at, _MEMBER, b"{", b"}")
            if end is None:
                at = yield from self._member(at, tree)
            else:
                yield
                part = self._read(b"{" + self.body[at:end] + b"}")
                self.are_sure = self.are_sure and tree.keys().isdisjoint(part)
                tree |= part
                at = end
            at = self.begins(at)
            mark = self.body[at : at + 1]
        return tree, self._after(b"}", at)

    def _member(self, at: int, tree: dict[str, Any]) -> Steps[int]:
        """Add one member, and return where it ends."""
        value = self._value_of(at)
        key = _KEY.decode(self.body[at : self._end(at)])
        self.are_sure = self.are_sure and key not in tree
        tree[key], at = yield from self.value(value)
        return at

    def _ends_nearby(self, at: int) -> bool:
        """Return whether a member does: one that does not is read alone."""
        return self._end(self._value_of(at)) is not None

    def _value_of(self, at: int) -> int:
        """Return where a member's value begins."""
        end = self._end(at)
        return self.begins(self._after(b":", self.begins(at if end is None else end)))

    def _rows(self, at: int) -> Steps[tuple[list[Any], int]]:
        rows, mark, beginning = list[Any](), b",", self._beginning(self.begins(at + 1))
        while mark == b",":
            at = self.begins(at + 1)
            yield
            end = yield from self._cut(at, beginning, b"[", b"]")
            if end is None:
                end = yield from self._counted_off(at)
            if end is None:
                row, end = yield from self.value(at)
                rows.append(row)
            else:
                rows += self._read(b"[" + self.body[at:end] + b"]")
            at = self.begins(end)
            mark = self.body[at : at + 1]
        return rows, self._after(b"]", at)

    def _read(self, part: bytes) -> Any:
        tree, is_sure = self.decode(part)
        self.are_sure = self.are_sure and is_sure
        return tree

    def _beginning(self, at: int) -> re.Pattern[bytes] | None:
        """Return how a row begins after another, by the first one's first key."""
        first = _FIRST_KEY.match(self.body, at, at + self.most)
        return first and re.compile(_BETWEEN + re.escape(first[1]))

    def _cut(
        self, at: int, beginning: re.Pattern[bytes] | None, opening: bytes, closing: bytes
    ) -> Steps[int | None]:
        """Return where what surely is ``most`` bytes of one list or object ends, or fewer."""
        if beginning is None:
            return None
        decoder = _OBJECT if opening == b"{" else _LIST
        for size in (self.most, self._near):
            tried = beginning.finditer(self.body, at + size, at + 2 * size)
            for found in islice(tried, _TRIED):
                end = found.start()
                try:
                    decoder.decode(opening + self.body[at:end] + closing)
                except msgspec.DecodeError:
                    yield
                    continue
                return end
        return None

    def _counted_off(self, at: int) -> Steps[int | None]:
        """Return where rows end, found one by one; None for a row that does not end nearby."""
        end, pause = self._end(at), at + self._near
        while end is not None and end < at + self.most:
            comma = self.begins(end)
            if self.body[comma : comma + 1] != b",":
                break
            further = self._end(self.begins(comma + 1))
            if further is None:
                break
            end = further
            if end >= pause:
                yield
                pause = end + self._near
        return end

    @property
    def _near(self) -> int:
        return max(self.most // _NEARBY, 1)

    def _after(self, mark: bytes, at: int) -> int:
        if self.body[at : at + 1] != mark:
            raise ValueError(mark)
        return at + 1

    def _end(self, at: int) -> int | None:
        """Return where a value ends, None for a list or an object that does not end nearby."""
        end, is_open = self._ends_in_window(at), self.body[at : at + 1] in (b"[", b"{")
        while end is None:
            size = self._near
            if self._from == at:  # which was looked at
                if at + len(self._window) >= len(self.body):
                    raise ValueError(at)
                if is_open:
                    return None
                size = 2 * len(self._window)
            self._window, self._from = self.body[at : at + size].decode("latin-1"), at
            end = self._ends_in_window(at)
        return end

    def _ends_in_window(self, at: int) -> int | None:
        try:
            _, end = _SCAN(self._window, at - self._from)
        except (ValueError, RecursionError):
            return None
        is_cut = end == len(self._window) and self._from + end < len(self.body)
        return None if is_cut else self._from + end
