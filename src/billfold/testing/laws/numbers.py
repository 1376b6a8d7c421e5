"""Laws of numbers: exact, each cent once, the same record under the same id."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import attrs
from aiohttp import web

from billfold.answer import Answer
from billfold.model import ANSWERED, State, Stream, is_unstated
from billfold.money import Money
from billfold.simulators.faults import (
    Effect,
    Habits,
    Handler,
    backwards,
    fewer_rows,
    scaled,
    slow,
    tampered,
)
from billfold.simulators.json_text import is_numeral, last_key
from billfold.testing.harness import NOW, Case, Places, Subject, fold_over
from billfold.testing.rules import (
    Rule,
    charges,
    duplicates,
    record_ids,
    require,
    require_total,
    some,
    states,
    totals,
)

EXACT = "law 1, exact"
ONCE = "law 3, each cent once"
STABLE = "law 3, ids are stable"

NO_FLOAT = Rule(EXACT, "use Decimal for every number that is money or a quantity")
EVERY_DIGIT = Rule(
    EXACT,
    "declare amounts as Decimal without bounds, compute with Money alone and round nothing; see "
    "that Habits.amounts matches the keys of all the money and no others",
)
SIGNED = Rule(
    EXACT,
    "keep the sign of every amount as the provider states it; where none can be below zero, say "
    "State.PARTIAL",
)
SETTLED = Rule(ONCE, "give the usage through billfold.model.with_residual, which makes it add up")
INCLUDED = Rule(ONCE, "give a charge that another carries no cost, and included_in its id")
SAME_ID = Rule(
    STABLE, "make the id of what was charged, not of its place in a list, an amount or a window"
)
REPEATABLE = Rule(STABLE, "order records as the provider does, not by which reply came first")

# Odd, and longer than a float's fifteen digits: a product of it shows every digit that was lost.
_FACTOR = Decimal(10**18 + 3)
_LATER = NOW + timedelta(hours=1, seconds=1)


def leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield whatever in a record holds nothing more, each with its path."""
    if attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from leaves(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, Mapping):
        for key, member in value.items():
            yield from leaves(member, f"{path}[{key!r}]")
    elif isinstance(value, tuple | list):
        for index, member in enumerate(value):
            yield from leaves(member, f"{path}[{index}]")
    else:
        yield path, value


async def exact(subject: Subject) -> None:
    """Require that no float is in a record, and that amounts of any size lose no digit."""
    for case in subject.cases():
        answer = await subject.answer(case)
        for path, value in leaves(answer.items, case.stream):
            inexact = isinstance(value, float | complex)
            require(not inexact, NO_FLOAT, f"{path} is a {type(value).__name__}")
        if answer.complete:
            with subject.serve(scaled(_FACTOR)) as harness:
                _require_scaled(case, answer, await harness.read(case))


def _require_scaled(case: Case, answer: Answer[Any], large: Answer[Any]) -> None:
    require(large.complete, EVERY_DIGIT, f"{case} does not survive large amounts: {states(large)}")
    about = f"{case}: with amounts times {_FACTOR}, sums that held do not hold, or the other way"
    require(_checks(large) == _checks(answer), EVERY_DIGIT, about)
    stated, expected = totals(large), _times(totals(answer), _FACTOR)
    about = f"{case}: every amount times {_FACTOR} gives {stated}, not {expected}"
    require(stated == expected, EVERY_DIGIT, about)


def _checks(answer: Answer[Any]) -> list[tuple[str, bool]]:
    return [(check.name, check.holds) for item in answer for check in getattr(item, "checks", ())]


def _times(value: Any, factor: Decimal) -> Any:
    if isinstance(value, Mapping):
        return {key: _times(member, factor) for key, member in value.items()}
    return value * factor if isinstance(value, Money) else value


async def signed(subject: Subject) -> int:
    """Require that amounts of the other sign add up to the other sign, or make a hole."""
    count = 0
    for case in subject.cases():
        answer = await subject.answer(case)
        if answer.complete:
            with subject.serve(scaled(Decimal(-1))) as harness:
                negated = await harness.read(case)
            if negated.complete:
                about = f"{case}, with every amount negated, is {states(negated)}"
                require_total(SIGNED, about, negated, _times(totals(answer), Decimal(-1)))
            count += 1
    return count


