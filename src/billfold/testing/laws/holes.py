"""Laws of holes: unknown is not zero, what is missing is said, failures stay where they happen, drift is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from attrs import evolve

from billfold.answer import Answer
from billfold.errors import ConfigError, DriftError, IncompleteError, ProviderError
from billfold.facade.billfold import Billfold
from billfold.model import State, Usage
from billfold.period import Period
from billfold.simulators.faults import (
    html,
    new_fields,
    new_values,
    null_at,
    slow,
    status,
    wrong_type_at,
)
from billfold.testing.harness import (
    LAST_MONTH,
    NOW,
    QUICK,
    WINDOWED,
    Bench,
    Subject,
    View,
    bench,
    broken,
    by_account,
    healthy,
    idents,
    require,
    states,
    totals,
)

UNKNOWN = "law 2, unknown is not zero"
HOLES = "law 4, holes are visible"
APART = "law 5, failures stay where they happen"
OPEN = "law 10, open world"
READ_ONLY = "law 9, read-only"

_CENTURY = Period.month(2001, 1)
_FUTURE = Period.month(2031, 1)
_HOUR = Period(LAST_MONTH.start + timedelta(hours=5), LAST_MONTH.start + timedelta(hours=6))


def honest(law: str, view: View, answer: Answer[Any]) -> None:
    """Require that an answer's coverage agrees with itself: one row at least per account, failures named, holes explained."""
    for row in answer.coverage:
        about = f"{view}: {row.account} is {row.state}"
        errors = [error for error in answer.failures if error.account == row.account]
        if row.state is State.COMPLETE:
            require(not errors, law, f"{about} in spite of {errors}")
            if view.period is not None and row.covers is not None:
                require(row.covers == view.period, law, f"{about} for {row.covers}")
            for usage in (
                item for item in by_account(answer.items, row.account) if isinstance(item, Usage)
            ):
                _where(law, about, usage, row.covers)
        elif row.state in (State.FAILED, State.TIMED_OUT):
            require(errors, law, f"{about} without an error")
            require(not by_account(answer.items, row.account), law, f"{about}, and has records")
        else:
            require(
                errors or row.detail or row.covers != view.period,
                law,
                f"{about} without a word why",
            )
    for error in answer.failures:
        known = isinstance(error, ProviderError | ConfigError)
        require(
            known,
            law,
            f"{view}: {type(error).__name__} says neither what the provider did nor what to configure: {error}",
        )
        require(error.provider and error.account, law, f"{view}: {error!r} does not say where")
    if not answer.complete:
        _refused(law, view, answer)


def _where(law: str, about: str, usage: Usage, window: Period | None) -> None:
    within = window is None or (
        window.start <= usage.covers.start and usage.covers.end <= window.end
    )
    require(within, law, f"{about} for {window}, with usage of {usage.covers}")
    for charge in usage.charges:
        require(
            charge.period.overlaps(usage.covers),
            law,
            f"{about}, with a charge of {charge.period} in usage of {usage.covers}",
        )


def _refused(law: str, view: View, answer: Answer[Any]) -> None:
    try:
        sums = answer.totals()
    except IncompleteError:
        return
    broken(law, f"{view}: a total over a hole is given without asking: {sums}")


async def covered(subject: Subject) -> None:
    """Whatever the window, an answer says what it covers; complete means exactly what was asked."""
    with bench(subject) as one:
        async with one.fold() as fold:
            for view in subject.views():
                now = await view.read(fold)
                honest(HOLES, view, now)
                if view.period is None:
                    require(
                        now.complete, HOLES, f"{view}, as it is now, is not complete: {states(now)}"
                    )
                elif view.stream in WINDOWED:
                    for period in (_CENTURY, _FUTURE, _HOUR):
                        other = View(view.stream, period)
                        honest(HOLES, other, await other.read(fold))
        methods = {request.method for request in one.simulation.seen}
        require(
            methods <= {"GET", "HEAD"}, READ_ONLY, f"reading sends {', '.join(sorted(methods))}"
        )


async def failing(subject: Subject) -> None:
    """Each endpoint down in turn: the answer is not complete, or needs nothing from there."""
    for view in subject.short_views():
        well = await healthy(subject, view)
        with bench(subject) as one:
            for route in well.routes:
                for reply, what in (
                    (status(500), "down"),
                    (status(404), "not found"),
                    (html(200), "HTML"),
                ):
                    one.strike(reply, at=route)
                    answer = await _read(one, view)
                    honest(HOLES, view, answer)
                    require(
                        not answer.complete or answer == well.answer,
                        HOLES,
                        f"{view} is called complete with {route} {what}, and says {totals(answer)} for {totals(well.answer)}",
                    )


async def _read(one: Bench, view: View, count: int | None = None) -> Answer[Any]:
    async with one.fold(count) as fold:
        return await view.read(fold)


