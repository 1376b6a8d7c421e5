"""The law of rows without an id: nobody can tell them apart, and each of them is money."""

from __future__ import annotations

from functools import partial
from typing import Any

from billfold.answer import Answer
from billfold.simulators.faults import without_ids
from billfold.testing.harness import Subject
from billfold.testing.laws.numbers import ONCE
from billfold.testing.laws.unread import Reading, beside, lists_of_amounts
from billfold.testing.rules import (
    Rule,
    charges,
    duplicates,
    record_ids,
    require,
    require_total,
    some,
    states,
    totals,
)

OWN_ID = Rule(ONCE, "number records that share an id by billfold.model.number_duplicates")
KEPT = Rule(
    ONCE,
    "take no two rows for one where no id says so: count both, or leave them out by their places "
    "and say State.PARTIAL",
)


async def nameless(subject: Subject) -> int:
    """Require that rows without an id share none, and are neither merged nor left out in silence.

    Return how many lists were sent so, and once more with their first row twice.
    """
    alone = await beside(subject, without_ids, lists_of_amounts)
    twice = await beside(subject, partial(without_ids, twice=True), lists_of_amounts)
    for reading in (*alone, *twice):
        repeated = duplicates(record_ids(reading.answer))
        require(not repeated, OWN_ID, f"{_about(reading)}, and two share the id {some(repeated)}")
    for reading in alone:
        if reading.answer.complete:
            require_total(KEPT, _about(reading), reading.answer, totals(reading.expected))
            fewer = _records(reading.answer) < _records(reading.expected)
            require(not fewer, KEPT, f"{_about(reading)}, with fewer records")
    # A balance need not read the rows of the bill beside it.
    noticed = {
        (second.route, second.place)
        for first, second in zip(alone, twice, strict=True)
        if not second.answer.complete or _records(second.answer) > _records(first.answer)
    }
    for reading in twice:
        is_noticed = (reading.route, reading.place) in noticed
        require(is_noticed, KEPT, f"{_about(reading)}, and two rows that are alike are one")
    return len(alone) + len(twice)


def _about(reading: Reading) -> str:
    place = f"{reading.place} of {reading.route}"
    return f"{reading.case}, whose rows in {place} have no id, is {states(reading.answer)}"


def _records(answer: Answer[Any]) -> int:
    """Return how many records and lines there are that a provider stated."""
    lines = sum(len(getattr(record, "lines", ())) for record in answer)
    return len(answer) + lines + sum(not charge.derived for charge in charges(answer))
