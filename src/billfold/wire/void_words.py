"""Which keys and values say of a row of money that it does not count. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from billfold.wire.announced import is_empty_list
from billfold.wire.paging_values import points
from billfold.wire.rows import fold
from billfold.wire.words import is_amount, is_money_key
from billfold.wire.zero_times import is_zero_time

# What is only cancelled or deleted was used before, and is charged all the same.
_WORDS = {
    *("void", "voided", "reversed", "annulled", "rescinded", "pending"),
    *("refunded", "credited", "waived", "writtenoff"),
}
_FLAGS = {
    f"{before}{word}{after}"
    for word in _WORDS
    for before in ("", "is")
    for after in ("", "at", "on", "date", "by")
}
# What took a row back: a yes, or an object about it; its id, whatever number that is.
_NOUNS = {"refund", "reversal", "waiver", "writeoff"}
_IDS = {f"{noun}id" for noun in _NOUNS}
# How much of a row was given back, which is none of its own money.
_BACK = ("refunded", "refund", "credited", "reversed", "waived", "writtenoff")
_AMOUNTS = {
    name
    for word in _BACK
    for sums in ("amount", "total")
    for name in (f"{word}{sums}", f"{sums}{word}", f"totalamount{word}")
}
# Flags of a row that counts, where they are false.
_COUNTING = {f"{before}{word}" for word in ("billable", "billed") for before in ("", "is")}
STATES = frozenset({"status", "state"})
_STATES = {*STATES, *(f"{what}{state}" for what in ("billing", "charge") for state in STATES)}
# Objects of such flags and dates, as Stripe's `status_transitions`.
_OF_MARKS = ("transitions", "transition", "timestamps", "milestones", "history")
_KNOWN = {*_FLAGS, *_NOUNS, *_IDS, *_AMOUNTS, *_COUNTING, *_STATES}


@lru_cache(maxsize=4096)
def may_say_void(key: str) -> bool:
    """Return whether a row may say under this key that it does not count."""
    return fold(key) in _KNOWN


@lru_cache(maxsize=4096)
def holds_marks(key: str) -> bool:
    """Return whether a row, or a document, may have flags and dates in an object under this key."""
    return fold(key).endswith(_OF_MARKS)


def says_void(key: str, value: object) -> bool:
    """Return whether a row says so: by a yes, a time, a status, or what took it back.

    A number is money, and says it only as the amount that was given back. So is an object of one,
    which says it where that is not zero.
    """
    name = fold(key)
    if name in _COUNTING:
        return value is False or (type(value) is str and value.lower() == "false")
    if name in _IDS:
        return points(value)
    if name in _AMOUNTS:
        return is_amount(value) or (type(value) is dict and _is_something(value))
    if type(value) is dict:
        return name in _NOUNS and _is_something(value)
    if value is not True and type(value) is not str:
        return False
    if name in _STATES:
        return type(value) is str and fold(value) in _WORDS
    return points(value) and not is_amount(value) and not is_zero_time(value)


def _is_something(taken: Mapping[str, Any]) -> bool:
    """Return whether an object is about something: an amount that is not zero, where it has any.

    A list without a row is about nothing.
    """
    amounts = [value for key, value in taken.items() if is_money_key(key)]
    return any(map(is_amount, amounts)) if amounts else points(taken) and not is_empty_list(taken)
