"""What a rules file does with a period's costs, in the chosen format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import add_row, cell, new_table, stack, title
from billfold.cli.output.cost_csv import costs_csv
from billfold.cli.output.cost_view import costs_table, costs_title
from billfold.cli.output.formats import write_result
from billfold.cli.output.notes import answer_notes, has_warnings
from billfold.cli.output.terminal import Part
from billfold.costs import CostView, Line, Rule, documents
from billfold.model import Usage
from billfold.money import plain, sum_by_currency

# A rule, and the lines that it takes before they are allocated.
RuleResult = tuple[Rule, Sequence[Line]]


def write_allocation(
    centres: CostView,
    unallocated: CostView,
    rules: Sequence[RuleResult],
    answer: Answer[Usage],
    output_format: OutputFormat,
) -> None:
    """Write what each cost centre is charged, what each rule takes, and what is unallocated."""

    def table() -> Iterator[Part]:
        yield costs_title(centres)
        yield costs_table(centres)
        yield ""
        yield title("Rules", "each line goes to the first rule that matches it")
        yield _rules_table(rules)
        yield ""
        if unallocated.rows:
            yield title("Unallocated")
            yield costs_table(unallocated)
        else:
            yield Text(_none_left(centres), "dim")

    def document() -> dict[str, Any]:
        return documents.costs(centres) | {
            "schema": "billfold.allocation/1",
            "asked": answer.asked_json(),
            "rules": [_rule_document(rule, lines) for rule, lines in rules],
            "unallocated": documents.costs(unallocated)["rows"],
        }

    write_result(
        output_format,
        as_table=table,
        as_document=document,
        as_csv=lambda: costs_csv(centres),
        notes=answer_notes(answer),
        warns=has_warnings(answer),
    )


def _none_left(centres: CostView) -> str:
    """Return why nothing is unallocated: all costs have a cost centre, or none were read.

    Over a hole that is said of what was read alone.
    """
    if not centres.rows:
        return "No costs were read to be allocated."
    read = "" if centres.complete else " that was read"
    return f"Nothing{read} is unallocated."


def _rules_table(rules: Sequence[RuleResult]) -> Table:
    table = new_table("#Rule", "Matches", "Charged to", "#Lines", "#Native")
    for number, (rule, lines) in enumerate(rules, 1):
        matches = (f"{name} = {' or '.join(values)}" for name, values in rule.match.items())
        # A rule that takes nothing may be a mistake.
        count = cell(len(lines), "" if lines else "yellow")
        costs = sum_by_currency(line.cost for line in lines)
        add_row(table, number, "; ".join(matches), _target(rule), count, stack(*costs.values()))
    return table


def _target(rule: Rule) -> str:
    if rule.cost_centre is not None:
        return rule.cost_centre
    if rule.share is not None:
        weights = (f"{centre} {plain(weight)}" for centre, weight in rule.share.items())
        return f"shared {' : '.join(weights)}"
    return f"shared by the costs of {', '.join(rule.share_by_usage or ())}"


def _rule_document(rule: Rule, lines: Sequence[Line]) -> dict[str, Any]:
    costs = sum_by_currency(line.cost for line in lines)
    return {
        "match": {name: list(values) for name, values in rule.match.items()},
        "for": _target(rule),
        "lines": len(lines),
        "native": {currency: plain(cost.amount) for currency, cost in costs.items()},
    }
