"""Which time a document says that it bills (CONTRACT.md, sections 2.4 and 3.10). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from attrs import field, frozen

from billfold.period import Period
from billfold_bnerd import local_months, moments, times
from billfold_bnerd.named_periods import of_parts
from billfold_bnerd.time_keys import BOUNDS, SPANS, meaning_of
from billfold_bnerd.values import Node, number, word_set, words

# What names a span of time that is billed; a day may be that of the bill.
_SPANS = SPANS - {"day"}
# What a key of a document's time says that it is of; of payment or dunning it bills nothing.
_BILLED = _SPANS | word_set(
    "service services billing billed bill invoice invoiced usage performance supply delivery date"
)
_SINGLE, _TEXT, _MONTH = "date", "text", "month"


@frozen
class BilledTime:
    """The time that a document bills, and the keys of what is not readable of it.

    ``against`` are those that say another time, and which.
    """

    period: Period | None = None
    unreadable: tuple[str, ...] = ()
    against: Mapping[str, Period] = field(factory=dict)

    def gaps(self, path: str) -> tuple[str, ...]:
        """Return what makes it uncertain which time that is, by its place in the reply."""
        return (
            *(
                f"a time that it bills which cannot be read - at `{path}.{key}`"
                for key in self.unreadable
            ),
            *(
                f"a time of {other} beside {self.period}, whose month it bills - at `{path}.{key}`"
                for key, other in self.against.items()
            ),
        )


def billed_time(node: Node) -> BilledTime:
    """Return the time that a document bills: its ``service_date``'s, else as another key says."""
    stated = dict(_stated(node))
    periods = {key: period for key, period in stated.items() if period is not None}
    first = next(iter(periods.values()), None)
    odd = (key for key in stated if key not in periods)
    unreadable = tuple(key for key in odd if first is None or not _is_part_of(first, key, node))
    others = {key: each for key, each in periods.items() if first and not first.overlaps(each)}
    return BilledTime(first, unreadable, others)


def _stated(node: Node) -> Iterator[tuple[str, Period | None]]:
    """Yield by its key each time that is stated, None where it is not readable."""
    node, bounds = _without_none(node), _between_bounds(node)
    service = node.get("service_date")
    if isinstance(service, dict):
        yield from _of_service_date(_without_none(service))
    elif service is not None:
        yield "service_date", moments.days(service, service) or local_months.billed_period(service)
    parts = of_parts(node)
    # A year alone may be that of its number.
    if len(parts.keys) > 1:
        yield parts.keys[0], parts.period
    others = (key for key in node if _names_span(key) and key not in parts.keys)
    for key in sorted(others, key=lambda key: key != "period"):
        period = local_months.billed_period(node[key])
        if period is not None or _is_time(key, node[key]):
            yield key, period
    yield from bounds


def _between_bounds(node: Node) -> Iterator[tuple[str, Period | None]]:
    """Yield the time between two bounds by the key of its start; an end alone is not readable."""
    for key in filter(_begins_billed, node):
        end = _end(key, node)
        if not times.states_none(node[key]) or times.begins(end):
            yield key, local_months.billed_period({"from": node[key], "to": end})


def _end(key: str, node: Node) -> object:
    """Return when the time ends whose start stands under a key, None where nothing says that."""
    start = meaning_of(key)
    return next((node[end] for end in node if start.is_other_bound(meaning_of(end))), None)


def _without_none(node: Node) -> Node:
    """Return an object without the keys under which no time is stated, whatever they are of."""
    return {key: value for key, value in node.items() if not times.states_none(value)}


def _of_service_date(service: Node) -> Iterator[tuple[str, Period | None]]:
    """Yield what EasyBill's object says: a range or a day; ``DEFAULT`` says nothing."""
    first, last, single = service.get("date_from"), service.get("date_to"), service.get(_SINGLE)
    is_timed = any(isinstance(one, str) and "T" in one for one in (first, last))
    between = local_months.billed_period({"from": first, "to": last}) if is_timed else None
    if (between := between or moments.days(first, last)) is not None:
        yield "service_date", between
    day = moments.days(single, single)
    if day is not None:
        yield f"service_date.{_SINGLE}", day
    keys = (_SINGLE, "date_from", "date_to", _TEXT)
    if between is None and day is None and not service.keys().isdisjoint(keys):
        yield "service_date", None


def _is_part_of(period: Period, key: str, node: Node) -> bool:
    """Return whether a key says no more than the period: its month's number, or a start in it."""
    value = node.get(key)
    if words(key)[-1] == _MONTH and number(value) is not None:
        return {number(value)} == {Decimal(each.start.month) for each in period.split_months()}
    if not _begins_billed(key) or not times.states_none(_end(key, node)):
        return False
    begun = [one for one in times.begins(value) if one is not None]
    return bool(begun) and all(period.start <= one < period.end for one in begun)


def _is_time(key: str, value: object) -> bool:
    """Return whether a value that is no period we read seems to be one."""
    if isinstance(value, list):
        return any(_is_time(key, each) for each in value)
    if isinstance(value, str):
        return bool(times.begins(value))
    return times.says_when(words(key)[-1], value)


@lru_cache(maxsize=4096)  # of each key of each document
def _names_span(key: str) -> bool:
    spelled = words(key)
    return not _SPANS.isdisjoint(spelled[-1:]) and _BILLED.issuperset(spelled)


@lru_cache(maxsize=4096)
def _begins_billed(key: str) -> bool:
    """Return whether a key names the start of a time that is billed, after what it is of."""
    meaning = meaning_of(key)
    is_of_bill = bool(meaning.stem) and _BILLED.issuperset(meaning.stem)
    return is_of_bill and meaning.bound == "start" and words(key)[0] not in BOUNDS
