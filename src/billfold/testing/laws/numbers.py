"""Laws of numbers: exact, each cent once, windows that add up, the same record under the same id."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import attrs
from aiohttp import web

from billfold.answer import Answer
from billfold.model import ANSWERED, Charge, State, Stream, Usage, is_unstated
from billfold.money import Money
from billfold.period import Period
from billfold.simulators.faults import backwards, scaled, slow, tampered
from billfold.simulators.faults.bodies import number
from billfold.simulators.faults.fault import Handler, Reply
from billfold.testing.harness import (
    LAST_MONTH,
    Bench,
    Subject,
    View,
    bench,
    healthy,
    idents,
    require,
    states,
    totals,
)

EXACT = "law 1, exact"
ONCE = "law 3, each cent once"
HALF_OPEN = "law 7, windows add up"
STABLE = "law 3, ids are stable"

# Odd, and longer than a float's fifteen digits: a product of it shows every digit that was lost.
_FACTOR = Decimal(10**18 + 3)


def leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Walk through a record to whatever holds nothing more, each with its place."""
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
    """No float is in a record, and no digit is lost: amounts of a quintillion times the size add up to just that."""
    for view in subject.views():
        answer = (await healthy(subject, view)).answer
        for path, value in leaves(answer.items, view.stream.value):
            require(
                not isinstance(value, float | complex), EXACT, f"{path} is a {type(value).__name__}"
            )
        if answer.complete:
            with bench(subject, scaled(_FACTOR)) as one:
                await _scales(one, view, answer)


async def _scales(one: Bench, view: View, answer: Answer[Any]) -> None:
    async with one.fold() as fold:
        large = await view.read(fold)
    require(large.complete, EXACT, f"{view} does not survive large amounts: {states(large)}")
    same = _checks(large) == _checks(answer)
    require(
        same,
        EXACT,
        f"{view}: sums that held do not hold for amounts times {_FACTOR}, or the other way round",
    )
    expected = _times(totals(answer))
    require(
        totals(large) == expected,
        EXACT,
        f"{view}: every amount times {_FACTOR} gives {totals(large)}, not {expected}",
    )


def _checks(answer: Answer[Any]) -> list[tuple[str, bool]]:
    return [(check.name, check.holds) for usage in answer for check in getattr(usage, "checks", ())]


def _times(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _times(member) for key, member in value.items()}
    return value * _FACTOR if isinstance(value, Money) else value


def _settled(view: View, answer: Answer[Any], what: str) -> None:
    for usage in answer:
        assert isinstance(usage, Usage)
        stated = usage.stated_total
        if stated is not None and not any(is_unstated(charge) for charge in usage.charges):
            computed = usage.totals()[stated.currency]
            require(
                computed == stated,
                ONCE,
                f"{view}, {what}: the charges are {computed}, the stated total is {stated}",
            )
        carriers = {charge.id for charge in usage.charges}
        for charge in usage.charges:
            if charge.included_in is not None:
                require(
                    charge.cost is None,
                    ONCE,
                    f"{view}: charge {charge.id} has a cost and is included in another",
                )
                require(
                    charge.included_in in carriers,
                    ONCE,
                    f"{view}: charge {charge.id} is included in one that is not there",
                )


async def conserved(subject: Subject) -> None:
    """Charges add up to the stated total, also when the provider's own sums do not hold."""
    for view in (view for view in subject.views() if view.stream is Stream.USAGE):
        well = await healthy(subject, view)
        _settled(view, well.answer, "as it is")
        with bench(subject) as one:
            for route, place in _amounts(one, well.routes):
                one.strike(tampered(place), at=route)
                async with one.fold() as fold:
                    _settled(view, await view.read(fold), f"{place} of {route} greater by one")


def _amounts(
    one: Bench, routes: Mapping[str, Mapping[str, list[Any]]]
) -> Iterator[tuple[str, str]]:
    for route, found in routes.items():
        for path, values in found.items():
            key = path.rsplit(".", 1)[-1].removesuffix("[]")
            if one.simulation.habits.amounts.fullmatch(key) and any(
                number(value) is not None for value in values
            ):
                yield route, path


async def split(subject: Subject) -> None:
    """Any split of a window adds up to the whole, also at the very moment something happened."""
    for view in (
        view
        for view in subject.views()
        if view.period is not None and view.stream is not Stream.INVOICES
    ):
        whole = (await healthy(subject, view)).answer
        if not whole.complete:
            continue
        with bench(subject) as one:
            async with one.fold() as fold:
                done = [await _splits(fold, view, whole, at) for at in _moments(whole)]
        require(any(done), HALF_OPEN, f"{view} is complete, but no part of it is")


