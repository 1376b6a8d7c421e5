"""JSON of undocumented shape: numbers as Decimals of their own text, values of any type. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from billfold.money import exact, plain
from billfold.wire import DriftError

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")


def load_json(body: bytes) -> object:
    """Return decoded JSON of unknown shape; every number becomes a Decimal of its own text.

    Raises DriftError for what is no JSON or holds half a character; it quotes nothing of the reply.
    """
    # The one place without msgspec: its untyped decoder reads numbers as floats, and no type of its
    # own says "text, number or object".
    try:
        value: object = json.loads(
            body.decode(),
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_refuse_constant,
        )
        if b"\\u" in body:
            # An escape may name half a surrogate pair, which no file or terminal takes later.
            json.dumps(value, ensure_ascii=False, default=str).encode()
    except (ValueError, InvalidOperation, RecursionError):
        raise DriftError("the reply is not readable JSON") from None
    return value


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number of JSON")


def key_names(node: Mapping[str, object]) -> str:
    """Return an object's keys, and nothing else of it, for an error."""
    return ", ".join(repr(key[:40]) for key in sorted(node)[:20]) or "none"


def number(value: object) -> Decimal | None:
    """Return a number or numeric text exactly; None for the rest and for what no amount holds."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = Decimal(value)
    if not isinstance(value, Decimal):
        return None
    try:
        return exact(value)
    except ValueError:  # as every error about money is
        return None


def text(value: object) -> str | None:
    """Return text, or an id that came as a number, however long; None for the rest and for ""."""
    if isinstance(value, Decimal):
        return str(value) if number(value) is None else plain(value)
    return value if isinstance(value, str) and value else None
