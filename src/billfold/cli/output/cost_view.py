"""A cost view in the chosen format: groups, their total, what changed, and the rates used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from billfold.answer import Answer
from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import (
    HOLE,
    add_row,
    amount_cell,
    cell,
    grouped,
    new_table,
    period_text,
    sums_cell,
    title,
    total_mark,
)
from billfold.cli.output.change_table import change_table
from billfold.cli.output.cost_csv import costs_csv, refused_csv
from billfold.cli.output.formats import document_json, write_result
from billfold.cli.output.notes import (
    answer_notes,
    has_warnings,
    laid_out,
    print_notes,
    window_text,
)
from billfold.cli.output.period_changes import PeriodChanges
from billfold.cli.output.rounding import rounding_note
from billfold.cli.output.terminal import Part, print_error, write_stdout
from billfold.codec import record
from billfold.costs import (
    CostView,
    Rate,
    documents,
    json_values,
    top_rows,
)
from billfold.costs.rates import rate_tables
from billfold.errors import ConfigError, CurrencyError
from billfold.model import Usage
from billfold.money import Money
from billfold.period import utc_text

_FIRST_DIGITS = 12  # of a hash, which JSON has in full
_INCOMPLETE = Text("  incomplete", "bold yellow")


def largest_rows(view: CostView, count: int | None) -> CostView:
    """Return the view with its largest rows. Raises ConfigError for several currencies."""
    try:
        return view if count is None else top_rows(view, count)
    except CurrencyError:
        raise ConfigError(
            "--top: rows in several currencies have no common order; convert them: add --in EUR"
        ) from None


def write_costs(
    view: CostView,
    answer: Answer[Usage],
    compared: PeriodChanges | None,
    output_format: OutputFormat,
) -> None:
    """Write a view, and what changed, to standard output."""

    def table() -> Iterator[Part]:
        yield costs_title(view)
        yield from costs_table(view)
        if compared is not None:
            yield from _change_parts(view, compared)

    write_result(
        output_format,
        as_table=table,
        as_document=lambda: _document(view, compared),
        as_csv=lambda: costs_csv(view, compared),
        notes=[
            *rate_notes(view.rates),
            *answer_notes(answer),
            *(() if compared is None else _comparison_notes(compared)),
        ],
        warns=has_warnings(answer) or (compared is not None and any(_comparison_notes(compared))),
    )


def write_refused_costs(
    answer: Answer[Usage],
    incomplete: Answer[Usage],
    by: Sequence[str],
    currency: str | None,
    output_format: OutputFormat,
    remedies: Sequence[str],
    *,
    compares: bool,
) -> None:
    """Write that costs are refused: as JSON with the reason, as CSV with a row, and no number.

    ``incomplete`` is what misses something: the answer, or that of the period to compare with.
    """
    refused = "No total" if incomplete is answer else f"No comparison with {_named(incomplete)}"
    rest = ["Show the rest with --allow-partial."] if answer.answered else []
    advice = "".join(f" {sentence}" for sentence in (*remedies, *rest))
    if output_format is OutputFormat.JSON:
        reason = f"{refused}: {incomplete.missing()}.{advice}"
        document = json_values.refused_costs(
            by, currency, answer.requested, reason, answer.coverage, answer.failures
        )
        write_stdout(document_json(document | {"asked": answer.asked_json()}))
    if output_format is OutputFormat.CSV:
        write_stdout(refused_csv(by, answer.coverage, compares=compares))
    print_notes(answer)
    if incomplete is not answer:
        print_notes(incomplete)
    print_error(f"{refused}: the accounts above are missing or incomplete.{advice}")


def _named(answer: Answer[Usage]) -> str:
    return "" if answer.requested is None else period_text(answer.requested)


def costs_title(view: CostView) -> Text:
    """Return what was added up, and how."""
    by = f", by {', '.join(view.by).replace('_', ' ')}" if view.by else ""
    currency = f", in {view.currency}" if view.currency else ""
    window = window_text(view.requested or "current", view.coverage)
    shown = title("Costs", f"{window}  {view.role}{by}{currency}")
    return shown if view.complete else shown + _INCOMPLETE


def costs_table(view: CostView) -> Iterator[Part]:
    """Yield a row per group, native amounts beside the converted, and their total."""
    converted = [f"#{view.currency}"] if view.currency else []
    table = new_table(*_headings(view), "#Lines", "#Native", *converted, "")
    for row in view.rows:
        estimated = Text("estimated" if row.estimated else "", "dim")
        amounts = _amounts(view, row.native.values(), row.converted)
        add_row(table, *row.keys, row.lines, *amounts, estimated)
    table.add_section()
    labels = [Text("Total", "bold"), *[""] * (len(view.by) - 1)][: len(view.by)]
    amounts = _amounts(view, view.native.values(), view.converted, "bold")
    add_row(table, *labels, view.lines, *amounts, total_mark(complete=view.complete))
    yield table
    native = [money for row in view.rows for money in row.native.values()]
    in_one = [row.converted for row in view.rows if row.converted is not None]
    total = [] if view.converted is None else [view.converted]
    yield from rounding_note((native, view.native.values()), (in_one, total))


def _headings(view: CostView) -> list[str]:
    return [name.replace("_", " ").capitalize() for name in view.by]


def _amounts(
    view: CostView, native: Iterable[Money], converted: Money | None, style: str = ""
) -> list[Text]:
    """Return the cells of native amounts, a line each, and of the converted one."""
    return [sums_cell(native), *([amount_cell(converted, style)] if view.currency else [])]


def _change_parts(view: CostView, compared: PeriodChanges) -> Iterator[Part]:
    yield ""
    shown = title("Change", f"from {compared.name}")
    yield shown if compared.complete else shown + _INCOMPLETE
    if not compared.changes and (compared.unknown or not compared.complete):
        return
    yield from change_table(_headings(view), compared.changes)


def _comparison_notes(compared: PeriodChanges) -> Iterator[Part]:
    """Say what is not compared, in time and accounts, and what is odd of the period before."""
    if compared.counted is not None:
        yield Text(f"compared: what {period_text(compared.counted)} cost", "dim")
    if compared.not_compared:
        names = ", ".join(compared.not_compared)
        text = f"not compared with {compared.name}: {names} (no whole answer for one of the two)"
        yield cell(f"{HOLE} {text}", "yellow")
    if compared.unknown:
        names = "; ".join(", ".join(keys) for keys in compared.unknown) or "everything"
        text = f"not compared with {compared.name}: {names} (a charge states no cost)"
        yield cell(f"{HOLE} {text}", "yellow")
    if has_warnings(compared.earlier):
        yield Text(f"{compared.name}:", "dim")
        yield from answer_notes(compared.earlier)


def rate_notes(rates: Iterable[Rate]) -> list[Part]:
    """Return a note per pair of currencies and source, and per table; JSON has each rate."""
    return laid_out([("", cell(text, "dim")) for text in _rate_lines(tuple(rates))])


def _rate_lines(rates: tuple[Rate, ...]) -> Iterator[str]:
    alike = grouped(rates, lambda rate: (rate.base, rate.quote, rate.source))
    for (base, quote, source), same in alike.items():
        if len(same) == 1:
            yield str(same[0])
            continue
        days = sorted(rate.for_day for rate in same if rate.for_day is not None)
        span = f"{len(same)} days from {days[0]} to {days[-1]}"
        note = _earlier_rates(sum(rate.for_day != rate.day for rate in same))
        estimated = sum(rate.estimated for rate in same)
        note += f"; {estimated} estimated, after the table's end" if estimated else ""
        yield f"{base} to {quote}: {source}, {span}{note}"
    for table in rate_tables(rates):
        yield f"{table}, sha256 {table.sha256[:_FIRST_DIGITS]}"


def _earlier_rates(unpublished: int) -> str:
    days = f"{unpublished} days without a published rate use"
    if unpublished == 1:
        days = "1 day without a published rate uses"
    return f"; {days} the last earlier one" if unpublished else ""


def _document(view: CostView, compared: PeriodChanges | None) -> dict[str, object]:
    if compared is None:
        return view.to_dict()
    comparison = documents.comparison(compared.before, compared.complete, view.by, compared.changes)
    earlier = json_values.completeness(compared.earlier.coverage, compared.earlier.failures)
    others = {
        "counted": None if compared.counted is None else record(compared.counted),
        "known_at": None if compared.known_at is None else utc_text(compared.known_at),
        "not_compared": list(compared.not_compared),
        "unknown": [dict(zip(view.by, keys, strict=True)) for keys in compared.unknown],
    }
    return documents.costs(view, compared=comparison | others | earlier)
