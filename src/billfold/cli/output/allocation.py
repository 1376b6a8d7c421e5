"""What a rules file does with a period's costs, in the chosen format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import frozen
from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import new_table, text_cell
from billfold.cli.output._notes import answer_notes
from billfold.cli.output.answers import print_notes
from billfold.cli.output.cost_view import amounts_cell, costs_csv, costs_table, costs_title
from billfold.cli.output.json import document_json
from billfold.cli.output.terminal import print_stdout, write_stdout
from billfold.costs import documents
from billfold.costs.allocation import Rule
from billfold.costs.lines import Line
from billfold.costs.view import CostView
from billfold.model import Usage
from billfold.money import Money, plain, sum_by_currency


@frozen
class RuleResult:
    """One rule, and the lines that it takes before they are allocated."""

    rule: Rule
    lines: tuple[Line, ...]

    @property
    def costs(self) -> tuple[Money, ...]:
        """What the lines cost, per currency."""
        return tuple(sum_by_currency(line.cost for line in self.lines).values())


def write_allocation(
    centres: CostView,
    unallocated: CostView,
    rules: Sequence[RuleResult],
    answer: Answer[Usage],
    output_format: OutputFormat,
) -> None:
    """Write what each cost centre is charged, what each rule takes, and what is unallocated."""
    if output_format is OutputFormat.TABLE:
        print_stdout(
            costs_title(centres),
            costs_table(centres),
            Text(),
            *_rules_parts(rules),
            Text(),
            *_unallocated_parts(unallocated),
            *answer_notes(answer),
        )
        return
    if output_format is OutputFormat.JSON:
        write_stdout(_allocation_json(centres, unallocated, rules))
    else:
        write_stdout(costs_csv(centres))
    print_notes(answer)


def _rules_parts(rules: Sequence[RuleResult]) -> tuple[Text, Table]:
    table = new_table(
        ("Rule", "right"), "Matches", "Charged to", ("Lines", "right"), ("Native", "right")
    )
    for number, result in enumerate(rules, 1):
        table.add_row(
            Text(str(number)),
            text_cell(_condition(result.rule)),
            text_cell(_target(result.rule)),
            # A rule that takes nothing may be a mistake.
            Text(str(len(result.lines)), "" if result.lines else "yellow"),
            amounts_cell(result.costs),
        )
    note = Text("  each line goes to the first rule that matches it", "dim")
    return Text("Rules", "bold cyan") + note, table


def _unallocated_parts(unallocated: CostView) -> tuple[Text | Table, ...]:
    if not unallocated.rows:
        return (Text("Nothing is unallocated.", "dim"),)
    return Text("Unallocated", "bold cyan"), costs_table(unallocated)


def _condition(rule: Rule) -> str:
    return "; ".join(f"{name} = {' or '.join(values)}" for name, values in rule.match.items())


def _target(rule: Rule) -> str:
    if rule.cost_centre is not None:
        return rule.cost_centre
    if rule.share is not None:
        weights = (f"{centre} {plain(weight)}" for centre, weight in rule.share.items())
        return f"shared {' : '.join(weights)}"
    return f"shared by the costs of {', '.join(rule.share_by_usage or ())}"


def _allocation_json(centres: CostView, unallocated: CostView, rules: Sequence[RuleResult]) -> str:
    document = documents.costs(centres) | {
        "schema": "billfold.allocation/1",
        "rules": list(map(_rule_document, rules)),
        "unallocated": documents.costs(unallocated)["rows"],
    }
    return document_json(document)


def _rule_document(result: RuleResult) -> dict[str, Any]:
    return {
        "match": {name: list(values) for name, values in result.rule.match.items()},
        "for": _target(result.rule),
        "lines": len(result.lines),
        "native": {money.currency: plain(money.amount) for money in result.costs},
    }
