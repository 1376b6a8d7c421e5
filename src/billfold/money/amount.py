"""An exact amount of one currency."""

from __future__ import annotations

import decimal
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn

from attrs import field, frozen

from billfold.errors import CurrencyError, MoneyError
from billfold.makers import maker
from billfold.money.arithmetic import (
    EXACT,
    NOT_FINITE,
    exact,
    exact_sum,
    exactly,
    inexact,
    plain,
)
from billfold.money.currencies import checked_code, half_unit, unit

_ADD, _SUBTRACT, _MULTIPLY = EXACT.add, EXACT.subtract, EXACT.multiply
_TEXT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ([A-Z]{3})")


@frozen(order=False)
class Money:
    """An exact amount of one currency.

    ``amount`` counts whole units (12.34 is twelve euros and thirty-four cents) and keeps every
    digit it was given; ``currency`` is an ISO 4217 code. Adding, subtracting or comparing two
    currencies raises CurrencyError. Arithmetic runs in a private decimal context that traps
    Inexact, so a result is exact or a MoneyError.
    """

    amount: Decimal = field(converter=exact)
    currency: str = field(converter=checked_code)

    @classmethod
    def minor(cls, count: int | Decimal, currency: str) -> Money:
        """Scale a count of the currency's smallest unit by its ISO 4217 exponent.

        Fractions of that unit are kept.
        """
        return minor_units(currency)(count)

    @classmethod
    def parse(cls, text: str) -> Money:
        """Return the money that text like ``10.50 EUR`` says, every digit kept.

        Raises MoneyError for any other text.
        """
        match = _TEXT.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise MoneyError(f"{text!r} is not an amount of money; write it like 10.50 EUR")
        return cls(Decimal(match[1]), match[2])

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Return nothing of a currency: a known zero, not an unknown."""
        return cls(Decimal(0), currency)

    @classmethod
    def sum(cls, amounts: Iterable[Money], currency: str | None = None) -> Money:
        """Add up amounts of one currency, exactly; none of them are zero of ``currency``.

        Raises CurrencyError for amounts of two currencies, and MoneyError for what is no money (an
        unknown cost is None) and for no amounts at all where no currency is named.
        """
        added = list(amounts) if currency is None else [cls.zero(currency), *amounts]
        for money in added:
            if not isinstance(money, Money):
                raise MoneyError(f"{money!r} is no money, and what is unknown does not add up")
        if not added:
            raise MoneyError('nothing to add up has no currency; name one: Money.sum(..., "EUR")')
        first, *others = sum_by_currency(added).values()
        for other in others:
            first._same(other)
        return first

    def format(self) -> str:
        """Return the amount as people read it, with its currency: ``12.35 EUR``.

        As :meth:`rounded`, the same in every locale. Never compute with it.
        """
        return f"{self.rounded()} {self.currency}"

    def rounded(self) -> str:
        """Return the amount as people read it.

        Half-up to the currency's smallest unit. Never compute with it.
        """
        try:
            smallest = unit(self.currency)
        except CurrencyError:
            return plain(self.amount)
        near = self.amount.quantize(
            smallest, rounding=decimal.ROUND_HALF_UP, context=decimal.Context(prec=200)
        )
        return plain(near or near.copy_abs())

    def is_rounding_noise(self, rounded: int = 1) -> bool:
        """Return whether the amount is at most half of the currency's smallest unit.

        The one rule for it: whoever rounds half a unit, up or to even, moves it by all of that. Of
        a difference between several amounts that were rounded, it is half a unit for each of them
        (``rounded`` is how many).

        A currency without a smallest unit has no noise.
        """
        try:
            return self.amount.copy_abs() <= EXACT.multiply(half_unit(self.currency), rounded)
        except CurrencyError:
            return False

    def _same(self, other: Money) -> Decimal:
        if self.currency != other.currency:
            raise CurrencyError(
                f"{self.currency} and {other.currency} do not add up without an exchange rate"
            )
        return other.amount

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return _make_money(exactly(_ADD, self.amount, self._same(other)), self.currency)

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return _make_money(exactly(_SUBTRACT, self.amount, self._same(other)), self.currency)

    def __mul__(self, factor: int | Decimal) -> Money:
        if isinstance(factor, bool) or not isinstance(factor, int | Decimal):
            return NotImplemented
        return Money(exactly(EXACT.multiply, self.amount, factor), self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return _make_money(EXACT.minus(self.amount), self.currency)

    def __abs__(self) -> Money:
        return _make_money(EXACT.abs(self.amount), self.currency)

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "money has no truth value: write `money is None` for unknown, "
            "`money.amount == 0` for zero"
        )

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other)

    def __str__(self) -> str:
        return f"{plain(self.amount)} {self.currency}"


# Without converters, for amounts and codes that were checked, and what is exactly made of them.
_make_money = maker(Money)


# Amounts of a currency that are made once: a bill has few prices, and each of them many times.
_MOST_SHARED = 1024


@lru_cache(maxsize=256)
def minor_units(currency: str) -> Callable[[int | Decimal], Money]:
    """Return :meth:`Money.minor` of one currency, for the many amounts of a reply.

    Counts that are written alike may become one object.
    """
    shared = _Shared(currency)

    def scaled(count: int | Decimal) -> Money:
        if type(count) is Decimal:
            return shared[str(count)]  # 1.0 equals 1, and keeps its digit
        return _scale(count, shared.smallest, currency)

    return scaled


class _Shared(dict[str, Money]):
    """The amounts of one currency, by counts of its minor unit; each is made on first use."""

    def __init__(self, currency: str) -> None:
        self.currency, self.smallest = currency, unit(currency)

    def __missing__(self, text: str) -> Money:
        money = _scale(Decimal(text), self.smallest, self.currency)
        if len(self) >= _MOST_SHARED:
            self.clear()
        self[text] = money
        return money


def _scale(count: int | Decimal, smallest: Decimal, currency: str) -> Money:
    try:
        amount = _MULTIPLY(count, smallest)
    except (decimal.DecimalException, TypeError) as error:
        raise inexact(error, count) from None
    if not amount.is_finite():
        raise MoneyError(NOT_FINITE)
    return _make_money(amount or amount.copy_abs(), currency)


def sum_by_currency(amounts: Iterable[Money]) -> dict[str, Money]:
    """Add money per currency, exactly; the codes come out sorted."""
    by_currency: defaultdict[str, list[Decimal]] = defaultdict(list)
    for money in amounts:
        by_currency[money.currency].append(money.amount)
    return {code: _make_money(exact_sum(by_currency[code]), code) for code in sorted(by_currency)}
