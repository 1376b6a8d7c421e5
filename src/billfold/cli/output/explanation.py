"""What an amount or a charge's id matches, in the chosen format, down to the places in replies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import NOT_STATED, add_row, cell, money_cell, new_table, stack
from billfold.cli.output.formats import CsvRow, csv_text, with_said, write_result
from billfold.cli.output.notes import answer_notes, has_warnings
from billfold.cli.output.terminal import Part, stdout_width
from billfold.costs import ROLE, Line, Match, documents, steps
from billfold.counted import counted
from billfold.coverage import known_until
from billfold.model import Charge, Usage
from billfold.money import Money

_MOST_MATCHES, _MOST_LINES = 5, 5
_INDENT = 12  # what stands before a source: a cost and two spaces
_PARTS = re.compile("[?#&]")  # where a request's query and pointer begin
_CSV_COLUMNS = (
    *("match", "what", "keys", "amount", "amount_currency", "rounded"),
    *("charge", "provider", "account", "service", "description", "day", "cost", "cost_currency"),
    *("converted", "converted_currency", "estimated", "cost_centre", "source"),
    *("known_until", "complete"),
)


def write_explanation(
    text: str, matches: Sequence[Match], answer: Answer[Usage], output_format: OutputFormat
) -> None:
    """Write what ``text`` matches: JSON and CSV have every match with all of its charges."""
    write_result(
        output_format,
        as_table=lambda: _parts(matches, complete=answer.complete),
        as_document=lambda: (
            documents.explanation(text, answer.complete, matches, answer.coverage, answer.failures)
            | {"asked": answer.asked_json() | {"question": text}}
        ),
        as_csv=lambda: _csv(matches, answer),
        notes=answer_notes(answer),
        warns=has_warnings(answer),
    )


def _csv(matches: Sequence[Match], answer: Answer[Usage]) -> str:
    """Return a row per match and line of it; a charge without a cost of its own is a row, too."""
    said = {"known_until": known_until(answer.coverage), "complete": answer.complete}
    rows = (
        _csv_match(number, match) | cells
        for number, match in enumerate(matches, 1)
        for cells in [_csv_line(line) for line in match.lines] or [_csv_charge(match.charge)]
    )
    return csv_text(_CSV_COLUMNS, with_said(rows, said))


def _csv_match(number: int, match: Match) -> dict[str, Any]:
    return {
        "match": number,
        "what": match.kind,
        "keys": dict(match.keys),
        "rounded": match.rounded,
        **_csv_money("amount", match.amount),
    }


def _csv_charge(charge: Charge | None) -> dict[str, Any]:
    if charge is None:
        return {}
    names = ("provider", "account", "service", "description", "source")
    return {"charge": charge.id, **{name: getattr(charge, name) for name in names}}


def _csv_line(line: Line) -> dict[str, Any]:
    return {
        **_csv_charge(line.charge),
        "day": line.day,
        **_csv_money("cost", line.cost),
        **_csv_money("converted", line.converted),
        "estimated": line.estimated,
        "cost_centre": line.cost_centre,
    }


def _csv_money(name: str, money: Money | None) -> CsvRow:
    if money is None:
        return {}
    return {name: money.amount, f"{name}_currency": money.currency}


def _parts(matches: Sequence[Match], *, complete: bool) -> Iterator[Part]:
    for number, match in enumerate(matches[:_MOST_MATCHES]):
        if number:
            yield ""
        yield _heading(match, complete=complete)
        yield from (cell(f"  {step}", "dim") for step in steps(match))
        if not number and (match.lines or match.charge is not None):
            yield _charges_table(match)
    remaining = len(matches) - _MOST_MATCHES
    if remaining > 0:
        yield ""
        yield Text(f"and {remaining} more matches; see --format json", "dim")


def _heading(match: Match, *, complete: bool) -> Text:
    if match.amount is None:
        return Text("one charge without a cost of its own", "bold cyan")
    amount = money_cell(match.amount, "bold cyan")
    return (
        amount
        + Text(" = ", "dim")
        + cell(_subject(match, complete=complete))
        + Text(_details(match), "dim")
    )


def _subject(match: Match, *, complete: bool) -> str:
    if match.kind == "charge":
        return "one charge"
    charges = ROLE if complete else f"{ROLE} that were read"
    if match.kind == "total":
        return f"all {charges}"
    keys = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in match.keys)
    return f"{charges} of {keys}"


def _details(match: Match) -> str:
    details = []
    if match.kind != "charge":
        charges = len({id(line.charge) for line in match.lines})
        details.append(counted(charges, "charge"))
    if match.rounded:
        details.append("rounded")
    return f" ({', '.join(details)})" if details else ""


def _charges_table(match: Match) -> Table:
    table = new_table("#Cost", "Charge, and where it came from")
    lines = sorted(match.lines, key=lambda line: line.amount.amount.copy_abs(), reverse=True)
    for line in lines[:_MOST_LINES]:
        add_row(table, stack(line.cost, line.converted), _line_cell(line))
    if match.charge is not None and not match.lines:
        cost = Text("included" if match.charge.included_in else NOT_STATED, "dim")
        add_row(table, cost, stack(_name(match.charge), *_origin(match.charge)))
    remaining = len(lines) - _MOST_LINES
    if remaining > 0:
        add_row(table, cell(remaining, "dim"), Text("more; see --format json", "dim"))
    return table


def _line_cell(line: Line) -> Text:
    day = f"{line.day}  " if line.day else ""
    is_converted = line.rate is not None and line.rate.base != line.rate.quote
    rate = cell(line.rate, "dim") if is_converted else None
    charge_id, source = _origin(line.charge)
    return stack(f"{day}{line.charge.account}  {_name(line.charge)}", charge_id, rate, source)


def _name(charge: Charge) -> str:
    return charge.description or charge.service


def _origin(charge: Charge) -> tuple[Text, Text]:
    """Return a charge's id, and where it came from: of a long request each part is a line."""
    source = f"from {charge.source}" if charge.source else "where it came from is not recorded"
    if len(source) > stdout_width() - _INDENT:
        source = _PARTS.sub(r"\n\g<0>", source)
    return cell(charge.id, "dim"), stack(*(cell(part, "dim") for part in source.split("\n")))
