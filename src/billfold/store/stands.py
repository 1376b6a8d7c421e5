"""Which windows of an account stand: read whole, or in part only and by no whole reading.

A usage stands with its window, whatever the reading was that stated it. Of what else is kept only
the readings say which time they were of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import frozen

from billfold.columns import Row
from billfold.model import ANSWERED, Stream
from billfold.period import Period, gaps, meets, merged
from billfold.store.confirmed import Confirmed, confirmed
from billfold.store.scopes import one_spelling, project_of, scope_of
from billfold.store.sync_rows import cut_off_rows, is_about, period_of, unconfirmed

if TYPE_CHECKING:
    import pyarrow as pa

_WINDOW = "scope", "window_start", "window_end"


@frozen(eq=False)
class Stands:
    """What a book holds of an account: its usages, and the rows that they were made of.

    ``usages`` None is a stream whose records have no windows. ``elsewhere`` is the time of which
    nothing stands here, and of which others read all that the account reaches. ``lost`` is who was
    lost, with windows of which there may be nothing but the usage.
    """

    stream: Stream
    usages: Sequence[Any] | None
    rows: pa.Table | None
    elsewhere: Sequence[Period] = ()
    lost: AbstractSet[tuple[str, Period]] = frozenset()

    def are_elsewhere(self, period: Period) -> bool:
        """Return whether a period is as well known as others read it."""
        return not gaps(period, self.elsewhere)

    def read_whole(self, windows: Sequence[Confirmed]) -> list[Confirmed]:
        """Return those of the windows read whole of which something stands; all if nothing does.

        What was handed over to another account, or is that one's, says nothing of what stands here.
        """
        if self.usages is None:
            is_scoped = any(each.scope for each in windows)
            stand = {*windows_of(self.rows), *self.lost} if is_scoped else set()
            return [
                each
                for each in windows
                if each.scope is None or _are_of(stand, each.scope, each.period)
            ]
        own = self._windows()
        if not own:
            return [*windows]
        found = [each for each in windows if each.scope is None or (each.scope, each.period) in own]
        return found or [*windows]

    def read_in_part(
        self, readings: Sequence[Row], windows: Sequence[Confirmed]
    ) -> list[Confirmed]:
        """Return the windows that stand and were never read whole, and when they were read last.

        ``windows`` are those that were read whole.
        """
        if self.usages is None:
            return [
                *_asked_in_part(self.stream, readings, windows),
                *self._stated_in_part(readings, windows),
                *self._read_without(readings, windows),
            ]
        left = self._windows() - {(each.scope, each.period) for each in windows}
        if not left:
            return []
        booked = self.stated_at(readings)
        return [Confirmed(scope, period, booked[scope, period]) for scope, period in sorted(left)]

    def restated_by(self, sync_id: str, windows: Sequence[Confirmed]) -> list[Confirmed]:
        """Return those of the windows of which anything stands as a sync was the last to state."""
        if self.rows is None:
            return []
        import pyarrow.compute as pc

        own = self.rows.filter(pc.call_function("equal", [self.rows["sync_id"], sync_id]))
        times: dict[str | None, list[Period]] = {None: []}
        for scope, period in windows_of(own):
            times[None].append(period)
            times.setdefault(scope, []).append(period)
        return [each for each in windows if meets(each.period, times.get(each.scope, ()))]

    def stated_at(self, readings: Iterable[Row]) -> Mapping[tuple[str | None, Period], datetime]:
        """Return when the reading was made that stated anything of a window otherwise, the last."""
        assert self.rows is not None, "usages are made of rows"
        read_at = {row["sync_id"]: row["read_at"] for row in readings}
        each_once = (
            self.rows.group_by([*_WINDOW, "sync_id"]).aggregate([("known_at", "min")]).to_pylist()
        )
        booked: dict[tuple[str | None, Period], datetime] = {}
        for row in each_once:
            key = one_spelling(row["scope"]), Period(row["window_start"], row["window_end"])
            # A sync that was cut off has no row: what it booked was read before it was known.
            moment = read_at.get(row["sync_id"], row["known_at_min"])
            booked[key] = max(moment, booked.get(key, moment))
        return booked

    def _windows(self) -> set[tuple[str | None, Period]]:
        """Return whose windows stand.

        Not one without charges, of a project that another pays for in its time; idle before or
        after what it used, a project's window stands as it was read.
        """
        usages = self.usages or ()
        used: dict[str, list[Period]] = {}
        for each in usages:
            if each.charges and (project := project_of(each)):
                used.setdefault(project, []).append(each.covers)
        return {
            (scope_of(self.stream, each), each.covers)
            for each in usages
            if each.charges or not meets(each.covers, used.get(project_of(each), ()))
        }

    def _stated_in_part(
        self, readings: Sequence[Row], windows: Sequence[Confirmed]
    ) -> list[Confirmed]:
        """Return the windows of whom no whole reading stated what stands, the last one neither."""
        silent = {
            (one_spelling(scope), each.period.start)
            for row in readings
            for scope in unconfirmed([row])
            for each in confirmed([row])
            if scope is not None and each.scope is None and each in windows
        }
        if not silent or self.rows is None:
            return []
        told = [(each.scope, each.period) for each in windows]
        return [
            Confirmed(scope, period, moment)
            for (scope, period), moment in self.stated_at(readings).items()
            if (scope, period.start) in silent and not _are_of(told, scope, period)
        ]

    def _read_without(
        self, readings: Sequence[Row], windows: Sequence[Confirmed]
    ) -> list[Confirmed]:
        """Return the windows of whom was lost before any whole reading was of them."""
        last = {
            each.period: row.get("lost", {})
            for row in readings
            for each in confirmed([row])
            if each.scope is None
        }
        told = [(each.scope, each.period) for each in windows]
        return [
            Confirmed(scope, period, max(_answered_at(readings, period)))
            for period, lost in last.items()
            for scope in sorted(lost)
            if _are_of(self.lost, scope, period) and not _are_of(told, scope, period)
        ]


def windows_of(rows: pa.Table | None) -> set[tuple[str, Period]]:
    """Return the scopes of rows, in one spelling, with the windows that they were read for."""
    if rows is None:
        return set()
    each_once = rows.group_by([*_WINDOW]).aggregate([]).to_pylist()
    return {
        (one_spelling(each["scope"]), Period(each["window_start"], each["window_end"]))
        for each in each_once
    }


def _are_of(
    windows: Iterable[tuple[str | None, Period]], scope: str | None, period: Period
) -> bool:
    return any(whose == scope and each.overlaps(period) for whose, each in windows)


def asked_in_part(
    stream: Stream, readings: Sequence[Row], windows: Iterable[Confirmed]
) -> tuple[Period, ...]:
    """Return the time of which something was read, and never the whole; ``windows`` were."""
    whole = [each.period for each in windows]
    answered = (row for row in cut_off_rows(stream, readings) if row["state"] in ANSWERED)
    asked = (period_of(row, "requested") or period_of(row, "covers") for row in answered)
    return merged(each for each in asked if each is not None and not meets(each, whole))


def _asked_in_part(
    stream: Stream, readings: Sequence[Row], windows: Sequence[Confirmed]
) -> list[Confirmed]:
    return [
        Confirmed(None, period, max(_answered_at(readings, period)))
        for period in asked_in_part(stream, readings, windows)
    ]


def _answered_at(readings: Iterable[Row], period: Period) -> Iterable[datetime]:
    return (
        row["read_at"] for row in readings if row["state"] in ANSWERED and is_about(row, period)
    )
