"""Whether two months' replies have the same records, which may be of one of them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from itertools import combinations

from attrs import define, evolve, field

from billfold.period import Period
from billfold.wire import Steps, at_once, in_slices
from billfold_bnerd.naming_keys import is_about_request
from billfold_bnerd.outside import own_time_elsewhere
from billfold_bnerd.usage_rows import UsageReply, UsageRow, in_one_case

_HOUR = timedelta(hours=1)


@define
class Seen:
    """The replies of several months, to notice the same records in two of them.

    A row with an id of its own and no time, which is the same in both, may be of one month or of
    none: the window may have been ignored. Rows without an id that are all the same may be fees of
    each month, too, which a request for less than the month can tell.
    """

    replies: dict[Period, list[UsageRow]] = field(factory=dict)
    alike: dict[Period, Counter[UsageRow]] = field(factory=dict)

    def add(self, month: Period, reply: UsageReply) -> None:
        """Add a month's reply."""
        at_once(self.adding(month, reply))

    def adding(self, month: Period, reply: UsageReply) -> Steps[None]:
        """Add a month's reply; pauses where it has many rows."""
        self.replies[month] = yield from in_slices(reply.rows, partial(_undated, month))
        if (rows := (yield from _of_any_time(reply))) is not None:
            self.alike[month] = rows

    def repeats(self) -> list[Period]:
        """Return the months in which there are records that an earlier month has, too."""
        known: dict[object, list[UsageRow]] = {}
        again = []
        for month in sorted(self.replies):
            named = [(ident, row) for row in self.replies[month] if (ident := _ident(row))]
            if any(row in known.get(ident, ()) for ident, row in named):
                again.append(month)
            for ident, row in named:
                known.setdefault(ident, []).append(row)
        return again

    def in_doubt(self) -> tuple[Period, Period] | None:
        """Return the first two months with nothing but the same rows, which may be of any time."""
        pairs = combinations(sorted(self.alike), 2)
        return next((pair for pair in pairs if self._are_alike(*pair)), None)

    def _are_alike(self, one: Period, other: Period) -> bool:
        return self.alike[one] == self.alike[other]

    def is_again(self, month: Period, reply: UsageReply) -> bool:
        """Return whether a reply for less than a month has the rows of all of it."""
        return at_once(_of_any_time(reply)) == self.alike[month]


def _ident(row: UsageRow) -> object:
    """Return by what a row without a period is known again: its id, or times that it states."""
    return row.id or tuple(time for time in row.other_times if time.said is not None)


def _undated(month: Period, rows: Iterable[UsageRow]) -> list[UsageRow]:
    """Return the rows without a period, but for those that say that they are of another month."""
    undated = (row for row in rows if row.period is None)
    own = (row for row in undated if own_time_elsewhere(row, month) is None)
    return [_of_any_request(in_one_case(row)) for row in own]


def _without_requests(rows: Iterable[UsageRow]) -> list[UsageRow]:
    return [_of_any_request(in_one_case(row)) for row in rows]


def _of_any_request(row: UsageRow) -> UsageRow:
    """Return a row without what another request for the same has otherwise."""
    rest = {key: value for key, value in row.rest.items() if not is_about_request(key)}
    return row if rest == row.rest else evolve(row, rest=rest)


def _of_any_time(reply: UsageReply) -> Steps[Counter[UsageRow] | None]:
    """Return the rows of a reply that costs something and says in no way when that was."""
    rows = reply.rows
    is_timed = any(row.period is not None or row.id for row in rows) or reply.period is not None
    costs = any(row.cost.money is None or row.cost.money.amount for row in rows)
    if is_timed or not costs:
        return None
    alike = yield from in_slices(rows, _without_requests)
    return Counter(alike)


def part_of(month: Period) -> Period:
    """Return an hour of a month, or of what was requested of it; all of what is shorter."""
    middle = month.start + (month.end - month.start) / 2
    hour = middle.replace(minute=0, second=0, microsecond=0)
    return Period(hour, hour + _HOUR) if month.start <= hour < month.end - _HOUR else month
