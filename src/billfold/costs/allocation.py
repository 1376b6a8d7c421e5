"""Allocation: rules give every line a cost centre, and share what is shared to the last digit."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from billfold.costs.dimensions import dimension
from billfold.costs.lines import FairShares, Line
from billfold.errors import ConfigError, MoneyError
from billfold.files import read_text
from billfold.files.toml import parse_toml
from billfold.money import Money, exact, sum_by_currency

_PAYERS = ("cost_centre", "share", "share_by_usage")
_KEYS = ("match", *_PAYERS)


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
        """Read a TOML file of ``[[rule]]`` tables. Raises ConfigError that names the rule."""
        document = parse_toml(read_text(Path(file)), Path(file), parse_float=Decimal)
        tables = document.get("rule")
        if set(document) != {"rule"} or not isinstance(tables, list):
            raise ConfigError(f"{file}: holds [[rule]] tables and nothing else")
        return cls(
            tuple(_rule(f"{file}: rule {number}", table) for number, table in enumerate(tables, 1))
        )

    def lines_by_rule(self, lines: Iterable[Line]) -> tuple[tuple[Line, ...], ...]:
        """Return the lines that each rule decides, in the rules' order."""
        decided = [(self._first_match(line), line) for line in lines]
        return tuple(tuple(line for match, line in decided if match is rule) for rule in self.rules)

    def allocate(self, lines: Sequence[Line], unstated: Iterable[Line] = ()) -> tuple[Line, ...]:
        """Return the lines with their cost centres.

        A shared line becomes one line per cost centre, which add up to it exactly. ``unstated`` are
        lines of charges whose cost nobody states: what would be shared by the costs of a cost
        centre that has one stays unallocated.
        """
        rules = [self._first_match(line) for line in lines]
        direct = [
            evolve(line, cost_centre=None if rule is None else rule.cost_centre)
            for line, rule in zip(lines, rules, strict=True)
        ]
        own_costs = _own_costs(direct)
        first = map(self._first_match, unstated)
        unknown = {rule.cost_centre for rule in first if rule is not None}
        allocated: list[Line] = []
        fair = {id(rule): FairShares() for rule in self.rules}
        for line, rule in zip(direct, rules, strict=True):
            if rule is None or rule.cost_centre is not None:
                allocated.append(line)
            else:
                weights = _weights(rule, line, own_costs, unknown)
                allocated += _share(line, weights, fair[id(rule)])
        return tuple(allocated)

    def _first_match(self, line: Line) -> Rule | None:
        return next((rule for rule in self.rules if rule.matches(line)), None)


def _own_costs(lines: Iterable[Line]) -> dict[str, dict[str, Money]]:
    """Return what each cost centre costs without its shares, per currency."""
    amounts: dict[str, list[Money]] = {}
    for line in lines:
        if line.cost_centre is not None:
            amounts.setdefault(line.cost_centre, []).append(line.amount)
    return {centre: sum_by_currency(costs) for centre, costs in amounts.items()}


def _weights(
    rule: Rule,
    line: Line,
    own_costs: Mapping[str, Mapping[str, Money]],
    unknown: Container[str | None],
) -> Mapping[str, Decimal]:
    if rule.share is not None:
        return rule.share
    if any(centre in unknown for centre in rule.share_by_usage or ()):
        return {}  # a cost that nobody states is no zero
    nothing = Money.zero(line.amount.currency)
    costs = {
        centre: own_costs.get(centre, {}).get(nothing.currency, nothing).amount
        for centre in rule.share_by_usage or ()
    }
    return {centre: cost for centre, cost in costs.items() if cost > 0}


def _share(line: Line, weights: Mapping[str, Decimal], fair: FairShares) -> list[Line]:
    if not weights:
        return [line]  # there are no costs to share it by, or not all are known: unallocated
    parts = fair.split_line(line, list(weights.values()))
    return [evolve(part, cost_centre=centre) for centre, part in zip(weights, parts, strict=True)]


def _rule(place: str, table: Any) -> Rule:
    if not isinstance(table, dict):
        raise ConfigError(f"{place}: is not a table")
    for key in table:
        if key not in _KEYS:
            raise ConfigError(f"{place}: unknown key {key!r}; known: {', '.join(_KEYS)}")
    payers = [key for key in _PAYERS if key in table]
    if len(payers) != 1:
        raise ConfigError(f"{place}: needs exactly one of cost_centre, share and share_by_usage")
    match, payer = _match(place, table.get("match")), payers[0]
    place, value = f"{place}: {payer}", table[payer]
    if payer == "share":
        return Rule(match, share=_shares(place, value))
    texts = _texts(place, value)
    if payer == "share_by_usage":
        return Rule(match, share_by_usage=texts)
    cost_centre, *others = texts
    if others:
        raise ConfigError(f"{place}: is one text; several cost centres divide by share")
    return Rule(match, cost_centre=cost_centre)


def _match(place: str, match: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(match, dict) or not match:
        raise ConfigError(
            f"{place}: needs match, like "
            "match = { provider = 'harmont', 'tag:team' = ['web', 'api'] }"
        )
    for name in match:
        if name == "cost_centre":
            raise ConfigError(
                f"{place}: match: cost_centre is what the rules give, so none can match by it; "
                "match by what the charge has, like sub_account"
            )
        try:
            dimension(name)
        except ConfigError as error:
            raise ConfigError(f"{place}: match: {error}") from None
    return {name: _texts(f"{place}: match.{name}", value) for name, value in match.items()}


def _texts(place: str, value: Any) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    is_list = isinstance(texts, list) and texts
    if not is_list or not all(isinstance(text, str) and text for text in texts):
        raise ConfigError(f"{place}: is a text or a list of texts")
    return tuple(texts)


def _shares(place: str, value: Any) -> dict[str, Decimal]:
    if not isinstance(value, dict) or not value:
        raise ConfigError(f"{place}: gives a weight per cost centre, like {{ web = 3, api = 1 }}")
    for centre, weight in value.items():
        if not _is_weight(weight):
            raise ConfigError(f"{place}: the weight of {centre!r} is a number that is not negative")
    if not any(value.values()):
        raise ConfigError(f"{place}: the weights are all zero")
    return {centre: Decimal(weight) for centre, weight in value.items()}


def _is_weight(weight: Any) -> bool:
    if isinstance(weight, bool) or not isinstance(weight, int | Decimal):
        return False
    try:
        return exact(Decimal(weight)) >= 0
    except MoneyError:
        return False
