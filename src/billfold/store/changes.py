"""What a reading changes in the book: pure, and the one place that decides it.

A whole reading takes back what it no longer states. Nothing from a scope that had something
confirms nothing, and takes nothing back either, unless another account states it or it has another
name now (see :mod:`billfold.store.renamed`). One that is not whole is never about what was read
whole after its end (see :mod:`billfold.store.closed`), and moves nothing to another time (see
:mod:`billfold.store.moved`); what else it changes is in :mod:`billfold.store.cut_off`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from types import MappingProxyType

from attrs import evolve

from billfold.period import Period
from billfold.store.cut_off import by_part
from billfold.store.known import Changes, Known, Window, Windows, counted_changes
from billfold.store.moved import astray, at_home, left_behind, not_elsewhere
from billfold.store.records import Block, Booked
from billfold.store.renamed import NewName, Renamed
from billfold.store.silent import Silent


def changes(
    standing: AbstractSet[str],
    gone: Sequence[Known],
    read: Sequence[Block],
    windows: Sequence[Window],
    *,
    is_whole: bool,
    covered: Sequence[Window] = (),
    is_moving: bool = False,
    homes: Mapping[str, Period] = MappingProxyType({}),
    handed: Sequence[Window] = (),
    new_names: Iterable[NewName] = (),
) -> Changes:
    """Return what a reading of ``windows`` changes in what is known of its account.

    ``standing`` are the marks of what is known, ``gone`` those of them that may be gone: after a
    whole reading what it no longer states where it is, else all. ``covered`` are the windows that a
    whole reading has answered before. A record ``is_moving`` where it keeps its id in the window of
    another time; else what another time holds under this id is another record. ``homes`` are the
    windows in which marks stand, where parts may stand in another one than their owner. What is
    ``handed`` over to another account a whole reading takes back. ``new_names`` of payers are those
    that other readings have proven.
    """
    if is_whole:
        same = gone if is_moving else _of_these_times(gone, [*windows, *handed])
        placed = at_home(read, homes) if homes else read
        in_place = standing - astray(placed, homes) if homes else standing
        renamed = Renamed(standing, same, read, windows, new_names)
        done = _by_whole(_not_yet(in_place, placed), same, read, windows, handed, renamed)
        return evolve(done, new_names=renamed.new_names)
    before = _of_these_times(gone, windows)
    every: Iterable[Booked] = (each for block in read for each in block.every())
    if is_moving:
        every = not_elsewhere(every, gone, windows)
    now = {each.mark: each for each in every}
    return by_part({each.mark: each for each in before}, now, Windows(covered))


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
    """Return the records of the windows' times, of a scope that was read of its own windows'.

    Of any other they are of all windows': a project may be moved.
    """
    own: dict[str | None, set[Period]] = {}
    for window in windows:
        own.setdefault(window.scope, set()).add(window.period)
    of_all, every = own.get(None, set()), set(chain.from_iterable(own.values()))
    times = {scope: periods | of_all for scope, periods in own.items()}
    return [
        each
        for each in known
        if any(each.window_start in period for period in times.get(each.scope, every))
    ]


def _by_whole(
    new: Sequence[Booked],
    gone: Sequence[Known],
    read: Iterable[Block],
    windows: Sequence[Window],
    handed: Sequence[Window],
    renamed: Renamed,
) -> Changes:
    ids = {(each.kind.name, each.record_id) for each in new}
    reached, given = Windows(windows), Windows(handed)
    behind = {each.mark for each in left_behind(gone, new)}
    unstated = [each for each in gone if (each.kind, each.record_id) not in ids]
    moved = [each for each in unstated if given.hold(each) or renamed.hold(each)]
    moved_marks = {each.mark for each in moved}
    absent = [
        each
        for each in unstated
        if each.mark not in moved_marks and (each.mark in behind or reached.hold(each))
    ]
    silent = Silent(windows, absent, read)
    unspoken = silent.of_all()
    stated = [each for each in new if not unspoken.reach(each)]
    ids = {(each.kind.name, each.record_id) for each in stated}
    older = [each for each in gone if (each.kind, each.record_id) in ids]
    once = {(each.kind, each.record_id): each for each in older}
    # Older stores may hold one record in two spellings.
    twice = [each for each in older if once[each.kind, each.record_id] is not each]
    left_out = [*moved, *(each for each in absent if not silent.hold(each))]
    return counted_changes(stated, tuple(once.values()), [*left_out, *twice], silent.windows())
