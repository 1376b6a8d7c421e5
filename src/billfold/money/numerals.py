"""Numbers as people write them, and as they are written here."""

from __future__ import annotations

import re
from decimal import Decimal

from billfold.errors import MoneyError
from billfold.money.arithmetic import exact

_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_COMMA = re.compile(r"[+-]?[0-9][0-9.,]*,[0-9.,]*")


def parse_number(text: str) -> Decimal:
    """Return the number that a person writes, like ``-12.34``: ASCII digits and one point.

    Raises MoneyError that says how to write it.
    """
    digits = text.strip().replace("\N{MINUS SIGN}", "-")
    if _NUMBER.fullmatch(digits):
        return exact(Decimal(digits))
    raise _no_number(text, digits)


def read_plain(text: str) -> Decimal:
    """Return the number that :func:`~billfold.money.plain` wrote.

    Raises MoneyError that says how to write it, for any other text.
    """
    if _PLAIN.fullmatch(text):
        return exact(Decimal(text))
    raise _no_number(text, text)


def _no_number(text: str, digits: str) -> MoneyError:
    if _COMMA.fullmatch(digits):
        return MoneyError(f"{text!r} has a comma; {_without_comma(digits)}")
    return MoneyError(f"{text!r} is not a number; write it like 1234.56")


def _without_comma(digits: str) -> str:
    """Return how to write a number without its comma; ``1,234`` may be one of two."""
    whole, _, behind = digits.rpartition(",")
    joined = re.sub("[.,]", "", whole)
    meant = [] if "," in whole or "." in behind else [f"{joined}.{behind}"]
    if "." not in whole:
        thousands, point, _ = behind.partition(".")
        meant += [joined + behind] if point or len(thousands) == 3 else []
    meant = [number for number in meant if _NUMBER.fullmatch(number)]
    return f"write {' or '.join(meant)}" if meant else "write it like 1234.56"
