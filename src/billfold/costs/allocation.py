"""Allocation: rules give every line a cost centre, and share what is shared to the last digit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from os import PathLike
from pathlib import Path

from attrs import evolve, frozen

from billfold.costs._rules_file import read_rules
from billfold.costs.dimensions import dimension
from billfold.costs.lines import Line, split_line
from billfold.money import Money, sum_by_currency


@frozen
class Rule:
    """Lines whose every named dimension has one of the given values, and who pays for them.

    Exactly one of the others is given. ``cost_centre`` pays for all of it. ``share`` gives a weight
    per cost centre. ``share_by_usage`` names cost centres whose own costs are the weights: the
    converted ones, or where nothing is converted those in the line's currency.
    """

    match: Mapping[str, tuple[str, ...]]
    cost_centre: str | None = None
    share: Mapping[str, Decimal] | None = None
    share_by_usage: tuple[str, ...] | None = None

    def matches(self, line: Line) -> bool:
        """Return whether every named dimension of the line has one of the rule's values."""
        return all(dimension(name)(line) in values for name, values in self.match.items())


@frozen
class Rules:
    """Rules in order; the first that matches a line decides. A line without one is unallocated."""

    rules: tuple[Rule, ...]

    @classmethod
    def read(cls, file: str | PathLike[str]) -> Rules:
        """Read a TOML file of ``[[rule]]`` tables.

        Raises ConfigError that names the rule and what is wrong with it.
        """
        return cls(tuple(Rule(**rule) for rule in read_rules(Path(file))))

    def lines_by_rule(self, lines: Iterable[Line]) -> tuple[tuple[Line, ...], ...]:
        """Return the lines that each rule decides, in the rules' order."""
        decided: list[list[Line]] = [[] for _ in self.rules]
        for line in lines:
            number = self._first_match(line)
            if number is not None:
                decided[number].append(line)
        return tuple(map(tuple, decided))

    def allocate(self, lines: Sequence[Line]) -> tuple[Line, ...]:
        """Return the lines with their cost centres.

        A shared line becomes one line per cost centre, which add up to it exactly.
        """
        numbers = [self._first_match(line) for line in lines]
        rules = [None if number is None else self.rules[number] for number in numbers]
        direct = [
            evolve(line, cost_centre=None if rule is None else rule.cost_centre)
            for line, rule in zip(lines, rules, strict=True)
        ]
        own_costs = _own_costs(direct)
        allocated: list[Line] = []
        for line, rule in zip(direct, rules, strict=True):
            if rule is None or rule.cost_centre is not None:
                allocated.append(line)
            else:
                allocated += _share(line, _weights(rule, line, own_costs))
        return tuple(allocated)

    def _first_match(self, line: Line) -> int | None:
        for number, rule in enumerate(self.rules):
            if rule.matches(line):
                return number
        return None


def _own_costs(lines: Iterable[Line]) -> dict[str, dict[str, Money]]:
    """Return what each cost centre costs without its shares, per currency."""
    amounts: dict[str, list[Money]] = {}
    for line in lines:
        if line.cost_centre is not None:
            amounts.setdefault(line.cost_centre, []).append(line.amount)
    return {centre: sum_by_currency(costs) for centre, costs in amounts.items()}


def _weights(
    rule: Rule, line: Line, own_costs: Mapping[str, Mapping[str, Money]]
) -> Mapping[str, Decimal]:
    if rule.share is not None:
        return rule.share
    nothing = Money.zero(line.amount.currency)
    costs = {
        centre: own_costs.get(centre, {}).get(nothing.currency, nothing).amount
        for centre in rule.share_by_usage or ()
    }
    return {centre: cost for centre, cost in costs.items() if cost > 0}


def _share(line: Line, weights: Mapping[str, Decimal]) -> list[Line]:
    if not weights:
        return [line]  # the cost centres have no costs to share it by: it stays unallocated
    parts = split_line(line, list(weights.values()))
    return [evolve(part, cost_centre=centre) for centre, part in zip(weights, parts, strict=True)]
