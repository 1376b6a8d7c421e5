"""Allocation: a small rules file gives every line a cost centre, and shares what is shared, to the last digit."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from billfold.costs.lines import Line, dimension, parts
from billfold.errors import ConfigError, MoneyError
from billfold.money import Money, exact, sum_by_currency


@frozen
class Rule:
    """Lines whose every named field has one of the given values go to ``cost_centre``, or are shared.

    ``share`` gives weights per cost centre; ``share_by_usage`` names the cost centres whose own costs are the weights: the
    converted ones, or where nothing is converted those in the same currency.
    """

    match: Mapping[str, tuple[str, ...]]
    cost_centre: str | None = None
    share: Mapping[str, Decimal] | None = None
    share_by_usage: tuple[str, ...] | None = None

    def matches(self, line: Line) -> bool:
        """Tell whether the line is this rule's."""
        return all(dimension(name)(line) in values for name, values in self.match.items())


@frozen
class Rules:
    """Rules in order; the first that matches a line takes it. What none takes stays unallocated, visibly."""

    rules: tuple[Rule, ...]

    @classmethod
    def read(cls, file: str | PathLike[str]) -> Rules:
        """Read a TOML file of ``[[rule]]`` tables. Raises ConfigError that names the rule and what is wrong with it."""
        path = Path(file)
        try:
            written = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"{path}: cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}"
            ) from None
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"{path}: is not TOML: {error}") from None
        tables = written.get("rule")
        if set(written) != {"rule"} or not isinstance(tables, list):
            raise ConfigError(f"{path}: holds [[rule]] tables and nothing else")
        return cls(
            tuple(_rule(f"{path}: rule {number}", table) for number, table in enumerate(tables, 1))
        )

    def taken(self, made: Iterable[Line]) -> tuple[tuple[Line, ...], ...]:
        """Return the lines that each rule takes, in the rules' order; a rule that takes none may be a mistake."""
        found: tuple[list[Line], ...] = tuple([] for _ in self.rules)
        for line in made:
            if (number := self._first(line)) is not None:
                found[number].append(line)
        return tuple(map(tuple, found))

    def _first(self, line: Line) -> int | None:
        return next((number for number, rule in enumerate(self.rules) if rule.matches(line)), None)

    def allocate(self, made: Sequence[Line]) -> tuple[Line, ...]:
        """Give each line its cost centre; a shared one becomes one line per cost centre, adding up to it exactly."""
        taken = [
            (line, None if (number := self._first(line)) is None else self.rules[number])
            for line in made
        ]
        own = [
            evolve(line, cost_centre=rule.cost_centre)
            for line, rule in taken
            if rule is not None and rule.cost_centre
        ]
        done: list[Line] = []
        for line, rule in taken:
            if rule is None or rule.cost_centre is not None:
                done.append(evolve(line, cost_centre=None if rule is None else rule.cost_centre))
            else:
                done += _shared(line, _weights(rule, line, own))
        return tuple(done)


def _weights(rule: Rule, shared: Line, own: Sequence[Line]) -> Mapping[str, Decimal]:
    if rule.share is not None:
        return rule.share
    currency = _weighed(shared).currency
    costs = {
        centre: sum_by_currency(_weighed(line) for line in own if line.cost_centre == centre)
        .get(currency, Money.zero(currency))
        .amount
        for centre in rule.share_by_usage or ()
    }
    return {centre: cost for centre, cost in costs.items() if cost > 0}


def _weighed(line: Line) -> Money:
    return line.cost if line.converted is None else line.converted


def _shared(line: Line, weights: Mapping[str, Decimal]) -> list[Line]:
    if not weights:
        return [line]  # nobody used anything to share it by: it stays unallocated
    shares = parts(line, list(weights.values()))
    return [
        evolve(share, cost_centre=centre) for centre, share in zip(weights, shares, strict=True)
    ]


def _rule(where: str, table: Any) -> Rule:
    if not isinstance(table, dict):
        raise ConfigError(f"{where}: is not a table")
    known = ("match", "cost_centre", "share", "share_by_usage")
    if unknown := [key for key in table if key not in known]:
        raise ConfigError(f"{where}: unknown key {unknown[0]!r}; known: {', '.join(known)}")
    ways = [key for key in known[1:] if key in table]
    if len(ways) != 1:
        raise ConfigError(f"{where}: needs exactly one of cost_centre, share and share_by_usage")
    match = table.get("match")
    if not isinstance(match, dict) or not match:
        raise ConfigError(
            f"{where}: needs match, like match = {{ provider = 'harmont', 'tag:team' = ['web', 'api'] }}"
        )
    for name in match:
        try:
            dimension(name)
        except ConfigError as error:
            raise ConfigError(f"{where}: match: {error}") from None
    matched = {name: _texts(f"{where}: match.{name}", value) for name, value in match.items()}
    if "cost_centre" in table:
        (centre,) = _texts(f"{where}: cost_centre", table["cost_centre"])[:1]
        return Rule(matched, cost_centre=centre)
    if "share_by_usage" in table:
        return Rule(
            matched, share_by_usage=_texts(f"{where}: share_by_usage", table["share_by_usage"])
        )
    return Rule(matched, share=_shares(f"{where}: share", table["share"]))


def _texts(where: str, value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if (
        not isinstance(values, list)
        or not values
        or not all(isinstance(item, str) and item for item in values)
    ):
        raise ConfigError(f"{where}: is a text or a list of texts")
    return tuple(values)


def _shares(where: str, value: Any) -> dict[str, Decimal]:
    if not isinstance(value, dict) or not value:
        raise ConfigError(f"{where}: gives a weight per cost centre, like {{ web = 3, api = 1 }}")
    for centre, weight in value.items():
        if not _weighs(weight):
            raise ConfigError(f"{where}: the weight of {centre!r} is a number that is not negative")
    if not any(value.values()):
        raise ConfigError(f"{where}: the weights are all zero")
    return {centre: Decimal(weight) for centre, weight in value.items()}


def _weighs(weight: Any) -> bool:
    if isinstance(weight, bool) or not isinstance(weight, int | Decimal):
        return False
    try:
        return exact(Decimal(weight)) >= 0
    except MoneyError:
        return False
