"""When an object says that something was, under keys that nobody knows, at any depth. Pure.

A window can be asked only whether it shares time with what is stated: a moment is a period as short
as can be, one at a bound of which no word says whether it is of before or after reaches both ways.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from billfold.period import Period
from billfold.wire import is_zero_time
from billfold_bnerd import local_months, times
from billfold_bnerd.key_meanings import Meaning, Side, meaning_of
from billfold_bnerd.time_keys import names_span
from billfold_bnerd.values import Node, number

# A time that cannot be read is None.
Stated = Period | None

# What the objects around are about: what was used, a thing, or a record, a bill or a life. What is
# "said" of use in a place for anything is so by a key of times alone.
_About = Literal["use", "said", "thing", "others"]
_LEAST = timedelta(microseconds=1)
_HOLDING = (dict, list)
_FOREVER = datetime.max.replace(tzinfo=UTC)


def stated_by(node: Node, known: Collection[str], skipped: Collection[str]) -> tuple[Stated, ...]:
    """Return when an object, and what is in it, says that something was: the first and the last.

    Looked at is what is not under the keys that are ``known``, nor below those that are
    ``skipped``.
    """
    return _bounds([*_own(node, known, "use"), *_below(node, skipped, "use")])


def stated_below(node: Node, skipped: Collection[str]) -> tuple[Stated, ...]:
    """Return when what is in an object says that something was, which knows its own time."""
    return _bounds(_below(node, skipped, "use"))


def stated_around(
    node: Node, known: Collection[str], skipped: Collection[str]
) -> tuple[Stated, ...]:
    """Return when an object around rows says that they were, as it is a thing of its own."""
    own = _own(_when(node), known, "use")
    return _bounds([*own, *_below(node, skipped, "said")])


def stated_beside(
    node: Node, known: Collection[str], skipped: Collection[str]
) -> tuple[Stated, ...]:
    """Return when the object around a reply says that the rows were, beside what it is for.

    What is inside of it says so where it is a list of amounts.
    """
    known = {*known, *filter(names_span, node)}
    lists = {key: node[key] for key in node if key not in skipped and _is_of_money(node[key])}
    return _bounds([*_own(_when(node), known, "use"), *_below(lists, (), "use")])


def _when(node: Node) -> Node:
    return {key: node[key] for key in node if meaning_of(key).kind == "when"}


def _is_of_money(value: object) -> bool:
    items = [*value.values()] if isinstance(value, dict) else value
    if not isinstance(items, list) or not items:
        return False
    return all(isinstance(item, dict) and _states_money(item) for item in items)


def _states_money(item: Node) -> bool:
    inside = (each for each in item.values() if isinstance(each, dict))
    return "cents" in item or any("cents" in each for each in inside)


def _bounds(found: Iterable[Stated]) -> tuple[Stated, ...]:
    """Return of many times those that show whether all share time with a window."""
    every = dict.fromkeys(found)
    if len(every) < 3:
        return tuple(every)
    readable = [time for time in every if time is not None]
    first, last = min(readable, key=_end), max(readable, key=_start)
    return (*((None,) if None in every else ()), *dict.fromkeys((first, last)))


def _start(period: Period) -> datetime:
    return period.start


def _end(period: Period) -> datetime:
    return period.end


def _below(node: Node, skipped: Collection[str], about: _About) -> Iterator[Stated]:
    for key, value in node.items():
        if type(value) in _HOLDING and value and key not in skipped:
            meaning = meaning_of(key)
            if meaning.kind != "words":
                yield from _inside(value, meaning, _holding(meaning, about))


def _holding(meaning: Meaning, around: _About) -> _About:
    """Return what stands under a key of an object is about."""
    if around == "others" or meaning.kind == "others":
        return "others"
    if meaning.kind == "said":
        return "said"
    return "thing" if meaning.kind == "name" else around


def _inside(value: Any, meaning: Meaning, about: _About) -> Iterator[Stated]:
    if type(value) is dict:
        yield from _own(value, (), about)
        yield from _below(value, (), about)
        return
    for item in value:
        if type(item) in _HOLDING:
            yield from _inside(item, meaning, about)
        elif about == "use":
            yield from _one(item, meaning, "either")


class _Stating(NamedTuple):
    """A key that says when, with that of its other bound, and whether it is of use or a life."""

    key: str
    meaning: Meaning
    other: str | None
    is_of_use: bool


def _own(node: Node, known: Collection[str], about: _About) -> Iterator[Stated]:
    """Yield the times that an object itself states, two bounds as one."""
    for key, meaning, other, is_of_use in _stating(tuple(node), about):
        if key in known:
            continue
        if meaning.kind == "date":
            yield from _one(key, meaning, "start")
        elif other is not None:
            yield from _between(node[key], node[other], is_of_use=is_of_use)
        elif type(node[key]) not in _HOLDING:
            yield from _one(node[key], meaning, meaning.side)


@lru_cache(maxsize=1024)  # most rows of a reply have the same keys
def _stating(keys: tuple[str, ...], about: _About) -> tuple[_Stating, ...]:
    """Return which of an object's keys may say when.

    One bound alone of a thing's or a record's is about that: any time may be since it was bought.
    """
    found = []
    for key in keys:
        meaning = meaning_of(key)
        others = (each for each in keys if meaning.is_other_bound(meaning_of(each)))
        stating = _Stating(key, meaning, next(others, None), _is_of_use(meaning, about))
        if meaning.kind == "date" or (
            meaning.kind in ("when", "event", "others")
            and (stating.is_of_use if stating.other is None else meaning.bound == "start")
        ):
            found.append(stating)
    return tuple(found)


def _is_of_use(meaning: Meaning, about: _About) -> bool:
    """Return whether a key says when something was used; a thing's `start_date` is its life's."""
    if about == "use":
        return meaning.kind != "others"
    is_said = about == "said" or (about == "thing" and not meaning.is_bare)
    return meaning.kind == "when" and is_said


def _between(start: object, end: object, *, is_of_use: bool) -> Iterator[Stated]:
    """Yield the time between two bounds, which counts where it begins; a life is of all of it."""
    if end is None or is_zero_time(end):
        begun = times.moment(start)
        if begun is not None:
            yield Period(begun, _FOREVER)
        return
    period = times.bounded(start, end)
    if period is None:
        if is_of_use and (times.is_whole(start) or times.is_whole(end)):
            yield None
    elif is_of_use:
        begun = local_months.on_own_clock(period).start
        yield Period(begun, begun + _LEAST)
    else:
        yield period


def _one(value: object, meaning: Meaning, side: Side) -> Iterator[Stated]:
    if type(value) is str:
        yield from _of_text(value, side, is_certain=meaning.kind == "when")
    if meaning.may_be_number and (count := number(value)) is not None:
        for moment in times.counted_moments(count):
            yield _reaching(moment, side)


@lru_cache(maxsize=4096)  # of each hour of each row
def _of_text(text: str, side: Side, *, is_certain: bool) -> tuple[Stated, ...]:
    if not (is_certain or times.is_whole(text)):
        return ()
    return tuple(None if at is None else _reaching(at, side) for at in times.begins(text))


def _reaching(moment: datetime, side: Side) -> Period:
    """Return a moment as a period that shares time with what it may be of."""
    before = moment if side == "start" else moment - _LEAST
    return Period(before, moment if side == "end" else moment + _LEAST)
