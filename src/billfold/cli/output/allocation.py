"""What a rules file does with a period's costs, in the chosen format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve
from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import add_row, cell, new_table, sums_cell, title
from billfold.cli.output.cost_csv import costs_csv
from billfold.cli.output.cost_view import costs_table, costs_title, rate_notes
from billfold.cli.output.formats import write_result
from billfold.cli.output.notes import answer_notes, has_warnings
from billfold.cli.output.terminal import Part, print_error
from billfold.cli.pricing import Pricing
from billfold.costs import Chargeback, CostView, Rule, RuleUse, documents, unstated_lines
from billfold.model import Usage
from billfold.money import Money, plain, sum_by_currency


def write_allocation(
    centres: CostView,
    unallocated: CostView,
    rules: Sequence[RuleUse],
    charged: Sequence[Chargeback],
    answer: Answer[Usage],
    output_format: OutputFormat,
) -> None:
    """Write what each cost centre is charged, what each rule takes, and what is unallocated.

    What a rule could not do is a warning on standard error.
    """
    unused = [use.number for use in rules if use.is_unused] if answer.answered else []

    def table() -> Iterator[Part]:
        yield costs_title(centres)
        yield from costs_table(centres)
        yield ""
        yield title("Rules", "each line goes to the first rule that matches it")
        yield _rules_table(rules)
        yield ""
        if unallocated.rows:
            yield title("Unallocated")
            yield from costs_table(unallocated)
        else:
            yield Text(_none_left(centres), "dim")

    def document() -> dict[str, Any]:
        return documents.costs(centres) | {
            "schema": "billfold.allocation/1",
            "rules": [_rule_document(use) for use in rules],
            "unused_rules": unused,
            "chargeback": [_charged_document(each) for each in charged],
            "unallocated": documents.costs(unallocated)["rows"],
        }

    write_result(
        output_format,
        as_table=table,
        as_document=document,
        as_csv=lambda: costs_csv(centres),
        notes=[*rate_notes(centres.rates), *answer_notes(answer)],
        warns=has_warnings(answer),
    )
    for warning in _warnings(rules, unused):
        print_error(warning)


def warn_of_unused_rules(pricing: Pricing, answers: Sequence[Answer[Usage]]) -> None:
    """Say on standard error which rules match nothing of what was answered, if there are any."""
    if pricing.rules is None or not any(answer.answered for answer in answers):
        return
    unpriced = evolve(pricing, currency=None, exchange=None, rules=None)
    lines = tuple(line for answer in answers for line in unpriced.lines(answer))
    unstated = (line for answer in answers for line in unstated_lines(answer))
    for use in pricing.rules.uses(lines, unstated):
        if use.is_unused:
            print_error(_unused(use))


def _unused(use: RuleUse) -> str:
    matches = _matches(use.rule)
    return f"warning: rule {use.number} matches nothing that earlier rules leave: {matches}"


def _warnings(rules: Sequence[RuleUse], unused: Sequence[int]) -> Iterator[str]:
    for number in unused:
        yield _unused(rules[number - 1])
    for use in rules:
        for reason, costs in _not_shared(use).items():
            amounts = " and ".join(map(str, costs.values()))
            yield f"warning: rule {use.number} cannot share {amounts} by usage: {reason}"


def _not_shared(use: RuleUse) -> dict[str, dict[str, Money]]:
    """Return what a rule could not share, by the reason and the currency."""
    reasons: dict[str, list[Money]] = {}
    for line, reason in use.not_shared:
        reasons.setdefault(reason, []).append(line.cost)
    return {reason: sum_by_currency(costs) for reason, costs in reasons.items()}


def _none_left(centres: CostView) -> str:
    """Return why nothing is unallocated: all costs have a cost centre, or none were read.

    Over a hole that is said of what was read alone.
    """
    if not centres.rows:
        return "No costs were read to be allocated."
    read = "" if centres.complete else " that was read"
    return f"Nothing{read} is unallocated."


def _rules_table(rules: Sequence[RuleUse]) -> Table:
    table = new_table("#Rule", "Matches", "Charged to", "#Lines", "#Native")
    for use in rules:
        # A rule that takes nothing may be a mistake.
        count = cell(len(use.lines), "yellow" if use.is_unused else "")
        costs = sum_by_currency(line.cost for line in use.lines)
        target = _target(use.rule)
        add_row(table, use.number, _matches(use.rule), target, count, sums_cell(costs.values()))
    return table


def _matches(rule: Rule) -> str:
    matches = (f"{name} = {' or '.join(values)}" for name, values in rule.match.items())
    return "; ".join(matches) or "everything else"


def _target(rule: Rule) -> str:
    if rule.cost_centre is not None:
        return rule.cost_centre
    if rule.share is not None:
        weights = (f"{centre} {plain(weight)}" for centre, weight in rule.share.items())
        return f"shared {' : '.join(weights)}"
    return f"shared by the costs of {', '.join(rule.share_by_usage or ())}"


def _rule_document(use: RuleUse) -> dict[str, Any]:
    return {
        "match": {name: list(values) for name, values in use.rule.match.items()},
        "for": _target(use.rule),
        "lines": len(use.lines),
        "native": _amounts(sum_by_currency(line.cost for line in use.lines)),
        "not_shared": [
            {"reason": reason, "native": _amounts(costs)}
            for reason, costs in _not_shared(use).items()
        ],
    }


def _charged_document(charged: Chargeback) -> dict[str, Any]:
    return {
        "cost_centre": charged.cost_centre,
        "own": _amounts(charged.own),
        "shared": _amounts(charged.shared),
        "total": _amounts(charged.total),
    }


def _amounts(costs: Mapping[str, Money]) -> dict[str, str]:
    return {currency: plain(cost.amount) for currency, cost in costs.items()}
