"""How many there are, and which, in words ("1 page", "a, b and 4 more"); several as one text."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

_SHOWN = 6


def counted(count: int | Decimal, one: str, many: str | None = None) -> str:
    """Return a count and what it is of, in the singular or the plural.

    ``many`` is the plural where that is not ``one`` with an "s".
    """
    return f"{count} {one}" if count == 1 else f"{count} {many or f'{one}s'}"


def listed(things: Iterable[object]) -> str:
    """Write the first few of some names, days or places, and how many more there are."""
    texts = [str(thing) for thing in things]
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return ", ".join(texts[:_SHOWN]) + more


def sentences(*said: str | None) -> str | None:
    """Write what is said as one text, None where nothing is."""
    return "; ".join(filter(None, said)) or None
