"""Values as SQL writes them."""

from __future__ import annotations

from datetime import datetime


def text_literal(text: str) -> str:
    """Return text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def time_literal(moment: datetime) -> str:
    """Return an aware time as SQL writes it, whatever the session's zone."""
    return f"TIMESTAMP '{moment:%Y-%m-%dT%H:%M:%S.%f}Z'"


def column_literal(name: str) -> str:
    """Return a column's name as SQL: some, like ``end``, are words of SQL themselves."""
    return f'"{name}"'
