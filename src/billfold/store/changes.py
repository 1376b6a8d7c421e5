"""What a reading changes in the book: pure, and the one place that decides it.

A whole reading takes back what it no longer states. One that is not whole is never about what was
read whole after its end (see :mod:`billfold.store.closed`), and takes nothing back: it
restates records of equal id, and adds to windows that no whole reading has covered. The shares of
one stated amount are restated all together. A usage states a total only beside the lines that make
it: where such a reading has other lines than are known, it is not restated, and has no total any
more where some of its lines are. What fills a usage up to its total is as stated beside
the lines that are known, where it has them all and no other. A charge never stands without its
usage: what such a reading has in a usage of another window than the one that a whole reading left
(a month in halves, or no longer) changes nothing. Nothing where there was something confirms
nothing, and takes nothing back either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import chain

from attrs import evolve, field, frozen

from billfold.period import Period
from billfold.store.records import Block, Booked
from billfold.store.scopes import payer

# Of which usage and service an amount is, and of what time.
_Amount = tuple[str, str | None, datetime | None, datetime | None]


@frozen
class Known:
    """A record that the book holds as stated now, by what decides whether it changed."""

    mark: str
    record_id: str
    kind: str
    owner: str
    scope: str
    window_start: datetime
    derived: bool = False
    service: str | None = None
    period_start: datetime | None = None
    period_end: datetime | None = None
    window_end: datetime | None = None

    @property
    def fills(self) -> bool:
        """Whether it fills its usage up to a total: the whole window's, and no share of a day."""
        window = self.window_start, self.window_end
        return bool(self.derived) and (self.period_start, self.period_end) == window

    @property
    def amount(self) -> _Amount:
        """What its shares, if it has any, have in common."""
        return self.owner, self.service, self.period_start, self.period_end


@frozen
class Window:
    """A scope that was read, and the time it was read for; ``scope`` None is the whole account."""

    scope: str | None
    period: Period


class _Windows:
    """Windows to look records up in: there may be thousands of both."""

    def __init__(self, windows: Iterable[Window]) -> None:
        self._by_scope: dict[str | None, list[Window]] = {}
        for each in windows:
            self._by_scope.setdefault(each.scope, []).append(each)

    def of(self, scope: str, start: datetime) -> Window | None:
        """Return the window that a record of a scope was read for."""
        for key in (scope, None):
            for window in self._by_scope.get(key, ()):
                if start in window.period:
                    return window
        return None

    def hold(self, known: Known) -> bool:
        """Return whether a known record was read for one of these windows."""
        return self.of(known.scope, known.window_start) is not None

    def reach(self, read: Booked) -> bool:
        """Return whether a record that was read now is of one of these windows."""
        return self.of(read.scope, read.window.start) is not None


class _Left:
    """The times that a whole reading was for, of organizations that it no longer reaches.

    A project that is not named any more may have been deleted, and what it cost stays. Who states
    nothing that was used has left nobody.
    """

    def __init__(self, windows: Iterable[Window], read: Iterable[Block]) -> None:
        named = {each.scope for each in windows if each.scope is not None}
        self._payers = {None, *map(payer, named)}
        self._periods = {each.window for each in read if named and each.kind.name != "usage"}

    def hold(self, known: Known) -> bool:
        """Return whether a known record is of one of these times, and of such an organization."""
        is_then = any(known.window_start in period for period in self._periods)
        return is_then and payer(known.scope) not in self._payers


@frozen
class Changes:
    """What is to be written: records as now stated, and marks of those they replace.

    ``unconfirmed`` are the windows in which nothing was stated where something is known, ``behind``
    the scopes of which a reading that was cut off has other lines than are known.
    """

    stated: tuple[Booked, ...] = ()
    taken_back: tuple[Known, ...] = ()
    unconfirmed: tuple[Window, ...] = ()
    counts: Mapping[str, int] = field(factory=dict)
    behind: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.stated or self.taken_back)


