"""The law of overlap: what two configured accounts both reach counts once."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

from attrs import evolve

from billfold.answer import Answer
from billfold.facade.billfold import Billfold
from billfold.model import Stream
from billfold.testing.harness import Case, Subject, fold_over
from billfold.testing.rules import Rule, require, require_total, states, totals

ONCE = Rule(
    "law 3, each cent once",
    "state whom the provider bills in billing_account_id (the project in sub_account_id), by the "
    "provider's own ids, and let no id depend on the account's name: what two accounts both reach "
    "is known by them",
)

_AGAIN = "configured again"
_FLOWING = (Stream.USAGE, Stream.DAILY, Stream.LEDGER)


async def overlapping(subject: Subject) -> None:
    """Require that an account that is configured twice counts once, and that the second says so."""
    with subject.serve() as harness:
        (account,) = harness.accounts(1)
        async with fold_over([account, evolve(account, name=_AGAIN)]) as fold:
            for case in subject.cases():
                expected = await subject.answer(case, 1)
                if expected.items:
                    await _require_once(fold, case, expected)


async def _require_once(fold: Billfold, case: Case, expected: Answer[Any]) -> None:
    about = f"{case.stream} of one account that is configured twice"
    answer = await case.read(fold)
    require_total(ONCE, about, answer, totals(expected))
    details = [row.detail or "" for row in answer.coverage if row.account == _AGAIN]
    said = any("already counted" in detail for detail in details)
    require(said, ONCE, f"{about}: nothing says so: {states(answer)}")
    if case.stream in _FLOWING:
        flow = fold.flow(case.stream, case.period)
        async with aclosing(aiter(flow)) as items:
            flowed = [item async for item in items]
        seen = f"{about} flows as {len(flowed)} records, not {len(expected)}"
        require(len(flowed) == len(expected), ONCE, seen)
