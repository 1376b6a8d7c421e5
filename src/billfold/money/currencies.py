"""Currencies of ISO 4217: their codes and their smallest units."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from billfold.errors import CurrencyError
from billfold.money.arithmetic import EXACT

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
def unit(currency: str) -> Decimal:
    """Return the currency's smallest unit, 0.01 for EUR. Raises as :func:`exponent` does."""
    return Decimal(1).scaleb(-exponent(currency), EXACT)


@lru_cache(maxsize=256)
def half_unit(currency: str) -> Decimal:
    """Return half of the currency's smallest unit. Raises as :func:`exponent` does."""
    return EXACT.divide(unit(currency), 2)


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


def checked_code(currency: str) -> str:
    """Return a code. Raises CurrencyError for what does not look like one."""
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
