"""Decimals that are never rounded."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import reduce

from billfold.errors import MoneyError

# Private, so that a caller's context can neither round our money nor hide that it was rounded.
# Eighty digits between 1e-40 and 1e40 hold any bill; what does not fit is an attack or an accident,
# and is refused instead of written out for pages.
EXACT = decimal.Context(
    prec=80,
    Emin=-40,
    Emax=39,
    rounding=decimal.ROUND_HALF_EVEN,
    traps=[decimal.Inexact, decimal.Overflow, decimal.Subnormal, decimal.InvalidOperation],
)
_ZERO = Decimal(0)
NOT_FINITE = "an amount is finite, not NaN or Infinity"


def exact(number: Decimal) -> Decimal:
    """Return ``number``.

    Raises MoneyError unless it is a finite Decimal of at most eighty digits between 1e-40 and 1e40.
    """
    try:
        if number.is_finite():
            return EXACT.plus(number)
    except AttributeError:
        raise _no_decimal(number) from None
    except decimal.DecimalException:
        raise MoneyError(
            "an amount has at most eighty digits and lies between 1e-40 and 1e40"
        ) from None
    raise MoneyError(NOT_FINITE)


def exact_or_unstated(quantity: Decimal | None) -> Decimal | None:
    """Return a quantity, None for one that nobody can hold: it is no money, and loses none."""
    try:
        return None if quantity is None else exact(quantity)
    except MoneyError:
        return None


def plain(number: Decimal) -> str:
    """Write a number in plain notation, every digit kept, never with an exponent.

    Raises MoneyError as :func:`exact` does.
    """
    text = str(exact(number))
    # Far faster than format, and the same for all but the smallest and the largest numbers.
    return format(number, "f") if "E" in text else text


def exact_sum(numbers: Iterable[Decimal]) -> Decimal:
    """Return the exact sum of some numbers, zero of none. Raises MoneyError."""
    try:
        return reduce(EXACT.add, numbers, _ZERO)
    except decimal.DecimalException as error:
        raise inexact(error, _ZERO) from None


def exact_quotient(number: Decimal, divisor: Decimal) -> Decimal:
    """Return the exact quotient of two numbers. Raises MoneyError where it has no last digit."""
    return exactly(EXACT.divide, number, divisor)


def exactly(
    operation: Callable[[Decimal | int, Decimal | int], Decimal],
    one: Decimal | int,
    other: Decimal | int,
) -> Decimal:
    """Return an operation's exact result. Raises MoneyError."""
    try:
        return operation(one, other)
    except (decimal.DecimalException, TypeError) as error:
        raise inexact(error, one) from None


def inexact(error: Exception, number: object) -> MoneyError:
    """Return why a number is no exact one, by what it raised."""
    if isinstance(error, TypeError):
        return _no_decimal(number)
    return MoneyError("the result has too many digits to be exact")


def _no_decimal(number: object) -> MoneyError:
    return MoneyError(
        f'an amount must be a Decimal (got {type(number).__name__}); use Money.parse("10.50 EUR")'
    )
