"""Every amount below an object of unknown shape, and where it stands. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from attrs import evolve, frozen

from billfold.money import Money, exponent
from billfold.wire import (
    Says,
    counts_parts,
    is_amount,
    is_empty_list,
    is_money_key,
    is_stated,
    is_time,
    says,
)
from billfold_bnerd.rounding import shows
from billfold_bnerd.shown import amounts_of, amounts_shown, is_shown
from billfold_bnerd.values import Node, amount, number, scaled, word_set, words

# What says something about pages; a bare total in it counts rows.
PAGE_INFO = frozenset({"links", "_links", "meta", "pagination", "pagy", "paging", "page_info"})
# The last word of what an amount stands under in an object that states its currency.
_PLAIN = word_set("amount value fractional decimal minor units")
# Under what an object that states Money shows it again.
SHOWN = word_set(
    "display displayed formatted human humanized humanised label localized pretty str string text"
)
_AGAIN = _PLAIN | SHOWN | {"float"}
# An amount that is called one of use is how much that was, and so is one called nothing else.
_OF_USE = word_set("usage used consumed consumption metered")
_AMOUNTS_OF_USE = _OF_USE | word_set("amount line item")
_UNITS, _COINS = word_set("unit units uom"), word_set("cent ct")
_QUANTITIES = ("quantity", "qty", "hours", "usage")
# What people write, and no amount that the provider states.
_WRITTEN = frozenset({"tags", "labels"})
_CURRENCIES = ("currency_iso", "currency")
_MONEY = {"cents", "currency_iso"}
_CODE = re.compile("[A-Z]{3}")


@frozen
class Found:
    """An amount at a path below an object: Money, a bare number, or a text that shows one.

    ``is_zero`` is whether it is stated, and nothing.
    """

    path: str
    money: Money | None = None
    value: Decimal | None = None
    shown: str | None = None
    is_zero: bool = False

    def readings(self, like: Money) -> list[Money]:
        """Return it as Money; a bare number as whole units and as the smallest ones."""
        if self.money is not None:
            return [self.money] if self.money.currency == like.currency else []
        return [] if self.value is None else amounts_of(self.value, like.currency)

    def shows(self, money: Money) -> bool:
        """Return whether it, as people read it, is ``money``."""
        return is_shown(self.value if self.shown is None else self.shown, money)


def amounts_under(
    key: str, value: object, beside: Node, around: Says = Says.NOTHING
) -> Iterator[Found]:
    """Yield the amounts that one key of an object leads to, zeros, too.

    ``around`` is what a key around it says of what is inside.
    """
    said = says(key, around)
    if key in _WRITTEN:
        return
    if isinstance(value, dict):
        yield from () if is_empty_list(value) else _in_object(key, value, said)
    elif isinstance(value, list):
        for item in value:
            for one in amounts_under(key, item, {}, said):
                yield evolve(one, path=f".{key}[*]{one.path.removeprefix(f'.{key}')}")
    elif (
        counts_parts(value, beside)
        or is_time(key, value)
        or (around is not Says.MONEY and _is_quantity(key, value, beside))
    ):
        return
    elif said is Says.MONEY or is_stated(key, said, value, beside):
        yield from _bare(key, value, beside)


def amounts_inside(key: str, value: object) -> Iterator[Found]:
    """Yield what an object that states Money holds beside it; it may show that Money again."""
    beside = value if isinstance(value, dict) else {}
    if beside.keys() == _MONEY and isinstance(beside["currency_iso"], str):
        return  # nearly always
    money = amount(beside).money
    for inner, below in beside.items():
        if inner == "cents":
            continue
        if money is not None and inner in _CURRENCIES and isinstance(below, str):
            if below.strip().upper() != money.currency:
                yield Found(f".{key}.{inner}")
            continue
        if money is not None and not _AGAIN.isdisjoint(words(inner)[-1:]):
            if _contradicts(inner, below, money, beside["cents"]):
                yield Found(f".{key}.{inner}")
        elif not isinstance(below, str) or is_money_key(inner):
            for one in amounts_under(inner, below, {}):
                yield evolve(one, path=f".{key}{one.path}")


def _contradicts(key: str, shown: object, money: Money, cents: object) -> bool:
    """Return whether a number, or the one in a text, is neither ``money`` nor its ``cents``."""
    if number(shown) is None or not SHOWN.isdisjoint(words(key)[-1:]):
        return bool(amounts_shown(shown, money.currency)) and not is_shown(shown, money)
    stated = Found("", value=number(shown)).readings(money)
    return str(shown) != str(cents) and not any(shows(each.amount, money) for each in stated)


@lru_cache(maxsize=4096)  # of each unread amount of each invoice
def states_again(path: str, key: str) -> bool:
    """Return whether a path is that of what states the amount under a key once more.

    It is inside of it, or beside it and written for people: `total.value`, `total_formatted`.
    """
    first, *rest = words(path) or ("",)
    *before, last = words(path) or ("",)
    inside = path.startswith(f".{key}.") and not path.startswith(".", len(key) + 2)
    again = _AGAIN | word_set("currency iso") if inside else SHOWN
    of = [*words(key)]
    return (before == of and last in again) or (rest == of and first in SHOWN)


def _in_object(key: str, value: Node, said: Says) -> Iterator[Found]:
    if "cents" in value or (_has_currency(value) and _plain_amount(value) is not None):
        count = number(value.get("cents")) if "cents" in value else _plain_amount(value)
        if count is not None or value.get("cents") is not None:
            yield Found(f".{key}", amount(value).money, is_zero=count == 0)
        return
    for inner, below in value.items():
        if not (key in PAGE_INFO and inner == "total" and number(below) is not None):
            for one in amounts_under(inner, below, value, said):
                yield evolve(one, path=f".{key}{one.path}")


def _is_quantity(key: str, value: object, beside: Node) -> bool:
    """Return whether an amount is how much there was: beside a unit, where nothing else says so."""
    spelled = words(key)
    is_of_use = spelled == ("amount",) or not _OF_USE.isdisjoint(spelled)
    if not (is_of_use and "amount" in spelled and _AMOUNTS_OF_USE.issuperset(spelled)):
        return False
    if number(value) is None or any(number(beside.get(name)) is not None for name in _QUANTITIES):
        return False
    stated = (beside[one] for one in beside if not _UNITS.isdisjoint(words(one)[-1:]))
    units = [unit for unit in stated if isinstance(unit, str)]
    return bool(units) and not any(map(_may_be_money, units))


def _may_be_money(unit: str) -> bool:
    """Return whether a unit may be one of money."""
    named = words(unit)
    is_coin = not named or not _COINS.isdisjoint(named)
    return is_coin or is_money_key(unit) or is_code(unit.strip().upper())


def _plain_amount(value: Node) -> Decimal | None:
    plain = (value[key] for key in value if not _PLAIN.isdisjoint(words(key)[-1:]))
    return next(filter(None, map(number, plain)), None)


def _has_currency(node: Node) -> bool:
    """Return whether a currency's code stands in an object, under whatever key."""
    texts = ((key, value) for key, value in node.items() if isinstance(value, str))
    return any(is_code(value) or (key in _CURRENCIES and value) for key, value in texts)


def is_code(text: str) -> bool:
    """Return whether a text is a currency's code, in capitals."""
    try:
        return _CODE.fullmatch(text) is not None and exponent(text) >= 0
    except ValueError:  # a CurrencyError is one
        return False


def _currency_of(node: Node, stem: str = "") -> object:
    return next((node[name] for name in (f"{stem}_currency", *_CURRENCIES) if node.get(name)), None)


def _bare(key: str, value: object, beside: Node) -> Iterator[Found]:
    count = number(value)
    if count is None and (isinstance(value, Decimal) or is_amount(value)):
        yield Found(f".{key}", shown=value if isinstance(value, str) else "")
    if count is not None:
        currency = _currency_of(beside, key.removesuffix("_cents"))
        is_scaled = key.endswith("_cents") and currency is not None
        money = scaled(count, currency).money if is_scaled else None
        yield Found(f".{key}", money, count, is_zero=count == 0)
