"""The law of parts: what fails in one organization, project or invoice of several names it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from billfold.answer import Answer
from billfold.model import Stream
from billfold.simulators.faults import status
from billfold.simulators.faults.fault import Handler
from billfold.testing.harness import Baseline, Case, Subject
from billfold.testing.laws.holes import HOLES
from billfold.testing.rules import Rule, of_account, require, states

NAMED = Rule(
    HOLES,
    "read parts by Parts.read or Parts.stream, which name them, or yield Reading(..., part=) with "
    "the id by which records and requests know the part",
)

_DOWN = status(500)
# How many parts of one kind are made to fail: they are all read the same way.
_MOST = 3


async def named(subject: Subject) -> int:
    """Require that the failure of one part of several names it, and a coverage row, too.

    A part is an organization, project or invoice that records of the account name beside others,
    and that requests name as well. Return how many were made to fail.
    """
    count = 0
    for case in subject.short_cases():
        expected = await subject.baseline(case)
        with subject.serve() as harness:
            for account, part in _parts(expected):
                harness.inject(_down_for(part))
                _require_named(case, await harness.read(case), account, part)
                count += 1
    return count


def _parts(expected: Baseline) -> Iterator[tuple[str, str]]:
    """Yield the accounts and their parts, of those that have several of a kind."""
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
                yield from [(account, part) for part in reached][:_MOST]


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
