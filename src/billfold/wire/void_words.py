"""Which keys and values say of a row of money that it does not count. Pure."""

from __future__ import annotations

from functools import lru_cache

from billfold.wire.paging_words import points
from billfold.wire.rows import fold
from billfold.wire.words import is_amount

# What is only cancelled or deleted was used before, and is charged all the same.
_WORDS = (
    *("void", "voided", "reversed", "annulled", "rescinded", "pending"),
    *("refunded", "credited", "waived"),
)
_FLAGS = {
    f"{before}{word}{after}"
    for word in _WORDS
    for before in ("", "is")
    for after in ("", "at", "on", "date")
}
STATES = frozenset({"status", "state"})
_VOID = {"void", "voided", "reversed", "annulled", "rescinded"}


@lru_cache(maxsize=4096)
def may_say_void(key: str) -> bool:
    """Return whether a row may say under this key that it does not count."""
    return fold(key) in _FLAGS or fold(key) in STATES


def says_void(key: str, value: object) -> bool:
    """Return whether a row says so: by a yes, a time or a status; a number is money."""
    if value is not True and type(value) is not str:
        return False
    if fold(key) in _FLAGS:
        return points(value) and not is_amount(value)
    return fold(key) in STATES and type(value) is str and value.lower() in _VOID
