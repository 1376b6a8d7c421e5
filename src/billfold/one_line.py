"""What holds many records in one short line: its repr."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from billfold.counted import counted
from billfold.money import Money
from billfold.printable import printable

_MOST_CHARACTERS = 60  # of what a provider calls something
Totals: TypeAlias = "Mapping[str, Money | Totals]"


def one_line(what: str, *said: str | None) -> str:
    """Return ``<what: said, said>`` without what is None."""
    return f"<{what}: {', '.join(text for text in said if text is not None)}>"


def state(complete: bool, holes: int) -> str:
    """Return how complete something is, in words."""
    if complete:
        return "complete"
    return f"not complete ({counted(holes, 'hole')})" if holes else "not complete"


def amounts(totals: Totals, kind: str = "") -> Iterator[str]:
    """Yield totals as people read them, each with its kind where there are kinds."""
    for key, value in totals.items():
        if isinstance(value, Money):
            yield f"{kind}{value.format()}"
        else:
            yield from amounts(value, f"{key} ")


def names(*given: object) -> str:
    """Return what is named, without what is None or empty; long names are cut."""
    texts = (printable(str(each)) for each in given if each)
    return " ".join(
        text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}..." for text in texts
    )
