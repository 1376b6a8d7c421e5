"""What a reading changes in the book: pure, and the one place that decides it.

A whole reading takes back what it no longer states. One that is not whole takes nothing back: it
restates records of equal id, and adds to windows that no whole reading has covered. Nothing where
there was something confirms nothing, and takes nothing back either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from attrs import field, frozen

from billfold.period import Period
from billfold.store.records import Booked


@frozen
class Known:
    """A record that the book holds as stated now, by what decides whether it changed."""

    fingerprint: str
    record_id: str
    kind: str
    owner: str
    scope: str
    window_start: datetime
    derived: bool = False


@frozen
class Changes:
    """What is to be written: records as now stated, and fingerprints of those they replace.

    ``unconfirmed`` names the scopes that stated nothing where something is known.
    """

    stated: tuple[Booked, ...] = ()
    taken_back: tuple[Known, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(factory=dict)

    def __bool__(self) -> bool:
        return bool(self.stated or self.taken_back)


@frozen
class Window:
    """A scope that was read, and the time it was read for; ``scope`` None is the whole account."""

    scope: str | None
    period: Period

    def holds(self, known: Known) -> bool:
        """Return whether a known record was read for this window."""
        return self.scope in (None, known.scope) and known.window_start in self.period


# What is known of records by their fingerprints.
Details = Callable[[AbstractSet[str]], Iterable[Known]]


def changes(
    standing: AbstractSet[str],
    details: Details,
    read: Sequence[Booked],
    windows: Sequence[Window],
    *,
    is_whole: bool,
    covered: Sequence[Window] = (),
) -> Changes:
    """Return what a reading of ``windows`` changes in what is known of its account.

    ``standing`` are the fingerprints of what is known; ``details`` is asked for those that matter,
    for there are very many, and most days change few of them. ``covered`` are the windows that a
    whole reading has answered before.
    """
    now = {each.fingerprint: each for each in read}
    if is_whole:
        new = [each for key, each in now.items() if key not in standing]
        return _by_whole(new, list(details(standing - now.keys())), now.values(), windows)
    before = {each.fingerprint: each for each in details(standing)}
    return _by_part(before, now, covered)


def _by_whole(
    new: Sequence[Booked],
    gone: Sequence[Known],
    now: Iterable[Booked],
    windows: Sequence[Window],
) -> Changes:
    ids = {(each.kind.name, each.record_id) for each in new}
    restated = [each for each in gone if (each.kind, each.record_id) in ids]
    absent = [
        each
        for each in gone
        if (each.kind, each.record_id) not in ids and any(window.holds(each) for window in windows)
    ]
    silent = _silent(windows, absent, now)
    unconfirmed = {each.scope for each in absent for window in silent if window.holds(each)}
    return _counted(
        [each for each in new if each.scope not in unconfirmed],
        [each for each in restated if each.scope not in unconfirmed],
        [each for each in absent if each.scope not in unconfirmed],
        sorted(unconfirmed),
    )


def _silent(
    windows: Sequence[Window], absent: Sequence[Known], now: Iterable[Booked]
) -> list[Window]:
    """Return the windows in which something was known, and nothing is stated any more.

    A usage without charges says that nothing was used: it confirms no line that was there.
    """
    if not absent:
        return []
    spoken = [(each.scope, each.window.start) for each in now if each.kind.name != "usage"]
    return [
        window
        for window in windows
        if not any(
            window.scope in (None, scope) and start in window.period for scope, start in spoken
        )
    ]


def _by_part(
    before: Mapping[str, Known], now: Mapping[str, Booked], covered: Sequence[Window]
) -> Changes:
    by_id = {(each.kind, each.record_id): each for each in before.values()}
    kept = _owners_with_more(before.values(), now.values())
    stated: list[Booked] = []
    taken_back: list[Known] = []
    for key, each in now.items():
        if key in before:
            continue
        older = by_id.get((each.kind.name, each.record_id))
        is_covered = _is_covered(each, covered)
        if each.derived and (is_covered or each.owner in kept):
            continue  # it fills up to a total what other lines already say
        if older is None and is_covered:
            continue
        stated.append(each)
        if older is not None:
            taken_back.append(older)
    owners = {each.owner for each in now.values() if not _is_covered(each, covered)}
    fills = [
        each
        for each in before.values()
        if each.derived
        and each.owner in owners
        and each not in taken_back
        and (each.fingerprint not in now or each.owner in kept)
    ]
    return _counted(stated, taken_back, fills, ())


def _owners_with_more(before: Iterable[Known], now: Iterable[Booked]) -> set[str]:
    """Return the usages of which lines are known that this reading does not have."""
    ids = {(each.kind.name, each.record_id) for each in now}
    return {
        each.owner for each in before if not each.derived and (each.kind, each.record_id) not in ids
    }


def _is_covered(each: Booked, covered: Sequence[Window]) -> bool:
    return any(
        window.scope in (None, each.scope) and each.window.start in window.period
        for window in covered
    )


def _counted(
    stated: Sequence[Booked],
    restated: Sequence[Known],
    withdrawn: Sequence[Known],
    unconfirmed: Iterable[str],
) -> Changes:
    counts = Counter(
        new=len(stated) - len(restated), changed=len(restated), withdrawn=len(withdrawn)
    )
    return Changes(tuple(stated), (*restated, *withdrawn), tuple(unconfirmed), counts)
