"""Bytes to typed shapes: exact numbers, and the path of whatever does not fit. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable
from datetime import datetime
from functools import cache
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Struct

from billfold.errors import DriftError, MoneyError, PeriodError, ProviderError
from billfold.steps import MADE, Steps, slices
from billfold.stretches import in_stretches
from billfold.wire.cosmetic import mended
from billfold.wire.duplicates import by_text, duplicate_key
from billfold.wire.in_steps import EVERYTHING, everything
from billfold.wire.kinds import keeps_text
from billfold.wire.numerals import find_odd_numeral
from billfold.wire.pieces import cut, shaping
from billfold.wire.structure import LARGE, has_more_marks
from billfold.wire.times import ROUNDED_UP, as_fine_as_ours

__all__ = [
    "DriftError",
    "Problem",
    "Time",
    "decode",
    "decode_or_none",
    "fingerprint",
    "fingerprints",
    "parse_at",
    "parse_rows",
    "parsing_rows",
]

T = TypeVar("T")
R = TypeVar("R")

_written = msgspec.json.Encoder().encode
_UNFIT = (MoneyError, PeriodError, ArithmeticError)

# A naive time is drift: nobody may guess its zone.
Time = Annotated[datetime, msgspec.Meta(tz=True)]


class Problem(Struct, frozen=True):
    """What an error body says.

    The provider's code, message and request id, and the seconds to wait.

    ``kind`` is the error to raise where the body says more than the status does.
    """

    code: str | None = None
    message: str | None = None
    request_id: str | None = None
    retry_after: float | None = None
    kind: type[ProviderError] | None = None


_decoder: Callable[[Any], msgspec.json.Decoder[Any]] = cache(msgspec.json.Decoder)


# To look at each value of a larger body, for what may be left out of it, would take seconds.
_MOST_MENDED = 200_000


def decode(body: bytes, shape: type[T], left_out: list[str] | None = None) -> T:
    """Decode JSON into a msgspec shape; Decimal fields are read from the number's own text.

    Raises DriftError with the path of the field that does not fit. Unknown fields are ignored.
    ``Cosmetic`` fields that do not fit are left out, and their paths added to ``left_out``. The
    error quotes types and paths, never the reply's content, which may be personal.
    """
    return decode_with_tree(body, shape, left_out)[0]


def decode_with_tree(
    body: bytes, shape: type[T], left_out: list[str] | None = None
) -> tuple[T, Any]:
    """Return a body as :func:`decode` does, and all of it as dicts, lists and scalars.

    The numbers of the latter are for nothing but a look at them: they may be text.
    """
    steps = decoding(body, shape, [] if left_out is None else left_out)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            value, tree, _ = end.value
            return value, tree


def decoding(
    body: bytes, shape: type[T], left_out: list[str]
) -> Generator[None, None, tuple[T, Any, bool]]:
    """Return a body as :func:`decode_with_tree` does, and whether it is large.

    Pauses after each step of a large one.
    """
    is_large = len(body) > LARGE
    if is_large:
        yield
        body = yield from in_stretches(body, as_fine_as_ours)
    elif body.find(ROUNDED_UP) >= 0:  # cheaper than `in`
        body = as_fine_as_ours(body)
    try:
        value, tree, duplicate = yield from _read(body, shape, left_out, is_large)
    except msgspec.ValidationError as error:
        problem = str(error).replace("Invalid enum value", "unexpected value")
        place = "" if "`$" in problem else " - at `$`"
        raise DriftError(f"the reply does not fit its contract: {problem}{place}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DriftError(f"the reply {_unreadable(body, error)}") from None
    if duplicate is not None:
        raise DriftError(
            f"the reply has the key {duplicate[:50]!r} twice in one object, "
            "and nothing says which value counts"
        )
    return value, tree, is_large


def _unreadable(body: bytes, error: Exception) -> str:
    if not body.strip():
        return "is empty"
    if body.lstrip()[:1] == b"<":
        return "is HTML, not JSON"
    if isinstance(error, RecursionError):
        return "is nested too deep"
    if isinstance(error, UnicodeDecodeError) or "UTF-8" in str(error):  # as msgspec raises it
        return "is no text in UTF-8"
    return f"is not readable JSON: {error}"


def _read(
    body: bytes, shape: Any, left_out: list[str], large: bool
) -> Generator[None, None, tuple[Any, Any, str | None]]:
    """Return a body in its shape, all of it, and a key that stands twice in one object.

    It is decoded once, each number from its own text, and what was decoded is shaped. Only what
    does not go that way is decoded again.
    """
    if large:
        yield
    try:
        tree, is_sure = (yield from everything(body)) if large else (EVERYTHING.decode(body), False)
    except (msgspec.DecodeError, ArithmeticError):  # no JSON, or a number beyond what it can hold
        _decoder(shape).decode(body)  # which says what is wrong
        tree, duplicate = by_text(body)
    else:
        if large:
            yield
        duplicate = None if is_sure else duplicate_key(body, tree)
        if shape is msgspec.Raw:
            return msgspec.Raw(body.strip()), tree, duplicate
        if not keeps_text(shape):
            try:
                if large:
                    value = yield from _shaped_in_steps(tree, shape)
                else:
                    value = msgspec.convert(tree, shape)
                    if find_odd_numeral(tree, shape) is not None:
                        raise msgspec.ValidationError  # which is said below
            except msgspec.ValidationError:
                pass
            else:
                return value, tree, duplicate
    return _decoded(body, tree, shape, left_out), tree, duplicate


def _shaped_in_steps(tree: Any, shape: Any) -> Generator[None, None, Any]:
    value = yield from shaping(tree, shape)
    for piece in cut(tree):
        yield
        _refuse_odd_numerals(piece, shape)
    yield
    return value


def _refuse_odd_numerals(tree: Any, shape: Any) -> None:
    if (odd := find_odd_numeral(tree, shape)) is not None:
        raise msgspec.ValidationError(f"Invalid decimal string - at `{odd}`")


def _decoded(body: bytes, tree: Any, shape: Any, left_out: list[str]) -> Any:
    decoded = _decoder(shape).decode
    try:
        value = decoded(body)
        _refuse_odd_numerals(tree, shape)
        return value
    except msgspec.ValidationError:
        if has_more_marks(body, _MOST_MENDED):
            raise
    try:
        body, paths = mended(body, shape)
    except (json.JSONDecodeError, UnicodeError):
        paths = []  # no JSON further on, which decoding says again
    value = decoded(body)
    left_out += paths
    return value


def decode_or_none(field: msgspec.Raw, shape: type[T]) -> T | None:
    """Return one decoded field of an error body.

    None for what does not fit, which is no reason to miss the others.
    """
    try:
        return decode(bytes(field), shape)
    except DriftError:
        return None


def fingerprint(row: object) -> int:
    """Return a number that two rows share when they say the same.

    Not ``hash(row)``, because ``hash(-1) == hash(-2)``.
    """
    return hash(_written(row))


def fingerprints(rows: Iterable[object]) -> Iterable[int]:
    """Return the fingerprint of each row, without a call of ours for each."""
    return map(hash, map(_written, rows))


def parse_rows(path: str, rows: Iterable[T], parse: Callable[[T], R]) -> tuple[R, ...]:
    """Return every row parsed into the model.

    A value that the model refuses is DriftError at its path, ``$.data[3]``.
    """
    parsed: list[R] = []
    _extend(parsed, path, map(parse, rows))
    return tuple(parsed)


def parsing_rows(path: str, rows: Iterable[T], parse: Callable[[T], R]) -> Steps[tuple[R, ...]]:
    """Return rows as :func:`parse_rows` does; pauses where there are many."""
    parsed: list[R] = []
    for some in slices(rows, MADE):
        if parsed:
            yield
        _extend(parsed, path, map(parse, some))
    return tuple(parsed)


def _extend(parsed: list[R], path: str, parsing: Iterable[R]) -> None:
    try:
        parsed.extend(parsing)  # what was parsed before an error counts up to its row
    except _UNFIT as error:
        raise DriftError(
            f"the reply does not fit its contract: {error} - at `{path}[{len(parsed)}]`"
        ) from error


class parse_at(Struct, frozen=True):
    """Turn a value that the model refuses, inside the block, into DriftError at ``path``."""

    path: str

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: object
    ) -> None:
        if isinstance(error, _UNFIT):
            words = f"the reply does not fit its contract: {error} - at `{self.path}`"
            raise DriftError(words) from error
