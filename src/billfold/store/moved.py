"""What moves to another window: lines go where their invoice goes, charges where their usage.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve

from billfold.period import Period
from billfold.store.known import Known, Window
from billfold.store.records import Block, Booked


def at_home(read: Iterable[Block], homes: Mapping[str, Period]) -> list[Block]:
    """Return what was read, each part in the window where its owner is.

    ``homes`` are the windows in which marks stand. An owner that is known as it is read stays where
    it is; any other is booked in the window that was read.
    """
    placed: list[Block] = []
    home: Period | None = None
    for block in read:
        if block.owner is None:
            home = homes.get(block.marks[0])
        elif home is not None and home != block.window:
            block = evolve(block, window=home)
        placed.append(block)
    return placed


def astray(placed: Iterable[Block], homes: Mapping[str, Period]) -> set[str]:
    """Return the marks of parts that stand in another window than the one where their owner is."""
    return {
        mark
        for block in placed
        if block.owner is not None
        for mark in block.marks
        if homes.get(mark, block.window) != block.window
    }


def moved_owners(known: Iterable[Known], read: Iterable[Block]) -> set[str]:
    """Return the owners that are read for a window which ends at another time than they stand in.

    Their windows begin at one time, which their names say.
    """
    ends = {each.owner: each.window_end for each in known if each.owner == each.record_id}
    return {
        block.owner
        for block in read
        if block.owner is not None and ends.get(block.owner, block.window.end) != block.window.end
    }


def left_behind(known: Iterable[Known], stated: Iterable[Booked]) -> list[Known]:
    """Return the known parts of owners that are stated now in another window."""
    home = {each.record_id: each.window for each in stated if each.owner == each.record_id}
    return [
        each
        for each in known
        if each.owner != each.record_id
        and each.owner in home
        and each.window_start != home[each.owner].start
    ]


def not_elsewhere(
    read: Iterable[Booked], known: Iterable[Known], windows: Sequence[Window]
) -> list[Booked]:
    """Return what was read without the records, and their parts, that another time holds."""
    periods = {each.period for each in windows}
    names = {
        (each.kind, each.record_id)
        for each in known
        if not any(each.window_start in period for period in periods)
    }
    owners = {name for _, name in names}
    return [
        each
        for each in read
        if (each.kind.name, each.record_id) not in names and each.owner not in owners
    ]
