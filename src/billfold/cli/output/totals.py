"""Totals of a stream, whether or not they are apart by kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from billfold.money import Money


def amounts_in(totals: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Money]]:
    """Yield the amounts of totals, each with its kind where the stream has kinds."""
    for key, value in totals.items():
        if isinstance(value, Money):
            yield (), value
        else:
            yield from (((key,), money) for money in value.values())
