"""When an object says that something was, under keys that nobody knows, at any depth. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from attrs import field, frozen

from billfold.period import Period, midnight
from billfold_bnerd.containers import LISTS
from billfold_bnerd.named_periods import month_named
from billfold_bnerd.own_times import About, Said, own_times, said_by, spans_of
from billfold_bnerd.time_keys import (
    Meaning,
    meaning_of,
    names_event,
    names_moment_of_use,
    names_recording,
    names_span,
)
from billfold_bnerd.values import Node

# With the keys and indices that lead to it.
_Found = tuple[Said, str]
_HOLDING = (dict, list)
_DEEPER = frozenset(".[")
# The keys of what a whole reply is wrapped in.
_AROUND_ALL = frozenset(LISTS)
# What people write, and what is about a record, a bill or a life, whatever it holds.
_OF_OTHERS = ("words", "others")


@frozen
class StatedTime:
    """A time that something was of, as an object says, None where that cannot be read.

    It stands in the object ``at`` a place of the reply, below the keys ``inside`` of it.
    """

    said: Said
    at: tuple[str | int, ...] = field(eq=False)
    inside: str = field(eq=False)

    @property
    def period(self) -> Period | None:
        """The time, where it is one of a year that is known."""
        return self.said if isinstance(self.said, Period) else None

    @property
    def moment(self) -> datetime | None:
        """The moment that the time begins at; one at a bound may reach to before it."""
        return None if self.period is None else _whole(self.period.start)

    @property
    def is_own(self) -> bool:
        """Whether it says which of several this is: of use, and in what states it itself.

        When something was recorded, or befell it, may be said anew each hour, but as a whole day.
        """
        key = self.inside.removeprefix(".")
        if self.moment is None or not _DEEPER.isdisjoint(key):
            return False
        is_of_use = meaning_of(key).kind == "when" and not names_event(key)
        return is_of_use or self.moment == midnight(self.moment.date())

    @property
    def decides(self) -> bool:
        """Whether it says, by one key of a row or a group itself, at which moment that was used.

        What is around all of a reply may say when it was made.
        """
        key, is_around_all = self.inside.removeprefix("."), _AROUND_ALL.issuperset(self.at)
        is_own = _DEEPER.isdisjoint(key) and not is_around_all
        return is_own and self.period is not None and names_moment_of_use(key)

    def may_be_recorded_after(self, window: Period) -> bool:
        """Return whether this is when something was recorded, which comes after it."""
        is_later = self.period is not None and self.period.start >= window.end
        return is_later and names_recording(self.inside)

    def is_outside(self, window: Period) -> bool:
        """Return whether this is read, and shares no time with a window."""
        if isinstance(self.said, int):
            return all(month.start.month != self.said for month in window.split_months())
        return self.said is not None and not self.said.overlaps(window)


def _whole(moment: datetime) -> datetime:
    """Return a moment without the least that it may reach back by."""
    is_before = moment.microsecond == 999_999
    return moment + timedelta(microseconds=1) if is_before else moment


def stated_by(
    node: Node,
    known: Collection[str],
    skipped: Collection[str],
    at: tuple[str | int, ...],
    *,
    is_dated: bool,
) -> tuple[StatedTime, ...]:
    """Return when a row says that it was, by other keys: the first and the last.

    Looked at is what is not under the keys that are ``known``, nor below those that are
    ``skipped``, and what it holds only where neither says when: else that is about other things,
    unless it is ``_of_money``.
    """
    own = [*_own(node, known, "use", "")]
    below = _of_money if own or is_dated else _below
    return _bounds([*own, *below(node, skipped, "use", "")], at)


def stated_below(
    node: Node, skipped: Collection[str], at: tuple[str | int, ...]
) -> tuple[StatedTime, ...]:
    """Return when what a row's cost is made of was, of one that states its own time."""
    return _bounds(_of_money(node, skipped, "use", ""), at)


