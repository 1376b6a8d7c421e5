"""What a provider states and what a store has of the rest, as the readings of one answer. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve, frozen

from billfold.adapter.reading import Reading
from billfold.counted import listed, sentences
from billfold.model import State, Stream, Usage
from billfold.period import Period, utc_text
from billfold.store.forgotten import Stated, begun
from billfold.store.other_names import Found


@frozen(eq=False)
class Rest:
    """What a store has of what was forgotten, ``unread`` what of that it does not have, either.

    ``gone`` is what it has of projects that are not stated any more, ``lacking`` of whom, and when,
    neither knows anything, and ``before`` the time in which nothing was there yet. ``never`` says
    what the store should have and never read.
    """

    readings: Sequence[Reading[Any]]
    unread: Sequence[Period]
    gone: Sequence[Reading[Any]]
    lacking: Mapping[str, Sequence[Period]]
    before: Sequence[Reading[Any]] = ()
    never: Sequence[Reading[Any]] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it has all that the provider lacks, of the very period."""
        is_known = not (self.unread or self.lacking or self.never)
        return is_known and all(
            each.state in (State.COMPLETE, State.PARTIAL) for each in self.readings
        )


def as_seen_now(reading: Reading[Any], now: datetime) -> Reading[Any]:
    """Return a provider's reading whose usages are seen until now, whenever a store's were."""
    until = reading.known_until or now
    items = (
        evolve(each, known_until=min(until, each.covers.end)) if isinstance(each, Usage) else each
        for each in reading.items
    )
    return evolve(reading, items=tuple(items))


def rest_of(
    stated: Stated,
    stretches: Iterable[Period],
    stored: Iterable[Found],
    gone: Sequence[Reading[Any]],
    now: datetime,
) -> Rest:
    """Return what a store has of forgotten stretches, of which it has ``stored`` anything."""
    found = [
        (time, each, stated.rest_of(each, now)) for time, readings in stored for each in readings
    ]
    unread = list[Period]()
    for stretch in stretches:
        about = [(each, left) for time, each, left in found if time.overlaps(stretch)]
        known = [each if left is not None else stated.again(each) for each, left in about]
        unread += begun(stated.unread(stretch, known), now)
    rest = [left for _, _, left in found if left is not None]
    return Rest(rest, unread, gone, stated.lacking(rest, now))


def put_together(
    stated: Stated, held: Sequence[Reading[Any]], rest: Rest
) -> Sequence[Reading[Any]]:
    """Return the provider's readings that were ``held`` back, and beside them the rest."""
    has_more = rest.readings or rest.gone or rest.before or rest.never
    if rest.unread and not has_more:
        return [_naming_unread(stated.as_begun(reading), rest.unread) for reading in held]
    live = [stated.own(reading, is_filled=rest.is_whole) for reading in held]
    own = [each for each in live if each is not None and _says_more(each, rest.lacking)]
    stays = [_naming_lacking(_naming_unread(each, rest.unread), rest.lacking) for each in own]
    filling = [*rest.before, *_from_store(stated, held, rest, is_alone=not stays), *rest.never]
    # What was forgotten is older, and of the ledger alone the newest comes first.
    is_ledger = stated.stream is Stream.LEDGER
    readings = [*stays, *filling] if is_ledger else [*filling, *stays]
    return readings if readings or stated.is_answered else held


def _from_store(
    stated: Stated, held: Sequence[Reading[Any]], rest: Rest, *, is_alone: bool
) -> Iterable[Reading[Any]]:
    """Yield the store's readings, with the words that they are; they say what it does not have.

    Where they are not ``alone``, what the provider states stays beside them, and says that.
    """
    given_way = stated.given_way(held)
    for reading in rest.readings:
        own = _naming_unread(reading, rest.unread) if is_alone else reading
        told = _as_stored(own, beside=not is_alone or stated.has_failed)
        yield evolve(told, detail=sentences(told.detail, *given_way))
        given_way = []
    for reading in rest.gone:
        yield _as_stored(reading, beside=True, whose=_projects(reading))


def _says_more(reading: Reading[Any], lacking: Container[str]) -> bool:
    """Return whether a provider's reading stands beside the store's."""
    return reading.state is not State.UNAVAILABLE or (reading.part or "").casefold() in lacking


def _as_stored(reading: Reading[Any], *, beside: bool, whose: str = "") -> Reading[Any]:
    """Return the reading with the words that it is not the provider's of now, and how fresh.

    ``beside`` what the provider states, also of which time it is, and ``whose``.
    """
    time = f"{reading.covers} of {whose}" if whose else f"{reading.covers}"
    what = f"{time} is from the store" if beside else "from the store"
    when = None if reading.read_at is None else f", read at {utc_text(reading.read_at)}"
    return evolve(reading, detail=sentences(what + (when or ""), reading.detail))


def _projects(reading: Reading[Usage]) -> str:
    """Return the names of the projects that a reading is of."""
    return listed(dict.fromkeys(usage.sub_account_id for usage in reading.items))


def _naming_unread(reading: Reading[Any], unread: Sequence[Period]) -> Reading[Any]:
    """Return a reading with the words of which time the store does not have, either."""
    if not unread or reading.state is not State.DIFFERENT_WINDOW:
        return reading
    said = f"{', '.join(map(str, unread))} is not in the store"
    return evolve(reading, detail=sentences(reading.detail, said))


def _naming_lacking(reading: Reading[Any], lacking: Mapping[str, Sequence[Period]]) -> Reading[Any]:
    """Return a reading of a part of which the store lacks something with the words of that."""
    missing = lacking.get((reading.part or "").casefold(), ())
    if not missing:
        return reading
    said = f"{', '.join(map(str, missing))} of {reading.part} is not in the store"
    known = reading.detail if reading.state is State.DIFFERENT_WINDOW else None
    return evolve(reading, detail=sentences(known, said))
