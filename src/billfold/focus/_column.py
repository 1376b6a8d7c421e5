"""What is known about a column of a FOCUS dataset."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen


class ValueType(StrEnum):
    """The type of a column's values, in FOCUS' words."""

    TEXT = "String"
    NUMBER = "Decimal"
    TIME = "Date/Time"
    JSON = "JSON"


@frozen
class Column:
    """A column: what billfold writes into it, and where it is null.

    ``holds`` is None for a column that is always null, ``null_where`` is None for one that never
    is. ``since`` is the first FOCUS version that has the column.
    """

    name: str
    value_type: ValueType
    holds: str | None
    null_where: str | None = None
    since: str = "1.2"

    @property
    def content(self) -> str:
        """What the column holds, in words."""
        return self.holds or "nothing"

    @property
    def is_own(self) -> bool:
        """Whether the column is billfold's own, not FOCUS'."""
        return self.name.startswith("x_")


def unused(name: str, value_type: ValueType, reason: str, since: str = "1.2") -> Column:
    """Return a column of FOCUS that is always null, with the reason."""
    return Column(name, value_type, None, reason, since)
