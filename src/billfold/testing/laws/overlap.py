"""The law of overlap: what two configured accounts both reach counts once."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

from aiohttp.web import Request, StreamResponse
from attrs import evolve
from multidict import CIMultiDict

from billfold.answer import Answer
from billfold.counted import counted
from billfold.facade.billfold import Billfold
from billfold.facade.overlap import record_owner
from billfold.model import Stream
from billfold.secret import Secret
from billfold.simulators.faults.fault import Effect, Handler, token_of
from billfold.simulators.serving import Simulation
from billfold.testing.harness import Case, Subject, fold_over
from billfold.testing.rules import Rule, require, require_total, states, totals

ONCE = Rule(
    "law 3, each cent once",
    "state whom the provider bills in billing_account_id (the project in sub_account_id), by the "
    "provider's own ids, and let no id depend on the account's name: what two accounts both reach "
    "is known by them",
)

_AGAIN, _ANOTHER_TOKEN = "configured again", "billfold:another-token"
_FLOWING = (Stream.USAGE, Stream.DAILY, Stream.LEDGER)


async def overlapping(subject: Subject) -> None:
    """Require that an account that is configured twice counts once, and that the second says so.

    Where anything says whose it is, so does everything: then it counts once under another token.
    """
    answers = {case: await subject.answer(case, 1) for case in subject.cases()}
    owned = any(record_owner(item) != ("", "") for each in answers.values() for item in each)
    with subject.serve() as harness:
        (account,) = harness.accounts(1)
        again = [evolve(account, name=_AGAIN)]
        if owned:
            harness.inject(_both_tokens(harness.simulation))
            again.append(evolve(account, name=_AGAIN, token=Secret(_ANOTHER_TOKEN)))
        for second in again:
            async with fold_over([account, second]) as fold:
                for case, expected in answers.items():
                    if expected.items:
                        await _require_once(fold, case, expected)


def _both_tokens(simulation: Simulation) -> Effect:
    """Let another token reach what the first sample account's does."""
    own = simulation.auth.headers(Secret(simulation.samples[0].token))

    async def effect(request: Request, handler: Handler) -> StreamResponse:
        if token_of(request) == _ANOTHER_TOKEN:
            headers = CIMultiDict(request.headers)
            headers.update(own)
            request = request.clone(headers=headers)
        return await handler(request)

    return effect


async def _require_once(fold: Billfold, case: Case, expected: Answer[Any]) -> None:
    about = f"{case.stream} of one account that is configured twice"
    answer = await case.read(fold)
    require_total(ONCE, about, answer, totals(expected))
    said = any(row.counted_in for row in answer.coverage if row.account == _AGAIN)
    require(said, ONCE, f"{about}: nothing says so: {states(answer)}")
    if case.stream in _FLOWING:
        flow = fold.flow(case.stream, case.period)
        async with aclosing(aiter(flow)) as items:
            flowed = [item async for item in items]
        seen = f"{about} flows as {counted(len(flowed), 'record')}, not {len(expected)}"
        require(len(flowed) == len(expected), ONCE, seen)
