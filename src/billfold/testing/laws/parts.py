"""Laws of parts: one of several that fails is named, and one that repeats another adds nothing."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import unquote

from aiohttp import ClientSession, web
from attrs import evolve
from yarl import URL

from billfold.answer import Answer
from billfold.errors import BillfoldError
from billfold.model import Stream
from billfold.simulators.faults import Effect, status
from billfold.simulators.faults.fault import Handler
from billfold.simulators.serving import Simulation
from billfold.testing.harness import Baseline, Case, Harness, Subject
from billfold.testing.laws.holes import HOLES, require_honest
from billfold.testing.rules import Rule, of_account, require, require_total, states, totals

NAMED = Rule(
    HOLES,
    "read parts by Parts.read or Parts.stream, which name them, or yield Reading(..., part=) with "
    "the id by which records and requests know the part",
)

REPEATED = Rule(
    "law 3, each cent once",
    "compare the ids of records over parts, or whom a reply says it is about, and say "
    "State.PARTIAL where one comes again",
)

_DOWN = status(500)
# Streams whose records have ids of the provider's own.
_OF_IDS = frozenset({Stream.USAGE, Stream.LEDGER})
# How many parts of one kind are made to fail: they are all read the same way.
_MOST = 3


async def named(subject: Subject) -> int:
    """Require that the failure of one part of several names it, and a coverage row, too.

    A part is an organization, project or invoice that records of the account name beside others,
    and that requests name as well. Return how many were made to fail.
    """
    count = 0
    async for case, expected, harness in _cases(subject):
        for account, parts in _parts(expected):
            for part in parts:
                harness.inject(_down_for(part))
                _require_named(case, await harness.read(case), account, part)
                count += 1
    return count


async def repeated(subject: Subject) -> int:
    """Require that the records of a part, in the reply for another one, count once or make a hole.

    So answers a server that does not know the parameter, or a part under two names. Return how many
    parts were answered for by another.
    """
    count = 0
    async for case, expected, harness in _cases(subject):
        if case.stream not in _OF_IDS or not expected.answer.complete:
            continue
        for account, (first, *others) in _parts(expected):
            for part in others:
                harness.inject(_answered_for(part, first))
                answer = await harness.read(case)
                require_honest(case, answer)
                if answer.complete:
                    about = f"{case}, with {first} of {account} in the replies for {part}, too"
                    left = [one for one in expected.answer if part not in _names_of(one)]
                    rest = evolve(expected.answer, items=tuple(left))
                    require_total(REPEATED, f"{about}, is complete", answer, totals(rest))
                count += 1
    return count


async def _cases(subject: Subject) -> AsyncGenerator[tuple[Case, Baseline, Harness], None]:
    """Yield what can be read by the sample accounts, by one without limits, and by others."""
    for each in filter(None, (subject, _unlimited(subject), _others(subject))):
        for case in each.short_cases():
            expected: Baseline = await each.baseline(case)
            with each.serve() as harness:
                yield case, expected, harness


def _unlimited(subject: Subject) -> Subject | None:
    """Return the subject with its first account limited to no part, where it was and can be."""
    sample, url = subject.simulation().samples[0], "http://127.0.0.1"
    if not subject.adapter.declares.reach(sample.account(subject.adapter, url).adapter):
        return None
    try:
        evolve(sample, settings={}).account(subject.adapter, url)
    except (BillfoldError, TypeError):  # which has to know its organization
        return None
    return Subject(subject.adapter, partial(_without_settings, subject.simulate))


def _others(subject: Subject) -> Subject | None:
    """Return the subject with the accounts that its simulator has for this, if it has any."""
    if not subject.simulation().others:
        return None
    return Subject(subject.adapter, partial(_of_others, subject.simulate))


def _of_others(simulate: Callable[[datetime], Simulation], now: datetime) -> Simulation:
    simulation = simulate(now)
    return evolve(simulation, samples=simulation.others)


def _without_settings(simulate: Callable[[datetime], Simulation], now: datetime) -> Simulation:
    simulation = simulate(now)
    return evolve(simulation, samples=(evolve(simulation.samples[0], settings={}),))


def _names_of(record: Any) -> tuple[str | None, str | None]:
    return record.billing_account_id, getattr(record, "sub_account_id", None)


def _answered_for(part: str, other: str) -> Effect:
    """Return the effect that every request about a part gets the reply about another one."""

    async def effect(request: web.Request, handler: Handler) -> web.StreamResponse:
        path = unquote(request.path_qs)
        if not _names(path, part):
            return await handler(request)
        url = request.url.origin().join(URL(path.replace(part, other)))
        headers = {name: text for name, text in request.headers.items() if name != "Host"}
        async with ClientSession() as session, session.get(url, headers=headers) as reply:
            body = await reply.read()
        return web.Response(body=body, status=reply.status, content_type=reply.content_type)

    return effect


def _parts(expected: Baseline) -> Iterator[tuple[str, list[str]]]:
    """Yield the accounts and some of their parts, of those that have several of a kind."""
    requested = [unquote(path) for _, path in expected.requests]
    answer = expected.answer
    for account in dict.fromkeys(row.account for row in answer.coverage):
        records = of_account(answer.items, account)
        kinds = ["billing_account_id", "sub_account_id"]
        if answer.stream is Stream.INVOICES:
            kinds.append("id")
        for kind in kinds:
            parts = dict.fromkeys(filter(None, (getattr(each, kind, None) for each in records)))
            if len(parts) > 1:
                reached = (part for part in parts if any(_names(path, part) for path in requested))
                if several := list(reached)[:_MOST]:
                    yield account, several


def _names(path: str, part: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(part)}(?![\w-])", path, re.IGNORECASE) is not None


def _down_for(part: str) -> Any:
    """Return the effect that every request about a part is answered by a 500."""

    async def effect(request: web.Request, handler: Handler) -> web.StreamResponse:
        about = _names(unquote(request.path_qs), part)
        return await (_DOWN(request, handler) if about else handler(request))

    return effect


def _require_named(case: Case, answer: Answer[Any], account: str, part: str) -> None:
    about = f"{case} with everything about {part} of {account} down"
    errors = of_account(answer.failures, account)
    if not errors and answer.complete:  # a mere check was down
        return
    failed = {error.part for error in errors}
    wrong = failed - {part} or "nothing"
    require(failed == {part}, NAMED, f"{about}: the failure names {wrong}: {states(answer)}")
    rows = {row.part for row in of_account(answer.coverage, account) if row.is_hole}
    require(part in rows, NAMED, f"{about}: no coverage row names it: {states(answer)}")
