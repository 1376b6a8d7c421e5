"""A window of several organizations, read month by month."""

from collections.abc import Callable
from contextlib import aclosing
from datetime import datetime
from operator import itemgetter
from typing import TypeVar

from billfold.adapter import BillfoldError, Parts, Reading, Readings, State
from billfold.period import Period
from billfold.wire import listed
from billfold_harmont.parse import not_final

T = TypeVar("T")


async def by_month(
    orgs: Parts[str],
    window: Period,
    read: Callable[[str, Period], Readings[T]],
    clock: Callable[[], datetime],
) -> Readings[T]:
    """Yield the readings of each organization's months; several are read at once.

    That some of them are not final is said by itself, so that it is said once. What fails alike of
    an organization is one failure, which names its windows unless they are all.
    """
    months = window.split_months()
    parts = Parts(tuple((org, month) for org in orgs.items for month in months), orgs.error)
    failed: dict[tuple[str | None, BillfoldError], list[Period]] = {}
    readings = parts.stream(lambda part: read(*part), itemgetter(0))
    async with aclosing(readings):
        async for reading in readings:
            if reading.error is not None and reading.covers is not None:
                failed.setdefault((reading.part, reading.error), []).append(reading.covers)
            else:
                yield reading
                for note in not_final(reading.covers, clock()):
                    yield Reading(detail=note, part=reading.part)
    for (part, error), windows in failed.items():
        windows.sort()
        named = error if windows == list(months) else error.about(listed(windows))
        yield Reading(state=State.FAILED, error=named, part=part)
