"""``billfold allocate``: what the rules make of a period's costs."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from billfold.cli.commands import costs as spending
from billfold.cli.output import json as jsons
from billfold.cli.output.cells import grid, words
from billfold.cli.output.notes import notes
from billfold.cli.output.terminal import put, show, tell
from billfold.cli.pricing import Pricing
from billfold.cli.run import answered, exit_code
from billfold.cli.setup import Format, Setup
from billfold.costs import CostView, Line, Rule, Rules, charged_lines, cost_view, documents
from billfold.money import Money, plain, sum_by_currency
from billfold.period import Period


def run(setup: Setup, period: Period | None, pricing: Pricing, form: Format) -> int:
    """Try the rules; holes are named, never refused."""
    answer = answered(setup, lambda fold, deadline: fold.usage(period, deadline=deadline))
    made, rules = pricing.lines(answer), pricing.rules
    assert rules is not None
    centres = cost_view(answer, made, by=("cost_centre",), currency=pricing.currency, partial=True)
    rest = [line for line in made if line.cost_centre is None]
    left = cost_view(
        answer, rest, by=("provider", "account", "service"), currency=pricing.currency, partial=True
    )
    taken = rules.lines_by_rule(tuple(charged_lines(answer.items)))
    if form is Format.TABLE:
        parts = (
            spending.title(centres),
            spending.table(centres),
            Text(),
            *_rules(rules, taken),
            *_left(left),
            *notes(answer),
        )
        show(*parts)
        return exit_code(answer)
    put(_json(centres, left, rules, taken) if form is Format.JSON else spending.csv(centres))
    tell(*notes(answer))
    return exit_code(answer)


def _rules(rules: Rules, taken: Sequence[Sequence[Line]]) -> tuple[Text, Table]:
    laid_out = grid(("Rule", "right"), "Takes", "For", ("Lines", "right"), ("Native", "right"))
    for number, (rule, mine) in enumerate(zip(rules.rules, taken, strict=True), 1):
        count = Text(str(len(mine)), "" if mine else "yellow")
        laid_out.add_row(
            Text(str(number)),
            words(_match(rule)),
            words(_target(rule)),
            count,
            spending.several(_sums(mine)),
        )
    return Text("Rules", "bold cyan") + Text(
        "  the first that matches a line takes it", "dim"
    ), laid_out


def _left(left: CostView) -> tuple[Text, ...] | tuple[Text, Text, Table]:
    if not left.rows:
        return (Text(), Text("Nothing is unallocated.", "dim"))
    return Text(), Text("Unallocated", "bold cyan"), spending.table(left)


def _match(rule: Rule) -> str:
    return "; ".join(f"{name} = {' or '.join(values)}" for name, values in rule.match.items())


def _target(rule: Rule) -> str:
    if rule.cost_centre is not None:
        return rule.cost_centre
    if rule.share is not None:
        return "shared " + " : ".join(
            f"{centre} {plain(weight)}" for centre, weight in rule.share.items()
        )
    return f"shared by the costs of {', '.join(rule.share_by_usage or ())}"


def _sums(taken: Sequence[Line]) -> Sequence[Money]:
    return list(sum_by_currency(line.cost for line in taken).values())


def _json(centres: CostView, left: CostView, rules: Rules, taken: Sequence[Sequence[Line]]) -> str:
    tried = [
        {
            "match": {name: list(values) for name, values in rule.match.items()},
            "for": _target(rule),
            "lines": len(mine),
        }
        | {"native": {money.currency: plain(money.amount) for money in _sums(mine)}}
        for rule, mine in zip(rules.rules, taken, strict=True)
    ]
    whole = documents.costs(centres)
    return jsons.document(
        whole
        | {
            "schema": "billfold.allocation/1",
            "rules": tried,
            "unallocated": documents.costs(left)["rows"],
        }
    )
