"""Months of several organizations, read one by one."""

from collections.abc import Callable
from contextlib import aclosing
from datetime import datetime, timedelta
from operator import itemgetter
from typing import TypeVar

from billfold.adapter import BillfoldError, LateData, Parts, Reading, Readings, State
from billfold.period import Period
from billfold.wire import listed

T = TypeVar("T")
# Within which leases are stated that began before (section 3.3).
LATE_DATA = LateData(timedelta(days=2), "a lease is stated once its job has ended")


async def by_month(
    orgs: Parts[str],
    months: tuple[Period, ...],
    read: Callable[[str, Period], Readings[T]],
    clock: Callable[[], datetime],
) -> Readings[T]:
    """Yield the readings of each organization's months; several are read at once.

    That some of them are not final is said by itself, so that it is said once. What fails alike of
    an organization is one failure, which names its windows unless they are all.
    """
    parts = Parts(tuple((org, month) for org in orgs.items for month in months), orgs.error)
    failed: dict[tuple[str | None, BillfoldError], list[Period]] = {}
    readings = parts.stream(lambda part: read(*part), itemgetter(0))
    async with aclosing(readings):
        async for reading in readings:
            if reading.error is not None and reading.covers is not None:
                failed.setdefault((reading.part, reading.error), []).append(reading.covers)
            else:
                yield reading
                covers = reading.covers
                if covers is not None and (note := LATE_DATA.not_final(covers, clock())):
                    yield Reading(detail=note, part=reading.part)
    for (part, error), windows in failed.items():
        windows.sort()
        named = error if tuple(windows) == months else error.about(listed(windows))
        yield Reading(state=State.FAILED, error=named, part=part)
