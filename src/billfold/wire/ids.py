"""How ids are compared. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def is_uuid(ident: str) -> bool:
    """Return whether an id is a UUID as it is written nearly always."""
    return _UUID.fullmatch(ident) is not None


def one_case(ident: str) -> str:
    """Return an id as a reply's own are compared: a UUID's letters have no case, others do."""
    lower = ident.lower()
    return lower if lower != ident and is_uuid(ident) else ident  # nearly all are in lower case


def in_one_case(idents: Iterable[str]) -> list[str]:
    """Return ids as :func:`one_case` does, without a call for each where all are in lower case."""
    given = list(idents)
    return given if given == list(map(str.lower, given)) else list(map(one_case, given))
