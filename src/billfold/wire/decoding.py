"""Bytes to typed shapes: exact numbers, and the path of whatever does not fit. Pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Annotated, Any, TypeVar

import msgspec
from attrs import frozen

from billfold.errors import DriftError, MoneyError, PeriodError, ProviderError
from billfold.wire.cosmetic import mended
from billfold.wire.structure import has_more_marks

__all__ = [
    "DriftError",
    "Problem",
    "Time",
    "decode",
    "decode_or_none",
    "fingerprint",
    "parse_at",
    "parse_rows",
]

T = TypeVar("T")
R = TypeVar("R")

_UNFIT = (MoneyError, PeriodError, ArithmeticError)

# A naive time is drift: nobody may guess its zone.
Time = Annotated[datetime, msgspec.Meta(tz=True)]


@frozen
class Problem:
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

# Text of digits with something among them that only Python reads as part of a number.
_ODD_NUMERAL = re.compile(
    rb'"(?:[-+.0-9eE\s]*+(?:[_\x80-\xff]|\\u[0-9a-fA-F]{4})'
    rb"(?:[-+.0-9eE\s_\x80-\xff]|\\u[0-9a-fA-F]{4})*+"
    rb'|\s*[-+]?(?:[sS]?[nN][aA][nN][0-9]*|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?)\s*)"'
)


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

    The numbers of the latter are for nothing but a look at them: they may be floats.
    """
    try:
        value: T = _decoded(body, shape, [] if left_out is None else left_out)
        tree, duplicate = _tree(body)
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
    return value, tree


def _unreadable(body: bytes, error: Exception) -> str:
    if not body.strip():
        return "is empty"
    if body.lstrip()[:1] == b"<":
        return "is HTML, not JSON"
    if isinstance(error, UnicodeDecodeError):
        return "is no text in UTF-8"
    return f"is not readable JSON: {error}"


def _decoded(body: bytes, shape: Any, left_out: list[str]) -> Any:
    decoded = _decoder(shape).decode
    try:
        value = decoded(body)
        if _ODD_NUMERAL.search(body) is not None:
            decoded(_ODD_NUMERAL.sub(b'"-"', body))  # which fits where text is wanted
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


# What a number is does not matter here, only that it is one.
_ANYTHING = msgspec.json.Decoder()


def _tree(body: bytes) -> tuple[Any, str | None]:
    """Return a body and a key that stands twice in one object, of which decoders take the last.

    A key that is lost in decoding takes its colon with it. Only where colons are missing, or may be
    written as an escape, is the slow way gone, which knows the key.
    """
    try:
        tree = _ANYTHING.decode(body)
        colons = msgspec.json.encode(tree).count(b":")
        if colons == body.count(b":") and b"\\u003" not in body:
            return tree, None
    except msgspec.ValidationError:
        pass  # a number beyond what a float or it can hold
    duplicates: list[str] = []

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        counts = Counter(key for key, _ in pairs)
        duplicates.extend(key for key, count in counts.items() if count > 1)
        return dict(pairs)

    tree = json.loads(body, object_pairs_hook=members, parse_int=str, parse_float=str)
    return tree, duplicates[0] if duplicates else None


# What may stand in an error's envelope beside the errors.
_BESIDE_ERRORS = {
    *("status", "statusCode", "code", "message", "detail", "title", "type", "timestamp", "path"),
    *("request_id", "requestId", "trace_id", "traceId", "success", "ok", "meta", "jsonapi"),
    *("links", "error_description", "doc_url"),
}


def is_error(tree: object) -> bool:
    """Return whether a decoded body is an error's envelope: errors, and no data beside them."""
    if type(tree) is not dict or not (tree.get("error") or tree.get("errors")):
        return False
    beside = tree.keys() - {"error", "errors", *_BESIDE_ERRORS}
    return all(tree[key] in (None, "", [], {}) for key in beside)


def is_error_body(body: bytes) -> bool:
    """Return whether a body is an error's envelope, whatever shape was wanted."""
    try:
        return is_error(_ANYTHING.decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def fingerprint(row: object) -> int:
    """Return a number that two rows share when they say the same.

    Not ``hash(row)``, because ``hash(-1) == hash(-2)``.
    """
    return hash(msgspec.json.encode(row))


def parse_rows(path: str, rows: Iterable[T], parse: Callable[[T], R]) -> tuple[R, ...]:
    """Return every row parsed into the model.

    A value that the model refuses is DriftError at its path, ``$.data[3]``.
    """
    parsed: list[R] = []
    try:
        for row in rows:
            parsed.append(parse(row))
    except _UNFIT as error:
        raise DriftError(
            f"the reply does not fit its contract: {error} - at `{path}[{len(parsed)}]`"
        ) from error
    return tuple(parsed)


@contextmanager
def parse_at(path: str) -> Iterator[None]:
    """Turn a value that the model refuses, inside the block, into DriftError at ``path``."""
    try:
        yield
    except _UNFIT as error:
        raise DriftError(f"the reply does not fit its contract: {error} - at `{path}`") from error
