"""What an amount or a charge's id matches, in the chosen format, down to the places in replies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.output._cells import NOT_STATED, money_cell, new_table, stack, text_cell
from billfold.cli.output._notes import answer_notes
from billfold.cli.output.answers import print_notes
from billfold.cli.output.json import document_json
from billfold.cli.output.terminal import print_stdout, write_stdout
from billfold.costs import documents
from billfold.costs.explanation import Match, steps
from billfold.costs.lines import ROLE, Line
from billfold.model import Charge, Usage

if TYPE_CHECKING:
    from rich.console import RenderableType

_MOST_MATCHES, _MOST_LINES = 5, 5


def print_explanation(matches: Sequence[Match], answer: Answer[Usage]) -> None:
    """Print the first matches, and the charges of the first of them."""
    print_stdout(*_parts(matches), *answer_notes(answer))


def write_explanation_json(text: str, matches: Sequence[Match], answer: Answer[Usage]) -> None:
    """Write every match with all of its charges; ``text`` is what was to be explained."""
    document = documents.explanation(
        text, answer.complete, matches, answer.coverage, answer.failures
    )
    write_stdout(document_json(document))
    print_notes(answer)


def _parts(matches: Sequence[Match]) -> Iterator[RenderableType]:
    for number, match in enumerate(matches[:_MOST_MATCHES]):
        if number:
            yield Text()
        yield _heading(match)
        yield from (text_cell(f"  {step}", "dim") for step in steps(match))
        if not number:
            yield _charges_table(match)
    remaining = len(matches) - _MOST_MATCHES
    if remaining > 0:
        yield Text()
        yield Text(f"and {remaining} more matches; see --format json", "dim")


def _heading(match: Match) -> Text:
    if match.amount is None:
        return Text("one charge without a cost of its own", "bold cyan")
    amount = money_cell(match.amount, "bold cyan")
    return amount + Text(" = ", "dim") + text_cell(_subject(match)) + Text(_details(match), "dim")


def _subject(match: Match) -> str:
    if match.kind == "charge":
        return "one charge"
    if match.kind == "total":
        return f"all {ROLE}"
    keys = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in match.keys)
    return f"{ROLE} of {keys}"


def _details(match: Match) -> str:
    charges = len({id(line.charge) for line in match.lines})
    details = []
    if match.kind != "charge":
        details.append("1 charge" if charges == 1 else f"{charges} charges")
    if match.rounded:
        details.append("rounded")
    return f" ({', '.join(details)})" if details else ""


def _charges_table(match: Match) -> Table:
    table = new_table(("Cost", "right"), "Charge, and where it came from")
    lines = sorted(match.lines, key=_size, reverse=True)
    for line in lines[:_MOST_LINES]:
        converted = None if line.converted is None else money_cell(line.converted)
        table.add_row(stack(money_cell(line.cost), converted), _line_cell(line))
    if match.charge is not None and not match.lines:
        cost = Text("included" if match.charge.included_in else NOT_STATED, "dim")
        table.add_row(cost, _charge_cell(match.charge))
    remaining = len(lines) - _MOST_LINES
    if remaining > 0:
        table.add_row(Text(str(remaining), "dim"), Text("more; see --format json", "dim"))
    return table


def _size(line: Line) -> Decimal:
    money = line.cost if line.converted is None else line.converted
    return money.amount.copy_abs()


def _line_cell(line: Line) -> Text:
    charge = line.charge
    day = f"{line.day}  " if line.day else ""
    converted = line.rate is not None and line.rate.base != line.rate.quote
    return stack(
        text_cell(f"{day}{charge.account}  {charge.description or charge.service}"),
        text_cell(charge.id, "dim"),
        text_cell(str(line.rate), "dim") if converted else None,
        _source_cell(charge),
    )


def _charge_cell(charge: Charge) -> Text:
    name = text_cell(charge.description or charge.service)
    return stack(name, text_cell(charge.id, "dim"), _source_cell(charge))


def _source_cell(charge: Charge) -> Text:
    source = f"from {charge.source}" if charge.source else "where it came from is not recorded"
    return text_cell(source, "dim")
