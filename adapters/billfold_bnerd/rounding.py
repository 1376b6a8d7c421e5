"""Whether an amount is what others are or add up to, as rounded (CONTRACT.md, section 3.5). Pure.

Either of two may have been rounded to the digits that it shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation

from billfold.money import Money, exponent, sum_by_currency

# Whoever rounds does so half up, or half to even.
_ROUNDED = (ROUND_HALF_UP, ROUND_HALF_EVEN)
_DIGITS = Context(prec=200)


def shows(number: Decimal, money: Money) -> bool:
    """Return whether a number is an amount: exactly, or as rounded to the digits that it shows.

    It shows as many as the currency has, if no more.
    """
    if number == money.amount:
        return True
    try:
        return _is_rounded(number, money, last_digit(number, money.currency))
    except ValueError:
        return False


def shows_roughly(number: Decimal, money: Money) -> bool:
    """Return whether a number is an amount as rounded for people, whatever the currency's digits.

    That explains no tenth of it.
    """
    digit = Decimal(1).scaleb(min(0, int(number.as_tuple().exponent)))
    is_near = abs(number - money.amount) * 10 < abs(money.amount)
    return shows(number, money) or (is_near and _is_rounded(number, money, digit))


def _is_rounded(number: Decimal, money: Money, digit: Decimal) -> bool:
    try:
        return any(money.amount.quantize(digit, how, _DIGITS) == number for how in _ROUNDED)
    except InvalidOperation:
        return False


def last_digit(number: Decimal, currency: str) -> Decimal:
    """Return one of the last digit that a number shows, which is none before the currency's."""
    return Decimal(1).scaleb(-max(-int(number.as_tuple().exponent), exponent(currency)))


def same(one: Money, other: Money) -> bool:
    """Return whether two amounts are the same, or one is the other rounded to what it shows."""
    if one == other:
        return True
    if one.currency != other.currency:
        return False
    return shows(one.amount, other) or shows(other.amount, one)


def same_sums(some: Mapping[str, Money], others: Mapping[str, Money]) -> bool:
    """Return whether two sums per currency are the same, one of them perhaps rounded."""
    return some.keys() == others.keys() and all(same(some[code], others[code]) for code in some)


def add_up(parts: Sequence[Money], wholes: Sequence[Money]) -> bool:
    """Return whether parts cost what wholes do, which is something, as either may be rounded.

    Of several that one adds up each may have been rounded by itself, which explains no part more or
    less, and no tenth of all.
    """
    total, costs = sum_by_currency(wholes), sum_by_currency(parts)
    if not any(money.amount for money in total.values()) or costs.keys() != total.keys():
        return False
    if same_sums(total, costs):
        return True
    if len(wholes) > 1 or len(parts) == 1:
        return False
    (whole,) = wholes
    halves, off = sum(map(_half_digit, parts)), abs((whole - costs[whole.currency]).amount)
    return off <= halves and off * max(len(parts), 10) < abs(whole.amount)


def _half_digit(money: Money) -> Decimal:
    return last_digit(money.amount, money.currency) / 2
