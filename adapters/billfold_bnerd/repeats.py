"""What is said of records that a list holds twice. Pure."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 3


def conflict(ids: Sequence[str], outcome: str) -> tuple[str, ...]:
    """Return a gap for ids that are listed again with different content, and what came of it."""
    if not ids:
        return ()
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    names = ", ".join(ids[:_SHOWN])
    return (f"{len(ids)} listed twice with different content, {outcome}: {names}{more}",)


def counted_once(count: int) -> tuple[str, ...]:
    """Return a note of records that are listed again as they were."""
    return (f"{count} listed twice, counted once",) if count else ()
