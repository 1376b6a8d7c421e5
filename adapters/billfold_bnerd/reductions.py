"""Whether amounts make up another: as its parts, or as a price and what is taken from it. Pure.

What was read has a reduction in it where it is what is left. Where it is what there was before, the
reduction is money that nobody read, and what is left is another amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import product

from billfold.money import Money
from billfold_bnerd.amounts import Found
from billfold_bnerd.rounding import same
from billfold_bnerd.values import word_set, words

REDUCTIONS = word_set(
    "credit credits credited discount discounts discounted rebate rebates reduction reductions "
    "refund refunds refunded deduction deductions deducted voucher vouchers coupon coupons promo "
    "promotion promotions bonus saving savings allowance waiver waived goodwill reversal reversals"
)
# German writes them as one word with what they are given for: "Mengenrabatt".
_GERMAN = re.compile(
    "gutschrift|gutschein|rabatt|nachl(?:a|ä|ae)(?:ss|ß)|skont[oi]|erstattung|storn"
)
# With these a name is that of an amount, or of a thing, before or after a reduction.
_AROUND = word_set("before after with incl including nach mit inkl")
# What an amount is called that is all that there is to pay.
_LEFT = word_set(
    "total totals grand due payable pay remaining remainder left owed owing outstanding final"
)
_PLAIN = word_set("amount value cents sum")
_ABOUT_LEFT = _LEFT | _PLAIN | word_set("amounts summary meta metadata data to be")
# With these it makes up what was read all the same: a net total, or what is still to be paid.
_BESIDE_LEFT = word_set("tax taxes vat mwst ust paid prepaid payment payments deposit")


def make_up(one: Found, other: Found, money: Money) -> bool:
    """Return whether two amounts are the parts of ``money``, or it is what the other one leaves."""
    pairs = product(one.readings(money), other.readings(money))
    if reduces(other.path):
        return any(_leaves(price, taken, money) for price, taken in pairs)
    may_add_up = not reduces(one.path) and _are_parts(one.path, other.path)
    return may_add_up and any(same(part + rest, money) for part, rest in pairs)


def breaks_down(keys: Iterable[str]) -> bool:
    """Return whether a map of amounts may be of parts: none is a reduction, or what it leaves."""
    return not any(reduces(key) or _is_left(key) for key in keys)


def _leaves(price: Money, taken: Money, money: Money) -> bool:
    """Return whether ``money`` is what is left of a price, whichever sign the reduction has."""
    before, after = price.amount, money.amount
    is_less = before.copy_abs() >= after.copy_abs()
    is_one_way = not after or before.is_signed() == after.is_signed()
    left = (price - taken, price + taken)
    return is_less and is_one_way and any(same(money, each) for each in left)


def _are_parts(one: str, other: str) -> bool:
    """Return whether neither is called what is left, but of a tax or of what was paid."""
    return all(
        not _is_left(whole) or not _BESIDE_LEFT.isdisjoint(words(beside))
        for whole, beside in ((one, other), (other, one))
    )


@lru_cache(maxsize=4096)  # of each name of each row
def reduces(name: str) -> bool:
    """Return whether an amount, or a row, is called one that is taken from another."""
    spelled = words(name)
    called = not REDUCTIONS.isdisjoint(spelled) or _GERMAN.search(name.lower()) is not None
    return called and _AROUND.isdisjoint(spelled)


@lru_cache(maxsize=4096)
def is_reduction(name: str) -> bool:
    """Return whether a name is that of a reduction, and of nothing else."""
    spelled = words(name)
    return bool(spelled) and all(map(reduces, spelled))


def _is_left(path: str) -> bool:
    own = words(path.rpartition(".")[2])
    spelled = words(path) if _PLAIN.issuperset(own) else own
    return not _LEFT.isdisjoint(spelled) and _ABOUT_LEFT.issuperset(spelled)
