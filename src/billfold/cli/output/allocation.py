"""What a rules file does with a period's costs, in the chosen format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen
from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import add_row, cell, new_table, stack, title
from billfold.cli.output.cost_view import costs_csv, costs_table, costs_title
from billfold.cli.output.formats import write_result
from billfold.cli.output.notes import answer_notes
from billfold.cli.output.terminal import Part
from billfold.costs import CostView, Line, Rule, documents
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
            yield Text("Nothing is unallocated.", "dim")

    def document() -> dict[str, Any]:
        return documents.costs(centres) | {
            "schema": "billfold.allocation/1",
            "rules": [_rule_document(result) for result in rules],
            "unallocated": documents.costs(unallocated)["rows"],
        }

    write_result(
        output_format,
        as_table=table,
        as_document=document,
        as_csv=lambda: costs_csv(centres),
        notes=answer_notes(answer),
    )


def _rules_table(rules: Sequence[RuleResult]) -> Table:
    table = new_table("#Rule", "Matches", "Charged to", "#Lines", "#Native")
    for number, result in enumerate(rules, 1):
        condition = "; ".join(
            f"{name} = {' or '.join(values)}" for name, values in result.rule.match.items()
        )
        # A rule that takes nothing may be a mistake.
        count = cell(len(result.lines), "" if result.lines else "yellow")
        add_row(table, number, condition, _target(result.rule), count, stack(*result.costs))
    return table


def _target(rule: Rule) -> str:
    if rule.cost_centre is not None:
        return rule.cost_centre
    if rule.share is not None:
        weights = (f"{centre} {plain(weight)}" for centre, weight in rule.share.items())
        return f"shared {' : '.join(weights)}"
    return f"shared by the costs of {', '.join(rule.share_by_usage or ())}"


def _rule_document(result: RuleResult) -> dict[str, Any]:
    return {
        "match": {name: list(values) for name, values in result.rule.match.items()},
        "for": _target(result.rule),
        "lines": len(result.lines),
        "native": {money.currency: plain(money.amount) for money in result.costs},
    }
