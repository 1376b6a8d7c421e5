"""Every fault by its name: the answer comes in time, and in the state that the fault deserves."""

from __future__ import annotations

from collections import Counter
from typing import Any

from attrs import frozen

from billfold.answer import Answer
from billfold.errors import (
    ConfigError,
    CredentialsError,
    DeadlineError,
    DriftError,
    ForbiddenError,
    NotFoundError,
    ProviderError,
    RateLimitedError,
    RequestError,
    TooLargeError,
    TransientError,
)
from billfold.http.deadline import RESERVE
from billfold.model import State
from billfold.simulators.faults import named, renamed_rows
from billfold.simulators.faults.fault import route, token_of
from billfold.testing.harness import Baseline, Case, Harness, Subject
from billfold.testing.laws.holes import require_honest
from billfold.testing.rules import (
    Rule,
    duplicates,
    of_account,
    record_ids,
    require,
    require_same,
    require_total,
    some,
    states,
    totals,
)

BOUNDED = "law 6, time is bounded"
RIGHT_STATE = "law 4, the right state"

IN_TIME = Rule(BOUNDED, "wait for the client's methods alone, and let out what they raise")
ERRORS_SHOW = Rule(
    RIGHT_STATE,
    "let the client's errors out, and make up nothing in their place; Problem.kind names others",
)
RIGHT_LIST = Rule(
    RIGHT_STATE,
    "read every page, count a record once, and pass on what Pages says: its error, State.PARTIAL "
    "where it is doubtful, its note as the detail",
)
SAYS_WHEN = Rule(RIGHT_STATE, "return Problem(retry_after=seconds) where the error body says it")
NOT_RETRIED = Rule(RIGHT_STATE, "leave it to the client to know what is worth another try")

# Seconds that a busy machine may be late.
TOLERANCE = 0.25
_SHORT = 0.05
_RETRIES = 4


@frozen
class Expectation:
    """What a fault may and may not do to an answer.

    ``errors`` are those it may cause; without any the answer is the same as ever. ``retried`` is
    whether another try is worth it. ``says_when`` is whether a RateLimitedError says when to come
    back, ``in_body`` whether only the provider's own body tells. ``deadline`` is in seconds.

    ``pages`` faults hit lists with pages only. From ``incomplete_from`` pages on such a list may
    not be called complete. ``heavy`` faults move so much that one endpoint has to stand for all.
    """

    errors: tuple[type[ProviderError], ...] = ()
    retried: bool = True
    says_when: bool = False
    in_body: bool = False
    pages: bool = False
    incomplete_from: int | None = None
    read_content: bool = False
    heavy: bool = False
    deadline: float = 5.0


_GROUPS = (
    (
        Expectation((TransientError,)),
        "status=500 status=503 status=408 refused reset reset-midway truncated html=502",
    ),
    (Expectation((CredentialsError,), retried=False), "status=401"),
    (Expectation((ForbiddenError,), retried=False), "status=403 echo=403"),
    (Expectation((NotFoundError,), retried=False), "status=404"),
    (Expectation((RequestError,), retried=False), "status=418 redirect"),
    (
        Expectation((RateLimitedError,), says_when=True),
        "throttled=10 throttled-date=10 throttled-skewed=10 throttled-day",
    ),
    (Expectation((RateLimitedError,)), "throttled-silent"),
    (Expectation((RateLimitedError,), says_when=True, in_body=True), "throttled-body=10"),
    (Expectation((TransientError, DriftError)), "overlong"),
    (
        Expectation((DriftError,), retried=False),
        "cut html=200 empty not-utf8 duplicate-keys nan infinite huge nested",
    ),
    (Expectation((ProviderError,), retried=False), "error-200"),
    (
        Expectation((DriftError, TooLargeError), retried=False, heavy=True, deadline=60),
        "endless bomb many-values",
    ),
    (Expectation((DeadlineError,), deadline=0.1), "slow drip=0.05"),
    (Expectation(), "zipped marked mislabelled long-header skewed skewed=-3600 new-fields"),
    (Expectation(pages=True), "short-pages repeated-rows"),
    (
        Expectation((DriftError,), pages=True, incomplete_from=2),
        "same-cursor ignored-page",
    ),
    (
        Expectation((DriftError,), pages=True, incomplete_from=2, read_content=True),
        "changed-rows",
    ),
    (Expectation((DriftError,), pages=True, incomplete_from=3), "two-cursors lost-page"),
)
EXPECTATIONS = {name: expected for expected, names in _GROUPS for name in names.split()}


