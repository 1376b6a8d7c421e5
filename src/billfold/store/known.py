"""What is known and what changes it: the words in which a reading is compared with the book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from billfold.period import Period
from billfold.store.records import Booked

# Of which usage and service an amount is, and of what time.
Amount = tuple[str, str | None, datetime | None, datetime | None]


@frozen
class Known:
    """A record that the book holds as stated now, by what decides whether it changed."""

    mark: str
    record_id: str
    kind: str
    owner: str
    scope: str
    window_start: datetime
    money: Decimal | None = None
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
    def amount(self) -> Amount:
        """What its shares, if it has any, have in common."""
        return self.owner, self.service, self.period_start, self.period_end


@frozen
class Window:
    """A scope that was read, and the time it was read for; ``scope`` None is the whole account."""

    scope: str | None
    period: Period


class Windows:
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


@frozen
class Changes:
    """What is to be written: records as now stated, and marks of those they replace.

    ``unconfirmed`` are the windows in which nothing was stated where something is known, ``behind``
    the scopes of which a reading that was cut off has other lines or records than are known,
    ``withdrawn`` says of which scopes how many records are taken back and not restated, and
    ``new_names`` are payers that are gone, each with the name that it has now.
    """

    stated: tuple[Booked, ...] = ()
    taken_back: tuple[Known, ...] = ()
    unconfirmed: tuple[Window, ...] = ()
    counts: Mapping[str, int] = field(factory=dict)
    behind: tuple[str, ...] = ()
    withdrawn: Mapping[str, int] = field(factory=dict)
    new_names: frozenset[tuple[str, str]] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.stated or self.taken_back)


def counted_changes(
    stated: Sequence[Booked],
    restated: Sequence[Known],
    withdrawn: Sequence[Known],
    unconfirmed: Iterable[Window] = (),
) -> Changes:
    """Return what is to be written, and how many records that is of each kind of change."""
    counts = Counter(
        new=len(stated) - len(restated), changed=len(restated), withdrawn=len(withdrawn)
    )
    scopes = Counter(each.scope for each in withdrawn)
    taken_back = (*restated, *withdrawn)
    return Changes(tuple(stated), taken_back, tuple(unconfirmed), counts, withdrawn=scopes)
