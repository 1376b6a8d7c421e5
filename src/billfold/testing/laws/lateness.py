"""The law of late rows: a month that is over grows if that was declared, and not otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from billfold.adapter import streams
from billfold.answer import Answer
from billfold.model import WINDOWED
from billfold.testing.harness import LAST_MONTH, NOW, Case, Subject, fold_over
from billfold.testing.rules import Rule, require, require_same, totals

LATE = Rule(
    "law 4, what is not final is read again",
    "declare in `Declaration.late_data` for how long the provider states more of a time that is "
    "over, at least as long as its simulator does, and say it in the words of its LateData",
)
GROWS = Rule(
    "law 4, what is not final is read again",
    "book what comes late in the month that it is of, and let the simulator state something of a "
    "month within the time that `Declaration.late_data` has, and not before",
)

_HOUR = timedelta(hours=1)


async def declared(subject: Subject) -> int:
    """Require that a month is stated once it is over, or as long after as its stream declares.

    What is declared to come late has to come in the month that it is of.
    """
    count = 0
    for stream in streams(subject.adapter):
        case = Case(stream, LAST_MONTH)
        if stream not in WINDOWED or case not in subject.cases():
            continue
        late = subject.adapter.declares.late_data.get(stream)
        soon = LAST_MONTH.end + _HOUR
        final = soon if late is None else soon + late.within
        if final >= NOW:
            continue  # nobody can tell yet
        count += await _require_final(subject, case, final)
        if late is not None:
            count += await _require_grown(subject, case, soon)
    return count


async def _require_final(subject: Subject, case: Case, final: datetime) -> bool:
    early, later = await _at(subject, case, final), await subject.answer(case)
    if not (early.complete and later.complete):
        return False
    about = f"{case}, as it is at {final:%Y-%m-%d %H:%M} and again later"
    require_same(LATE, about, early, later)
    return True


async def _require_grown(subject: Subject, case: Case, soon: datetime) -> bool:
    early, later = await _at(subject, case, soon), await subject.answer(case)
    if not (early.complete and later.complete):
        return False
    about = f"{case}, as it is at {soon:%Y-%m-%d %H:%M}, adds up to what it does later"
    require(totals(early) != totals(later), GROWS, f"{about}: nothing came late")
    return True


async def _at(subject: Subject, case: Case, now: datetime) -> Answer[Any]:
    with subject.serve(now=now) as harness:
        async with fold_over(harness.accounts(), now=now) as fold:
            return await case.read(fold)
