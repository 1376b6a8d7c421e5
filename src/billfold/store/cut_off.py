"""What a reading changes that was cut off, of windows that no whole reading has closed: pure.

It takes nothing back, restates records of equal id, and adds to windows that no whole reading has
covered. The shares of one stated amount are restated all together. A usage states a total only
beside the lines that make it: where such a reading has other lines than are known, it is not
restated, and has no total any more where some of its lines are. What fills it up to its total is
restated beside the lines that are known, if the reading has no other. A charge never stands without
its usage: what such a reading has in a usage of another window than the one that a whole reading
left (a month in halves, or no longer) changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from attrs import evolve

from billfold.store.known import Amount, Changes, Known, Windows, counted_changes
from billfold.store.records import Booked


def by_part(before: Mapping[str, Known], read: Mapping[str, Booked], covered: Windows) -> Changes:
    """Return what a reading that was cut off changes in what was known ``before``, by mark."""
    now = _of_known_windows(before, read, covered)
    by_id = {(each.kind, each.record_id): each for each in before.values() if each.mark not in now}
    shared = _shared(before.values(), now.values())
    kept = _owners_with_more(before.values(), now.values(), shared)
    told = {each.owner for each in now.values()} - kept
    told -= _owners_with_new(before.values(), now.values(), shared)
    stated: list[Booked] = []
    taken_back: list[Known] = []
    for key, each in now.items():
        if key in before:
            continue
        older = by_id.get((each.kind.name, each.record_id))
        is_covered = covered.reach(each) and not (each.fills and each.owner in told)
        if each.fills and (is_covered or each.owner in kept):
            continue  # it fills up to a total what other lines already say
        if older is None and is_covered and each.amount not in shared:
            continue
        stated.append(each)
        if older is not None:
            taken_back.append(older)
    open_owners = {each.owner for each in now.values() if not covered.reach(each)}
    owners = told | open_owners
    fills = [
        each
        for each in before.values()
        if each.fills
        and each.owner in owners
        and each not in taken_back
        and (each.mark not in now or each.owner in kept)
    ]
    present = {(each.kind.name, each.record_id) for each in now.values()}
    otherwise = [
        each for key, each in by_id.items() if each.amount in shared and key not in present
    ]
    withdrawn = [*fills, *otherwise]
    usages = [
        each
        for each in now.values()
        if each.kind.name == "usage" and each.owner not in told | (open_owners - kept)
    ]
    moved = {each.owner for each in stated if each.kind.name != "usage"}
    moved |= {each.owner for each in withdrawn}
    _settle_totals(usages, moved, before, stated, taken_back)
    done = counted_changes(stated, taken_back, withdrawn)
    return evolve(done, behind=tuple(sorted({each.scope for each in usages})))


def _settle_totals(
    usages: Iterable[Booked],
    moved: AbstractSet[str],
    before: Mapping[str, Known],
    stated: list[Booked],
    taken_back: list[Known],
) -> None:
    """Leave usages of which other lines are known as they are; without a total if a line moved."""
    known = {each.owner: each for each in before.values() if each.kind == "usage"}
    for each in (one for one in usages if one.has_total):
        older = known.get(each.owner)
        if each in stated:
            stated.remove(each)
        if older in taken_back:
            taken_back.remove(older)
        as_left = each.without_total()
        if each.owner in moved and (older is None or as_left.mark != older.mark):
            stated.append(as_left)
            taken_back += [] if older is None else [older]


def _of_known_windows(
    before: Mapping[str, Known], read: Mapping[str, Booked], covered: Windows
) -> Mapping[str, Booked]:
    """Return what was read without the usages that would replace a whole one of another window."""
    known = {(each.owner, each.window_end) for each in before.values() if each.kind == "usage"}
    others = {
        each.owner
        for each in read.values()
        if each.kind.name == "usage"
        and covered.reach(each)
        and (each.owner, each.window.end) not in known
    }
    return {mark: each for mark, each in read.items() if each.owner not in others}


def _shared(before: Iterable[Known], now: Iterable[Booked]) -> set[Amount]:
    """Return the amounts that are known and stated now, at least once by their shares.

    Who states one share of an amount, or the amount, has read all of it.
    """
    known = {each.amount: False for each in before}
    for each in before:
        known[each.amount] |= bool(each.derived) and not each.fills
    return {
        each.amount
        for each in now
        if each.amount in known and (known[each.amount] or (each.derived and not each.fills))
    }


def _owners_with_more(
    before: Iterable[Known], now: Iterable[Booked], shared: AbstractSet[Amount]
) -> set[str]:
    """Return the usages of which lines are known that this reading does not have."""
    ids = {(each.kind.name, each.record_id) for each in now}
    return {
        each.owner
        for each in before
        if not each.fills and each.amount not in shared and (each.kind, each.record_id) not in ids
    }


def _owners_with_new(
    before: Iterable[Known], now: Iterable[Booked], shared: AbstractSet[Amount]
) -> set[str]:
    """Return the usages of which this reading has lines that are not known."""
    ids = {(each.kind, each.record_id) for each in before}
    return {
        each.owner
        for each in now
        if not each.fills
        and each.amount not in shared
        and (each.kind.name, each.record_id) not in ids
    }