async def survived(subject: Subject, name: str) -> int:
    """Require the right answer with a fault at each endpoint, and everywhere; count the faults."""
    expectation, count = EXPECTATIONS[name], 0
    for case in subject.short_cases()[: 1 if expectation.heavy else None]:
        expected = await subject.baseline(case)
        for place in _places(subject, expected, expectation):
            with subject.serve(named(name).effect, at=place) as harness:
                answer = await _read_in_time(harness, case, expectation.deadline)
                require_honest(case, answer)
                if expectation.pages:
                    requested = _most_requests(harness)
                    wrong = await _is_wrong(harness, case, place, expected.answer, expectation)
                    may_be_complete = not wrong or requested < wrong
                    _require_list(case, expected.answer, answer, may_be_complete=may_be_complete)
                else:
                    _require_answer(harness, case, expected, answer, expectation)
            count += 1
        await _require_timed_out(subject, case, name)
        count += 1
    return count


def _places(subject: Subject, expected: Baseline, expectation: Expectation) -> list[str]:
    if expectation.pages:
        habits = subject.simulation().habits
        return [place for place in expected.routes if habits.paging(place)]
    return list(expected.routes)[: 1 if expectation.heavy else None]


async def _require_timed_out(subject: Subject, case: Case, name: str) -> None:
    with subject.serve(named(name).effect) as harness:
        answer = await _read_in_time(harness, case, _SHORT)
    require_honest(case, answer)
    if DeadlineError in EXPECTATIONS[name].errors:
        # What answers without a body (204) is never late by its body.
        complete = [row.account for row in answer.coverage if row.state is State.COMPLETE]
        records = [record for account in complete for record in of_account(answer.items, account)]
        late = {row.state for row in answer.coverage} <= {State.TIMED_OUT, State.COMPLETE}
        about = f"{case} got nothing in time, and is {states(answer)}"
        require(late and not records, ERRORS_SHOW, about)


async def _read_in_time(harness: Harness, case: Case, deadline: float) -> Answer[Any]:
    # What is late each time is late because of the adapter, and not of the machine.
    seconds, answer = await harness.read_timed(case, deadline)
    for _ in range(_RETRIES):
        if seconds > deadline + TOLERANCE:
            harness.simulation.seen.clear()
            seconds, answer = await harness.read_timed(case, deadline)
    about = f"{case} took {seconds:.2f} s with a deadline of {deadline} s: {states(answer)}"
    require(seconds <= deadline + TOLERANCE, IN_TIME, about)
    late = any(isinstance(error, DeadlineError) for error in answer.failures)
    require(not late or seconds >= deadline - RESERVE - 0.01, IN_TIME, about)
    return answer


def _most_requests(harness: Harness) -> int:
    """Return how many pages were read of the longest list."""
    requests = Counter((token_of(each), route(each)) for each in harness.simulation.seen)
    return max(requests.values())


async def _is_wrong(
    harness: Harness, case: Case, place: str, expected: Answer[Any], expectation: Expectation
) -> int | None:
    """Return from how many pages on a list may not be called complete.

    None where it always may, as where a row's content has changed of which nothing is read: nobody
    could notice, and nothing is lost.
    """
    if expectation.read_content:
        harness.inject(renamed_rows(), at=place)
        if (await harness.read(case)).items == expected.items:
            return None
    return expectation.incomplete_from


def _require_list(
    case: Case, expected: Answer[Any], answer: Answer[Any], *, may_be_complete: bool
) -> None:
    about = f"{case} is called complete: {states(answer)}"
    if answer.complete:
        require_same(RIGHT_LIST, about, answer, expected)
        require(may_be_complete, RIGHT_LIST, about)
    repeated = duplicates(record_ids(answer))
    require(not repeated, RIGHT_LIST, f"{case} has a record twice: {some(repeated)}")


def _require_answer(
    harness: Harness,
    case: Case,
    expected: Baseline,
    answer: Answer[Any],
    expectation: Expectation,
) -> None:
    if answer.complete or not expectation.errors:
        about = f"{case} is {states(answer)}"
        require(answer.complete, ERRORS_SHOW, about)
        require_total(ERRORS_SHOW, about, answer, totals(expected.answer))
    kinds = " or ".join(kind.__name__ for kind in expectation.errors)
    throttle = harness.simulation.habits.throttle
    says_when = expectation.says_when and (throttle or not expectation.in_body)
    for error in answer.failures:
        about = f"{case}: {type(error).__name__}, not {kinds}: {error}"
        require(isinstance(error, (*expectation.errors, ConfigError)), ERRORS_SHOW, about)
        if says_when and isinstance(error, RateLimitedError):
            about = f"{case}: {error!r} does not say when to come back"
            require(error.retry_at is not None, SAYS_WHEN, about)
    again = [
        path
        for (token, path), count in harness.requests().items()
        if count > max(1, expected.requests[token, path])
    ]
    about = f"{case}: what cannot get better is requested again: {', '.join(again)}"
    require(expectation.retried or not again, NOT_RETRIED, about)
