"""How many there are, in words: "1 page", "2 pages"."""

from __future__ import annotations

from decimal import Decimal


def counted(count: int | Decimal, one: str, many: str | None = None) -> str:
    """Return a count and what it is of, in the singular or the plural.

    ``many`` is the plural where that is not ``one`` with an "s".
    """
    return f"{count} {one}" if count == 1 else f"{count} {many or f'{one}s'}"
