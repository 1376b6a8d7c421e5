"""Allocation: rules give every line a cost centre, and share what is shared to the last digit.

What a file of rules may say is read by :mod:`billfold.costs.rules_file`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from os import PathLike
from pathlib import Path

from attrs import frozen
from msgspec.structs import replace

from billfold.costs.lines import FairShares, Line
from billfold.costs.names import Called, called
from billfold.money import Money, sum_by_currency

_WILDCARDS = {"*": ".*", "?": "."}


@frozen
class Rule:
    """Lines whose every named dimension has one of the given values, and who pays for them.

    In a value ``*`` stands for any text and ``?`` for one character. A project, billing account or
    resource has its name, its id, and the name with the id in brackets that tells it apart. A value
    with ``*`` or ``?`` is about names: about an id only where there is no name, or in the brackets
    that the value has. Without any dimension it is every line.

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
        return all(_is_among(called(name)(line), each) for name, each in self.match.items())


def _is_among(line: Called, values: tuple[str, ...]) -> bool:
    if not set(line).isdisjoint(values):
        return True
    return any(
        pattern.fullmatch(line.shown)
        or (line.told is not None and "(" in pattern.pattern and pattern.fullmatch(line.told))
        for pattern in _patterns(values)
    )


@cache
def _patterns(values: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Return the values that have wildcards, as patterns."""
    return tuple(
        re.compile("".join(_WILDCARDS.get(char) or re.escape(char) for char in value), re.DOTALL)
        for value in values
        if _WILDCARDS.keys() & set(value)
    )


@frozen
class RuleUse:
    """What one rule did: the lines it decides, and those it could not share, with the reasons.

    ``unstated`` is how many charges it decides whose cost nobody states, which are no lines.
    """

    number: int
    rule: Rule
    lines: tuple[Line, ...]
    not_shared: tuple[tuple[Line, str], ...] = ()
    unstated: int = 0

    @property
    def is_unused(self) -> bool:
        """Whether it decides nothing, not even a charge whose cost nobody states."""
        return not self.lines and not self.unstated


@frozen
class Rules:
    """Rules in order; the first that matches a line decides. A line without one is unallocated."""

    rules: tuple[Rule, ...]

    @classmethod
    def read(cls, file: str | PathLike[str]) -> Rules:
        """Read a TOML file of ``[[rule]]`` tables. Raises ConfigError that names the rule."""
        from billfold.costs.rules_file import read_rules

        return cls(tuple(Rule(**said) for said in read_rules(Path(file))))

    def uses(self, lines: Sequence[Line], unstated: Iterable[Line] = ()) -> tuple[RuleUse, ...]:
        """Return what each rule does with lines; the arguments are those of :meth:`allocate`."""
        rules, of_unstated, weighing = self._decided(lines, unstated)
        return tuple(
            RuleUse(
                number,
                rule,
                decided,
                tuple(weighing.not_shared(rule, decided)),
                sum(by is rule for by in of_unstated),
            )
            for number, rule in enumerate(self.rules, 1)
            for decided in [
                tuple(line for line, by in zip(lines, rules, strict=True) if by is rule)
            ]
        )

    def allocate(self, lines: Sequence[Line], unstated: Iterable[Line] = ()) -> tuple[Line, ...]:
        """Return the lines with their cost centres.

        A shared line becomes one line per cost centre, which add up to it exactly. ``unstated`` are
        lines of charges whose cost nobody states: what would be shared by the costs of a cost
        centre that has one stays unallocated.
        """
        rules, _, weighing = self._decided(lines, unstated)
        allocated: list[Line] = []
        fair = {id(rule): FairShares() for rule in self.rules}
        for line, rule in zip(lines, rules, strict=True):
            if rule is None or rule.cost_centre is not None:
                centre = None if rule is None else rule.cost_centre
                allocated.append(replace(line, cost_centre=centre))
            else:
                allocated += _share(line, weighing.weights(rule, line), fair[id(rule)])
        return tuple(allocated)

    def _decided(
        self, lines: Sequence[Line], unstated: Iterable[Line]
    ) -> tuple[list[Rule | None], list[Rule | None], _Weighing]:
        """Return the rule of each line, the same of ``unstated``, and what lines are shared by."""
        rules = [self._first_match(line) for line in lines]
        amounts: dict[str, list[Money]] = {}
        for line, rule in zip(lines, rules, strict=True):
            if rule is not None and rule.cost_centre is not None:
                amounts.setdefault(rule.cost_centre, []).append(line.amount)
        own = {centre: sum_by_currency(costs) for centre, costs in amounts.items()}
        of_unstated = [self._first_match(line) for line in unstated]
        unknown = {rule.cost_centre for rule in of_unstated if rule is not None}
        return rules, of_unstated, _Weighing(own, unknown)

    def _first_match(self, line: Line) -> Rule | None:
        return next((rule for rule in self.rules if rule.matches(line)), None)


@frozen
class _Weighing:
    """What each cost centre costs without its shares, per currency, and whose costs are unknown."""

    own: Mapping[str, Mapping[str, Money]]
    unknown: Container[str | None]

    def weights(self, rule: Rule, line: Line) -> Mapping[str, Decimal]:
        """Return the weight of each cost centre, none where the line cannot be shared."""
        if rule.share is not None:
            return rule.share
        currency = line.amount.currency
        if self._reason(rule, currency) is not None:
            return {}
        costs = {centre: self._cost(centre, currency) for centre in rule.share_by_usage or ()}
        return {centre: cost for centre, cost in costs.items() if cost > 0}

    def not_shared(self, rule: Rule, lines: Iterable[Line]) -> Iterator[tuple[Line, str]]:
        """Yield the lines that cannot be shared by usage, and why."""
        for line in lines if rule.share_by_usage else ():
            reason = self._reason(rule, line.amount.currency)
            if reason is not None:
                yield line, reason

    def _reason(self, rule: Rule, currency: str) -> str | None:
        centres = rule.share_by_usage or ()
        unknown = [centre for centre in centres if centre in self.unknown]
        if unknown:  # a cost that nobody states is no zero
            return f"{unknown[0]} has a charge that states no cost"
        for centre in centres:  # nor is one in another currency
            others = self.own.get(centre, {})
            if others and currency not in others:
                return f"{centre} has costs in {' and '.join(others)} alone: convert, by --in"
        if not any(self._cost(centre, currency) > 0 for centre in centres):
            return f"{' and '.join(centres)} cost nothing themselves"
        return None

    def _cost(self, centre: str, currency: str) -> Decimal:
        own = self.own.get(centre, {})
        return own[currency].amount if currency in own else Decimal(0)


def _share(line: Line, weights: Mapping[str, Decimal], fair: FairShares) -> list[Line]:
    if not weights:
        return [replace(line, cost_centre=None)]
    parts = fair.split_line(line, list(weights.values()))
    return [
        replace(part, cost_centre=centre, shared=True)
        for centre, part in zip(weights, parts, strict=True)
    ]


@frozen
class Chargeback:
    """What a cost centre is charged per currency: its own costs, and its part of shared ones.

    Amounts are converted ones where lines are. ``cost_centre`` is None for what is unallocated.
    """

    cost_centre: str | None
    own: Mapping[str, Money]
    shared: Mapping[str, Money]

    @property
    def total(self) -> dict[str, Money]:
        """Both together."""
        return sum_by_currency([*self.own.values(), *self.shared.values()])


def chargeback(lines: Iterable[Line]) -> tuple[Chargeback, ...]:
    """Return what each cost centre is charged, by their names, and last what is unallocated.

    ``lines`` are allocated ones, as :func:`~billfold.costs.priced_lines` returns them with rules.
    """
    amounts: dict[str | None, tuple[list[Money], list[Money]]] = {}
    for line in lines:
        own, shared = amounts.setdefault(line.cost_centre, ([], []))
        (shared if line.shared else own).append(line.amount)
    return tuple(
        Chargeback(centre, *map(sum_by_currency, amounts[centre]))
        for centre in sorted(amounts, key=lambda centre: (centre is None, centre or ""))
    )
