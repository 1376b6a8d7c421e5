"""What usage rows say of what they are for: names by key, groups, and when. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import msgspec
from attrs import frozen

from billfold.money import Money
from billfold.wire import one_case
from billfold_bnerd.fields import Ref
from billfold_bnerd.groups import Key
from billfold_bnerd.naming_keys import (
    describes,
    may_name_record,
    names_row,
    names_which,
    own_name,
)
from billfold_bnerd.standing_keys import names_kind
from billfold_bnerd.time_keys import is_about_others, names_time
from billfold_bnerd.total_labels import is_of_a_bill, is_sum_of_all, stands_for_all
from billfold_bnerd.usage_rows import UsageRow
from billfold_bnerd.values import word_set, words

# How much, whether or when.
_MEASURE = re.compile("-?[0-9]+([.,][0-9]+)?|[0-9]{4}-[0-9]{2}(-[0-9]{2}.*)?|true|false")
# With one of these words a key says nothing of what a row is for.
_NO_NAMES = word_set("parent currency description title")
# What says how fine a row is.
_LEVELS = word_set("level granularity resolution aggregation grouping depth")
# What says of which type a group is, which may be how fine it is.
_TYPES = ("type",), ("kind",)
_LONGEST = 80
# The time of what says nothing of when.
ALWAYS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
# The key of what product a row is of.
PRODUCT = "product"
_REFS = ("project", PRODUCT)
# The key of a row's own id, under whatever key that stands.
OWN = ""

Span = tuple[datetime, datetime]


@frozen
class Said:
    """What the ``row`` at a place says of what it is for; ``groups`` are around it.

    ``is_of_all`` is whether it says by a name that it is of all things.
    """

    at: int
    names: Mapping[str, str]
    groups: Mapping[Key, str]
    span: Span
    cost: Money
    is_of_all: bool
    row: UsageRow


def said_by(at: int, row: UsageRow) -> Iterator[Said]:
    """Yield what a row says that costs something."""
    if row.cost.money is None:
        return
    stated = dict(_texts(row.rest))
    refs = zip(_REFS, map(_named, (row.project, row.product)), strict=True)
    stated |= {key: one_case(name) for key, name in refs if name is not None}
    others = () if PRODUCT in stated else ("name",)  # which is what the row is called
    names = {
        key: value
        for key, value in stated.items()
        if key not in others and _is_name(key, value, row)
    }
    called = (*(stated[key] for key in stated.keys() - names.keys()), *row.groups.by_key.values())
    is_of_all = any(map(is_sum_of_all, called))
    own = {OWN: row.id, "id": row.id, "subscription_id": row.subscription_id}
    names |= {key: value for key, value in own.items() if value is not None}
    lasts = (row.starts or ALWAYS[0], ALWAYS[1])
    span = lasts if row.period is None else (row.period.start, row.period.end)
    yield Said(at, names, _groups(row), span, row.cost.money, is_of_all, row)


def names_product(row: UsageRow) -> bool:
    """Return whether a row names one product, and not all of them."""
    name = _named(row.product)
    return name is not None and _is_name(PRODUCT, name, row)


def is_described(row: UsageRow) -> bool:
    """Return whether a row says in a word what it is, which may be a charge of its own."""
    return any(key == "name" or describes(key) for key in row.rest)


def own_keys(rows: Sequence[Said]) -> frozenset[str]:
    """Return the keys by which each row says which record it is: a total may be one, too.

    No two rows say the same under such a key; as those of a server do, which come each day.
    """
    stated = Counter(key for row in rows for key in row.names if may_name_record(key))
    values = {(key, row.names[key]) for row in rows for key in row.names if key in stated}
    several = Counter(key for key, _ in values)
    return frozenset((OWN, *(key for key in stated if several[key] == stated[key])))


def firm_names(names: Iterable[str], own: frozenset[str]) -> list[str]:
    """Return the keys of names that a sum shares with its parts: of what thing it is, not how."""
    return sorted(key for key in names if key not in own and _is_firm(key))


def _texts(rest: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what a row says in words by key, also in objects of it, and of no time or parent."""
    for key, value in rest.items():
        inside = _inside(value) if value.startswith("{") else None
        for name, text in [(key, value)] if inside is None else inside.items():
            under = key if inside is None else f"{key}.{name}"
            if _may_name(under) and isinstance(text, str):
                yield under, text


def _inside(value: str) -> Mapping[str, object] | None:
    try:
        return msgspec.json.decode(value, type=dict[str, object])
    except msgspec.DecodeError:
        return None


def _named(ref: Ref) -> str | None:
    """Return what names a project or product; with an id it is one however it is called."""
    return ref.id if ref.id is not None else ref.name


def _is_name(key: str, value: str, row: UsageRow) -> bool:
    """Return whether a value of a row names one thing.

    A product may be called "Due" or "Overview", too, and one at a price "Monthly" or "Usage".
    """
    if len(value) > _LONGEST or (key not in _REFS and _is_measure(key, value)):
        return False
    if key == PRODUCT:
        return not is_sum_of_all(value) and (row.is_priced or not is_of_a_bill(value))
    return not stands_for_all(value)


def _is_measure(key: str, value: str) -> bool:
    """Return whether a value is how much, whether or when, and no name, as a number may be, too."""
    return (
        own_name(key, value) is None if names_which(key) else _MEASURE.fullmatch(value) is not None
    )


def _groups(row: UsageRow) -> dict[Key, str]:
    """Return what the groups around a row are by, and not which record, of which kind or level."""
    return {
        key: name
        for key, name in row.groups.by_key.items()
        if not (_is_no_name(key[0]) or stands_for_all(name))
    }


@lru_cache(maxsize=4096)  # of each key of each row
def _may_name(key: str) -> bool:
    is_read = key in _REFS or names_row(key) or names_time(key)
    is_other = is_about_others(key) and not names_which(key)
    return not (is_read or is_other) and _NO_NAMES.isdisjoint(words(key))


@lru_cache(maxsize=4096)  # of each key of each row
def _is_firm(key: str) -> bool:
    return key in _REFS or (names_which(key) and not names_kind(key))


@lru_cache(maxsize=4096)  # of each key of each group
def _is_no_name(key: str) -> bool:
    last = words(key)[-1:]
    is_kind = last in _TYPES or not _LEVELS.isdisjoint(last)
    return is_kind or names_time(key) or may_name_record(key)
