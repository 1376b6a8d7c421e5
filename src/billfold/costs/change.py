"""Why a cost changed from one period to another: usage, price, exchange rate."""

from __future__ import annotations

import decimal
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import reduce

from attrs import frozen

from billfold.costs.lines import Line, dimension
from billfold.costs.rates import scaled
from billfold.errors import CurrencyError
from billfold.money import Money, sum_by_currency
from billfold.period import Period

_WIDE = decimal.Context(prec=120, rounding=decimal.ROUND_HALF_EVEN)
_ZERO = Decimal(0)
_UNCONVERTED = (Decimal(1), Decimal(1))
# The tags by which adapters tell apart what one service sells at different prices (adapters/README.md).
_SHAPE = ("product", "product_id", "usage_type", "vcpu", "memory_gb", "disk_gb")


@frozen
class Change:
    """One group's cost before and after, and what the difference is made of; the effects add up to it exactly.

    ``usage`` is more or less of the same, at the old price and rate; ``price`` a different price for it; ``exchange`` a
    different rate. ``mixed`` is what usage and price share where the provider gives no quantities, or where something is new,
    gone or partly given back.
    """

    keys: tuple[str, ...]
    before: Money
    after: Money
    usage: Money
    price: Money
    exchange: Money
    mixed: Money


@frozen
class _Side:
    """What alike lines of one period add up to; ``quantity`` is None where one is unknown, or of a charge not all here."""

    native: Decimal
    converted: Decimal
    quantity: Decimal | None
    rates: frozenset[tuple[Decimal, Decimal]]
    signs: frozenset[bool]

    @classmethod
    def of(cls, made: Sequence[Line], currency: str, parts: Mapping[int, int]) -> _Side:
        """Add up; ``parts`` counts the lines that each charge was made into."""
        here = Counter(id(line.charge) for line in made)
        charges = {id(line.charge): line.charge for line in made}
        quantities = [
            each.quantity if here[key] == parts[key] else None for key, each in charges.items()
        ]
        known = [quantity for quantity in quantities if quantity is not None]
        return cls(
            reduce(_WIDE.add, (line.cost.amount for line in made), _ZERO),
            reduce(_WIDE.add, (_in(line, currency) for line in made), _ZERO),
            reduce(_WIDE.add, known, _ZERO) if len(known) == len(quantities) else None,
            frozenset(
                _UNCONVERTED if line.rate is None else (line.rate.numerator, line.rate.denominator)
                for line in made
            ),
            frozenset(line.cost.amount > 0 for line in made if line.cost.amount),
        )


def _in(line: Line, currency: str) -> Decimal:
    money = line.cost if line.converted is None else line.converted
    if money.currency != currency:
        raise CurrencyError(
            f"{money.currency} and {currency} cannot be compared without an exchange rate"
        )
    return money.amount


def changes(
    before: Sequence[Line], after: Sequence[Line], *, by: Sequence[str], currency: str
) -> tuple[Change, ...]:
    """Compare the lines of two periods, largest absolute change first.

    Raises CurrencyError for a line that is neither converted to ``currency`` nor in it.
    """
    reads = [dimension(name) for name in by]
    parts = [Counter(id(line.charge) for line in made) for made in (before, after)]
    alike: dict[tuple[tuple[str, ...], tuple[str | None, ...]], tuple[list[Line], list[Line]]] = {}
    for which, made in enumerate((before, after)):
        for line in made:
            alike.setdefault((tuple(read(line) for read in reads), _sold(line)), ([], []))[
                which
            ].append(line)
    groups: dict[tuple[str, ...], list[tuple[_Side, ...]]] = {}
    for (keys, _), pair in alike.items():
        groups.setdefault(keys, []).append(
            tuple(_Side.of(made, currency, many) for made, many in zip(pair, parts, strict=True))
        )
    found = [_change(keys, pairs, currency) for keys, pairs in groups.items()]
    return tuple(
        sorted(
            found,
            key=lambda change: (
                (change.after - change.before).amount.copy_abs().copy_negate(),
                change.keys,
            ),
        )
    )


def _sold(line: Line) -> tuple[str | None, ...]:
    """Tell what has one price: the same thing, shape and plan, counted in the same unit."""
    charge = line.charge
    shape = (charge.tags.get(tag) for tag in _SHAPE)
    return (
        charge.provider,
        line.cost.currency,
        charge.service,
        charge.unit,
        charge.category.value,
        *shape,
    )


def _change(keys: tuple[str, ...], pairs: Sequence[Sequence[_Side]], currency: str) -> Change:
    effects = [_effects(old, new) for old, new in pairs]
    usage, price, exchange, mixed = (_sum(parts, currency) for parts in zip(*effects, strict=True))
    before, after = (_sum([pair[which].converted for pair in pairs], currency) for which in (0, 1))
    return Change(keys, before, after, usage, price, exchange, mixed)


def _sum(numbers: Iterable[Decimal], currency: str) -> Money:
    return sum_by_currency(
        [Money.zero(currency), *(Money(number, currency) for number in numbers)]
    )[currency]


def _effects(old: _Side, new: _Side) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Return usage, price, exchange and mixed; they add up to the change because the last one of each step takes the rest."""
    change = _WIDE.subtract(new.converted, old.converted)
    if not old.native or not new.native or len(old.signs | new.signs) > 1:
        return _ZERO, _ZERO, _ZERO, change
    same_rate = len(old.rates | new.rates) == 1
    exchange = (
        _ZERO
        if same_rate
        else _WIDE.subtract(new.converted, scaled(old.converted, new.native, old.native))
    )
    rest = _WIDE.subtract(change, exchange)
    if not old.quantity or new.quantity is None:
        return _ZERO, _ZERO, exchange, rest
    usage = _WIDE.subtract(scaled(old.converted, new.quantity, old.quantity), old.converted)
    return usage, _WIDE.subtract(rest, usage), exchange, _ZERO


def previous(period: Period) -> Period:
    """Return the period before: as many calendar months for whole months, else the same length of time."""
    months = period.split_months()
    if all(month == Period.month_of(month.start) for month in months):
        before = period
        for _ in months:
            before = before.previous_month()
        return Period(before.start, period.start)
    return Period(period.start - (period.end - period.start), period.start)
