"""Laws of drift: news change nothing, null is not zero, what cannot be understood is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from billfold.answer import Answer
from billfold.errors import ConfigError, DriftError
from billfold.model import Stream
from billfold.simulators.faults import Effect, new_fields, new_values, null_at, wrong_type_at
from billfold.testing.harness import Baseline, Case, Harness, Subject
from billfold.testing.laws.holes import require_honest
from billfold.testing.rules import Rule, charges, require, require_total, states, totals

OPEN = "law 10, open world"

NOTHING_NEW_COUNTS = Rule(
    OPEN, "ignore unknown fields, and read the provider's value sets as str, not as an enum"
)
NULL_IS_NOT_ZERO = Rule(
    "law 2, unknown is not zero",
    "give a cost that is not stated as None with a reason, and required fields no default",
)
WRONG_TYPE_FAILS = Rule(OPEN, "leave out no record that cannot be read: declare fields in wire.py")
DRIFT = Rule(OPEN, "decode with the client's shapes, and raise DriftError for what they cannot say")
PLACE_NAMED = Rule(OPEN, "read rows with parse_rows and values with parse_at, which add the place")


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


async def nulls(subject: Subject) -> int:
    """Require that null in any place is understood as not stated, or fails and names the place."""
    return await _damage(subject, "null", null_at, NULL_IS_NOT_ZERO)


async def wrong_types(subject: Subject) -> int:
    """Require that a wrong type in any place that is read fails, and names the place."""
    return await _damage(subject, "a wrong type", wrong_type_at, WRONG_TYPE_FAILS)


async def _damage(
    subject: Subject, name: str, effect_at: Callable[[str], Effect], rule: Rule
) -> int:
    """Try an effect in every place of the replies, one after another, and count the places."""
    count = 0
    for short in subject.short_cases():
        # All invoices, because one without its date belongs to every period.
        case = Case(short.stream) if short.stream is Stream.INVOICES else short
        expected = await subject.baseline(case, 1)
        everything = await subject.baseline(case)
        with subject.serve() as harness:
            for route, places in expected.routes.items():
                nullable = _nullable(harness, route, everything)
                for path in [path for path in places if path not in nullable]:
                    harness.inject(effect_at(path), at=route)
                    answer = await harness.read(case, 1)
                    require_honest(case, answer)
                    about = f"{case} with {name} at {path} of {route}"
                    _require_understood(rule, about, expected.answer, answer)
                    count += 1
    return count


def _nullable(harness: Harness, route: str, everything: Baseline) -> list[str]:
    """Return the places of a route where null is an answer, which no client can tell from a fault.

    That is a page's cursor, and the body of a route that also answers without one (204).
    """
    paged = harness.simulation.habits.paging(route)
    cursor = [] if paged is None else [f"$.{paged.cursor}"]
    return [*cursor, "$"] if None in everything.routes[route]["$"] else cursor


def _require_understood(rule: Rule, about: str, expected: Answer[Any], answer: Answer[Any]) -> None:
    if answer.complete:
        complete = f"{about} is called complete"
        require_total(rule, complete, answer, totals(expected))
        # A list that is null is carried by one derived charge; one of a wrong type never is.
        derived = rule is WRONG_TYPE_FAILS and _derived(answer) > _derived(expected)
        invented = derived or _zeros(answer) > _zeros(expected)
        require(not invented, rule, f"{complete}, and has invented a cost")
    details = " ".join(row.detail or "" for row in answer.coverage)
    for error in answer.failures:
        if isinstance(error, ConfigError):
            continue
        drift = isinstance(error, DriftError)
        require(drift, DRIFT, f"{about}: {type(error).__name__}, not DriftError: {error}")
        # What is left out of a list is named by the coverage, and the error says what that means.
        named = rule is NULL_IS_NOT_ZERO or "`$" in f"{error.message} {details}"
        require(named, PLACE_NAMED, f"{about}: the error does not name the place: {error}")


def _derived(answer: Answer[Any]) -> int:
    return sum(charge.derived for charge in charges(answer))


def _zeros(answer: Answer[Any]) -> int:
    costs = [charge.cost for charge in charges(answer)]
    return sum(cost is not None and not cost.amount for cost in costs)
