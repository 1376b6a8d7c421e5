"""Laws of drift: news change nothing, null is not zero, what cannot be understood is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import frozen

from billfold.answer import Answer
from billfold.errors import ConfigError, DriftError
from billfold.model import Stream
from billfold.simulators.faults import new_fields, new_values, null_at, wrong_type_at
from billfold.simulators.faults.fault import Effect
from billfold.testing.answers import charges, states, totals
from billfold.testing.baseline import Baseline, baseline
from billfold.testing.harness import Harness, serve
from billfold.testing.laws.honesty import require_honest
from billfold.testing.rules import Rule, require
from billfold.testing.subject import Case, Subject

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


@frozen
class _Damage:
    """What is put in every place of the replies, and the rule for answers called complete then."""

    name: str
    effect_at: Callable[[str], Effect]
    rule: Rule
    names_place: bool


_NULL = _Damage("null", null_at, NULL_IS_NOT_ZERO, names_place=False)
_WRONG_TYPE = _Damage("a wrong type", wrong_type_at, WRONG_TYPE_FAILS, names_place=True)


async def open_world(subject: Subject) -> None:
    """Require that new fields and new values of open sets change no number."""
    for case in subject.cases():
        expected = (await baseline(subject, case)).answer
        with serve(subject) as harness:
            for effect, news in ((new_fields, "fields"), (new_values, "values")):
                harness.inject(effect)
                answer = await harness.read(case)
                same = (totals(answer), answer.complete) == (totals(expected), expected.complete)
                about = f"{case} changes with {news} that nobody knows"
                require(
                    same,
                    NOTHING_NEW_COUNTS,
                    f"{about}: {totals(answer)}, {states(answer)}",
                )


async def nulls(subject: Subject) -> int:
    """Require that null in any place is understood as not stated, or fails and names the place."""
    return await _damage_places(subject, _NULL)


async def wrong_types(subject: Subject) -> int:
    """Require that a wrong type in any place that is read fails, and names the place."""
    return await _damage_places(subject, _WRONG_TYPE)


async def _damage_places(subject: Subject, damage: _Damage) -> int:
    count = 0
    for case in _cases(subject):
        expected = await baseline(subject, case, 1)
        everything = await baseline(subject, case)
        with serve(subject) as harness:
            for route, places in expected.routes.items():
                nullable = _nullable(harness, route, everything)
                for path in [path for path in places if path not in nullable]:
                    harness.inject(damage.effect_at(path), at=route)
                    answer = await harness.read(case, 1)
                    require_honest(case, answer)
                    about = f"{case} with {damage.name} at {path} of {route}"
                    _require_understood(damage, about, expected.answer, answer)
                    count += 1
    return count


def _cases(subject: Subject) -> list[Case]:
    """Return each stream once, and all invoices: one without its date belongs to every period."""
    return [
        Case(case.stream) if case.stream is Stream.INVOICES else case
        for case in subject.short_cases()
    ]


def _nullable(harness: Harness, route: str, everything: Baseline) -> set[str]:
    """Return the places of a route where null is an answer, which no client can tell from a fault.

    That is a page's cursor, and the body of a route that also answers without one (204).
    """
    paged = harness.simulation.habits.paging(route)
    nullable = set() if paged is None else {f"$.{paged.cursor}"}
    if None in everything.routes[route]["$"]:
        nullable.add("$")
    return nullable


def _require_understood(
    damage: _Damage, about: str, expected: Answer[Any], answer: Answer[Any]
) -> None:
    if answer.complete:
        require(
            totals(answer) == totals(expected),
            damage.rule,
            f"{about} is called complete, and adds up to {totals(answer)}, not {totals(expected)}",
        )
        invented = _zeros(answer) > _zeros(expected) or (
            # A list that is null is carried by one derived charge; one of a wrong type never is.
            damage is _WRONG_TYPE and _derived(answer) > _derived(expected)
        )
        require(not invented, damage.rule, f"{about} is called complete, and has invented a cost")
    for error in answer.failures:
        if isinstance(error, ConfigError):
            continue
        drift = isinstance(error, DriftError)
        require(drift, DRIFT, f"{about}: {type(error).__name__}, not DriftError: {error}")
        if damage.names_place:
            named = "`$" in error.message
            require(named, PLACE_NAMED, f"{about}: the error does not name the place: {error}")


def _derived(answer: Answer[Any]) -> int:
    """Return how many costs were computed here."""
    usage = answer.stream is Stream.USAGE
    return sum(charge.derived for charge in charges(answer)) if usage else 0


def _zeros(answer: Answer[Any]) -> int:
    """Return how many costs are zero."""
    if answer.stream is not Stream.USAGE:
        return 0
    costs = [charge.cost for charge in charges(answer)]
    return sum(cost is not None and not cost.amount for cost in costs)
