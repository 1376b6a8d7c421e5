"""Exact money: a Decimal and an ISO 4217 code, and arithmetic that never rounds."""

from __future__ import annotations

import decimal
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache, reduce
from typing import NoReturn

from attrs import field, frozen

from billfold.errors import CurrencyError, MoneyError
from billfold.makers import maker

# Private, so that a caller's context can neither round our money nor hide that it was rounded.
# Eighty digits between 1e-40 and 1e40 hold any bill; what does not fit is an attack or an accident,
# and is refused instead of written out for pages.
_EXACT = decimal.Context(
    prec=80,
    Emin=-40,
    Emax=39,
    rounding=decimal.ROUND_HALF_EVEN,
    traps=[decimal.Inexact, decimal.Overflow, decimal.Subnormal, decimal.InvalidOperation],
)

_ADD, _MULTIPLY = _EXACT.add, _EXACT.multiply
_ZERO = Decimal(0)
_TEXT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ([A-Z]{3})")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_COMMA = re.compile(r"[+-]?[0-9][0-9.,]*,[0-9.,]*")
_NOT_FINITE = "an amount is finite, not NaN or Infinity"


def exact(number: Decimal) -> Decimal:
    """Return ``number``.

    Raises MoneyError unless it is a finite Decimal of at most eighty digits between 1e-40 and 1e40.
    """
    try:
        if number.is_finite():
            return _EXACT.plus(number)
    except AttributeError:
        raise MoneyError(
            f"an amount must be a Decimal (got {type(number).__name__}); "
            'use Money.parse("10.50 EUR")'
        ) from None
    except decimal.DecimalException:
        raise MoneyError(
            "an amount has at most eighty digits and lies between 1e-40 and 1e40"
        ) from None
    raise MoneyError(_NOT_FINITE)


def exact_or_unstated(quantity: Decimal | None) -> Decimal | None:
    """Return a quantity, None for one that nobody can hold: it is no money, and loses none."""
    try:
        return None if quantity is None else exact(quantity)
    except MoneyError:
        return None


def parse_number(text: str) -> Decimal:
    """Return the number that a person writes, like ``-12.34``: ASCII digits and one point.

    Raises MoneyError that says how to write it.
    """
    digits = text.strip().replace("\N{MINUS SIGN}", "-")
    if _NUMBER.fullmatch(digits):
        return exact(Decimal(digits))
    if _COMMA.fullmatch(digits):
        raise MoneyError(f"{text!r} has a comma; {_without_comma(digits)}")
    raise MoneyError(f"{text!r} is not a number; write it like 1234.56")


def _without_comma(digits: str) -> str:
    """Return how to write a number without its comma; ``1,234`` may be one of two."""
    whole, _, behind = digits.rpartition(",")
    joined = re.sub("[.,]", "", whole)
    meant = [] if "," in whole or "." in behind else [f"{joined}.{behind}"]
    if "." not in whole:
        thousands, point, _ = behind.partition(".")
        meant += [joined + behind] if point or len(thousands) == 3 else []
    meant = [number for number in meant if _NUMBER.fullmatch(number)]
    return f"write {' or '.join(meant)}" if meant else "write it like 1234.56"


def plain(number: Decimal) -> str:
    """Write a number in plain notation, every digit kept, never with an exponent.

    Raises MoneyError as :func:`exact` does.
    """
    text = str(exact(number))
    # Far faster than format, and the same for all but the smallest and the largest numbers.
    return format(number, "f") if "E" in text else text


# What nearly everybody is billed in, so that nearly nobody pays for the table, an XML that is
# parsed when it is imported.
_WELL_KNOWN = {"EUR": 2, "USD": 2}


@lru_cache(maxsize=256)
def exponent(currency: str) -> int:
    """Return how many decimals the currency's smallest unit has (ISO 4217).

    That is 2 for EUR, 0 for JPY, 3 for KWD.

    Raises CurrencyError for a code that is not in ISO 4217, and for one without a smallest unit
    (XAU).
    """
    if currency in _WELL_KNOWN:
        return _WELL_KNOWN[currency]
    from iso4217 import Currency

    try:
        places = Currency(currency).exponent
    except ValueError:
        raise CurrencyError(f"{currency!r} is not a currency code of ISO 4217") from None
    if places is None:
        raise CurrencyError(f"{currency} has no smallest unit in ISO 4217")
    return int(places)


@lru_cache(maxsize=256)
def _unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-exponent(currency), _EXACT)