def changes(
    standing: AbstractSet[str],
    gone: Sequence[Known],
    read: Sequence[Block],
    windows: Sequence[Window],
    *,
    is_whole: bool,
    covered: Sequence[Window] = (),
    is_moving: bool = False,
) -> Changes:
    """Return what a reading of ``windows`` changes in what is known of its account.

    ``standing`` are the marks of what is known, ``gone`` those of them that may be gone: after a
    whole reading what it no longer states, else all. ``covered`` are the windows that a
    whole reading has answered before. A record ``is_moving`` where it keeps its id in the window of
    another time; else what another time holds under this id is another record.
    """
    if is_whole:
        same = gone if is_moving else _of_these_times(gone, windows)
        return _by_whole(_not_yet(standing, read), same, read, windows)
    before = gone if is_moving else _of_these_times(gone, windows)
    now = {each.mark: each for block in read for each in block.every()}
    return _by_part({each.mark: each for each in before}, now, _Windows(covered))


def no_longer_stated(standing: set[str], read: Iterable[Block]) -> set[str]:
    """Return what is known and not among what was read."""
    return standing.difference(chain.from_iterable(block.marks for block in read))


def _not_yet(standing: AbstractSet[str], read: Iterable[Block]) -> Sequence[Booked]:
    """Return what was read and is not known, once each."""
    new = {
        mark: (block, number)
        for block in read
        for number, mark in enumerate(block.marks)
        if mark not in standing
    }
    return [block.booked(number) for block, number in new.values()]


def _of_these_times(known: Iterable[Known], windows: Iterable[Window]) -> list[Known]:
    """Return the records of the windows' times, whatever their scope: a project may be moved."""
    periods = {window.period for window in windows}
    return [each for each in known if any(each.window_start in period for period in periods)]


def _by_whole(
    new: Sequence[Booked],
    gone: Sequence[Known],
    read: Iterable[Block],
    windows: Sequence[Window],
) -> Changes:
    ids = {(each.kind.name, each.record_id) for each in new}
    reached = _Windows(windows)
    left = _Left(windows, read)
    absent = [
        each
        for each in gone
        if (each.kind, each.record_id) not in ids and (reached.hold(each) or left.hold(each))
    ]
    unconfirmed = _silent(windows, absent, read)
    silent = _Windows(unconfirmed)
    stated = [each for each in new if not silent.reach(each)]
    ids = {(each.kind.name, each.record_id) for each in stated}
    older = [each for each in gone if (each.kind, each.record_id) in ids]
    once = {(each.kind, each.record_id): each for each in older}
    # Older stores may hold one record in two spellings.
    twice = [each for each in older if once[each.kind, each.record_id] is not each]
    left_out = [each for each in absent if not silent.hold(each)]
    return _counted(stated, tuple(once.values()), [*left_out, *twice], unconfirmed)


def _silent(
    windows: Sequence[Window], absent: Sequence[Known], read: Iterable[Block]
) -> list[Window]:
    """Return the windows in which something was known, and nothing is stated any more.

    A usage without charges says that nothing was used: it confirms no line that was there.
    """
    if not absent:
        return []
    reached = _Windows(windows)
    missed = {reached.of(each.scope, each.window_start) for each in absent}
    stated = {(each.scope, each.window.start) for each in read if each.kind.name != "usage"}
    spoken = {reached.of(scope, start) for scope, start in stated}
    return [window for window in windows if window in missed and window not in spoken]


def _by_part(before: Mapping[str, Known], read: Mapping[str, Booked], covered: _Windows) -> Changes:
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
    done = _counted(stated, taken_back, withdrawn, ())
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
    before: Mapping[str, Known], read: Mapping[str, Booked], covered: _Windows
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


def _shared(before: Iterable[Known], now: Iterable[Booked]) -> set[_Amount]:
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
    before: Iterable[Known], now: Iterable[Booked], shared: AbstractSet[_Amount]
) -> set[str]:
    """Return the usages of which lines are known that this reading does not have."""
    ids = {(each.kind.name, each.record_id) for each in now}
    return {
        each.owner
        for each in before
        if not each.fills and each.amount not in shared and (each.kind, each.record_id) not in ids
    }


def _owners_with_new(
    before: Iterable[Known], now: Iterable[Booked], shared: AbstractSet[_Amount]
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


def _counted(
    stated: Sequence[Booked],
    restated: Sequence[Known],
    withdrawn: Sequence[Known],
    unconfirmed: Iterable[Window],
) -> Changes:
    counts = Counter(
        new=len(stated) - len(restated), changed=len(restated), withdrawn=len(withdrawn)
    )
    return Changes(tuple(stated), (*restated, *withdrawn), tuple(unconfirmed), counts)
