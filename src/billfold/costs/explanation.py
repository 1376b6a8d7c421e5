"""Explain: from an amount or a charge's id to the charges it is made of, and to where the provider says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from attrs import frozen

from billfold.costs.lines import Line, dimension
from billfold.model import Charge, Usage
from billfold.money import Money, exact, plain, sum_by_currency

Lines = Mapping[int, Sequence[Line]]

# What a total is looked for by, from the whole to the single thing; a finer group that is the same lines is not repeated.
_GROUPS: Sequence[tuple[str, ...]] = (
    (),
    ("provider",),
    ("account",),
    ("provider", "service"),
    ("account", "sub_account"),
    ("account", "category"),
    ("account", "resource"),
    ("month",),
    ("day",),
    ("provider", "day"),
    ("cost_centre",),
)


@frozen
class Match:
    """Something the question fits: a total, a group or a single charge.

    ``keys`` are the group's dimensions and values, none for a total. ``rounded`` tells that only the amount as people read it
    is what was asked for. ``lines`` are what it is made of; a charge without a cost of its own has none.
    """

    what: str
    keys: tuple[tuple[str, str], ...]
    amount: Money | None
    rounded: bool
    lines: tuple[Line, ...]
    charge: Charge | None = None


def explain(asked: str, usages: Iterable[Usage], made: Sequence[Line]) -> tuple[Match, ...]:
    """Find what an amount (``142.82``, ``142.82 USD``) or the id of a charge means; a part of an id finds all that have it.

    Exact matches come before those by rounding, larger groups before smaller.
    """
    charges = [charge for usage in usages for charge in usage.charges]
    of: dict[int, list[Line]] = {}
    for line in made:
        of.setdefault(id(line.charge), []).append(line)
    by_id = [charge for charge in charges if charge.id == asked]
    wanted = _amount(asked)
    if by_id or wanted is None:
        return tuple(_one(charge, of) for charge in by_id or charges if asked in charge.id)
    found = [*_groups(*wanted, made), *_charges(*wanted, charges, of)]
    return tuple(sorted(found, key=lambda match: match.rounded))


def _amount(asked: str) -> tuple[Decimal, str | None] | None:
    number, _, currency = asked.strip().replace("\N{MINUS SIGN}", "-").partition(" ")
    try:
        return exact(
            Decimal(number.replace("\N{NARROW NO-BREAK SPACE}", "").replace(",", ""))
        ), currency.strip() or None
    except (InvalidOperation, ValueError):
        return None


def _fits(money: Money, amount: Decimal, currency: str | None) -> bool | None:
    """Tell whether it fits only when rounded; None when it does not fit."""
    if currency not in (None, money.currency):
        return None
    if money.amount == amount:
        return False
    return True if Decimal(money.rounded()) == amount else None


def _groups(amount: Decimal, currency: str | None, made: Sequence[Line]) -> Iterator[Match]:
    seen: set[frozenset[int]] = set()
    for by in _GROUPS:
        reads = [dimension(name) for name in by]
        groups: dict[tuple[str, ...], list[Line]] = {}
        for line in made:
            groups.setdefault(tuple(read(line) for read in reads), []).append(line)
        for values, group in groups.items():
            for part, money in _totals(group):
                rounded, same = _fits(money, amount, currency), frozenset(map(id, part))
                if rounded is None or same in seen or (by and len(part) == 1):
                    continue
                seen.add(same)
                yield Match(
                    "group" if by else "total",
                    tuple(zip(by, values, strict=True)),
                    money,
                    rounded,
                    tuple(part),
                )


def _totals(group: Sequence[Line]) -> Iterator[tuple[list[Line], Money]]:
    """Give the group's converted total, and its native one in every currency."""
    converted = [line.converted for line in group if line.converted is not None]
    if len(converted) == len(group) > 0:
        yield from ((list(group), money) for money in sum_by_currency(converted).values())
    for code, money in sum_by_currency(line.cost for line in group).items():
        yield [line for line in group if line.cost.currency == code], money


def _charges(
    amount: Decimal, currency: str | None, charges: Iterable[Charge], of: Lines
) -> Iterator[Match]:
    for charge in charges:
        match = _one(charge, of)
        for money in (match.amount, *(line.converted for line in match.lines)):
            if money is not None and (rounded := _fits(money, amount, currency)) is not None:
                yield Match("charge", match.keys, money, rounded, match.lines, charge)
                break


def _one(charge: Charge, of: Lines) -> Match:
    return Match(
        "charge", (("id", charge.id),), charge.cost, False, tuple(of.get(id(charge), ())), charge
    )


def steps(match: Match) -> tuple[str, ...]:
    """Say, a sentence each, how the amount comes about: stated or computed, added, converted, rounded for reading."""
    return tuple(_steps(match))


def _steps(match: Match) -> Iterator[str]:
    if match.charge is not None:
        yield from _stated(match.charge)
    elif match.lines:
        yield f"{len(match.lines)} lines of usage charges add up to {_plus(sum_by_currency(line.cost for line in match.lines))}"
    converted = sum_by_currency(
        line.converted for line in match.lines if line.converted is not None
    )
    rates = list(
        dict.fromkeys(
            line.rate
            for line in match.lines
            if line.rate is not None and line.rate.base != line.rate.quote
        )
    )
    if len(rates) == 1:
        yield f"converted by {rates[0]}, to twelve decimals at most: {_plus(converted)}"
    elif rates:
        yield f"each converted by the rate of its day ({len(rates)} of them), to twelve decimals at most: {_plus(converted)}"
    if any(line.estimated for line in match.lines):
        yield "spread or shared, so the parts are estimated; they add up to the whole exactly"
    if match.amount is not None and plain(match.amount.amount) != match.amount.rounded():
        yield f"{match.amount} is shown as {match.amount.rounded()}: half-up to the currency's smallest unit"


def _stated(charge: Charge) -> Iterator[str]:
    if charge.included_in is not None:
        yield f"its cost is part of the charge {charge.included_in}: {charge.reason or 'the provider prices it there'}"
    elif charge.cost is None:
        yield f"nobody states its cost: {charge.reason or 'no reason is given'}"
    elif charge.derived:
        yield f"{charge.cost} is computed here from stated totals: {charge.reason or charge.description or 'a difference'}"
    else:
        yield f"the provider states {charge.cost}"
    if charge.quantity is not None:
        price = "" if charge.unit_price is None else f" at {charge.unit_price}"
        yield f"for {plain(charge.quantity)} {charge.unit or 'units'}{price}"


def _plus(amounts: Mapping[str, Money]) -> str:
    return " and ".join(map(str, amounts.values()))