def _moments(whole: Answer[Any]) -> list[datetime]:
    middle = LAST_MONTH.start + timedelta(days=14)
    if whole.stream is Stream.DAILY:
        return [middle]
    times = (
        sorted({charge.period.start for usage in whole for charge in usage.charges})
        if whole.stream is Stream.USAGE
        else sorted({entry.at for entry in whole})
    )
    inside = [at for at in times if LAST_MONTH.start < at < LAST_MONTH.end]
    return [middle, *inside[:: max(1, len(inside) // 3)], middle + timedelta(hours=7, minutes=3)]


async def _splits(fold: Any, view: View, whole: Answer[Any], at: datetime) -> bool:
    parts = [
        await View(view.stream, period).read(fold)
        for period in (Period(LAST_MONTH.start, at), Period(at, LAST_MONTH.end))
    ]
    if not all(part.complete for part in parts):
        return False
    together = Answer(
        view.stream, view.period, tuple(item for part in parts for item in part), whole.coverage
    )
    require(
        totals(together) == totals(whole),
        HALF_OPEN,
        f"{view} is {totals(whole)}, split at {at} it is {totals(together)}",
    )
    if view.stream is Stream.USAGE:
        known = {attrs.evolve(charge, id=""): charge.id for charge in _charges(whole)}
        for charge in _charges(together):
            ident = known.get(attrs.evolve(charge, id=""), charge.id)
            require(
                ident == charge.id,
                STABLE,
                f"{view}: one charge is {ident} and, asked in another window, {charge.id}",
            )
    for part, period in zip(
        parts, (Period(LAST_MONTH.start, at), Period(at, LAST_MONTH.end)), strict=True
    ):
        _inside(view, part, period)
    return True


def _inside(view: View, answer: Answer[Any], period: Period) -> None:
    for item in answer:
        if view.stream is Stream.LEDGER:
            require(
                item.at in period, HALF_OPEN, f"{view}: an entry of {item.at} is not in {period}"
            )
        elif view.stream is Stream.DAILY:
            day = datetime.combine(item.date, time(), period.start.tzinfo)
            require(
                day < period.end and day + timedelta(days=1) > period.start,
                HALF_OPEN,
                f"{view}: {item.date} in {period}",
            )


def _charges(answer: Answer[Any]) -> list[Charge]:
    return [charge for usage in answer for charge in usage.charges]


def _jitter() -> Reply:
    dice = random.Random(7)

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await slow(dice.random() / 50)(request, handler)

    return reply


async def stable(subject: Subject) -> None:
    """Asked again, the same comes back in the same order; a restatement changes amounts and no id."""
    for view in subject.views():
        first = (await healthy(subject, view)).answer
        known = idents(first)
        require(
            len(set(known)) == len(known),
            STABLE,
            f"{view}: two records share an id: {_twice(known)}",
        )
        with bench(subject, _jitter()) as one:
            again = await _read(one, view)
            require(
                again == first,
                STABLE,
                f"{view}, read again over a slower network, is another answer",
            )
            one.strike(scaled(Decimal(2)))
            _same_idents(view, known, await _read(one, view), "after a restatement")
            one.strike(backwards)
            answer = await _read(one, view)
            _same_idents(view, known, answer, "with the provider's lists in another order")
            _same_costs(view, first, answer)


async def _read(one: Bench, view: View) -> Answer[Any]:
    async with one.fold() as fold:
        return await view.read(fold)


def _same_idents(view: View, known: list[Any], answer: Answer[Any], when: str) -> None:
    if all(row.state in ANSWERED and row.state is not State.PARTIAL for row in answer.coverage):
        other = set(known) ^ set(idents(answer))
        require(not other, STABLE, f"{view}: ids change {when}: {sorted(map(str, other))[:4]}")


def _same_costs(view: View, first: Answer[Any], answer: Answer[Any]) -> None:
    if view.stream is Stream.USAGE and answer.complete:
        costs = {charge.id: charge.cost for charge in _charges(first)}
        other = [charge.id for charge in _charges(answer) if charge.cost != costs[charge.id]]
        require(
            not other, STABLE, f"{view}: ids go by the place in the provider's list: {other[:4]}"
        )


def _twice(known: list[Any]) -> list[Any]:
    return [ident for ident in set(known) if known.count(ident) > 1][:4]
