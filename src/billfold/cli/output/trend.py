"""Months side by side: as a table, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from attrs import evolve
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import (
    HOLE,
    WARNING,
    add_row,
    amount_cell,
    cell,
    new_table,
    sums_cell,
    title,
)
from billfold.cli.output.cost_view import rate_notes
from billfold.cli.output.folding import Foldable
from billfold.cli.output.formats import csv_text, write_result
from billfold.cli.output.notes import answer_notes, has_warnings, scope_text
from billfold.cli.output.rounding import Column, rounding_note
from billfold.cli.output.terminal import Part
from billfold.costs import CostRow, CostView, Trend, TrendMonth
from billfold.costs.rows import AMOUNTS
from billfold.costs.trend import MONTH_AFTER, MONTH_BEFORE, month_rows
from billfold.model import Usage
from billfold.money import Money
from billfold.period import Period


def write_trend(
    trend: Trend, answers: Sequence[Answer[Usage]], output_format: OutputFormat
) -> None:
    """Write months side by side; ``answers`` are what each was made of."""
    write_result(
        output_format,
        as_table=lambda: _parts(trend),
        as_document=trend.to_dict,
        as_csv=lambda: _csv(trend),
        notes=[*rate_notes(trend.rates), *_notes(trend, answers)],
        warns=not trend.complete or any(map(has_warnings, answers)),
    )


def _first_known(trend: Trend) -> int:
    """Return the place of the first month that anything is known of."""
    known = [place for place, month in enumerate(trend.months) if month.answered]
    return min(known, default=len(trend.months))


def _parts(trend: Trend) -> Iterator[Part]:
    by = f", by {', '.join(trend.by).replace('_', ' ')}" if trend.by else ""
    currency = f", in {trend.currency}" if trend.currency else ""
    first, last = trend.months[0].month, trend.months[-1].month
    months = str(last) if first == last else f"{first} to {last}"
    shown = title("Trend", f"{months}  {trend.months[0].view.role}{by}{currency}")
    yield shown if trend.complete else shown + Text("  incomplete", "bold yellow")
    if trend.answered:
        yield _table(trend)
        yield from rounding_note(*_columns(trend))


def _table(trend: Trend) -> Foldable:
    """Return a row per group and a column per month, from the first that is known.

    Where the terminal is narrow the earliest months are left out.
    """
    first = _first_known(trend)
    months = trend.months[first:]
    names = [name.replace("_", " ").capitalize() for name in trend.by]
    table = new_table(*names, *(f"#{_heading(month)}" for month in months), "")
    for row in trend.rows:
        cells = row.months[first:]
        estimated = any(each is not None and each.estimated for each in cells)
        group = dict(zip(trend.by, row.keys, strict=True))
        shown = [
            _amount(trend, each, is_read=month.is_read(group))
            for month, each in zip(months, cells, strict=True)
        ]
        add_row(table, *row.keys, *shown, Text("estimated" if estimated else "", "dim"))
    table.add_section()
    labels = [Text("Total", "bold"), *[""] * (len(trend.by) - 1)][: len(trend.by)]
    add_row(table, *labels, *(_total(trend, month) for month in months), "")
    earlier = dict.fromkeys(_heading(month) for month in months[:-1])
    return Foldable(table, earlier, "earlier months need a wider terminal, or --format csv")


def _columns(trend: Trend) -> Iterator[Column]:
    """Yield what is shown of each known month, and its total."""
    for place, month in enumerate(trend.months):
        rows = [row.months[place] for row in trend.rows]
        found = [_amounts(trend, row) for row in rows if row is not None]
        if month.known:
            yield chain.from_iterable(found), _amounts(trend, month.view)


def _amounts(trend: Trend, costs: CostRow | CostView) -> Iterable[Money]:
    """Return the amounts that are shown of a group, or of all of a month."""
    if trend.currency is None:
        return costs.native.values()
    return () if costs.converted is None else (costs.converted,)


def _heading(month: TrendMonth) -> str:
    running = " so far" if month.running else ""
    return f"{month.month}{running}{'' if month.complete else f' {HOLE}'}"


def _amount(trend: Trend, row: CostRow | None, *, is_read: bool) -> Text:
    """Return what a group cost; a dash is unknown, and where nothing was charged it is empty."""
    if row is None:
        return Text("") if is_read else cell(None)
    return amount_cell(row.converted) if trend.currency else sums_cell(row.native.values())


def _total(trend: Trend, month: TrendMonth) -> Text:
    if not month.known:
        return cell(None)
    view = month.view
    return (
        amount_cell(view.converted, "bold") if trend.currency else sums_cell(view.native.values())
    )


def _notes(trend: Trend, answers: Sequence[Answer[Usage]]) -> Iterator[Part]:
    """Say of each month what is missing and until when it is known, and what is not asked.

    Where nothing is known of any, the last one says why.
    """
    first = _first_known(trend)
    told = min(first, len(trend.months) - 1)
    for month, answer in list(zip(trend.months, answers, strict=True))[told:]:
        if not month.complete or month.known_until or month.view.checks:
            notes = answer_notes(evolve(answer, left_out=()))
            if notes:
                yield Text(f"{month.month}:", "dim")
                yield from notes
    if first:
        unknown = Period(trend.months[0].month.start, trend.months[first - 1].month.end)
        text = f"{unknown}: nothing was answered; --format json says why, account by account"
        yield cell(f"{HOLE} {text}", "yellow")
    if answers[-1].left_out:
        worst = next((each for each in answers if not each.complete), answers[-1])
        yield cell(f"{WARNING} {scope_text(worst)}", "yellow")


def _csv(trend: Trend) -> str:
    return csv_text((*MONTH_BEFORE, *trend.by, *AMOUNTS, *MONTH_AFTER), month_rows(trend))