async def isolated(subject: Subject) -> None:
    """One account's failure changes nothing in another's answer."""
    faults = ((status(500), None), (slow(60), 1.0), (html(200), None))
    for view in subject.short_views():
        well = await healthy(subject, view, 1)
        with bench(subject) as good, bench(subject) as bad:
            for reply, deadline in faults[: None if view is subject.short_views()[0] else 1]:
                bad.strike(reply)
                await _apart(good, bad, view, well.answer, deadline)


async def _apart(
    good: Bench, bad: Bench, view: View, well: Answer[Any], deadline: float | None
) -> None:
    accounts = [*(evolve(account, name="broken") for account in bad.accounts(1)), *good.accounts(1)]
    async with Billfold(accounts, clock=lambda: NOW, retry=QUICK) as fold:
        answer = await view.read(fold, deadline)
    name = accounts[1].name
    require(
        by_account(answer.items, name) == list(well.items),
        APART,
        f"{view}: {name}'s records change when another fails",
    )
    require(
        by_account(answer.coverage, name) == list(well.coverage),
        APART,
        f"{view}: {name}'s coverage changes: {states(answer)}",
    )
    require(
        answer.failures and all(error.account == "broken" for error in answer.failures),
        APART,
        f"{view}: {answer.failures}",
    )


async def open_world(subject: Subject) -> None:
    """New fields and new values of open sets change no number."""
    for view in subject.views():
        well = (await healthy(subject, view)).answer
        with bench(subject) as one:
            for reply, what in ((new_fields, "fields"), (new_values, "values")):
                one.strike(reply)
                answer = await _read(one, view)
                same = totals(answer) == totals(well) and answer.complete == well.complete
                require(
                    same,
                    OPEN,
                    f"{view} changes with {what} nobody knows: {totals(answer)}, {states(answer)}",
                )


async def nulls(subject: Subject) -> int:
    """Null in any place is understood as not stated, or fails naming the place; it never makes a number smaller."""
    return await _places(subject, null_at, UNKNOWN, "null")


async def wrong_types(subject: Subject) -> int:
    """A wrong type in any place that is read fails, naming the place."""
    return await _places(subject, wrong_type_at, OPEN, "a wrong type")


async def _places(subject: Subject, fault: Any, law: str, what: str) -> int:
    struck = 0
    for view in subject.short_views():
        well = await healthy(subject, view, 1)
        with bench(subject) as one:
            for route, found in well.routes.items():
                for path in _mutable(one, route, found):
                    one.strike(fault(path), at=route)
                    answer = await _read(one, view, 1)
                    honest(law, view, answer)
                    _understood(law, view, well.answer, answer, f"{what} at {path} of {route}")
                    struck += 1
    return struck


def _mutable(one: Bench, route: str, found: Mapping[str, Any]) -> Iterable[str]:
    """Leave out cursors: null there is how a list ends, and no client can tell that it is wrong."""
    pages = one.simulation.habits.paging(route)
    return [path for path in found if pages is None or path != f"$.{pages.cursor}"]


def _understood(law: str, view: View, well: Answer[Any], answer: Answer[Any], what: str) -> None:
    if answer.complete:
        about = f"{view} with {what} is called complete"
        require(
            totals(answer) == totals(well),
            law,
            f"{about}, and says {totals(answer)} for {totals(well)}",
        )
        (derived, zeros), (before, zeros_before) = _made_up(answer), _made_up(well)
        # A list that is not there is carried by one derived charge; one of a wrong type is never taken for such.
        require(
            zeros <= zeros_before and (law == UNKNOWN or derived <= before),
            law,
            f"{about}, and has made up a cost",
        )
    for error in answer.failures:
        if isinstance(error, ConfigError):
            continue
        require(
            isinstance(error, DriftError),
            law,
            f"{view} with {what}: {type(error).__name__}, not DriftError: {error}",
        )
        if law == OPEN:
            require(
                "`$" in error.message,
                law,
                f"{view} with {what}: the error does not name the place: {error}",
            )


def _made_up(answer: Answer[Any]) -> tuple[int, int]:
    """Count the costs computed here, and the zeros."""
    charges = [charge for usage in answer if isinstance(usage, Usage) for charge in usage.charges]
    return sum(charge.derived for charge in charges), sum(
        charge.cost is not None and not charge.cost.amount for charge in charges
    )


def ended(view: View, well: Answer[Any], answer: Answer[Any]) -> None:
    """Require that a list whose pages go wrong is whole, or not called complete, and holds no record twice."""
    honest(HOLES, view, answer)
    if answer.complete:
        require(
            totals(answer) == totals(well),
            HOLES,
            f"{view} is called complete, and says {totals(answer)} for {totals(well)}",
        )
        other = set(idents(answer)) ^ set(idents(well))
        require(
            not other,
            HOLES,
            f"{view} is called complete, with other records: {sorted(map(str, other))[:4]}",
        )
    known = idents(answer)
    require(len(set(known)) == len(known), HOLES, f"{view} has a record twice")