async def conserved(subject: Subject) -> None:
    """Require that charges add up to the stated total, also where the provider's sums do not."""
    for case in subject.cases():
        if case.stream is not Stream.USAGE:
            continue
        expected = await subject.baseline(case)
        _require_settled(f"{case}", expected.answer)
        with subject.serve() as harness:
            for route, path in _amounts(harness.simulation.habits, expected.routes):
                harness.inject(tampered(path), at=route)
                about = f"{case}, with {path} of {route} greater by one"
                _require_settled(about, await harness.read(case))


def _amounts(habits: Habits, routes: Mapping[str, Places]) -> Iterator[tuple[str, str]]:
    for route, places in routes.items():
        for path, values in places.items():
            if habits.is_amount(last_key(path)) and any(map(is_numeral, values)):
                yield route, path


def _require_settled(about: str, answer: Answer[Any]) -> None:
    for usage in answer:
        stated = usage.stated_total
        if stated is not None and not any(map(is_unstated, usage.charges)):
            computed = usage.totals()[stated.currency]
            sums = f"the charges add up to {computed}, the stated total is {stated}"
            require(computed == stated, SETTLED, f"{about}: {sums}")
        charge_ids = {charge.id for charge in usage.charges}
        for charge in usage.charges:
            if charge.included_in is not None:
                names = f"{about}: charge {charge.id} is included in {charge.included_in}"
                require(charge.cost is None, INCLUDED, f"{names}, and has a cost of its own")
                require(charge.included_in in charge_ids, INCLUDED, f"{names}, which is not there")


async def stable(subject: Subject) -> None:
    """Require that the same records come again, in the same order and under the same ids."""
    for case in subject.cases():
        first = await subject.answer(case)
        repeated = duplicates(record_ids(first))
        require(not repeated, SAME_ID, f"{case}: two records share the id {some(repeated)}")
        with subject.serve(_jitter()) as harness:
            about = f"{case}, read again over a slower network, is another answer"
            require(await harness.read(case) == first, REPEATABLE, about)
            harness.inject(scaled(Decimal(2)))
            _require_same_ids(f"{case}, restated", first, await harness.read(case))
            harness.inject(backwards)
            reordered = await harness.read(case)
            about = f"{case}, with the provider's lists in another order"
            _require_same_ids(about, first, reordered)
            if reordered.complete:
                _require_same_costs(about, first, reordered)
            async with fold_over(harness.accounts(), now=_LATER) as fold:
                harness.inject(None)
                _require_same_ids(f"{case}, read an hour later", first, await case.read(fold))
            harness.inject(fewer_rows)
            _require_known(f"{case}, with a row less in each list", first, await harness.read(case))


def _require_known(about: str, first: Answer[Any], fewer: Answer[Any]) -> None:
    """Require that the records that are left have the ids, and the costs, that they had."""
    derived = {(charge.account, charge.id) for charge in charges(fewer) if charge.derived}
    new = set(record_ids(fewer)) - derived - set(record_ids(first))
    require(not new, SAME_ID, f"{about}: ids change: {some(new)}")
    costs = {(charge.account, charge.id): charge.cost for charge in charges(first)}
    moved = [
        charge.id
        for charge in charges(fewer)
        if not charge.derived and charge.cost != costs[charge.account, charge.id]
    ]
    require(not moved, SAME_ID, f"{about}: ids go by the other rows: {some(moved)}")


def _require_same_ids(about: str, first: Answer[Any], answer: Answer[Any]) -> None:
    if all(row.state in ANSWERED and row.state is not State.PARTIAL for row in answer.coverage):
        differing = set(record_ids(first)) ^ set(record_ids(answer))
        require(not differing, SAME_ID, f"{about}: ids change: {some(differing)}")


def _require_same_costs(about: str, first: Answer[Any], answer: Answer[Any]) -> None:
    costs = {(charge.account, charge.id): charge.cost for charge in charges(first)}
    moved = [
        charge.id for charge in charges(answer) if charge.cost != costs[charge.account, charge.id]
    ]
    require(not moved, SAME_ID, f"{about}: ids go by the place in the list: {some(moved)}")


def _jitter() -> Effect:
    """Answer rightly, after a wait that varies from request to request."""
    dice = random.Random(7)

    async def effect(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await slow(dice.random() / 50)(request, handler)

    return effect
