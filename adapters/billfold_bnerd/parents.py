"""Which rows others name as their parent, and cost what those do (CONTRACT.md, 3.5). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from billfold.money import Money
from billfold.wire import LOOKED_AT, Steps, in_slices, one_case
from billfold_bnerd.rounding import add_up
from billfold_bnerd.usage_rows import UsageRow
from billfold_bnerd.values import words

_LONGEST = 80  # letters of what names a parent


def named_by_parts(rows: Sequence[UsageRow]) -> Steps[list[int]]:
    """Return the rows that others name as their parent, and that cost what those do."""
    parts: dict[str, list[Money]] = {}
    named: dict[str, dict[int, Money]] = {}

    def note_parts(some: Iterable[UsageRow]) -> Iterable[None]:
        for row in some:
            for parent in {*_parents(row)}:
                if row.cost.money is not None:
                    parts.setdefault(parent, []).append(row.cost.money)
        return ()

    def note_named(some: Iterable[tuple[int, UsageRow]]) -> Iterable[None]:
        for at, row in some:
            called = map(one_case, filter(None, (row.id, row.product.id, row.product.name)))
            for name in parts.keys() & {*called} - {*_parents(row)}:
                if row.cost.money is not None:
                    named.setdefault(name, {})[at] = row.cost.money
        return ()

    yield from in_slices(rows, note_parts, LOOKED_AT)
    yield from in_slices(enumerate(rows if parts else ()), note_named, LOOKED_AT)
    return [at for name, of in named.items() if add_up(parts[name], [*of.values()]) for at in of]


def _parents(row: UsageRow) -> Iterator[str]:
    """Yield whom a row names as its parent, by an id or a product."""
    for key, value in row.rest.items():
        if words(key)[:1] == ("parent",) and len(value) <= _LONGEST:
            yield one_case(value)
