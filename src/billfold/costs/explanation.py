"""Explain an amount: the totals, groups and charges it may be, and how each comes about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from attrs import frozen

from billfold.costs.dimensions import keys_of
from billfold.costs.lines import ROLE, Line
from billfold.costs.names import telling_apart
from billfold.counted import counted
from billfold.errors import ConfigError, MoneyError
from billfold.model import Charge, Usage, is_unstated
from billfold.money import Money, parse_number, plain, sum_by_currency

_THOUSANDS, _ALMOST_ZERO = "\N{NARROW NO-BREAK SPACE}", "~"  # as tables print them
# Commas that can only be between thousands: 1,234 alone may be a little over one.
_GROUPED = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3}){2,}|[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+\.[0-9]+"
)
_COMMA = re.compile(r"[+-]?[0-9][0-9.]*,")
# What an amount is looked for in, from the total to the single resource. A finer group of the same
# lines is not repeated.
_GROUPS: Sequence[tuple[str, ...]] = (
    *((), ("provider",), ("account",), ("provider", "service"), ("account", "billing_account")),
    *(("account", "sub_account"), ("account", "category"), ("account", "resource")),
    *(("month",), ("day",), ("provider", "day"), ("cost_centre",)),
)


@frozen
class Match:
    """Something an amount or an id may be: its ``kind`` is total, group or charge.

    ``keys`` are the group's dimensions and values, none for a total. ``rounded`` marks an amount
    that matches only as people read it. ``lines`` are what it is made of; a charge without a cost
    of its own has none.
    """

    kind: str
    keys: tuple[tuple[str, str], ...]
    amount: Money | None
    rounded: bool
    lines: tuple[Line, ...]
    charge: Charge | None = None


@frozen
class _Amount:
    """An amount as people write it; ``currency`` is None for any."""

    number: Decimal
    currency: str | None

    @classmethod
    def parse(cls, text: str) -> _Amount | None:
        """Return ``142.82`` or ``142.82 USD`` as printed anywhere, None for what is no amount."""
        shown = text.strip().removeprefix(_ALMOST_ZERO).replace(_THOUSANDS, "")
        number, _, currency = shown.partition(" ")
        if _GROUPED.fullmatch(number):
            number = number.replace(",", "")
        try:
            return cls(parse_number(number), currency.strip().upper() or None)
        except MoneyError:
            return None

    def matches(self, money: Money) -> bool:
        """Return whether the money is this amount, exactly or as people read it."""
        if self.currency not in (None, money.currency):
            return False
        return money.amount == self.number or Decimal(money.rounded()) == self.number


def explain(text: str, usages: Iterable[Usage], lines: Sequence[Line]) -> tuple[Match, ...]:
    """Return what an amount (``142.82``, ``142.82 USD``), a charge's id or a part of an id may be.

    ``lines`` are the usages' lines. An id comes before an amount that is written the same. Exact
    matches come before rounded ones, larger groups before smaller. Raises ConfigError for an amount
    with a comma, which may mean decimals or thousands.
    """
    usages = tuple(usages)
    lines_of: dict[int, list[Line]] = {}
    for line in lines:
        lines_of.setdefault(id(line.charge), []).append(line)
    charges = [
        (charge, tuple(lines_of.get(id(charge), ())))
        for usage in usages
        for charge in usage.charges
    ]
    same_id = [(charge, parts) for charge, parts in charges if charge.id == text]
    amount = _Amount.parse(text)
    if amount is None or same_id:
        similar = [(charge, parts) for charge, parts in charges if text in charge.id]
        if not same_id and not similar and _COMMA.match(text.strip()):
            number = text.strip().partition(" ")[0]
            try:
                parse_number(number)
            except MoneyError as error:
                raise ConfigError(f"{text!r} is no charge's id; as an amount, {error}") from None
        return tuple(_charge(charge, parts, charge.cost) for charge, parts in same_id or similar)
    matches = [*_groups(amount, lines), *_known_zeros(amount, usages, lines)]
    for charge, parts in charges:
        amounts = [charge.cost, *(line.converted for line in parts)]
        matching = [money for money in amounts if money is not None and amount.matches(money)]
        if matching:
            rounded = matching[0].amount != amount.number
            matches.append(_charge(charge, parts, matching[0], rounded=rounded))
    return tuple(sorted(matches, key=lambda match: match.rounded))


def _charge(
    charge: Charge, lines: tuple[Line, ...], amount: Money | None, *, rounded: bool = False
) -> Match:
    return Match("charge", (("id", charge.id),), amount, rounded, lines, charge)


def _groups(amount: _Amount, lines: Sequence[Line]) -> Iterator[Match]:
    seen: set[frozenset[int]] = set()
    for by in _GROUPS:
        for values, group in _named_groups(lines, by).items():
            for part, money in _totals(group):
                same_lines = frozenset(map(id, part))
                is_single_charge = len(part) == 1 and by != ()
                if same_lines in seen or is_single_charge or not amount.matches(money):
                    continue
                seen.add(same_lines)
                yield Match(
                    kind="group" if by else "total",
                    keys=tuple(zip(by, values, strict=True)),
                    amount=money,
                    rounded=money.amount != amount.number,
                    lines=tuple(part),
                )


def _named_groups(lines: Sequence[Line], by: Sequence[str]) -> dict[tuple[str, ...], list[Line]]:
    """Return the lines by what a view calls their values of the dimensions ``by``."""
    groups: dict[tuple[str, ...], list[Line]] = {}
    named = telling_apart((line.charge for line in lines), by)(lines)
    for keys, line in zip(keys_of(named, by), lines, strict=False):
        groups.setdefault(keys, []).append(line)
    return groups


def _known_zeros(
    amount: _Amount, usages: Iterable[Usage], lines: Iterable[Line]
) -> Iterator[Match]:
    """Yield the totals of currencies that were stated in, and in which nothing was charged."""
    charged = {line.cost.currency for line in lines}
    for currency in {code: None for usage in usages for code in usage.totals()}:
        if currency not in charged and amount.matches(Money.zero(currency)):
            yield Match("total", (), Money.zero(currency), False, ())


def _totals(group: Sequence[Line]) -> Iterator[tuple[Sequence[Line], Money]]:
    """Yield the converted total, then the native one of every currency, each with its lines."""
    converted = [line.converted for line in group if line.converted is not None]
    if len(converted) == len(group):
        for money in sum_by_currency(converted).values():
            yield group, money
    for currency, money in sum_by_currency(line.cost for line in group).items():
        yield [line for line in group if line.cost.currency == currency], money


def steps(match: Match) -> tuple[str, ...]:
    """Return, a sentence each, how the amount is stated, added up, converted and rounded."""
    sentences: list[str] = []
    if match.charge is not None:
        sentences += _charge_steps(match.charge)
    elif match.lines:
        total = _joined(line.cost for line in match.lines)
        count = counted(len(match.lines), "line")
        verb = "is" if len(match.lines) == 1 else "add up to"
        sentences.append(f"{count} of {ROLE} {verb} {total}")
    else:
        sentences.append("nothing was charged")
    sentences += _conversion_steps(match.lines)
    if any(line.estimated for line in match.lines):
        sentences.append(
            "spread or shared, so the parts are estimated; they add up to the whole exactly"
        )
    if match.amount is not None and plain(match.amount.amount) != match.amount.rounded():
        sentences.append(
            f"{match.amount} is shown as {match.amount.rounded()}: "
            "half-up to the currency's smallest unit"
        )
    return tuple(sentences)


def _charge_steps(charge: Charge) -> Iterator[str]:
    if is_unstated(charge):
        yield f"its cost is not stated: {charge.reason or 'no reason is given'}"
    elif charge.included_in is not None:
        reason = charge.reason or "the provider prices it there"
        yield f"its cost is part of the charge {charge.included_in}: {reason}"
    elif charge.derived:
        reason = charge.reason or charge.description or "a difference"
        yield f"{charge.cost} is computed here from stated totals: {reason}"
    else:
        yield f"the provider states {charge.cost}"
    if charge.quantity is not None:
        price = "" if charge.unit_price is None else f" at {charge.unit_price}"
        yield f"for {plain(charge.quantity)} {charge.unit or 'units'}{price}"


def _conversion_steps(lines: Sequence[Line]) -> Iterator[str]:
    rates = dict.fromkeys(line.rate for line in lines if line.rate is not None)
    used = [rate for rate in rates if rate.base != rate.quote]
    if not used:
        return
    total = _joined(line.converted for line in lines if line.converted is not None)
    conversion = f"converted by {used[0]}"
    if len(used) > 1:
        conversion = f"each converted by the rate of its day ({len(used)} of them)"
    yield f"{conversion}, to twelve decimals at most: {total}"


def _joined(amounts: Iterable[Money]) -> str:
    return " and ".join(map(str, sum_by_currency(amounts).values()))
