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

from attrs import evolve, frozen

from billfold.store.known import Amount, Changes, Known, Windows, counted_changes
from billfold.store.records import Booked

# What is stated now under a kind and an id, and what of it is taken back, if it was known.
_Restated = dict[tuple[str, str], tuple[Booked, Known | None]]


@frozen(eq=False)
class _Part:
    """What was known ``before``, by mark, beside what a reading that was cut off states ``now``.

    ``shared`` are the amounts that it states, and that are known or stated by their shares. Of the
    usages in ``more`` lines are known that it does not have; those in ``told`` it has with all
    lines that are known, and no other; those in ``open`` no whole reading has ``covered``.
    """

    before: Mapping[str, Known]
    now: Mapping[str, Booked]
    covered: Windows
    shared: AbstractSet[Amount]
    more: AbstractSet[str]
    told: AbstractSet[str]
    open: AbstractSet[str]

    def otherwise_known(self) -> dict[tuple[str, str], Known]:
        """Return what is known, and not stated as it is known, by kind and id."""
        own = (each for mark, each in self.before.items() if mark not in self.now)
        return {(each.kind, each.record_id): each for each in own}

    def is_covered(self, each: Booked) -> bool:
        """Return whether a whole reading said what there is beside what it says."""
        return self.covered.reach(each) and not (each.fills and each.owner in self.told)

    def unsettled(self) -> list[Booked]:
        """Return the usages of which other lines are known than this reading has."""
        settled = self.told | (self.open - self.more)
        return [
            each
            for each in self.now.values()
            if each.kind.name == "usage" and each.owner not in settled
        ]


def by_part(before: Mapping[str, Known], read: Mapping[str, Booked], covered: Windows) -> Changes:
    """Return what a reading that was cut off changes in what was known ``before``, by mark."""
    part = _compared(before, _of_known_windows(before, read, covered), covered)
    restated, missed = _restated(part)
    withdrawn = [*_filling(part, restated), *_other_shares(part)]
    moved = {each.owner for each, _ in restated.values() if each.kind.name != "usage"}
    moved |= {each.owner for each in withdrawn}
    unsettled = part.unsettled()
    _settle_totals(part, unsettled, moved, restated)
    stated = [each for each, _ in restated.values()]
    taken_back = [older for _, older in restated.values() if older is not None]
    done = counted_changes(stated, taken_back, withdrawn)
    behind = missed | {each.scope for each in unsettled}
    return evolve(done, behind=tuple(sorted(behind)))


def _compared(before: Mapping[str, Known], now: Mapping[str, Booked], covered: Windows) -> _Part:
    known, read = before.values(), now.values()
    shared = _shared(known, read)
    more = _owners_with_more(known, read, shared)
    told = {each.owner for each in read} - more - _owners_with_new(known, read, shared)
    still_open = {each.owner for each in read if not covered.reach(each)}
    return _Part(before, now, covered, shared, more, told, still_open)


def _restated(part: _Part) -> tuple[_Restated, set[str]]:
    """Return what is stated otherwise than it is known, or new where anything may be added.

    With it come the scopes of what is new, and may not be.
    """
    otherwise = part.otherwise_known()
    restated, missed = _Restated(), set[str]()
    for mark, each in part.now.items():
        key = each.kind.name, each.record_id
        older, is_covered = otherwise.get(key), part.is_covered(each)
        if mark in part.before:
            continue
        if each.fills and (is_covered or each.owner in part.more):
            continue  # it fills up to a total what other lines already say
        if older is None and is_covered and each.amount not in part.shared:
            missed.add(each.scope)
        else:
            restated[key] = each, older
    return restated, missed


def _filling(part: _Part, restated: _Restated) -> list[Known]:
    """Return what filled usages up to a total that are known by their lines now."""
    owners = part.told | part.open
    replaced = {older.mark for _, older in restated.values() if older is not None}
    return [
        each
        for each in part.before.values()
        if each.fills
        and each.owner in owners
        and each.mark not in replaced
        and (each.mark not in part.now or each.owner in part.more)
    ]


def _other_shares(part: _Part) -> list[Known]:
    """Return the known shares of amounts that are stated now, and by other shares."""
    present = {(each.kind.name, each.record_id) for each in part.now.values()}
    return [
        each
        for key, each in part.otherwise_known().items()
        if each.amount in part.shared and key not in present
    ]


def _settle_totals(
    part: _Part, unsettled: Iterable[Booked], moved: AbstractSet[str], restated: _Restated
) -> None:
    """Leave usages of which other lines are known as they are; without a total if a line moved."""
    known = {each.owner: each for each in part.before.values() if each.kind == "usage"}
    for each in (one for one in unsettled if one.has_total):
        older, as_left = known.get(each.owner), each.without_total()
        key = each.kind.name, each.record_id
        restated.pop(key, None)
        if each.owner in moved and (older is None or as_left.mark != older.mark):
            restated[key] = as_left, older


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
