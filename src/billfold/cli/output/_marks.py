"""The marks in tables that point at the notes below."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from billfold.answer import Answer

HOLE, WARNING = "*", "!"


def total_mark(*, complete: bool) -> Text:
    """Return the mark of a total: one that misses something is marked."""
    return Text("" if complete else HOLE, "yellow")


def item_mark(answer: Answer[Any], item: Any) -> Text:
    """Return the mark of an item: a failed check, and an account with a hole, are marked."""
    checks = getattr(item, "checks", ())
    failed = any(not check.holds and not check.gap.is_rounding_noise() for check in checks)
    hole = any(row.account == item.account for row in answer.holes)
    return Text((WARNING if failed else "") + (HOLE if hole else ""), "yellow")
