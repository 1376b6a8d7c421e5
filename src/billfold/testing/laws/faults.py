"""Every fault by its name: the answer comes in time, and in the state that the fault deserves."""

from __future__ import annotations

from collections import Counter
from typing import Any

from billfold.answer import Answer
from billfold.errors import BillfoldError, ConfigError, DeadlineError, RateLimitedError
from billfold.http.deadline import RESERVE
from billfold.model import State
from billfold.simulators.faults import named
from billfold.simulators.faults.fault import route
from billfold.simulators.simulation import token_of
from billfold.testing.answers import of_account, states, totals
from billfold.testing.baseline import Baseline, baseline, count_requests
from billfold.testing.harness import Harness, serve, simulation_of
from billfold.testing.laws.expectations import EXPECTATIONS, Expectation
from billfold.testing.laws.honesty import require_honest, require_whole_list
from billfold.testing.rules import Rule, require
from billfold.testing.subject import Case, Subject

BOUNDED = "law 6, time is bounded"
RIGHT_STATE = "law 4, the right state"

IN_TIME = Rule(
    BOUNDED,
    "wait for nothing but the client's methods, and let what they raise end the reading at once",
)
TIMED_OUT = Rule(RIGHT_STATE, "let DeadlineError out")
INCOMPLETE_LIST = Rule(
    RIGHT_STATE,
    "let the error of Pages out, and answer State.PARTIAL where Pages is doubtful",
)
SAME_ANSWER = Rule(RIGHT_STATE, "let errors out, and make up nothing in their place")
RIGHT_ERROR = Rule(
    RIGHT_STATE,
    "raise no error of your own for what the client raises; name another in Problem.kind",
)
SAYS_WHEN = Rule(
    RIGHT_STATE, "return Problem(retry_after=seconds) where the provider's error body says how long"
)
NOT_RETRIED = Rule(
    RIGHT_STATE, "leave retrying to the client, which knows what is worth another try"
)

# Seconds that a busy machine may be late.
TOLERANCE = 0.25
_SHORT = 0.05
_TRIES = 3


async def survived(subject: Subject, name: str) -> int:
    """Require that the answer is right with a fault at each endpoint, and with it everywhere.

    Return how many faults were injected.
    """
    expectation, count = EXPECTATIONS[name], 0
    cases = subject.short_cases()
    for case in cases[:1] if expectation.heavy else cases:
        expected = await baseline(subject, case)
        for place in _routes(subject, expected, expectation):
            with serve(subject, named(name).effect, at=place) as harness:
                answer = await read_in_time(harness, case, expectation.deadline)
                _require_expected(harness, case, expected, answer, expectation)
            count += 1
        await _require_timed_out(subject, case, name)
        count += 1
    return count


def _routes(subject: Subject, expected: Baseline, expectation: Expectation) -> list[str]:
    if expectation.pages:
        habits = simulation_of(subject).habits
        return [place for place in expected.routes if habits.paging(place)]
    return list(expected.routes)[: 1 if expectation.heavy else None]


async def _require_timed_out(subject: Subject, case: Case, name: str) -> None:
    with serve(subject, named(name).effect) as harness:
        answer = await read_in_time(harness, case, _SHORT)
    require_honest(case, answer)
    if EXPECTATIONS[name].late:
        # What answers without a body (204) is never late by its body.
        complete = [row.account for row in answer.coverage if row.state is State.COMPLETE]
        records = [record for account in complete for record in of_account(answer.items, account)]
        late = {row.state for row in answer.coverage} <= {State.TIMED_OUT, State.COMPLETE}
        about = f"{case} got nothing in time, and is {states(answer)}"
        require(late and not records, TIMED_OUT, about)


async def read_in_time(harness: Harness, case: Case, deadline: float) -> Answer[Any]:
    """Return an answer under a deadline (seconds); LawBroken where it comes too late."""
    # What is late each time is late because of the adapter, and not of the machine.
    for _ in range(_TRIES):
        harness.simulation.seen.clear()
        seconds, answer = await harness.read_timed(case, deadline)
        if seconds <= deadline + TOLERANCE:
            break
    about = f"{case} took {seconds:.2f} s with a deadline of {deadline} s: {states(answer)}"
    require(seconds <= deadline + TOLERANCE, IN_TIME, about)
    late = any(isinstance(error, DeadlineError) for error in answer.failures)
    require(not late or seconds >= deadline - RESERVE - 0.01, IN_TIME, about)
    return answer


def _require_expected(
    harness: Harness,
    case: Case,
    expected: Baseline,
    answer: Answer[Any],
    expectation: Expectation,
) -> None:
    if expectation.pages:
        _require_list(harness, case, expected, answer, expectation)
        return
    require_honest(case, answer)
    if answer.complete or not expectation.errors:
        require(
            answer.complete and totals(answer) == totals(expected.answer),
            SAME_ANSWER,
            f"{case} is {states(answer)}, and adds up to {totals(answer)}, "
            f"not {totals(expected.answer)}",
        )
    for error in answer.failures:
        _require_error(harness, case, error, expectation)
    if not expectation.retried:
        _require_no_retry(harness, case, expected)


def _require_list(
    harness: Harness,
    case: Case,
    expected: Baseline,
    answer: Answer[Any],
    expectation: Expectation,
) -> None:
    requests = Counter((token_of(request), route(request)) for request in harness.simulation.seen)
    first_wrong = expectation.incomplete_from
    wrong = first_wrong is not None and max(requests.values()) >= first_wrong
    about = f"{case} is called complete: {states(answer)}"
    require(not (wrong and answer.complete), INCOMPLETE_LIST, about)
    require_whole_list(case, expected.answer, answer)


def _require_error(
    harness: Harness, case: Case, error: BillfoldError, expectation: Expectation
) -> None:
    kinds = " or ".join(kind.__name__ for kind in expectation.errors)
    about = f"{case}: {type(error).__name__}, not {kinds}: {error}"
    require(isinstance(error, (*expectation.errors, ConfigError)), RIGHT_ERROR, about)
    throttle = harness.simulation.habits.throttle
    says_when = expectation.says_when and (not expectation.in_body or throttle is not None)
    if says_when and isinstance(error, RateLimitedError):
        about = f"{case}: {error!r} does not say when to come back"
        require(error.retry_at is not None, SAYS_WHEN, about)


def _require_no_retry(harness: Harness, case: Case, expected: Baseline) -> None:
    again = [
        path
        for (token, path), count in count_requests(harness.simulation.seen).items()
        if count > max(1, expected.requests[token, path])
    ]
    about = f"{case}: what cannot get better is requested again: {', '.join(again)}"
    require(not again, NOT_RETRIED, about)
