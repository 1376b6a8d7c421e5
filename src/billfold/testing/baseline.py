"""What a case gives when nothing is wrong: what answers under faults are compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

from aiohttp import web
from attrs import frozen

from billfold.answer import Answer
from billfold.simulators.faults.bodies import json_body
from billfold.simulators.faults.fault import Effect, Handler, route
from billfold.simulators.json_text import parse, places
from billfold.simulators.simulation import token_of
from billfold.testing.harness import serve
from billfold.testing.subject import Case, Subject

# The values at every place of a route's replies, by path.
Places = dict[str, list[Any]]


@frozen
class Baseline:
    """An answer without faults, and the routes and addresses that were requested for it."""

    answer: Answer[Any]
    routes: dict[str, Places]
    requests: Counter[tuple[str, str]]


async def baseline(subject: Subject, case: Case, count: int | None = None) -> Baseline:
    """Return the baseline of a case, for all sample accounts or the first few; read only once."""
    known = _baselines(subject)
    if (case, count) not in known:
        routes: dict[str, Places] = {}
        with serve(subject, _recording(routes)) as harness:
            answer = await harness.read(case, count)
            requests = count_requests(harness.simulation.seen)
        known[case, count] = Baseline(answer, routes, requests)
    return known[case, count]


def count_requests(requests: Iterable[web.Request]) -> Counter[tuple[str, str]]:
    """Return how often each token requested each address."""
    return Counter((token_of(request), request.path_qs) for request in requests)


@cache
def _baselines(subject: Subject) -> dict[tuple[Case, int | None], Baseline]:
    return {}


def _recording(routes: dict[str, Places]) -> Effect:
    """Answer rightly, and keep every place of the replies in ``routes``."""

    async def effect(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        kept = routes.setdefault(route(request) or request.path, {})
        body = b"null" if response.status == 204 else json_body(response)
        if body is not None:
            for path, value in places(parse(body)):
                kept.setdefault(path, []).append(value)
        return response

    return effect