def stated_around(
    node: Node, known: Collection[str], skipped: Collection[str], at: tuple[str | int, ...]
) -> tuple[StatedTime, ...]:
    """Return when an object around rows says that they were, as it is a thing of its own."""
    own = _own(_when(node), known, "use", "")
    return _bounds([*own, *_below(node, skipped, "said", "")], at)


def stated_beside(
    node: Node, known: Collection[str], skipped: Collection[str], at: tuple[str | int, ...]
) -> tuple[StatedTime, ...]:
    """Return when an object around a reply says that the rows were, beside what it is for.

    What is inside of it says so where it is a list of amounts. A ``time`` is the reply's own.
    """
    spans = {key for key in filter(names_span, node) if month_named(node[key]) is None}
    when = {key: value for key, value in _when(node).items() if not meaning_of(key).is_plain}
    lists = {key: node[key] for key in node if key not in skipped and is_of_money(node[key])}
    own = _own(when, {*known, *spans, *spans_of(node)}, "use", "")
    return _bounds([*own, *_below(lists, (), "use", "")], at)


def _when(node: Node) -> Node:
    return {key: node[key] for key in node if meaning_of(key).kind == "when"}


def is_of_money(value: object) -> bool:
    """Return whether this lists objects with amounts, or maps to nothing but such."""
    if isinstance(value, dict):
        return bool(value) and all(map(_states_money, value.values()))
    return isinstance(value, list) and any(map(_states_money, value))


def _states_money(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    inside = (each for each in item.values() if isinstance(each, dict))
    return "cents" in item or any("cents" in each for each in inside)


def _bounds(found: Iterable[_Found], at: tuple[str | int, ...]) -> tuple[StatedTime, ...]:
    """Return of many times those that show whether all share time with a window."""
    every: dict[Said, str] = {}
    for said, inside in found:
        every.setdefault(said, inside)
    readable = [said for said in every if isinstance(said, Period)]
    if len(readable) > 2:
        ends = (min(readable, key=_end), max(readable, key=_start))
        every = {said: every[said] for said in every if said in ends or type(said) is not Period}
    return tuple([StatedTime(said, at, inside) for said, inside in every.items()])


def _start(period: Period) -> datetime:
    return period.start


def _end(period: Period) -> datetime:
    return period.end


def _own(node: Node, known: Collection[str], about: About, path: str) -> Iterator[_Found]:
    for said, key in own_times(node, known, about):
        yield said, f"{path}.{key}"


def _below(node: Node, skipped: Collection[str], about: About, path: str) -> Iterator[_Found]:
    for key, value in node.items():
        if type(value) in _HOLDING and value and key not in skipped:
            meaning = meaning_of(key)
            if meaning.kind not in _OF_OTHERS:
                yield from _inside(value, meaning, _holding(meaning, about), f"{path}.{key}")


def _of_money(node: Node, skipped: Collection[str], about: About, path: str) -> Iterator[_Found]:
    """Yield the times of what is in lists of amounts, at any depth."""
    for key, value in node.items():
        if type(value) not in _HOLDING or not value or key in skipped:
            continue
        meaning = meaning_of(key)
        if meaning.kind in _OF_OTHERS:
            continue
        if is_of_money(value):
            yield from _inside(value, meaning, about, f"{path}.{key}")
        elif isinstance(value, dict):
            yield from _of_money(value, (), about, f"{path}.{key}")
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if type(item) is dict:
                    yield from _of_money(item, (), about, f"{path}.{key}[{index}]")


def _holding(meaning: Meaning, around: About) -> About:
    """Return what stands under a key of an object is about."""
    if meaning.kind == "said":
        return "said"
    return "thing" if meaning.kind == "name" else around


def _inside(value: Any, meaning: Meaning, about: About, path: str) -> Iterator[_Found]:
    if type(value) is dict:
        own = [*_own(value, (), about, path)]
        yield from own
        yield from (_of_money if own else _below)(value, (), about, path)
        return
    for index, item in enumerate(value):
        if type(item) in _HOLDING:
            yield from _inside(item, meaning, about, f"{path}[{index}]")
        elif about == "use":
            for said in said_by(item, meaning, "either"):
                yield said, f"{path}[{index}]"
