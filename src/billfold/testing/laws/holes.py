"""Laws of holes: every answer says what it covers, and a failure stays where it happens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from aiohttp import web
from attrs import evolve

from billfold.answer import Answer
from billfold.facade.billfold import Billfold
from billfold.model import WINDOWED
from billfold.period import Period
from billfold.simulators.faults import html, slow, status
from billfold.simulators.faults.fault import HABITS, route
from billfold.testing.answers import of_account, states, totals
from billfold.testing.baseline import baseline
from billfold.testing.harness import QUICK, Harness, serve
from billfold.testing.laws.honesty import HOLES, require_honest
from billfold.testing.rules import Rule, require
from billfold.testing.subject import LAST_MONTH, NOW, Case, Subject

CURRENT_IS_COMPLETE = Rule(
    HOLES,
    "answer in full for the provider's own current period, and see whether the simulator has the "
    "adapter's authentication and every route that it requests",
)
READING_ONLY = Rule(
    "law 9, read-only by default",
    "read with get, fetch or post_query; name a route that is asked by POST in Habits.queries",
)
FAILURE_SHOWS = Rule(
    HOLES, "let the error out, or yield Reading(..., error=) for the part that failed"
)
APART = Rule(
    "law 5, failures stay where they happen",
    "keep nothing that accounts share: no module variables, no caches, no clients of your own",
)

_CENTURY = Period.month(2001, 1)
_FUTURE = Period.month(2031, 1)
_HOUR = Period(LAST_MONTH.start + timedelta(hours=5), LAST_MONTH.start + timedelta(hours=6))


async def covered(subject: Subject) -> None:
    """Require that an answer says what it covers, whatever the window."""
    with serve(subject) as harness:
        async with harness.fold() as fold:
            for case in subject.cases():
                answer = await case.read(fold)
                require_honest(case, answer)
                if case.period is None:
                    about = f"{case}, as it is now, is not complete"
                    require(answer.complete, CURRENT_IS_COMPLETE, f"{about}: {states(answer)}")
                elif case.stream in WINDOWED:
                    for period in (_CENTURY, _FUTURE, _HOUR):
                        far = Case(case.stream, period)
                        require_honest(far, await far.read(fold))
        changes = sorted(
            {
                f"{request.method} {request.path}"
                for request in harness.simulation.seen
                if _may_change(request)
            }
        )
        require(not changes, READING_ONLY, f"reading sends {', '.join(changes)}")


def _may_change(request: web.Request) -> bool:
    if request.method == "POST":
        return route(request) not in request.app[HABITS].queries
    return request.method not in ("GET", "HEAD")


async def failing(subject: Subject) -> None:
    """Require that no answer is called complete that needs an endpoint which is down."""
    effects = {"down": status(500), "not found": status(404), "HTML": html(200)}
    for case in subject.short_cases():
        expected = await baseline(subject, case)
        with serve(subject) as harness:
            for route_ in expected.routes:
                for state, effect in effects.items():
                    harness.inject(effect, at=route_)
                    answer = await harness.read(case)
                    require_honest(case, answer)
                    require(
                        not answer.complete or answer == expected.answer,
                        FAILURE_SHOWS,
                        f"{case} is called complete with {route_} {state}, and adds up to "
                        f"{totals(answer)}, not {totals(expected.answer)}",
                    )


async def isolated(subject: Subject) -> None:
    """Require that one account's failure changes nothing in another's answer."""
    effects = ((status(500), None), (slow(60), 1.0), (html(200), None))
    for number, case in enumerate(subject.short_cases()):
        expected = await baseline(subject, case, 1)
        with serve(subject) as working, serve(subject) as broken:
            for effect, deadline in effects if number == 0 else effects[:1]:
                broken.inject(effect)
                await _require_apart(working, broken, case, expected.answer, deadline)


async def _require_apart(
    working: Harness, broken: Harness, case: Case, expected: Answer[Any], deadline: float | None
) -> None:
    accounts = [
        *(evolve(account, name="broken") for account in broken.accounts(1)),
        *working.accounts(1),
    ]
    async with Billfold(accounts, clock=lambda: NOW, retry=QUICK) as fold:
        answer = await case.read(fold, deadline)
    name = accounts[1].name
    require(
        of_account(answer.items, name) == list(expected.items),
        APART,
        f"{case}: the records of {name} change when another account fails",
    )
    require(
        of_account(answer.coverage, name) == list(expected.coverage),
        APART,
        f"{case}: the coverage of {name} changes when another account fails: {states(answer)}",
    )
    own = answer.failures and all(error.account == "broken" for error in answer.failures)
    require(own, APART, f"{case}: errors name another account: {answer.failures}")
