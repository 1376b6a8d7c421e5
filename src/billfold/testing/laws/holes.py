"""Laws of holes: every answer says truly what it covers, and a failure stays where it happens."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from aiohttp import web
from attrs import evolve

from billfold.answer import Answer
from billfold.coverage import Coverage
from billfold.errors import ConfigError, IncompleteError, ProviderError
from billfold.model import WINDOWED, DailyCost, LedgerEntry, State, Stream, Usage
from billfold.period import Period, span
from billfold.simulators.faults import html, slow, status
from billfold.simulators.faults.fault import HABITS, route
from billfold.testing.harness import LAST_MONTH, Case, Harness, Subject, fold_over
from billfold.testing.rules import LawBroken, Rule, of_account, require, states, totals

HOLES = "law 4, holes are visible"

FAILURE_SHOWS = Rule(
    HOLES,
    "yield what was read, and then let the error out, or yield Reading(..., error=) for a part",
)
OWN_ERROR = Rule(
    HOLES, "raise a ProviderError or ConfigError as it is: the core adds the provider and account"
)
RIGHT_WINDOW = Rule(
    HOLES,
    "yield Reading(..., covers=) with the reply's window, and State.DIFFERENT_WINDOW where that is "
    "not the period asked",
)
INSIDE = Rule(
    "law 7, windows are half-open",
    "leave out what is not in the window, or say State.DIFFERENT_WINDOW and which window it is",
)
EXPLAINED = Rule(HOLES, "give Reading(..., detail=) a few words about what is missing and why")
NO_TOTAL = Rule(HOLES, "do not wrap the facade's answers")
CURRENT_IS_COMPLETE = Rule(
    HOLES,
    "answer in full for the provider's current period, and see whether the simulator has the "
    "adapter's authentication and every route that it requests",
)
READING_ONLY = Rule(
    "law 9, read-only by default",
    "read with get, fetch or post_query; name routes that are asked by POST in Habits.queries",
)
APART = Rule(
    "law 5, failures stay where they happen",
    "keep nothing that accounts share: no module variables, no caches, no clients of your own",
)

_HOUR = Period(LAST_MONTH.start + timedelta(hours=5), LAST_MONTH.start + timedelta(hours=6))
# Seconds in which an account that works answers, and in which it does on a busy machine, too.
_SHORT, _LONG = 1.0, 20.0
_ODD_PERIODS = (Period.month(2001, 1), Period.month(2031, 1), _HOUR)


def require_honest(case: Case, answer: Answer[Any]) -> None:
    """Require that failures are named, holes explained, and the records those of the window."""
    for row in answer.coverage:
        about = f"{case}: {row.account} is {row.state}"
        errors = of_account(answer.failures, row.account)
        records = of_account(answer.items, row.account)
        if row.state is State.COMPLETE:
            require(not errors, FAILURE_SHOWS, f"{about} in spite of {errors}")
            _require_window(about, case.period, row, records)
        elif row.state in (State.FAILED, State.TIMED_OUT):
            require(errors, FAILURE_SHOWS, f"{about} without an error")
            require(not records, FAILURE_SHOWS, f"{about}, and has records")
        else:
            require_explained(about, row)
    for error in answer.failures:
        known = isinstance(error, ProviderError | ConfigError)
        require(known, OWN_ERROR, f"{case} fails by {type(error).__name__}: {error}")
        owned = error.provider and error.account
        require(owned, OWN_ERROR, f"{case}: nobody knows whose {error!r} is")
    if not answer.complete:
        _require_no_total(case, answer)


def require_explained(about: str, row: Coverage) -> None:
    """Require that what is no complete answer says why."""
    explained = row.detail or row.state is State.COMPLETE
    require(explained, EXPLAINED, f"{about}, and nothing says why")


def _require_window(about: str, period: Period | None, row: Coverage, records: list[Any]) -> None:
    if period is not None and row.covers is not None:
        require(row.covers == period, RIGHT_WINDOW, f"{about} for {row.covers}")
    for record in records:
        if isinstance(record, Usage):
            _require_usage_inside(about, record, row.covers or period)
        elif period is not None and isinstance(record, LedgerEntry):
            require(record.at in period, INSIDE, f"{about}, with an entry of {record.at}")
        elif period is not None and isinstance(record, DailyCost):
            inside = Period.day(record.date).overlaps(period)
            require(inside, INSIDE, f"{about}, with the day {record.date}")


def _require_usage_inside(about: str, usage: Usage, window: Period | None) -> None:
    inside = window is None or span([window, usage.covers]) == window
    require(inside, INSIDE, f"{about} for {window}, with usage of {usage.covers}")
    for charge in usage.charges:
        inside = charge.period.overlaps(usage.covers)
        seen = f"{about}, with a charge of {charge.period} in usage of {usage.covers}"
        require(inside, INSIDE, seen)


def _require_no_total(case: Case, answer: Answer[Any]) -> None:
    try:
        sums = answer.totals()
    except IncompleteError:
        return
    raise LawBroken(
        NO_TOTAL, f"{case}: a total over a hole is given to who did not ask for it: {sums}"
    )


async def covered(subject: Subject) -> None:
    """Require that an answer says what it covers, whatever the window."""
    with subject.serve() as harness:
        async with harness.fold() as fold:
            for case in subject.cases():
                answer = await case.read(fold)
                require_honest(case, answer)
                if case.period is None:
                    about = f"{case}, as it is now, is not complete: {states(answer)}"
                    require(answer.complete, CURRENT_IS_COMPLETE, about)
                elif case.stream in WINDOWED:
                    for period in _ODD_PERIODS:
                        odd = Case(case.stream, period)
                        require_honest(odd, await odd.read(fold))
        changes = {
            f"{request.method} {request.path}"
            for request in harness.simulation.seen
            if _may_change(request)
        }
        require(not changes, READING_ONLY, f"reading sends {', '.join(sorted(changes))}")


def _may_change(request: web.Request) -> bool:
    if request.method == "POST":
        return route(request) not in request.app[HABITS].queries
    return request.method not in ("GET", "HEAD")


async def failing(subject: Subject) -> None:
    """Require that no answer is called complete that needs an endpoint which is down."""
    effects = {"down": status(500), "not found": status(404), "HTML": html(200)}
    for case in subject.short_cases():
        expected = await subject.baseline(case)
        with subject.serve() as harness:
            for place in expected.routes:
                for state, effect in effects.items():
                    harness.inject(effect, at=place)
                    answer = await harness.read(case)
                    require_honest(case, answer)
                    about = f"{case} is called complete with {place} {state}: {totals(answer)}"
                    right = not answer.complete or _lacks_a_check_at_most(answer, expected.answer)
                    require(right, FAILURE_SHOWS, about)


def _lacks_a_check_at_most(answer: Answer[Any], expected: Answer[Any]) -> bool:
    """Return whether an answer is the expected one; usage may lack checks where a detail says so.

    A check compares two figures, of which one can be down; the money is the other's.
    """
    if answer == expected:
        return True
    said = {row.account for row in answer.coverage if row.detail}
    return answer.stream is Stream.USAGE and (
        _without_checks(answer, said) == _without_checks(expected, said)
    )


def _without_checks(answer: Answer[Any], accounts: Collection[str]) -> list[Any]:
    return [
        evolve(item, checks=(), unchecked=())
        if isinstance(item, Usage) and item.account in accounts
        else item
        for item in answer
    ]


async def isolated(subject: Subject) -> None:
    """Require that one account's failure changes nothing in another's answer."""
    effects = ((status(500), None), (slow(60), _SHORT), (html(200), None))
    for number, case in enumerate(subject.short_cases()):
        expected = await subject.answer(case, 1)
        with subject.serve() as working, subject.serve() as broken:
            for effect, deadline in effects if number == 0 else effects[:1]:
                broken.inject(effect)
                await _require_apart(working, broken, case, expected, deadline)


async def _require_apart(
    working: Harness, broken: Harness, case: Case, expected: Answer[Any], deadline: float | None
) -> None:
    (failed,), (account,) = broken.accounts(1), working.accounts(1)
    async with fold_over([evolve(failed, name="broken"), account]) as fold:
        answer = await case.read(fold, deadline)
        if deadline and of_account(answer.coverage, account.name) != list(expected.coverage):
            answer = await case.read(fold, _LONG)
    for kept in ("items", "coverage"):
        same = of_account(getattr(answer, kept), account.name) == list(getattr(expected, kept))
        about = f"{case}: the {kept} of {account.name} change when another account fails"
        require(same, APART, f"{about}: {states(answer)}")
    own = answer.failures and all(error.account == "broken" for error in answer.failures)
    require(own, APART, f"{case}: errors name another account: {answer.failures}")
