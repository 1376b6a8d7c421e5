"""Values as SQL writes them."""

from __future__ import annotations

from datetime import UTC, datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def text_literal(text: str) -> str:
    """Return text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def time_literal(moment: datetime) -> str:
    """Return an aware time as SQL writes it, whatever its year: text is read as nanoseconds."""
    microseconds = (moment - EPOCH) // datetime.resolution
    return f"arrow_cast({microseconds}, 'Timestamp(Microsecond, Some(\"UTC\"))')"


def column_literal(name: str) -> str:
    """Return a column's name as SQL: some, like ``end``, are words of SQL themselves."""
    return f'"{name}"'