@lru_cache(maxsize=256)
def _half_unit(currency: str) -> Decimal:
    return _EXACT.divide(_unit(currency), 2)


def currency_code(text: str) -> str:
    """Return the code of ISO 4217 that people write in any letter case.

    Raises CurrencyError for what is none.
    """
    if not isinstance(text, str):
        raise CurrencyError(f"{text!r} is not a currency code of ISO 4217; write it like 'EUR'")
    # Signs of other scripts become ASCII letters in capitals, and no code by that.
    code = text.strip().upper() if text.isascii() else text
    exponent(code)
    return code


_CODES: set[str] = set()


def _code(currency: str) -> str:
    if currency not in _CODES:
        if (
            len(currency) != 3
            or not currency.isascii()
            or not currency.isalpha()
            or not currency.isupper()
        ):
            raise CurrencyError(
                f"{currency!r} is not a currency code: three capital letters, as in ISO 4217"
            )
        _CODES.add(currency)
    return currency


@frozen(order=False)
class Money:
    """An exact amount of one currency.

    ``amount`` counts whole units (12.34 is twelve euros and thirty-four cents) and keeps every
    digit it was given; ``currency`` is an ISO 4217 code. Adding, subtracting or comparing two
    currencies raises CurrencyError. Arithmetic runs in a private decimal context that traps
    Inexact, so a result is exact or a MoneyError.
    """

    amount: Decimal = field(converter=exact)
    currency: str = field(converter=_code)

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

    def rounded(self) -> str:
        """Return the amount as people read it.

        Half-up to the currency's smallest unit. Never compute with it.
        """
        try:
            unit = _unit(self.currency)
        except CurrencyError:
            return plain(self.amount)
        near = self.amount.quantize(
            unit, rounding=decimal.ROUND_HALF_UP, context=decimal.Context(prec=200)
        )
        return plain(near or near.copy_abs())

    def is_rounding_noise(self) -> bool:
        """Return whether the amount is less than half of the currency's smallest unit.

        The one rule for it.

        A currency without a smallest unit has no noise.
        """
        try:
            return self.amount.copy_abs() < _half_unit(self.currency)
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
        return Money(_exactly(_EXACT.add, self.amount, self._same(other)), self.currency)

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(_exactly(_EXACT.subtract, self.amount, self._same(other)), self.currency)

    def __mul__(self, factor: int | Decimal) -> Money:
        if isinstance(factor, bool) or not isinstance(factor, int | Decimal):
            return NotImplemented
        return Money(_exactly(_EXACT.multiply, self.amount, factor), self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(_EXACT.minus(self.amount), self.currency)

    def __abs__(self) -> Money:
        return Money(_EXACT.abs(self.amount), self.currency)

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


# Without converters, for amounts and codes that were just checked.
_make_money = maker(Money)


@lru_cache(maxsize=256)
def minor_units(currency: str) -> Callable[[int | Decimal], Money]:
    """Return :meth:`Money.minor` of one currency, for the many amounts of a reply."""
    unit = _unit(currency)

    def scaled(count: int | Decimal) -> Money:
        try:
            amount = _MULTIPLY(count, unit)
        except (decimal.DecimalException, TypeError) as error:
            raise _inexact(error, count) from None
        if not amount.is_finite():
            raise MoneyError(_NOT_FINITE)
        return _make_money(amount or amount.copy_abs(), currency)

    return scaled


def _exactly(
    operation: Callable[[Decimal | int, Decimal | int], Decimal],
    one: Decimal | int,
    other: Decimal | int,
) -> Decimal:
    try:
        return operation(one, other)
    except (decimal.DecimalException, TypeError) as error:
        raise _inexact(error, one) from None


def _inexact(error: Exception, number: object) -> MoneyError:
    if isinstance(error, TypeError):
        return MoneyError(
            f"an amount must be a Decimal (got {type(number).__name__}); "
            'use Money.parse("10.50 EUR")'
        )
    return MoneyError("the result has too many digits to be exact")


def sum_by_currency(amounts: Iterable[Money]) -> dict[str, Money]:
    """Add money per currency, exactly; the codes come out sorted."""
    by_currency: dict[str, list[Decimal]] = {}
    for money in amounts:
        by_currency.setdefault(money.currency, []).append(money.amount)
    return {code: _make_money(_sum(by_currency[code]), code) for code in sorted(by_currency)}


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    try:
        return reduce(_ADD, amounts, _ZERO)
    except decimal.DecimalException as error:
        raise _inexact(error, _ZERO) from None
