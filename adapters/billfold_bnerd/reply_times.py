"""What time a usage reply says that it is for, and up to when it knows it (section 3.9). Pure.

So says each object that the reply is wrapped in, and of its own rows each part of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from functools import lru_cache

from attrs import frozen
from msgspec import structs

from billfold.period import Period
from billfold.wire import names_end_of_knowledge
from billfold_bnerd import local_months, moments, times
from billfold_bnerd.fields import Fields
from billfold_bnerd.own_times import spans_of, unread_bounds
from billfold_bnerd.stated_times import is_of_money
from billfold_bnerd.time_keys import meaning_of, names_span
from billfold_bnerd.times import BOUNDS_OF_LISTS, Time
from billfold_bnerd.values import Node, word_set

# What decides where a reply names several spans, as a month beside its quarter.
_PERIODS = ("period", "month")
# The objects that repeat what was requested, which decide.
_ECHOES = ("meta", "query", "request", "params", "filter", "filters")
# Two bounds of these are what a project or a product is reported for, and not those of its life.
_REPORTED = word_set(
    "report reporting reported statement service services usage consumption metering query data"
)


@frozen
class OddTime:
    """A time that a reply says it is for in no way that is read, by its place.

    ``clockless`` is what it is as if in UTC, where it lacks no more than an offset.
    """

    at: str
    clockless: Period | None = None


def stated_period(node: Node, inside: Collection[str]) -> Period | None:
    """Return the time that a reply says it is for, as an echo of the window or otherwise.

    Under the keys ``inside`` stand its rows.
    """
    around = {key: value for key, value in node.items() if key not in inside}
    texts = {key: value for key, value in around.items() if isinstance(value, str)}
    bounds = times.period(around) or local_months.on_whatever_clock(texts)
    return local_months.on_own_clock(bounds) if bounds else next(_periods(around), None)


def time_of_part(fields: Fields, inside: Collection[str], *, is_wrapper: bool) -> Time:
    """Return when the rows in a part of a reply were, as it says itself or as a reply does.

    ``is_wrapper`` is whether the reply is wrapped in it, and it is no project or other thing.
    """
    own = fields.time(BOUNDS_OF_LISTS)
    if own.period is not None:
        return own
    node = fields.node if is_wrapper else _reported(fields.node)
    stated = stated_period(node, inside)
    if stated is not None:
        fields.used.update(spans_of(node))
        return Time(stated)
    unread = unread_bounds(node)
    clockless = next(filter(None, unread.values()), own.clockless)
    return structs.replace(own, is_odd=own.is_odd or bool(unread), clockless=clockless)


def _reported(node: Node) -> Node:
    """Return what of a thing says for what time it is reported: no bounds of its life."""
    return {
        key: value
        for key, value in node.items()
        if key in _ECHOES or names_span(key) or (_says_reported(key) and type(value) is not dict)
    }


@lru_cache(maxsize=4096)
def _says_reported(key: str) -> bool:
    meaning = meaning_of(key)
    return meaning.kind == "when" or (
        meaning.bound is not None and bool(meaning.stem) and _REPORTED.issuperset(meaning.stem)
    )


def _periods(node: Node) -> Iterator[Period]:
    """Yield the spans of time that an object names, and those that it holds, echoes first.

    What is in a thing may say so, as an organization's `summary` does; its own bounds are its life.
    """
    spans = spans_of(node)
    yield from (spans[key] for key in sorted(spans, key=lambda key: key not in _PERIODS))
    for key in sorted(filter(_may_say, node), key=lambda key: key not in _ECHOES):
        held = node[key]
        if isinstance(held, dict) and not is_of_money(held):
            is_thing = meaning_of(key).kind == "name"
            yield from _periods(_objects(held) if is_thing else held)


def _may_say(key: str) -> bool:
    return key in _ECHOES or meaning_of(key).kind not in ("words", "others", "date")


def _objects(node: Node) -> Node:
    return {key: value for key, value in node.items() if isinstance(value, dict)}


def _with_echoes(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield a reply and what repeats its request, each with what its keys begin with in a place."""
    yield "", node
    held = ((f"{key}.", node.get(key)) for key in _ECHOES)
    yield from ((at, echo) for at, echo in held if isinstance(echo, dict))


def known_until(node: Node) -> datetime | None:
    """Return up to when a reply knows what it states, where it says that; a date to its end.

    A time without an offset is as late as it is on any clock: what that is short of, all are.
    """
    around = [info for _, info in _with_echoes(node)]
    stated = [info[key] for info in around for key in filter(names_end_of_knowledge, info)]
    latest = (moments.end_of(each) or local_months.latest_on_any_clock(each) for each in stated)
    return min(filter(None, latest), default=None)


def odd_times(node: Node, inside: Collection[str], place: str) -> list[OddTime]:
    """Return what of a reply at a place says what time it is for in no way that is read.

    Two bounds that cannot be read are such beside another time, too: they may be of another.
    """
    says = [key for key in _PERIODS if times.says_when(key, node.get(key))]
    says += [key for key in filter(names_span, node) if times.begins(node[key])]
    odd = says if stated_period(node, inside) is None else []
    found = {key: local_months.without_offset(node[key]) for key in odd}
    for at, info in _with_echoes(node):
        found |= {f"{at}{key}": clockless for key, clockless in unread_bounds(info).items()}
    return [OddTime(f"{place}.{at}", clockless) for at, clockless in found.items()]
