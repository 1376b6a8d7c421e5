"""Billing cycles that cover a period without a gap: what is spread over days can be cut to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import pairwise

from attrs import evolve
from msgspec.structs import replace

from billfold.answer import Answer
from billfold.costs.lines import Line
from billfold.counted import sentences
from billfold.coverage import Coverage, unwatched_text
from billfold.model import ANSWERED, State, Usage, first_billed
from billfold.period import Period, gaps, merged, utc_text

_CUT = "of its billing cycles, the days in the period are counted"
_KEPT = "billfold sync keeps what it reads"
_Scope = tuple[str, str | None, str | None]  # a provider, who pays, and the project
_WHOLE = frozenset({State.COMPLETE, State.DIFFERENT_WINDOW})


def accounts_in_cycles(answer: Answer[Usage]) -> frozenset[str]:
    """Return the accounts that answer with windows of their own: billing cycles.

    One that goes beyond the period asked is such a window and, where none was asked, one that is
    not of whole months.
    """
    return frozenset(usage.account for usage in answer if _is_cycle(usage, answer.requested))


def _is_cycle(usage: Usage, requested: Period | None) -> bool:
    if requested is None:
        return not usage.covers.is_whole_months
    return _exceeds([usage.covers], requested)


def covered_by_cycles(answer: Answer[Usage]) -> frozenset[str]:
    """Return the accounts whose whole cycles cover the period asked for, each project's by itself.

    Cycles that overlap, or leave a part of the period out, cover nothing. A project that went from
    one account to another has its cycles in both. An account of which others count everything is
    covered where they are.
    """
    period = answer.requested
    if period is None or period != period.whole_days():
        return frozenset()
    whole = _read_whole(answer, period)
    usages: dict[str, dict[_Scope, list[Usage]]] = {}
    anywhere: dict[_Scope, list[Usage]] = {}
    for usage in answer:
        scope = usage.provider, usage.billing_account_id, usage.sub_account_id
        usages.setdefault(usage.account, {}).setdefault(scope, []).append(usage)
        if usage.account in whole and usage.sub_account_id is not None:
            anywhere.setdefault(scope, []).append(usage)
    covered = {
        account
        for account, scopes in usages.items()
        if account in whole
        and any(_exceeds([each.covers for each in own], period) for own in scopes.values())
        and all(
            _cover(own, period) or _cover(anywhere.get(scope, ()), period)
            for scope, own in scopes.items()
        )
    }
    return frozenset(covered | _counted_in(covered, whole - usages.keys(), answer.coverage, period))


def _counted_in(
    covered: AbstractSet[str], others: AbstractSet[str], rows: Iterable[Coverage], period: Period
) -> AbstractSet[str]:
    """Return those of the others whose windows cover the period and are counted in covered ones."""
    windows: dict[str, list[Period]] = {}
    for row in rows:
        if row.covers is not None and not covered.isdisjoint(row.counted_in):
            windows.setdefault(row.account, []).append(row.covers)
    return {name for name, own in windows.items() if name in others and not gaps(period, own)}


def _read_whole(answer: Answer[Usage], period: Period) -> AbstractSet[str]:
    """Return the accounts that answered in full, not before the period was over, nor only then."""
    states: dict[str, set[State]] = {}
    for row in answer.coverage:
        states.setdefault(row.account, set()).add(row.state)
    failed = {error.account for error in answer.failures}
    # A cycle that runs and was read last before the period's end has not stated all of it.
    early = {row.account for row in answer.coverage if row.first_read or _is_early(row, period)}
    return {name for name, own in states.items() if own <= _WHOLE} - failed - early


def _is_early(row: Coverage, period: Period) -> bool:
    return row.known_until is not None and row.known_until < period.end


def _exceeds(windows: Iterable[Period], period: Period) -> bool:
    return any(each.start < period.start or each.end > period.end for each in windows)


def _cover(usages: Iterable[Usage], period: Period) -> bool:
    """Return whether one project's cycles cover a period, or as much of it as the project has."""
    ordered = sorted(usages, key=lambda each: each.covers)
    if any(one.covers.overlaps(other.covers) for one, other in pairwise(ordered)):
        return False
    stated = (each.since for each in ordered if each.since is not None)
    since = first_billed(max(stated, default=None), (each.covers for each in ordered))
    if since is not None and period.start < since < period.end:
        period = Period(since, period.end)
    return any(each.encloses(period) for each in merged(each.covers for each in ordered))


