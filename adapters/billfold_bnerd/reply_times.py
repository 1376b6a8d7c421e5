"""What time a usage reply says that it is for, and up to when it knows it (section 3.9). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import islice

from billfold.period import Period
from billfold.wire import names_end_of_knowledge
from billfold_bnerd import local_months, times
from billfold_bnerd.key_meanings import meaning_of
from billfold_bnerd.own_times import spans_of, unread_bounds
from billfold_bnerd.stated_times import is_of_money
from billfold_bnerd.time_keys import names_span
from billfold_bnerd.values import Node

# What decides where a reply names several spans, as a month beside its quarter.
_PERIODS = ("period", "month")
# The objects that repeat what was requested, which decide.
_ECHOES = ("meta", "query", "request", "params", "filter", "filters")


def stated_period(node: Node, inside: Collection[str]) -> Period | None:
    """Return the time that a reply says it is for, as an echo of the window or otherwise.

    Under the keys ``inside`` stand its rows.
    """
    around = {key: value for key, value in node.items() if key not in inside}
    texts = {key: value for key, value in around.items() if isinstance(value, str)}
    bounds = times.period(around) or local_months.on_whatever_clock(texts)
    return bounds or next(_periods(around), None)


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
    latest = (times.end_of(each) or local_months.latest_on_any_clock(each) for each in stated)
    return min(filter(None, latest), default=None)


def odd_period(node: Node, inside: Collection[str]) -> list[str]:
    """Return a gap where a reply says what time it is for in no way that is read.

    Two bounds that cannot be read are one beside another time, too: they may be of another.
    """
    says = [key for key in _PERIODS if times.says_when(key, node.get(key))]
    says += [key for key in filter(names_span, node) if times.begins(node[key])]
    odd = says if stated_period(node, inside) is None else []
    odd += [f"{at}{key}" for at, info in _with_echoes(node) for key in unread_bounds(info)]
    where = (f"the time that the reply says it is for cannot be read - at `$.{key}`" for key in odd)
    return list(islice(where, 1))
