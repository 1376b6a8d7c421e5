"""Who had no billing cycle when an account was read whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby
from operator import itemgetter

from billfold.columns import Row
from billfold.period import Period, merged
from billfold.store.confirmed import WINDOWS
from billfold.store.scopes import whose
from billfold.store.sync_rows import idle


class Idle:
    """The projects, by the months in which readings found them without a billing cycle.

    Such a project has no window, and is among the idle parts of the reading; one that the account
    did not reach is not, and may have had a cycle. Where it had no project, nobody had one.
    """

    def __init__(self, readings: Sequence[Row] = ()) -> None:
        self._months: dict[Period, list[AbstractSet[str]]] = {}
        self._of_nobody = set[Period]()
        for _, group in groupby(readings, itemgetter("known_at")):
            rows = [*group]
            windows = [each for row in rows for each in WINDOWS.decode(row["confirmed"] or "[]")]
            if not windows:
                continue
            read = {None if scope is None else whose(scope) for scope, *_ in windows}
            found = frozenset[str]().union(*map(idle, rows)) - read
            month = Period.month_of(rows[0]["read_at"])
            self._months.setdefault(month, []).append(found)
            if read == {None} and not found:
                self._of_nobody.add(month)

    def has(self, name: str, period: Period) -> bool:
        """Return whether a reading in the month of a period found a project without a cycle."""
        month = Period.month_of(period.start)
        return month in self._of_nobody or any(name in each for each in self._months.get(month, ()))

    def without(self, lacking: Mapping[str, Sequence[Period]]) -> Mapping[str, list[Period]]:
        """Return what is lacking of projects, by their ids, but the months in which they had none.

        What is left of one has its months side by side as one time.
        """
        found: dict[str, list[Period]] = {}
        for name, periods in lacking.items():
            months = (each for period in periods for each in period.split_months())
            if left := merged(each for each in months if not self.has(name, each)):
                found[name] = [*left]
        return found
