"""The laws of what a reply knows: one that says it knows less than was asked for is never whole.

Nor is one that says that it is not ready, or that it failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from billfold.model import Stream
from billfold.period import utc_text
from billfold.simulators.faults import known_until
from billfold.simulators.faults.additions import not_ready
from billfold.simulators.faults.fault import Habits
from billfold.testing.harness import LAST_MONTH, Places, Subject
from billfold.testing.laws.unread import UNREAD, beside
from billfold.testing.rules import Rule, require, states

KNOWS_LESS = Rule(
    UNREAD,
    "decode with the client's shapes, which notice `data_until` and `generated_at`, or say "
    "State.PARTIAL where a body read as Raw says that it is known until an earlier time",
)

NOT_READY = Rule(
    UNREAD,
    "decode with the client's shapes, which notice `status: processing`, `status: error` and "
    "`ready: false` beside rows, or say State.PARTIAL where a body read as Raw says that it is "
    "not ready, or that it failed",
)

# Within every window that is asked, and long before the present.
_EARLY = utc_text(LAST_MONTH.start + timedelta(days=10))
_GOING_ON = {Stream.USAGE, Stream.DAILY, Stream.LEDGER, Stream.BALANCES}
_OF_A_RECORD = {"id", "uuid", "slug", "status"}
_UNREADY: tuple[Mapping[str, Any], ...] = (
    {"status": "processing"},
    {"meta": {"state": "pending"}},
    {"ready": False},
    {"in_progress": True},
    {"status": "error", "message": "billfold cannot read it"},
    {"error_message": "billfold cannot read it"},
    {"partial": True},
    {"meta": {"error": "billfold cannot read it"}},
    {"meta": {"success": False}},
    {"meta": {"status": "error"}},
    {"timed_out": True},
    {"Error": "billfold cannot read it"},
    {"isSuccess": False},
    {"partial_errors": ["billfold cannot read it"]},
    {"meta": {"unreachable_clusters": ["billfold"]}},
    {"missing_invoices": 1},
)


async def known(subject: Subject) -> int:
    """Require that a reply which says until when it is known is not complete for longer."""
    return sum([await _known_by(subject, key) for key in ("data_until", "generated_at")])


async def _known_by(subject: Subject, key: str) -> int:
    readings = await beside(subject, lambda _: known_until(_EARLY, key), _outermost)
    readings = [each for each in readings if each.case.stream in _GOING_ON]
    # A balance need not read the bill beside it.
    noticed = {each.route for each in readings if not each.answer.complete}
    for each in readings:
        about = f"{each.case}, where {each.route} is known until {_EARLY} by {key!r}"
        require(each.route in noticed, KNOWS_LESS, f"{about}, is {states(each.answer)}")
    return len(readings)


async def ready(subject: Subject) -> int:
    """Require that a reply that is not ready, or failed, is never complete."""
    return sum([await _ready_by(subject, members) for members in _UNREADY])


async def _ready_by(subject: Subject, members: Mapping[str, Any]) -> int:
    def around_all(places: Places, habits: Habits) -> Iterable[str]:
        is_object = all(isinstance(value, dict) for value in places["$"])
        # A single resource has a status of its own.
        is_record = is_object and any(_OF_A_RECORD & {*each} for each in places["$"])
        return ["$"] if is_object and not is_record else ()

    readings = await beside(subject, lambda _: not_ready(members), around_all)
    # A balance need not read the bill beside it.
    noticed = {each.route for each in readings if not each.answer.complete}
    for each in readings:
        about = f"{each.case}, where {each.route} says {dict(members)}"
        require(each.route in noticed, NOT_READY, f"{about}, is {states(each.answer)}")
    return len(readings)


def _outermost(places: Places, habits: Habits) -> Iterable[str]:
    """Return the place of the whole reply, where that is an object with money in it."""
    is_object = all(isinstance(value, dict) for value in places["$"])
    keys = (
        key
        for each in places.values()
        for value in each
        if isinstance(value, dict)
        for key in value
    )
    return ["$"] if is_object and any(map(habits.is_amount, keys)) else []
