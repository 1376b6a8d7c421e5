"""Every fault by its name: the answer comes in time, and in the state that such a fault deserves."""

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
    TransientError,
)
from billfold.http.deadline import RESERVE
from billfold.model import State
from billfold.simulators.faults import named
from billfold.simulators.faults.fault import route
from billfold.simulators.simulation import token_of
from billfold.testing.harness import (
    Bench,
    Healthy,
    Subject,
    View,
    asked,
    bench,
    fresh,
    healthy,
    require,
    states,
    timed,
    totals,
)
from billfold.testing.laws.holes import ended, honest

BOUNDED = "law 6, time is bounded"
RIGHT = "law 4, the right state"
TOLERANCE = 0.25
_PATIENT, _SHORT = 5.0, 0.05
_TRIES = 3

Kinds = tuple[type[ProviderError], ...]


@frozen
class Fate:
    """What a fault deserves.

    ``kinds`` are the errors, none where the answer is the same as ever. ``tried`` is whether another try is worth it, ``told``
    whether an error says when to come back, ``in_body`` whether the provider's own body has to say it. ``pages`` faults strike
    lists with pages, and from ``doubtful`` pages on the list is never called complete. ``heavy`` faults move so much that one
    endpoint has to stand for all.
    """

    kinds: Kinds = ()
    tried: bool = True
    told: bool = False
    in_body: bool = False
    pages: bool = False
    heavy: bool = False
    doubtful: int | None = None
    deadline: float = _PATIENT


_WEATHER = Fate((TransientError,))
_DRIFT = Fate((DriftError,), tried=False)
_HEAVY = Fate((DriftError,), tried=False, heavy=True)
_LIMIT = Fate((RateLimitedError,), told=True)
_IN_BODY = Fate((RateLimitedError,), told=True, in_body=True)
_LATE = Fate((DeadlineError,), deadline=0.1)
_SAME = Fate()
_PAGES = Fate((DriftError,), pages=True, doubtful=2)

FATES: dict[str, Fate] = {
    "status=500": _WEATHER,
    "status=503": _WEATHER,
    "status=408": _WEATHER,
    "status=401": Fate((CredentialsError,), tried=False),
    "status=403": Fate((ForbiddenError,), tried=False),
    "status=404": Fate((NotFoundError,), tried=False),
    "status=418": Fate((RequestError,), tried=False),
    "throttled=10": _LIMIT,
    "throttled-date=10": _LIMIT,
    "throttled-skewed=10": _LIMIT,
    "throttled-day": _LIMIT,
    "throttled-silent": Fate((RateLimitedError,)),
    "throttled-body=10": _IN_BODY,
    "refused": _WEATHER,
    "reset": _WEATHER,
    "reset-midway": _WEATHER,
    "truncated": _WEATHER,
    "overlong": Fate((TransientError, DriftError)),
    "cut": _DRIFT,
    "slow": _LATE,
    "drip=0.05": _LATE,
    "endless": _HEAVY,
    "bomb": _HEAVY,
    "html=502": _WEATHER,
    "html=200": _DRIFT,
    "empty": _DRIFT,
    "redirect": Fate((RequestError,), tried=False),
    "echo=403": Fate((ForbiddenError,), tried=False),
    "not-utf8": _DRIFT,
    "duplicate-keys": _DRIFT,
    "nan": _DRIFT,
    "infinite": _DRIFT,
    "huge": _DRIFT,
    "nested": _DRIFT,
    "zipped": _SAME,
    "skewed": _SAME,
    "skewed=-3600": _SAME,
    "new-fields": _SAME,
    "short-pages": Fate(pages=True),
    "repeated-rows": Fate(pages=True),
    "same-cursor": _PAGES,
    "two-cursors": _PAGES,
    "ignored-page": _PAGES,
    "changed-rows": _PAGES,
    "lost-page": Fate((DriftError,), pages=True, doubtful=3),
}


async def survived(subject: Subject, name: str) -> int:
    """Strike each endpoint of each stream with a fault."""
    fate, struck = FATES[name], 0
    for view in subject.short_views()[: 1 if fate.heavy else None]:
        well = await healthy(subject, view)
        for place in _routes(subject, well, fate):
            with bench(subject, named(name).reply, at=place) as one:
                answer = await in_time(one, view, fate.deadline)
                _judged(one, view, well, answer, fate)
            struck += 1
        with bench(subject, named(name).reply) as one:
            answer = await in_time(one, view, _SHORT)
            honest(RIGHT, view, answer)
            late = {row.state for row in answer.coverage} if fate is _LATE else {State.TIMED_OUT}
            require(
                late == {State.TIMED_OUT},
                RIGHT,
                f"{view} got nothing in time, and is {states(answer)}",
            )
        struck += 1
    return struck


def _routes(subject: Subject, well: Healthy, fate: Fate) -> list[str]:
    if fate.pages:
        return [place for place in well.routes if fresh(subject).habits.paging(place)]
    return list(well.routes)[: 1 if fate.heavy else None]


async def in_time(one: Bench, view: View, deadline: float) -> Answer[Any]:
    """Read a view under a deadline; LawBroken when it comes too late."""
    for _ in range(_TRIES - 1):
        took, answer = await timed(one, view, deadline)
        if took <= deadline + TOLERANCE:
            break
        one.simulation.seen.clear()  # what is late each time is late because of us, and not of the machine
    else:
        took, answer = await timed(one, view, deadline)
    about = f"{view} took {took:.2f} s with a deadline of {deadline} s: {states(answer)}"
    require(took <= deadline + TOLERANCE, BOUNDED, about)
    late = any(isinstance(error, DeadlineError) for error in answer.failures)
    require(not late or took >= deadline - RESERVE - 0.01, BOUNDED, about)
    return answer


def _judged(one: Bench, view: View, well: Healthy, answer: Answer[Any], fate: Fate) -> None:
    if fate.pages:
        walked = max(
            Counter((token_of(request), route(request)) for request in one.simulation.seen).values()
        )
        doubtful = fate.doubtful is not None and walked >= fate.doubtful
        require(
            not (doubtful and answer.complete),
            RIGHT,
            f"{view} is called complete: {states(answer)}",
        )
        return ended(view, well.answer, answer)
    honest(RIGHT, view, answer)
    if answer.complete or not fate.kinds:
        same = totals(answer) == totals(well.answer) and answer.complete
        require(
            same,
            RIGHT,
            f"{view} is {states(answer)}, and says {totals(answer)} for {totals(well.answer)}",
        )
    for error in answer.failures:
        expected = " or ".join(kind.__name__ for kind in fate.kinds)
        require(
            isinstance(error, (*fate.kinds, ConfigError)),
            RIGHT,
            f"{view}: {type(error).__name__}, not {expected}: {error}",
        )
        told = fate.told and (not fate.in_body or one.simulation.habits.throttle is not None)
        if told and isinstance(error, RateLimitedError):
            require(
                error.retry_at is not None,
                RIGHT,
                f"{view}: {error!r} does not say when to come back",
            )
    if not fate.tried:
        sent = asked(one.simulation.seen)
        again = [
            path for (token, path), count in sent.items() if count > max(1, well.asked[token, path])
        ]
        require(
            not again, RIGHT, f"{view}: what cannot get better is asked again: {', '.join(again)}"
        )
    return None
