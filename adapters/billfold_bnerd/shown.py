"""Which amounts a text for people shows, and whether one of them is a given one. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from billfold.money import Money, exponent
from billfold_bnerd.rounding import shows, shows_roughly
from billfold_bnerd.values import number, word_set, words

_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}
# A text's number with marks between its thousands, and what its decimal mark would be otherwise.
_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{2,3})*,[0-9]{3}(\.[0-9]+)?")
_OTHER_MARKS = str.maketrans(".,", ",.")
_MINUS_SIGN = "\N{MINUS SIGN}"
# What is no part of a number: an abbreviation (`Fr. 10.00`), and the percentage of a tax.
_BESIDE = re.compile(r"[^\W\d_]+\.|[0-9][0-9.,]*\s*%")
# How accounts write what is given back: `(12,04 €)`, `12,04 € CR`.
_GIVEN_BACK = re.compile(r"\(.*\)|.*[0-9\W]CR", re.DOTALL)
_COINS = word_set("cent cents ct")


def amounts_of(count: Decimal, currency: str) -> list[Money]:
    """Return a bare number as whole units and as the smallest ones.

    It is in whole units alone where it has the decimals of its currency, as 10.00 has.
    """
    whole, places = Money(count, currency), exponent(currency)
    if places and count.as_tuple().exponent == -places:
        return [whole]
    return [whole, Money.minor(count, currency)]


def amounts_shown(shown: object, currency: str) -> list[Money]:
    """Return the amounts that a number, or a text for people, may show.

    A text is in whole units, unless it names the smallest ones or has nothing but the number.
    """
    exact = number(shown)
    if exact is not None:
        return amounts_of(exact, currency)
    if not isinstance(shown, str):
        return []
    found = _numbers_in(shown)
    if _GIVEN_BACK.fullmatch(shown.strip()):
        found += [-each for each in found]
    in_coins = not _COINS.isdisjoint(words(shown.lower()))
    return [Money.minor(each, currency) if in_coins else Money(each, currency) for each in found]


def is_shown(shown: object, money: Money) -> bool:
    """Return whether a number, or a text for people, may show an amount, perhaps rounded."""
    return any(shows_roughly(each.amount, money) for each in amounts_shown(shown, money.currency))


def displays(shown: object, money: Money) -> bool:
    """Return whether a number, or a text of no other currency, is ``money`` in whole units."""
    named = re.sub(rf"[0-9.,\s{_MINUS_SIGN}-]", "", shown) if isinstance(shown, str) else ""
    is_its = named in ("", money.currency, _SYMBOLS.get(money.currency))
    return is_its and any(shows(each, money) for each in _numbers_in(shown))


def _numbers_in(shown: object) -> list[Decimal]:
    """Return a number, or those that a text may show by either decimal mark.

    The other mark stands before the last three digits of the thousands, and may do so before others
    of them: `1.234,50` is one number, and `5,65,900` another.
    """
    exact = number(shown)
    if exact is not None or not isinstance(shown, str):
        return [] if exact is None else [exact]
    digits = re.sub(r"[^0-9.,-]", "", _BESIDE.sub("", shown.replace(_MINUS_SIGN, "-")))
    spelled = (digits, digits.translate(_OTHER_MARKS))
    read = (number(each.replace(",", "") if _GROUPED.fullmatch(each) else each) for each in spelled)
    return [each for each in read if each is not None]
