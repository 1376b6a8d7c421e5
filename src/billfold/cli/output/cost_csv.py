"""Costs as CSV: a row per group and native currency, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from billfold.cli.output.formats import CsvRow, csv_text, with_said
from billfold.cli.output.period_changes import EFFECTS, PeriodChanges
from billfold.costs import CostChange, CostView
from billfold.costs.rows import AMOUNTS
from billfold.coverage import Coverage, known_until

_WINDOW = ("compared_start", "compared_end", "compared_known_at")
_COMPARED = ("compared_currency", "before", "after", "change", *EFFECTS)


def costs_csv(view: CostView, compared: PeriodChanges | None = None) -> str:
    """Return a row per group and native currency: two currencies never share a cell.

    What changed stands in one row of its group, so that each column adds up. A group that has a
    cost before alone, or is not among the largest, has a row without native amounts.
    """
    rows: Sequence[CsvRow] = view.flat_rows()
    complete = view.complete
    if compared is not None:
        complete = complete and compared.complete
        rows = [*_with_changes(view, rows, compared)]
    return _text(view.by, view.coverage, rows, complete, compares=compared is not None)


def refused_csv(by: Sequence[str], coverage: Iterable[Coverage], *, compares: bool) -> str:
    """Return the same columns, and the one row of what has no record and is not complete."""
    return _text(by, coverage, (), False, compares=compares)


def _text(
    by: Sequence[str],
    coverage: Iterable[Coverage],
    rows: Iterable[CsvRow],
    complete: bool,
    *,
    compares: bool,
) -> str:
    said: CsvRow = {"known_until": known_until(coverage), "complete": complete}
    columns = (*by, *AMOUNTS, *((*_WINDOW, *_COMPARED) if compares else ()), *said)
    return csv_text(columns, with_said(rows, said))


def _with_changes(
    view: CostView, rows: Iterable[CsvRow], compared: PeriodChanges
) -> Iterator[CsvRow]:
    """Yield each change with the first row of its group, or alone where there is none."""
    before = compared.before
    window = dict(zip(_WINDOW, (before.start, before.end, compared.known_at), strict=True))
    remaining = {(change.keys, change.after.currency): change for change in compared.changes}
    for row in rows:
        keys = tuple(row.get(name, "") for name in view.by)
        currency = row["converted_currency"] or row["native_currency"]
        yield {**row, **window, **_change_cells(remaining.pop((keys, currency), None))}
    for change in remaining.values():
        keys_of = dict(zip(view.by, change.keys, strict=True))
        yield {**keys_of, "lines": 0, **window, **_change_cells(change)}


def _change_cells(change: CostChange | None) -> CsvRow:
    if change is None:
        return {}
    amounts = {name: getattr(change, name).amount for name in ("before", "after", *EFFECTS)}
    difference = (change.after - change.before).amount
    return {"compared_currency": change.after.currency, "change": difference, **amounts}
