"""What columns hold of a reading: a number that does not fit takes no more with it than it must.

A quantity, a unit price or a cost before discounts makes no total: it is left out, and the reading
says so. Any other amount is never left out: nothing is kept of the scope that it stands in, and the
reading says that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import evolve

from billfold.answer import Answer
from billfold.counted import counted, sentences
from billfold.coverage import Coverage
from billfold.errors import BillfoldError, StoreError
from billfold.model import ANSWERED, State, Stream
from billfold.period import span
from billfold.store.account_reading import AccountReading
from billfold.store.scopes import scope_of
from billfold.store.tables import TABLES
from billfold.unfit import BESIDE_THE_COST, all_fit, misfit, part_of, unfit_names

_PARTS = {Stream.USAGE: "charges", Stream.INVOICES: "lines"}
_REMEDY = "save it by --format json, which holds every digit, and ask the provider to round it"


def as_kept(reading: AccountReading) -> AccountReading:
    """Return a reading as it can be kept, with the words about what cannot."""
    stream = reading.stream
    if _fit(stream, reading.answer.items):
        return reading
    answer = _without_beside(reading.answer)
    unfit: dict[str, list[Any]] = {}
    for item in answer:
        if not _fit(stream, [item]):
            unfit.setdefault(scope_of(stream, item), []).append(item)
    if not unfit:
        return evolve(reading, answer=answer)
    rows = []
    for items in unfit.values():
        error = _error(stream, items)
        answer = evolve(answer, failures=(*answer.failures, error))
        rows.append(_row(answer, items, error))
    kept = tuple(item for item in answer if scope_of(stream, item) not in unfit)
    if kept:
        coverage = *answer.coverage, *rows
    else:
        coverage = tuple(evolve(row, state=State.FAILED) for row in rows)
    answer = evolve(answer, items=kept, coverage=coverage)
    return evolve(
        reading, answer=answer, unfit=dict(zip(unfit, coverage[-len(unfit) :], strict=True))
    )


def _fit(stream: Stream, items: Sequence[Any]) -> bool:
    """Return whether columns hold every number of items and of their parts."""
    header, *parts = TABLES[stream].kinds
    return all_fit(header.record, items) and all(
        all_fit(kind.record, getattr(item, _PARTS[stream])) for kind in parts for item in items
    )


def _without_beside(answer: Answer[Any]) -> Answer[Any]:
    """Return an answer without the numbers that do not fit and that no total is made of."""
    said: list[str] = []
    items = tuple(_kept(answer.stream, item, said) for item in answer)
    if not said:
        return answer
    more = f", and {counted(len(said) - 1, 'more')}" if len(said) > 1 else ""
    text = f"left out: {said[0]}{more}"
    first = next((row for row in answer.coverage if row.state in ANSWERED), answer.coverage[0])
    told = evolve(first, detail=sentences(first.detail, text))
    coverage = tuple(told if row is first else row for row in answer.coverage)
    return evolve(answer, items=items, coverage=coverage)


def _kept(stream: Stream, item: Any, said: list[str]) -> Any:
    """Return an item without such numbers; note each."""
    if _fit(stream, [item]):
        return item
    item = _without_numbers(item, item, said)
    if (name := _PARTS.get(stream)) is not None:
        parts = (_without_numbers(part, item, said) for part in getattr(item, name))
        item = evolve(item, **{name: tuple(parts)})
    return item


def _without_numbers(record: Any, owner: Any, said: list[str]) -> Any:
    names = BESIDE_THE_COST.intersection(unfit_names(record))
    said += [misfit(record, name, owner).message for name in sorted(names)]
    return evolve(record, **dict.fromkeys(names)) if names else record


def _records(stream: Stream, items: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield every record, parts first, and the item that it is, or is a part of."""
    for item in items:
        for part in getattr(item, _PARTS[stream]) if stream in _PARTS else ():
            yield part, item
        yield item, item


def _error(stream: Stream, items: Sequence[Any]) -> BillfoldError:
    """Return the error that a scope's records cannot be kept, by the first that does not fit."""
    found = ((record, owner, unfit_names(record)) for record, owner in _records(stream, items))
    record, owner, names = next(each for each in found if each[2])
    why = misfit(record, names[0], owner)
    whose = why.part or "the account"
    return StoreError(
        f"{why.message}; nothing of {whose} is kept: {_REMEDY}",
        provider=why.provider,
        account=why.account,
        part=why.part,
    )


def _row(answer: Answer[Any], items: Sequence[Any], error: BillfoldError) -> Coverage:
    is_usage = answer.stream is Stream.USAGE
    covers = span(each.covers for each in items) if is_usage else answer.requested
    row = answer.coverage[0]
    return Coverage(
        row.account,
        row.provider,
        answer.stream,
        State.PARTIAL,
        covers,
        error.message,
        part_of(items[0]),
    )
