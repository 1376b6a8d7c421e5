"""The times that one object states by its own keys, which nobody knows. Pure.

A window can be asked only whether it shares time with what is stated: a moment is a period as short
as can be, one at a bound of which no word says whether it is of before or after reaches both ways.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from billfold.period import Period
from billfold.wire import is_zero_time, names_end_of_knowledge
from billfold_bnerd import local_months, moments, times
from billfold_bnerd.named_periods import month_named, of_parts
from billfold_bnerd.time_keys import Meaning, Side, meaning_of, names_month, names_span
from billfold_bnerd.values import Node, number

# A time, or a month of some year that is named alone; one that cannot be read is None.
Said = Period | int | None

# What the objects around are about: what was used, or a thing. What is "said" of use in a place for
# anything is so by a key of times alone.
About = Literal["use", "said", "thing"]
_LEAST = timedelta(microseconds=1)
_FOREVER = datetime.max.replace(tzinfo=UTC)


class _Stating(NamedTuple):
    """A key that says when, with that of its other bound, and whether it is of use or a life."""

    key: str
    meaning: Meaning
    other: str | None
    is_of_use: bool


def own_times(node: Node, known: Collection[str], about: About) -> Iterator[tuple[Said, str]]:
    """Yield the times that an object itself states, with their keys; two bounds as one."""
    for key, meaning, other, is_of_use in _stating(tuple(node), about):
        if key in known:
            continue
        found: Iterable[Said] = ()
        if meaning.kind == "date":
            found = said_by(key, meaning, "start")
        elif other is not None:
            found = _between(node[key], node[other], is_of_use=is_of_use)
        elif type(node[key]) not in (dict, list):
            found = said_by(node[key], meaning, meaning.side)
        for said in found:
            yield said, key


@lru_cache(maxsize=1024)  # most rows of a reply have the same keys
def _stating(keys: tuple[str, ...], about: About) -> tuple[_Stating, ...]:
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
            and (stating.is_of_use if stating.other is None else _may_span(meaning, about))
        ):
            found.append(stating)
    return tuple(found)


def _may_span(meaning: Meaning, about: About) -> bool:
    """Return whether a key begins a time of use or a life; a thing's trial is neither."""
    is_trial = about != "use" and meaning.kind == "others" and not meaning.is_bare
    return meaning.bound == "start" and not is_trial


def _is_of_use(meaning: Meaning, about: About) -> bool:
    """Return whether a key says when something was used; a thing's `start_date` is its life's."""
    if about == "use":
        return meaning.kind != "others"
    is_said = about == "said" or (about == "thing" and not meaning.is_bare)
    return meaning.kind == "when" and is_said


def _between(start: object, end: object, *, is_of_use: bool) -> Iterator[Said]:
    """Yield the time between two bounds, which counts where it begins; a life is of all of it.

    Without an offset it may begin at any time between those of the farthest clocks.
    """
    if end is None or is_zero_time(end):
        begun = moments.moment(start)
        if begun is not None:
            yield Period(begun, _FOREVER)
        return
    period = local_months.span_between(start, end)
    if period is None:
        clockless = local_months.without_offset_between(start, end)
        if is_of_use and clockless is not None:
            for begun in local_months.on_farthest_clocks(clockless.start) or ():
                yield Period(begun, begun + _LEAST)
        elif is_of_use and (times.is_whole(start) or times.is_whole(end)):
            yield None
    elif is_of_use:
        begun = local_months.on_own_clock(period).start
        yield Period(begun, begun + _LEAST)
    else:
        yield period


def said_by(value: object, meaning: Meaning, side: Side) -> Iterator[Said]:
    """Yield the times that one value under a key names, of the ``side`` of each that they are."""
    if type(value) is str:
        yield from _of_text(value, side, is_certain=meaning.kind == "when")
    if meaning.may_be_number and (count := number(value)) is not None:
        for moment in moments.counted_moments(count):
            yield _reaching(moment, side)


@lru_cache(maxsize=4096)  # of each hour of each row
def _of_text(text: str, side: Side, *, is_certain: bool) -> tuple[Said, ...]:
    if is_certain and (named := month_named(text)) is not None:
        return (named,)
    if not (is_certain or times.is_whole(text)):
        return ()
    return tuple(None if at is None else _reaching(at, side) for at in times.begins(text))


def _reaching(moment: datetime, side: Side) -> Period:
    """Return a moment as a period that shares time with what it may be of."""
    before = moment if side == "start" else moment - _LEAST
    return Period(before, moment if side == "end" else moment + _LEAST)


def spans_of(node: Node) -> dict[str, Period]:
    """Return by their keys the spans of time that an object around rows says it is for.

    What was started and ended at a moment is a run, and no span that was asked for.
    """
    spans = {key: _span_of(key, node[key]) for key in node if names_span(key)}
    parts = of_parts(node)
    spans |= dict.fromkeys(parts.keys, parts.period)
    for key, other in _bounds(node):
        spans[key] = spans[other] = local_months.span_between(node[key], node[other])
    read = {key: span for key, span in spans.items() if span is not None}
    return {key: local_months.on_own_clock(span) for key, span in read.items()}


def _span_of(key: str, value: object) -> Period | None:
    """Return the span that one value names; under a month's key its first moment names all of it.

    That is how a column of dates states a month.
    """
    month = local_months.month_begun_by(value) if names_month(key) else None
    return month or local_months.span_of(value)


def unread_bounds(node: Node) -> dict[str, Period | None]:
    """Return by the key of the first each two bounds that are both stated and cannot be read.

    Where that is so because they have no offset, it is with the time between them without one.
    """
    bounds = {key: (node[key], node[other]) for key, other in _bounds(node)}
    return {
        key: local_months.without_offset_between(*both)
        for key, both in bounds.items()
        if all(map(_is_bound, both)) and local_months.span_between(*both) is None
    }


def _bounds(node: Node) -> Iterator[tuple[str, str]]:
    """Yield the keys of the two bounds of each span that an object around rows says it is for."""
    for key, meaning, other, _ in _stating(tuple(node), "use"):
        is_others = meaning.kind == "others" and (not meaning.is_bare or "at" in meaning.stem)
        is_known = bool(meaning.stem) and other is not None and names_end_of_knowledge(other)
        if other is not None and not (is_others or is_known):
            yield key, other


def _is_bound(value: object) -> bool:
    """Return whether a value seems to be a bound; a small number is where a page begins."""
    if isinstance(value, Decimal):
        return times.says_when("from", value)
    return bool(times.begins(value))
