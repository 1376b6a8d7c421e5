"""A cost view in the chosen format: groups, their total, what changed, and the rates used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from attrs import frozen
from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import (
    dash,
    money_cell,
    new_table,
    rounded_amount,
    stack,
    text_cell,
)
from billfold.cli.output._marks import total_mark
from billfold.cli.output._notes import answer_notes
from billfold.cli.output.answers import print_notes
from billfold.cli.output.csv import CsvRow, csv_cell, csv_text, spreadsheet_safe
from billfold.cli.output.json import document_json
from billfold.cli.output.terminal import print_error, print_stderr, print_stdout, write_stdout
from billfold.costs import documents
from billfold.costs.change import CostChange
from billfold.costs.rates import Rate
from billfold.costs.view import CostRow, CostView
from billfold.model import Usage
from billfold.money import Money, plain
from billfold.period import Period

if TYPE_CHECKING:
    from rich.console import RenderableType

_EFFECTS = ("usage", "price", "exchange", "mixed")


@frozen
class Comparison:
    """What changed since the period before; ``complete`` is whether that was answered in full."""

    before: Period
    complete: bool
    changes: tuple[CostChange, ...]


def write_costs(
    view: CostView,
    answer: Answer[Usage],
    comparison: Comparison | None,
    output_format: OutputFormat,
) -> None:
    """Write a view, and what changed, to standard output."""
    notes = [*_rate_notes(view.rates), *answer_notes(answer)]
    if output_format is OutputFormat.TABLE:
        changed = () if comparison is None else (Text(), *_comparison_parts(view, comparison))
        print_stdout(costs_title(view), costs_table(view), *changed, *notes)
        return
    if output_format is OutputFormat.JSON:
        write_stdout(_costs_json(view, comparison))
    else:
        write_stdout(costs_csv(view))
    print_stderr(*notes)


def write_refused_costs(
    answer: Answer[Usage],
    incomplete: Answer[Usage],
    by: Sequence[str],
    currency: str | None,
    output_format: OutputFormat,
) -> None:
    """Write that costs are refused: as JSON with the reason, and no number.

    ``incomplete`` is what misses something: the answer, or that of the period to compare with.
    """
    refused = "No total" if incomplete is answer else f"No comparison with {incomplete.requested}"
    if output_format is OutputFormat.JSON:
        reason = f"{refused}: {incomplete.missing()}. Show the rest with --allow-partial."
        document = documents.refused_costs(
            by, currency, answer.requested, reason, answer.coverage, answer.failures
        )
        write_stdout(document_json(document))
    print_notes(answer)
    if incomplete is not answer:
        print_notes(incomplete)
    print_error(
        f"{refused}: the accounts above are missing or incomplete. "
        "Show the rest with --allow-partial."
    )


def costs_title(view: CostView) -> Text:
    """Return what was added up, and how."""
    period = "current" if view.requested is None else str(view.requested)
    by = f", by {', '.join(view.by).replace('_', ' ')}" if view.by else ""
    currency = f", in {view.currency}" if view.currency else ""
    title = Text("Costs", "bold cyan") + Text(f"  {period}  {view.role}{by}{currency}", "dim")
    return title if view.complete else title + Text("  incomplete", "bold yellow")


def costs_table(view: CostView) -> Table:
    """Return a row per group, native amounts beside the converted, and their total."""
    converted = [(view.currency, "right")] if view.currency else []
    table = new_table(*_headings(view), ("Lines", "right"), ("Native", "right"), *converted, "")
    for row in view.rows:
        _add_row(table, view, row)
    table.add_section()
    label = [Text("Total", "bold"), *[Text()] * (len(view.by) - 1)][: len(view.by)]
    table.add_row(
        *label,
        Text(str(sum(row.lines for row in view.rows))),
        amounts_cell(view.native.values()),
        *_converted_cells(view, view.converted, "bold"),
        total_mark(complete=view.complete),
    )
    return table


def _headings(view: CostView) -> list[str]:
    return [name.replace("_", " ").capitalize() for name in view.by]


def _add_row(table: Table, view: CostView, row: CostRow) -> None:
    table.add_row(
        *map(text_cell, row.keys),
        Text(str(row.lines)),
        amounts_cell(row.native.values()),
        *_converted_cells(view, row.converted),
        Text("estimated" if row.estimated else "", "dim"),
    )


def amounts_cell(amounts: Iterable[Money]) -> Text:
    """Return amounts in several currencies, a line each."""
    return stack(*map(money_cell, amounts))


def _converted_cells(view: CostView, money: Money | None, style: str = "") -> list[Text]:
    if not view.currency:
        return []
    return [dash() if money is None else Text(rounded_amount(money), style)]


def _comparison_parts(view: CostView, comparison: Comparison) -> Iterator[RenderableType]:
    effects = [
        effect
        for effect in _EFFECTS
        if any(getattr(change, effect).amount for change in comparison.changes)
    ]
    title = Text("Change", "bold cyan") + Text(f"  from {comparison.before}", "dim")
    yield title if comparison.complete else title + Text("  incomplete", "bold yellow")
    yield _changes_table(view, comparison.changes, effects)
    if "mixed" in effects:
        yield Text(
            "  mixed: new, ended or partly refunded, "
            "or without quantities to separate usage from price",
            "dim",
        )


def _changes_table(view: CostView, changes: Iterable[CostChange], effects: Sequence[str]) -> Table:
    amounts = [(name, "right") for name in ("Before", "After", "Change", *effects)]
    table = new_table(*_headings(view), *amounts)
    for change in changes:
        table.add_row(
            *map(text_cell, change.keys),
            Text(rounded_amount(change.before)),
            Text(rounded_amount(change.after)),
            money_cell(change.after - change.before),
            *(Text(rounded_amount(getattr(change, effect)), "dim") for effect in effects),
        )
    return table


def _rate_notes(rates: Iterable[Rate]) -> Iterator[Text]:
    """Give a line per pair of currencies and source; JSON has each rate."""
    alike: dict[tuple[str, str, str], list[Rate]] = {}
    for rate in rates:
        alike.setdefault((rate.base, rate.quote, rate.source), []).append(rate)
    for (base, quote, source), same in alike.items():
        if len(same) == 1:
            yield text_cell(f"  {same[0]}", "dim")
            continue
        days = sorted(rate.for_day for rate in same if rate.for_day is not None)
        span = f"{len(same)} days from {days[0]} to {days[-1]}"
        unpublished = sum(rate.for_day != rate.day for rate in same)
        note = f"; {_earlier_rates(unpublished)}" if unpublished else ""
        yield text_cell(f"  {base} to {quote}: {source}, {span}{note}", "dim")


def _earlier_rates(unpublished: int) -> str:
    if unpublished == 1:
        return "1 day without a published rate uses the last earlier one"
    return f"{unpublished} days without a published rate use the last earlier one"


def _costs_json(view: CostView, comparison: Comparison | None) -> str:
    compared = None
    if comparison is not None:
        compared = documents.comparison(
            comparison.before, comparison.complete, view.by, comparison.changes
        )
    return document_json(documents.costs(view, compared=compared))


def costs_csv(view: CostView) -> str:
    """Return a row per group and native currency: two currencies never share a cell."""
    columns = [
        *view.by,
        "native",
        "native_currency",
        "converted",
        "converted_currency",
        "lines",
        "estimated",
        "complete",
    ]
    return csv_text(columns, (cells for row in view.rows for cells in _csv_rows(view, row)))


def _csv_rows(view: CostView, row: CostRow) -> Iterator[CsvRow]:
    keys = dict(zip(view.by, map(spreadsheet_safe, row.keys), strict=True))
    for code, native in row.native.items():
        converted = row.converted_from.get(code)
        yield keys | {
            "native": plain(native.amount),
            "native_currency": code,
            "converted": "" if converted is None else plain(converted.amount),
            "converted_currency": "" if converted is None else converted.currency,
            "lines": str(row.lines),
            "estimated": csv_cell(row.estimated),
            "complete": csv_cell(view.complete),
        }
