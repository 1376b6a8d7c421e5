"""Which rows of a reply cost what other rows of it add up to (CONTRACT.md, section 3.5). Pure.

A charge is no total because some others happen to add up to it. They must say more than it does:
be of shorter times inside of its own, name what it does not (a resource, a project), or name it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product

from attrs import frozen

from billfold.money import Money
from billfold.wire import LOOKED_AT, Steps, in_slices, one_case, slices
from billfold_bnerd.fields import Ref
from billfold_bnerd.groups import Key
from billfold_bnerd.time_keys import names_time
from billfold_bnerd.total_labels import stands_for_all
from billfold_bnerd.totals import summing, sums
from billfold_bnerd.unread import described
from billfold_bnerd.usage_rows import UsageRow, place
from billfold_bnerd.values import word_set, words

# The last word of a key under which stands what a row is for.
_NAMES = word_set(
    "id uuid name sku code region zone location datacenter resource server service host volume "
    "cluster bucket image instance node machine vm namespace tags labels"
)
# What a row is marked as that adds up others.
_SUMS = word_set("summary subtotal total rollup rolledup grandtotal")
# What says how fine a row is.
_LEVELS = word_set("level granularity resolution aggregation grouping depth")
# What says of which type a group is, which may be how fine it is.
_TYPES = ("type",), ("kind",)
# More kinds of rows than these of one product are not compared: each is, with each other one.
_KINDS = 8
_LONGEST = 80
_ALWAYS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

_Span = tuple[datetime, datetime]
# The keys under which rows state names, and those of the groups around them.
_Kind = tuple[frozenset[str], frozenset[Key]]
# A row, those that it costs as much as, and whether these are of shorter times.
_Sum = tuple[int, Sequence[int], bool]


@frozen
class _Said:
    """What a row says of what it is for: names by key, and when; ``groups`` are around it."""

    at: int
    names: Mapping[str, str]
    groups: Mapping[Key, str]
    span: _Span
    cost: Money


def counted_wholes(rows: Sequence[UsageRow], total: Money | None) -> Steps[list[str]]:
    """Return what keeps it from being known whether rows count beside those that they add up.

    A ``total`` stated over all rows that is what they cost says that each of them is a charge.
    """
    whole = {*(yield from _of_products(rows)), *(yield from _named_by_parts(rows))}
    if whole and total is not None and (yield from _cost(rows)) == {total.currency: total}:
        whole.clear()
    places = [place(_path(rows[at].pointer or "")) for at in sorted(whole)]
    named = [f"{described(places)} is what finer rows add up to: a charge, or their total"]
    marked = yield from _marked(rows)
    return [*(named if places else ()), *marked, *(yield from _levels(rows))]


def _cost(rows: Sequence[UsageRow]) -> Steps[dict[str, Money]]:
    return (yield from summing([row.cost.money for row in rows]))


def _path(pointer: str) -> tuple[str | int, ...]:
    steps = pointer.split("/")[1:]
    return tuple(int(step) if step.isdecimal() else step for step in steps)


def _of_products(rows: Sequence[UsageRow]) -> Steps[list[int]]:
    products: dict[object, list[int]] = {}
    for some in slices(enumerate(rows), LOOKED_AT):
        if products:
            yield
        for at, row in some:
            if row.cost.money is not None:
                key = row.organization_id, one_case(row.product.id or row.product.name or "")
                products.setdefault(key, []).append(at)
    several = [those for those in products.values() if len(those) > 1]

    def among(some: Iterable[list[int]]) -> Iterator[_Sum]:
        for those in some:
            yield from _among([said for at in those for said in _said(at, rows[at])])

    found = yield from in_slices(several, among, weigh=len)
    of_several = [whole for whole, parts, _ in found if len(parts) > 1]
    of_one = [one for one in found if len(one[1]) == 1]
    return [*of_several, *_of_one_part(of_one, rows, len(products))]


def _of_one_part(found: Sequence[_Sum], rows: Sequence[UsageRow], products: int) -> list[int]:
    """Return the wholes of one part each where each product of the reply has one.

    Two rows may happen to cost the same, as what one project has and what none has do: of one
    product alone, a part must be of a shorter time.
    """
    wholes = {whole: shorter for whole, _, shorter in found if _may_be_of_one(rows[whole])}
    of = {(rows[at].product.id, rows[at].product.name) for at in wholes}
    is_sure = products > 1 or any(wholes.values())
    return [*wholes] if len(of) == products and is_sure else []


def _may_be_of_one(row: UsageRow) -> bool:
    """Return whether a row is of a time that may be divided: none is how long a thing lives."""
    return not row.is_life and (row.period is not None or row.starts is None)


def _said(at: int, row: UsageRow) -> Iterator[_Said]:
    names = {key: value for key, value in row.rest.items() if _is_name(key, value)}
    own = {"": row.id, "project": _one_project(row.project)}
    names |= {key: value for key, value in own.items() if value is not None}
    if row.subscription_id is not None:
        names["subscription_id"] = row.subscription_id
    lasts = (row.starts or _ALWAYS[0], _ALWAYS[1])
    span = lasts if row.period is None else (row.period.start, row.period.end)
    if row.cost.money is not None:
        yield _Said(at, names, _groups(row), span, row.cost.money)


def _groups(row: UsageRow) -> dict[Key, str]:
    """Return what the groups around a row are by, and not of which kind or how fine they are."""
    return {
        key: name
        for key, name in row.groups.by_key.items()
        if not (names_time(key[0]) or _says_level(key[0]) or words(key[0])[-1:] in _TYPES)
        and not stands_for_all(name)
    }


def _is_name(key: str, value: str) -> bool:
    return len(value) <= _LONGEST and _names_a_thing(key) and not stands_for_all(value)


def _one_project(project: Ref) -> str | None:
    """Return what names a project, and not all of them; with an id it is one however called."""
    stated = project.id if project.id is not None else project.name
    return None if stated is None or stands_for_all(stated) else stated


@lru_cache(maxsize=4096)  # of each key of each row
def _names_a_thing(key: str) -> bool:
    spelled = words(key)
    return not (_NAMES.isdisjoint(spelled[-1:]) or "parent" in spelled or names_time(key))


def _among(rows: Sequence[_Said]) -> Iterator[_Sum]:
    """Yield the rows of one product that are what finer ones add up to, in no other group."""
    kinds: dict[_Kind, list[_Said]] = {}
    for row in rows:
        kinds.setdefault((frozenset(row.names), frozenset(row.groups)), []).append(row)
    largest = sorted(kinds, key=lambda kind: -len(kinds[kind]))[:_KINDS]
    for less, more in product(largest, largest):
        shared = sorted(less[0] - {""})  # an id of its own is no part's
        if more[0].issuperset(shared):
            grouped = sorted(less[1] & more[1])
            wholes, parts = _by(shared, grouped, kinds[less]), _by(shared, grouped, kinds[more])
            is_finer = bool(more[0] - less[0])
            for named in wholes.keys() & parts.keys():
                yield from _adding_up(wholes[named], parts[named], is_finer=is_finer)


def _by(
    keys: Sequence[str], groups: Sequence[Key], rows: Iterable[_Said]
) -> dict[tuple[str, ...], list[_Said]]:
    found: dict[tuple[str, ...], list[_Said]] = {}
    for row in rows:
        names = (*(row.names[key] for key in keys), *(row.groups[key] for key in groups))
        found.setdefault(names, []).append(row)
    return found


def _adding_up(wholes: list[_Said], parts: list[_Said], *, is_finer: bool) -> Iterator[_Sum]:
    """Yield the wholes of a time that cost what the parts inside of it do, each with these.

    Each part is inside the shortest time around it, which may be its own where it ``is_finer``.
    """
    around, below = _by_span(wholes), _by_span(parts)
    inside: dict[_Span, list[_Said]] = {}
    open_: list[_Span] = []
    spans = sorted({*around, *below}, key=lambda span: span[1], reverse=True)
    for span in sorted(spans, key=lambda span: span[0]):
        while open_ and open_[-1][1] < span[1]:
            open_.pop()
        if is_finer and span in around:
            open_.append(span)
        if open_ and span in below:
            inside.setdefault(open_[-1], []).extend(below[span])
        if not is_finer and span in around:
            open_.append(span)
    for span, those in inside.items():
        total = sums(one.cost for one in around[span])
        if _is_some(total) and sums(one.cost for one in those) == total:
            places = [one.at for one in those]
            shorter = any(one.span != span for one in those)
            yield from ((one.at, places, shorter) for one in around[span])


def _by_span(rows: Iterable[_Said]) -> dict[_Span, list[_Said]]:
    spans: dict[_Span, list[_Said]] = {}
    for row in rows:
        spans.setdefault(row.span, []).append(row)
    return spans


def _is_some(costs: Mapping[str, Money]) -> bool:
    return any(cost.amount for cost in costs.values())


def _named_by_parts(rows: Sequence[UsageRow]) -> Steps[list[int]]:
    """Return the rows that others name as their parent, and that cost what those do."""
    parts: dict[str, list[Money | None]] = {}
    for parent, cost in (yield from in_slices(rows, _parents, LOOKED_AT)):
        parts.setdefault(parent, []).append(cost)

    def whole(some: Iterable[tuple[int, UsageRow]]) -> Iterator[int]:
        for at, row in some:
            cost = sums([row.cost.money])
            if row.id in parts and _is_some(cost) and sums(parts[row.id]) == cost:
                yield at

    return (yield from in_slices(enumerate(rows if parts else ()), whole, LOOKED_AT))


def _parents(rows: Iterable[UsageRow]) -> Iterator[tuple[str, Money | None]]:
    """Yield whom each row names as its parent, and what it costs."""
    for row in rows:
        for key, value in row.rest.items():
            if words(key)[:1] == ("parent",) and len(value) <= _LONGEST:
                yield value, row.cost.money


def _marked(rows: Sequence[UsageRow]) -> Steps[list[str]]:
    """Return a gap for the rows that are marked as sums, unless all are."""
    keys = yield from in_slices(rows, _marks, LOOKED_AT)
    places = [
        f"{place(_path(row.pointer or ''))}.{key}"
        for row, key in zip(rows, keys, strict=True)
        if key is not None
    ]
    if not places or None not in keys:
        return []
    return [f"{described(places)} says that it is what others add up to, and is counted"]


def _marks(rows: Iterable[UsageRow]) -> list[str | None]:
    return [next((key for key in row.rest if _is_sum(key, row.rest[key])), None) for row in rows]


def _is_sum(key: str, value: str) -> bool:
    return value in ("true", "True") and "".join(words(key)).removeprefix("is") in _SUMS


def _levels(rows: Sequence[UsageRow]) -> Steps[list[str]]:
    """Return a gap for each key by which rows are of several levels that cost the same."""
    keys = dict.fromkeys((yield from in_slices(rows, _level_keys, LOOKED_AT)))
    return [
        f"rows of different `{key}` cost the same, and are counted: they may be the same money"
        for key in keys
        if _levels_repeat(key, rows)
    ]


def _level_keys(rows: Iterable[UsageRow]) -> list[str]:
    return [*dict.fromkeys(key for row in rows for key in row.rest if _says_level(key))]


@lru_cache(maxsize=4096)  # of each key of each row
def _says_level(key: str) -> bool:
    return not _LEVELS.isdisjoint(words(key)[-1:])


def _levels_repeat(key: str, rows: Sequence[UsageRow]) -> bool:
    """Return whether two levels cost the same, one of them in several rows."""
    levels: dict[str, list[Money]] = {}
    for row in rows:
        if row.cost.money is not None and key in row.rest:
            levels.setdefault(row.rest[key], []).append(row.cost.money)
    stated = [(len(costs), sums(costs)) for costs in levels.values()]
    some = [(count, tuple(sorted(cost.items()))) for count, cost in stated if _is_some(cost)]
    alike = Counter(cost for _, cost in some)
    return any(count > 1 and alike[cost] > 1 for count, cost in some)
