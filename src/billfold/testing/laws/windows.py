"""The law of windows: whatever way a window is cut, the parts add up to it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from attrs import evolve

from billfold.answer import Answer
from billfold.facade.billfold import Billfold
from billfold.model import Charge, State, Stream, amounts_of
from billfold.period import Period, has_not_come, span
from billfold.simulators.faults import another_window, respelled_times, wider_window
from billfold.simulators.faults.windows import is_moment
from billfold.testing.harness import LAST_MONTH, NOW, Baseline, Case, Subject, fold_over
from billfold.testing.laws.holes import require_honest
from billfold.testing.laws.numbers import SAME_ID
from billfold.testing.rules import (
    Rule,
    charges,
    require,
    require_same,
    require_total,
    some,
    states,
    totals,
)

WINDOWS = "law 7, windows add up"

ADDS_UP = Rule(
    WINDOWS,
    "ask the provider for exactly the window, its start in and its end out, or answer "
    "State.DIFFERENT_WINDOW with the window around it that the provider can answer for",
)
KEPT = Rule(
    "law 11, no money unread",
    "leave out rows by their own times, and count them in the detail; where rows have none, or a "
    "total cannot be told apart, say State.PARTIAL",
)
OF_ANOTHER = Rule(
    "law 11, no money unread",
    "say State.PARTIAL of a reply with rows far outside the window asked that do not span it: it "
    "may be of another, and so lack what was asked for",
)
SAME_MOMENT = Rule(
    WINDOWS, "read times by billfold.wire.Time, and compare moments, never the text of one"
)
AHEAD = Rule(
    "law 11, no money unread",
    "give every record with the time that the provider states, also where it has not come: the "
    "core names what begins later than now, and says State.PARTIAL",
)
AS_COVERED = Rule(WINDOWS, "let covers be the records' window: read by itself, it gives the same")

_TWO_MONTHS = Period(LAST_MONTH.previous_month().start, LAST_MONTH.end)
# The clocks that are furthest from UTC.
_FAR_ZONES = [timezone(timedelta(hours=hours)) for hours in (14, -12)]
_MIDDLE = LAST_MONTH.start + timedelta(days=14)
# By a clock that is so far behind, what a provider states of these days is of a time ahead.
_BEHIND = timedelta(days=3, hours=5)


async def split(subject: Subject) -> None:
    """Require that any split of a window adds up to it, also at the moment something happened.

    A part may be answered with a window around it, if that is said.
    """
    for case in subject.cases():
        if case.period is None or case.stream is Stream.INVOICES:
            continue  # an invoice is never cut: see the law of invoices' periods
        entire = await subject.answer(case)
        if not entire.complete:
            continue
        with subject.serve() as harness:
            async with harness.fold() as fold:
                cuts = [await _cut(fold, case, entire, moment) for moment in _moments(entire)]
                await _cut_months(fold, case)
        answered = State.COMPLETE in cuts or set(cuts) == {State.DIFFERENT_WINDOW}
        require(answered, ADDS_UP, f"{case} is complete, but no part of it is")


async def kept(subject: Subject) -> int:
    """Require that replies for more time than was asked for add nothing to the window asked."""
    count = 0
    for case in subject.cases():
        if case.period is None or case.stream is Stream.INVOICES:
            continue
        for window in (case.period, _TWO_MONTHS):
            wanted = Case(case.stream, window)
            expected = await subject.baseline(wanted)
            if not _state_times(expected):
                continue  # nobody could tell
            with subject.serve(wider_window()) as harness:
                answer = await harness.read(wanted)
            require_honest(wanted, answer)
            if expected.answer.complete and answer.complete:
                about = f"{wanted}, answered for more time, is {states(answer)}"
                require_total(KEPT, about, answer, totals(expected.answer))
            count += expected.answer.complete
    return count


async def of_another(subject: Subject) -> int:
    """Require that a reply for a month is no complete answer for the month before it."""
    count, month = 0, LAST_MONTH.previous_month()
    for case in subject.cases():
        if case.period is None or case.stream is Stream.INVOICES:
            continue
        wanted, other = Case(case.stream, month), Case(case.stream, LAST_MONTH)
        expected, there = await subject.baseline(wanted), await subject.answer(other)
        if not (expected.answer.complete and _state_times(expected) and _has_money(there)):
            continue  # nobody could tell
        with subject.serve(another_window(LAST_MONTH.start - month.start)) as harness:
            answer = await harness.read(wanted)
        require_honest(wanted, answer)
        if answer.complete:
            about = f"{wanted}, answered for {LAST_MONTH}, is {states(answer)}"
            require_same(OF_ANOTHER, about, answer, expected.answer)
        count += 1
    return count


def _has_money(answer: Answer[Any]) -> bool:
    """Return whether an answer has amounts other than zero."""
    stated = (amounts_of(answer.stream, item) for item in answer)
    return any(money.amount for moneys in stated for money in moneys)


async def respelled(subject: Subject) -> int:
    """Require that moments written by the clocks of other places are the same moments."""
    count = 0
    for case in subject.cases():
        expected = await subject.baseline(case)
        if not expected.answer.complete or not _state_times(expected):
            continue
        for zone in _FAR_ZONES:
            with subject.serve(respelled_times(zone)) as harness:
                answer = await harness.read(case)
            require_honest(case, answer)
            if answer.complete:
                about = f"{case}, with its times written in {zone}, is {states(answer)}"
                require_same(SAME_MOMENT, about, answer, expected.answer)
            count += 1
    return count


async def ahead(subject: Subject) -> int:
    """Require that what begins later than now is neither dropped nor counted in silence.

    So it is read by a clock that is behind. Return how many records were ahead of it.
    """
    count, now = 0, NOW - _BEHIND
    for stream in (Stream.USAGE, Stream.LEDGER):
        case = Case(stream)
        if case not in subject.cases():
            continue
        expected = await subject.baseline(case)
        with subject.serve() as harness:
            async with fold_over(harness.accounts(), now=now) as fold:
                answer = await case.read(fold)
            about = f"{case}, read by a clock that is {_BEHIND} behind, is {states(answer)}"
            if harness.requests() == expected.requests:
                require_same(AHEAD, about, answer, expected.answer)
        moved = set(_begins(answer)) - set(_begins(expected.answer))
        names = some((account, name) for account, name, _ in moved)
        require(not moved, AHEAD, f"{about}, with other times: {names}")
        count += _require_named(about, answer, now)
    return count


def _begins(answer: Answer[Any]) -> list[tuple[str, str, datetime]]:
    """Return the account and the id of each charge or entry with money, and when it begins."""
    if answer.stream is Stream.LEDGER:
        return [(entry.account, entry.id, entry.at) for entry in answer if entry.amount.amount]
    own = (charge for charge in charges(answer) if charge.included_in is None)
    alone = (charge for charge in own if charge.cost is None or charge.cost.amount)
    return [(charge.account, charge.id, charge.period.start) for charge in alone]


def _require_named(about: str, answer: Answer[Any], now: datetime) -> int:
    """Require that an account with records ahead has a hole, and return how many there are."""
    later = [
        (account, name) for account, name, begin in _begins(answer) if has_not_come(begin, now)
    ]
    holes = {row.account for row in answer.coverage if row.is_hole}
    silent = [(account, name) for account, name in later if account not in holes]
    require(not silent, AHEAD, f"{about}, and these have not begun: {some(silent)}")
    return len(later)


def _state_times(expected: Baseline) -> bool:
    """Return whether anything in the replies says when it was."""
    values = (places.values() for places in expected.routes.values())
    return any(is_moment(value) for lists in values for each in lists for value in each)


def _moments(entire: Answer[Any]) -> list[datetime]:
    """Return where to cut: in the middle, where something happened, and at an odd moment."""
    if entire.stream is Stream.DAILY:
        return [_MIDDLE]
    if entire.stream is Stream.USAGE:
        events = {charge.period.start for charge in charges(entire)}
    else:
        events = {entry.at for entry in entire}
    inside = [moment for moment in sorted(events) if LAST_MONTH.start < moment < LAST_MONTH.end]
    return [_MIDDLE, *inside[:: max(1, len(inside) // 3)], _MIDDLE + timedelta(hours=7, minutes=3)]


async def _cut_months(fold: Billfold, case: Case) -> None:
    """Cut two months where they meet, for providers that answer for nothing but whole months."""
    months = Case(case.stream, _TWO_MONTHS)
    entire = await months.read(fold)
    require_honest(months, entire)
    if entire.complete:
        await _cut(fold, months, entire, LAST_MONTH.start)


async def _cut(fold: Billfold, case: Case, entire: Answer[Any], moment: datetime) -> State:
    """Compare a window with its two parts, and return how those are answered."""
    assert case.period is not None
    windows = Period(case.period.start, moment), Period(moment, case.period.end)
    parts = [Case(case.stream, window) for window in windows]
    answers = {part: await part.read(fold) for part in parts}
    for part, answer in answers.items():
        require_honest(part, answer)
    if all(answer.complete for answer in answers.values()):
        records = tuple(record for answer in answers.values() for record in answer)
        added = Answer(case.stream, case.period, records, entire.coverage)
        require_total(ADDS_UP, f"{case}, cut at {moment}", added, totals(entire))
        _require_same_ids(case, entire, added)
        return State.COMPLETE
    for part, answer in answers.items():
        if not answer.complete and not await _is_wider(fold, part, answer):
            return State.PARTIAL
    return State.DIFFERENT_WINDOW


def _require_same_ids(case: Case, entire: Answer[Any], parts: Answer[Any]) -> None:
    """Compare the ids of charges that differ in nothing else; several may be alike."""
    ids: dict[Charge, set[str]] = {}
    for charge in charges(entire):
        ids.setdefault(evolve(charge, id=""), set()).add(charge.id)
    for charge in charges(parts):
        known = ids.get(evolve(charge, id=""), {charge.id})
        about = f"{case}: a charge has the id {some(known)}, and in another window {charge.id}"
        require(charge.id in known, SAME_ID, about)


async def _is_wider(fold: Billfold, part: Case, answer: Answer[Any]) -> bool:
    """Return whether a window around the one asked is answered, with the records it has itself."""
    windows = {row.covers for row in answer.coverage}
    only_other = {row.state for row in answer.coverage} == {State.DIFFERENT_WINDOW}
    window = windows.pop() if len(windows) == 1 else None
    if part.period is None or window is None or not only_other:
        return False
    if span([window, part.period]) != window:
        return False
    expected = await Case(part.stream, window).read(fold)
    about = f"{part} is answered with {window}"
    require(expected.complete, AS_COVERED, f"{about}, which by itself is {states(expected)}")
    require_same(AS_COVERED, about, answer, expected)
    return True
