"""Fields that carry no money, read as far as they can be: an odd one costs nothing else. Pure."""

from __future__ import annotations

from datetime import date, datetime

from attrs import define, field
from msgspec import Raw

from billfold.wire import is_zero_time
from billfold_bnerd import moments, values
from billfold_bnerd.unread import Unread, described


@define
class Lenient:
    """A reader of the rows of one list; ``odd`` are the places of what it could not read.

    ``unread`` are those of amounts where none is expected.
    """

    odd: list[str] = field(factory=list)
    unread: Unread = field(factory=Unread)

    def text(self, raw: Raw, path: str) -> str | None:
        """Return text, or a number as text."""
        value = _value(raw)
        read = values.text(value)
        if value != "":
            self._note(value if read is None else None, path)
        return read

    def day(self, raw: Raw, path: str) -> date | None:
        """Return the date that a date or a time begins with."""
        value = _time(raw)
        read = moments.day(value)
        self._note(value if read is None else None, path)
        return read

    def moment(self, raw: Raw, path: str) -> datetime | None:
        """Return a time with its offset, or a date's UTC midnight."""
        value = _time(raw)
        read = moments.moment(value)
        self._note(value if read is None else None, path)
        return read

    def yes_or_no(self, raw: Raw, path: str) -> bool | None:
        """Return a yes or no, also as text."""
        value = _value(raw)
        read = values.yes_or_no(value)
        self._note(value if read is None else None, path)
        return read

    def small_number(self, raw: Raw, path: str) -> int | None:
        """Return a number of at most four digits, also as text."""
        value = _value(raw)
        digits = values.text(value) or ""
        if digits.isascii() and digits.isdigit() and len(digits) <= 4:
            return int(digits)
        self._note(value, path)
        return None

    def notes(self) -> tuple[str, ...]:
        """Return a note of what could not be read, if anything."""
        return (f"not readable, left out: {described(self.odd)}",) if self.odd else ()

    def _note(self, value: object, path: str) -> None:
        if value is not None:
            self.odd.append(path)


def _value(raw: Raw) -> object:
    return values.load_json(bytes(raw))


def _time(raw: Raw) -> object:
    """Return a value of a time, and none for what stands for no time."""
    value = _value(raw)
    return None if is_zero_time(value) else value
