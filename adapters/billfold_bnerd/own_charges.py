"""Which rows that are called totals say that they are charges (CONTRACT.md, section 3.5). Pure.

A sum is of no subscription, sku or project that its parts are not of, and counts what they do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from attrs import frozen

from billfold.wire import LOOKED_AT, Steps, in_slices, one_case
from billfold_bnerd.fields import Fields
from billfold_bnerd.naming_keys import own_name
from billfold_bnerd.parts_of_totals import ALL, Parts, Scope, rows_in
from billfold_bnerd.total_labels import has_word, is_of_all, names_one
from billfold_bnerd.values import words

_PROJECTS = "project", "project_id"


@frozen
class _Says:
    """Of what a row is, by key, and how much of it; ``is_counted`` is by a unit, or its price."""

    names: Mapping[str, str]
    count: Decimal | None
    is_counted: bool


def own_charges(
    items: Sequence[object], parts: Parts, called: Collection[int]
) -> Steps[frozenset[int]]:
    """Return those of the rows called totals that no sum of the others can be."""
    if not called:
        return frozenset()

    def say(some: Iterable[int]) -> list[_Says]:
        return [_says(items[at]) for at in some]

    places = parts.rows[ALL]
    others = dict(zip(places, (yield from in_slices(places, say)), strict=True))
    named = {name for one in others.values() for name in one.names.items()}
    counted = {one.count for one in others.values()}
    in_all = {key for key in _PROJECTS if all(key in one.names for one in others.values())}

    def sums(some: Iterable[tuple[Scope, Sequence[int]]]) -> Iterator[tuple[Scope, Decimal]]:
        for scope, those in some:
            yield scope, sum((others[at].count or Decimal(0) for at in those), Decimal(0))

    totals = dict((yield from in_slices(parts.rows.items(), sums, LOOKED_AT, rows_in)))

    def charges(some: Iterable[int]) -> Iterator[int]:
        for at in some:
            own = _says(items[at])
            is_named = any(
                name not in named and (name[0] in in_all or name[0] not in _PROJECTS)
                for name in own.names.items()
            )
            # One of something, as a month, says nothing of how much there was.
            no_counts = {1, *(totals[scope] for scope in parts.over[at])}
            if is_named or (own.is_counted and own.count not in counted | no_counts):
                yield at

    return frozenset((yield from in_slices(called, charges)))


def _says(item: object) -> _Says:
    node = item if isinstance(item, dict) else {}
    fields = Fields(node)
    names = {key: own_name(key, node[key]) for key in node if _is_sku(key) and names_one(key, node)}
    names["subscription"] = fields.subscription()
    project = fields.ref("project")
    if project.id or not is_of_all(project.name or ""):
        names["project_id" if project.id else "project"] = project.id or project.name
    count, unit = fields.quantity()
    has_price = fields.unit_price() not in (None, fields.cost().money)
    return _Says(
        {key: one_case(name) for key, name in names.items() if name and not has_word(name)},
        count,
        has_price or None not in (count, unit),
    )


def _is_sku(key: str) -> bool:
    return words(key)[-1:] == ("sku",)
