"""Why a cost changed from one period to another: usage, price, exchange rate."""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Sequence
from decimal import Decimal

from attrs import frozen

from billfold.costs.lines import Line, dimension
from billfold.costs.rates import PLACES
from billfold.errors import CurrencyError
from billfold.money import Money, sums
from billfold.period import Period

_WIDE = decimal.Context(prec=120, rounding=decimal.ROUND_HALF_EVEN)
_ZERO = Decimal(0)


@frozen
class Change:
    """One group's cost before and after, and what the difference is made of; the effects add up to it exactly.

    ``usage`` is more or less of the same, at the old price and rate; ``price`` a different price for it; ``exchange`` a
    different rate. ``mixed`` is what usage and price share where the provider gives no quantities, or where something is new
    or gone.
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
    native: Decimal = _ZERO
    converted: Decimal = _ZERO
    quantity: Decimal | None = _ZERO

    def plus(self, line: Line, currency: str) -> _Side:
        money = line.cost if line.converted is None else line.converted
        if money.currency != currency:
            raise CurrencyError(f"{money.currency} and {currency} cannot be compared without an exchange rate")
        quantity = line.charge.quantity
        whole = self.quantity is not None and quantity is not None and line.cost == line.charge.cost
        return _Side(
            _WIDE.add(self.native, line.cost.amount),
            _WIDE.add(self.converted, money.amount),
            _WIDE.add(self.quantity or _ZERO, quantity or _ZERO) if whole else None,
        )


def changes(before: Sequence[Line], after: Sequence[Line], *, by: Sequence[str], currency: str) -> tuple[Change, ...]:
    """Compare the lines of two periods, largest absolute change first.

    Raises CurrencyError for a line that is neither converted to ``currency`` nor in it.
    """
    reads = [dimension(name) for name in by]
    sides: dict[tuple[tuple[str, ...], tuple[str | None, ...]], list[_Side]] = {}
    for which, made in enumerate((before, after)):
        for line in made:
            keys = tuple(read(line) for read in reads)
            alike = (line.cost.currency, line.charge.service, line.charge.unit, line.charge.category.value)
            pair = sides.setdefault((keys, alike), [_Side(), _Side()])
            pair[which] = pair[which].plus(line, currency)
    groups: dict[tuple[str, ...], list[list[_Side]]] = {}
    for (keys, _), pair in sides.items():
        groups.setdefault(keys, []).append(pair)
    found = [_change(keys, pairs, currency) for keys, pairs in groups.items()]
    return tuple(
        sorted(found, key=lambda change: ((change.after - change.before).amount.copy_abs().copy_negate(), change.keys))
    )


def _change(keys: tuple[str, ...], pairs: Sequence[Sequence[_Side]], currency: str) -> Change:
    effects = [_effects(old, new) for old, new in pairs]
    usage, price, exchange, mixed = (_sum(parts, currency) for parts in zip(*effects, strict=True))
    before, after = (_sum([pair[which].converted for pair in pairs], currency) for which in (0, 1))
    return Change(keys, before, after, usage, price, exchange, mixed)


def _sum(numbers: Iterable[Decimal], currency: str) -> Money:
    return sums([Money.zero(currency), *(Money(number, currency) for number in numbers)])[currency]


def _effects(old: _Side, new: _Side) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Return usage, price, exchange and mixed; they add up to the change because the last one of each step takes the rest."""
    change = _WIDE.subtract(new.converted, old.converted)
    if not old.native or not new.native:
        return _ZERO, _ZERO, _ZERO, change
    at_old_rate = _places(_WIDE.divide(_WIDE.multiply(new.native, old.converted), old.native))
    exchange = _WIDE.subtract(new.converted, at_old_rate)
    rest = _WIDE.subtract(change, exchange)
    if not old.quantity or new.quantity is None:
        return _ZERO, _ZERO, exchange, rest
    at_old_price = _places(_WIDE.divide(_WIDE.multiply(new.quantity, old.converted), old.quantity))
    usage = _WIDE.subtract(at_old_price, old.converted)
    return usage, _WIDE.subtract(rest, usage), exchange, _ZERO


def _places(number: Decimal) -> Decimal:
    return number.quantize(PLACES, context=_WIDE)


def previous(period: Period) -> Period:
    """Return the period before: as many calendar months for whole months, else the same length of time."""
    months = period.split_months()
    if all(month == Period.month_of(month.start) for month in months):
        before = period
        for _ in months:
            before = before.before()
        return Period(before.start, period.start)
    return Period(period.start - (period.end - period.start), period.start)
