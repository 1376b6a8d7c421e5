"""Why a cost changed from one period to another: usage, price or exchange rate."""

from __future__ import annotations

import decimal
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import reduce

from attrs import frozen

from billfold.costs.dimensions import group_lines
from billfold.costs.lines import Line
from billfold.costs.names import telling_apart
from billfold.costs.rates import quotient
from billfold.errors import CurrencyError
from billfold.money import Money

_WIDE = decimal.Context(prec=120, rounding=decimal.ROUND_HALF_EVEN)
_ZERO = Decimal(0)
# The tags that tell apart what one service sells at different prices (adapters/README.md).
_SHAPE = ("product", "product_id", "usage_type", "vcpu", "memory_gb", "disk_gb")

# What has one price: a service's product and shape, counted in one unit.
Product = tuple[str | None, ...]


@frozen
class CostChange:
    """A group's cost before and after, and the effects, which add up to the difference exactly.

    ``usage`` is more or less of the same, at the old price and rate. ``price`` is a different price
    for it, ``exchange`` a different rate. ``mixed`` is what usage and price share: without
    quantities, or where something is new, gone or partly given back.
    """

    keys: tuple[str, ...]
    before: Money
    after: Money
    usage: Money
    price: Money
    exchange: Money
    mixed: Money


@frozen
class _Sum:
    """Lines of one period and product, added up; ``signs`` of those that are not zero.

    ``quantity`` is None where a charge has none, or is here only in part.
    """

    native: Decimal = _ZERO
    amount: Decimal = _ZERO
    quantity: Decimal | None = _ZERO
    rates: frozenset[tuple[Decimal, Decimal]] = frozenset()
    signs: frozenset[bool] = frozenset()


@frozen
class _Effects:
    usage: Decimal = _ZERO
    price: Decimal = _ZERO
    exchange: Decimal = _ZERO
    mixed: Decimal = _ZERO


def changes(
    before: Sequence[Line], after: Sequence[Line], *, by: Sequence[str], currency: str
) -> tuple[CostChange, ...]:
    """Compare the lines of two periods by the dimensions ``by``, largest absolute change first.

    Raises CurrencyError for a line that is neither converted to ``currency`` nor in it.
    """
    tell_apart = telling_apart((line.charge for line in (*before, *after)), by)
    before, after = tell_apart(before), tell_apart(after)
    groups_before, groups_after = group_lines(before, by), group_lines(after, by)
    parts_before, parts_after = _parts_per_charge(before), _parts_per_charge(after)
    compared = []
    for keys in groups_before | groups_after:
        sums_before = _sums(groups_before.get(keys, ()), currency, parts_before)
        sums_after = _sums(groups_after.get(keys, ()), currency, parts_after)
        compared.append(_change(keys, sums_before, sums_after, currency))
    return tuple(sorted(compared, key=_largest_first))


def _parts_per_charge(lines: Iterable[Line]) -> Mapping[int, int]:
    return Counter(id(line.charge) for line in lines)


def _sums(lines: Iterable[Line], currency: str, parts: Mapping[int, int]) -> dict[Product, _Sum]:
    alike: dict[Product, list[Line]] = {}
    for line in lines:
        charge = line.charge
        shape = [charge.tags.get(tag) for tag in _SHAPE]
        service = (charge.provider, charge.service, charge.unit, charge.category)
        alike.setdefault((line.cost.currency, *service, *shape), []).append(line)
    return {product: _sum(same, currency, parts) for product, same in alike.items()}


def _sum(lines: Sequence[Line], currency: str, parts: Mapping[int, int]) -> _Sum:
    for line in lines:
        if line.amount.currency != currency:
            raise CurrencyError(
                f"{line.amount.currency} and {currency} cannot be compared without an exchange rate"
            )
    rates = {id(line.rate): line.rate for line in lines if line.cost.amount}.values()
    return _Sum(
        native=_add([line.cost.amount for line in lines]),
        amount=_add([line.amount.amount for line in lines]),
        quantity=_quantity(lines, parts),
        rates=frozenset(
            (Decimal(1), Decimal(1)) if rate is None else (rate.numerator, rate.denominator)
            for rate in rates
        ),
        signs=frozenset([line.cost.amount > 0 for line in lines if line.cost.amount]),
    )


def _add(numbers: Iterable[Decimal]) -> Decimal:
    return reduce(_WIDE.add, numbers, _ZERO)


def _quantity(lines: Sequence[Line], parts: Mapping[int, int]) -> Decimal | None:
    """Add up the charges' quantities, each once; a part of a charge has no quantity of its own."""
    if any(line.cut for line in lines):
        return None
    quantities = []
    present = _parts_per_charge(lines)
    for key, charge in {id(line.charge): line.charge for line in lines}.items():
        if charge.quantity is None or present[key] != parts[key]:
            return None
        quantities.append(charge.quantity)
    return _add(quantities)


def _change(
    keys: tuple[str, ...],
    before: Mapping[Product, _Sum],
    after: Mapping[Product, _Sum],
    currency: str,
) -> CostChange:
    nothing = _Sum()
    effects = [
        _effects(before.get(product, nothing), after.get(product, nothing))
        for product in {**before, **after}
    ]
    return CostChange(
        keys=keys,
        before=_money((total.amount for total in before.values()), currency),
        after=_money((total.amount for total in after.values()), currency),
        usage=_money((effect.usage for effect in effects), currency),
        price=_money((effect.price for effect in effects), currency),
        exchange=_money((effect.exchange for effect in effects), currency),
        mixed=_money((effect.mixed for effect in effects), currency),
    )


def _money(numbers: Iterable[Decimal], currency: str) -> Money:
    return Money(_add(numbers), currency)


def _effects(before: _Sum, after: _Sum) -> _Effects:
    """Return the effects; each step takes what the last one leaves, so they add up exactly."""
    change = _WIDE.subtract(after.amount, before.amount)
    if not before.native or not after.native or len(before.signs | after.signs) > 1:
        return _Effects(mixed=change)
    exchange = _ZERO
    if len(before.rates | after.rates) > 1:
        at_old_rate = quotient(before.amount, after.native, before.native)
        exchange = _WIDE.subtract(after.amount, at_old_rate)
    rest = _WIDE.subtract(change, exchange)
    if not before.quantity or after.quantity is None:
        return _Effects(exchange=exchange, mixed=rest)
    at_old_price = quotient(before.amount, after.quantity, before.quantity)
    usage = _WIDE.subtract(at_old_price, before.amount)
    return _Effects(usage=usage, price=_WIDE.subtract(rest, usage), exchange=exchange)


def _largest_first(change: CostChange) -> tuple[Decimal, tuple[str, ...]]:
    return (-abs(change.after - change.before)).amount, change.keys
