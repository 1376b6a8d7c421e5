"""Laws of drift: news change nothing, null is not zero, what cannot be understood is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from attrs import frozen

from billfold.answer import Answer
from billfold.errors import ConfigError, DriftError
from billfold.model import Stream
from billfold.simulators.faults import Effect, new_fields, new_values, null_at, wrong_type_at
from billfold.testing.harness import Baseline, Case, Harness, Subject
from billfold.testing.laws.holes import require_honest
from billfold.testing.rules import Rule, charges, require, require_total, states, totals

UNKNOWN = "law 2, unknown is not zero"
OPEN = "law 10, open world"

NOTHING_NEW_COUNTS = Rule(
    OPEN, "ignore unknown fields, and read the provider's value sets as str, not as an enum"
)
NULL_IS_NOT_ZERO = Rule(
    UNKNOWN,
    "give a cost that is not stated as None with a reason, and required fields no default",
)
WRONG_TYPE_FAILS = Rule(
    OPEN,
    "leave out no record that cannot be read: declare what fields are in wire.py, and only that",
)
DRIFT = Rule(
    OPEN, "decode with the client's shapes, and raise DriftError for what the shapes cannot say"
)
PLACE_NAMED = Rule(
    OPEN, "read rows with parse_rows and values with parse_at, which add the place to the error"
)


async def open_world(subject: Subject) -> None:
    """Require that new fields and new values of open sets change no number."""
    for case in subject.cases():
        expected = await subject.answer(case)
        with subject.serve() as harness:
            for effect, news in ((new_fields, "fields"), (new_values, "values")):
                harness.inject(effect)
                answer = await harness.read(case)
                about = f"{case} with {news} that nobody knows is {states(answer)}"
                require(answer.complete == expected.complete, NOTHING_NEW_COUNTS, about)
                require_total(NOTHING_NEW_COUNTS, about, answer, totals(expected))


@frozen
class _Damage:
    """What is put in every place of the replies, and the rule for answers called complete then."""

    name: str
    effect_at: Callable[[str], Effect]
    rule: Rule


_NULL = _Damage("null", null_at, NULL_IS_NOT_ZERO)
_WRONG_TYPE = _Damage("a wrong type", wrong_type_at, WRONG_TYPE_FAILS)


async def nulls(subject: Subject) -> int:
    """Require that null in any place is understood as not stated, or fails and names the place."""
    return await _damage_places(subject, _NULL)


async def wrong_types(subject: Subject) -> int:
    """Require that a wrong type in any place that is read fails, and names the place."""
    return await _damage_places(subject, _WRONG_TYPE)


async def _damage_places(subject: Subject, damage: _Damage) -> int:
    count = 0
    for short in subject.short_cases():
        # All invoices, because one without its date belongs to every period.
        case = Case(short.stream) if short.stream is Stream.INVOICES else short
        expected = await subject.baseline(case, 1)
        everything = await subject.baseline(case)
        with subject.serve() as harness:
            for route, places in expected.routes.items():
                for path in _required(harness, route, places, everything):
                    harness.inject(damage.effect_at(path), at=route)
                    answer = await harness.read(case, 1)
                    require_honest(case, answer)
                    about = f"{case} with {damage.name} at {path} of {route}"
                    _require_understood(damage, about, expected.answer, answer)
                    count += 1
    return count


def _required(
    harness: Harness, route: str, places: Iterable[str], everything: Baseline
) -> list[str]:
    """Return the places of a route where null is no answer that clients cannot tell from a fault.

    It is one for a page's cursor, and for the body of a route that also answers without one (204).
    """
    paged = harness.simulation.habits.paging(route)
    nullable = set() if paged is None else {f"$.{paged.cursor}"}
    if None in everything.routes[route]["$"]:
        nullable.add("$")
    return [path for path in places if path not in nullable]


def _require_understood(
    damage: _Damage, about: str, expected: Answer[Any], answer: Answer[Any]
) -> None:
    if answer.complete:
        complete = f"{about} is called complete"
        require_total(damage.rule, complete, answer, totals(expected))
        # A list that is null is carried by one derived charge; one of a wrong type never is.
        derived = damage is _WRONG_TYPE and _derived(answer) > _derived(expected)
        invented = derived or _zeros(answer) > _zeros(expected)
        require(not invented, damage.rule, f"{complete}, and has invented a cost")
    for error in answer.failures:
        if isinstance(error, ConfigError):
            continue
        drift = isinstance(error, DriftError)
        require(drift, DRIFT, f"{about}: {type(error).__name__}, not DriftError: {error}")
        named = damage is _NULL or "`$" in error.message
        require(named, PLACE_NAMED, f"{about}: the error does not name the place: {error}")


def _derived(answer: Answer[Any]) -> int:
    """Return how many costs were computed here."""
    return sum(charge.derived for charge in charges(answer))


def _zeros(answer: Answer[Any]) -> int:
    """Return how many costs are zero."""
    costs = [charge.cost for charge in charges(answer)]
    return sum(cost is not None and not cost.amount for cost in costs)