def counted_days(usage: Usage, requested: Period | None) -> Period | None:
    """Return the period of which a spread usage counts the days; None where all of it counts.

    A billing cycle that crosses the bounds of what was asked counts by its days inside.
    """
    if requested is None or requested != requested.whole_days():
        return None
    return requested if _exceeds([usage.covers], requested) else None


def cut_to(period: Period | None, lines: Sequence[Line]) -> Sequence[Line]:
    """Return those lines of a charge whose day lies in a period; of None, all of them.

    Where some are left out, the others are marked cut.
    """
    if period is None:
        return lines
    first, end = period.start.date(), period.end.date()
    inside = [line for line in lines if first <= (line.day or line.booked_on) < end]
    if len(inside) == len(lines):
        return lines
    return [replace(line, cut=True) for line in inside]


def as_spread(answer: Answer[Usage]) -> Answer[Usage]:
    """Return the answer, complete where whole cycles cover the period: their days are estimated.

    Of cycles that cross the period and do not cover it, the days within count, which is said, and
    up to when.
    """
    period, accounts = answer.requested, covered_by_cycles(answer)
    crossing = {each.account for each in answer if counted_days(each, period)}
    rows = []
    for row in answer.coverage:
        if row.is_hole and row.account in accounts:
            rows.append(_estimated(row))
        elif period and row.is_hole and row.account in crossing and row.state in ANSWERED:
            rows.append(evolve(row, detail=_joined(row.detail, _cut_text(row, period))))
        else:
            rows.append(row)
    # The rows of such accounts do not say any more until when their cycles are known.
    until = read_until(answer)
    items = (
        evolve(each, known_until=until(each)) if each.account in accounts else each
        for each in answer
    )
    return evolve(answer, items=tuple(items), coverage=tuple(rows))


def _cut_text(row: Coverage, period: Period) -> str:
    """Return that the days in a period count, up to when, and what nobody can know of it."""
    until = row.known_until
    said = _CUT if until is None or until >= period.end else f"{_CUT}, up to {utc_text(until)}"
    if row.first_read is None:
        return said
    return f"{said}; {unwatched_text(period, row.first_read)}: {_KEPT}"


def _joined(detail: str | None, said: str) -> str | None:
    """Return a detail with what is said besides, once."""
    return detail if detail and said in detail else sentences(detail, said)


def _estimated(row: Coverage) -> Coverage:
    detail = _joined(row.detail, "estimated: whole billing cycles, spread over their days")
    covers, until = row.covers, row.known_until
    # A cycle may still run, but nothing more of the period itself can become known: what it
    # covers is over where it was read.
    if covers is not None and until is not None and covers.start < until < covers.end:
        covers = Period(covers.start, until)
    return evolve(row, state=State.COMPLETE, covers=covers, known_until=None, detail=detail)


def read_until(answer: Answer[Usage]) -> Callable[[Usage], datetime | None]:
    """Return what says until when a usage was seen to cost what it costs.

    Where it does not say so itself, it was seen when its window was read, if that was not over: the
    one of its project where this has a row of its own, as others may be known until another moment.
    """
    until: dict[tuple[str, str | None], datetime] = {}
    for row in answer.coverage:
        if row.state in ANSWERED and row.known_until is not None:
            for place in {(row.account, None), (row.account, row.part)}:
                until[place] = min(row.known_until, until.get(place, row.known_until))
    own = {(row.account, row.part) for row in answer.coverage if row.state in ANSWERED}

    def of(usage: Usage) -> datetime | None:
        if usage.known_until is not None:
            return usage.known_until
        parts = [each for each in (usage.sub_account_id, usage.billing_account_id) if each]
        places = [(usage.account, part) for part in (*parts, None)]
        place = next((each for each in places if each in own), (usage.account, None))
        return until.get(place)

    return of
