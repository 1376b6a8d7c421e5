"""Which amounts of an object nobody read, and whether they repeat what was read (law 11). Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from itertools import permutations, product

from attrs import define, field

from billfold.money import Money, sum_by_currency
from billfold.wire import counted
from billfold_bnerd.amount_names import SUMMARY_WORDS, TAXES, called, denials
from billfold_bnerd.amounts import (
    SHOWN,
    Found,
    amounts_inside,
    amounts_under,
    states_again,
)
from billfold_bnerd.fields import Fields
from billfold_bnerd.reductions import REDUCTIONS, breaks_down, make_up, reduces
from billfold_bnerd.rounding import add_up, last_digit, same
from billfold_bnerd.values import amount, word_set, words

# The same as a text for people: "10,00 EUR".
_SHOWN_WORDS = SUMMARY_WORDS | SHOWN
_CALLED_BREAKDOWNS = word_set("breakdown by per subtotals summary tiers totals")
# What one thing alone may stand under that says again what the row around it costs.
BREAKDOWNS = _CALLED_BREAKDOWNS | word_set(
    "items lines usage usages data entries records results detail details hourly hours daily days "
    "projects"
)
_UNIT_PRICES = frozenset({"price", "rate", "unit"})
# What comes to a cost or is taken from it, and breaks none down though it add up to as much.
OTHER_MONEY = REDUCTIONS | word_set(
    "tax taxes vat vats fee fees surcharge surcharges addon addons ons extra extras adjustment "
    "adjustments payment payments"
)
_OTHER_THAN_TAXES = OTHER_MONEY - TAXES
_SHOWN, _MANY = 5, 30


def unread(
    fields: Fields,
    skipped: Iterable[str],
    read: Iterable[Money | None],
    quantity: Decimal | None = None,
) -> list[str]:
    """Return the paths below an object of the amounts that nobody read.

    Looked at are the keys that are not ``skipped``. Known are those that repeat what was ``read``:
    an equal one under a key of sums, a unit price whose product with the quantity is equal, two
    that make it up, as net and tax do, what one has more than another, and a list that breaks it
    down. A zero is no amount, but where it denies what was read.
    """
    known = [money for money in read if money is not None]
    below = _amounts_beside(fields, skipped, known)
    denied = [*denials(below, fields.node, known)]
    found = [one for one in below if not one.is_zero]
    found = [one for one in found if not any(_repeats(one, each, quantity) for each in known)]
    for money in known:
        found = [one for one in _without_parts(found, money) if not _bridges(one, money, known)]
    return [*denied, *(one.path for one in found if one.path not in denied)]


def unread_but_taxes(
    fields: Fields,
    skipped: Collection[str],
    read: Sequence[Money | None],
    quantity: Decimal | None = None,
) -> tuple[list[str], list[str]]:
    """Return what is unread below an object, and apart from it the taxes on what was read."""
    below = unread(fields, skipped, read, quantity)
    taxes, nets = _taxed(fields, skipped, read) if below else ([], [])
    others = [one for one in below if one not in taxes and one not in nets]
    return others, [one for one in below if one in taxes]


def _taxed(
    fields: Fields, skipped: Iterable[str], read: Iterable[Money | None]
) -> tuple[list[str], list[str]]:
    """Return the paths below an object of the tax on what was ``read``, and of both together.

    Apart from these, those of what was read, which is the net beside them whatever it is called.
    """
    known = [money for money in read if money is not None]
    taxes, others = _single(_amounts_beside(fields, skipped, known))
    found = [
        (money, tax, whole)
        for money, tax, whole in product(known, taxes, (*taxes, *others))
        if tax is not whole and not whole.is_zero and _is_on_top(tax, whole, money)
    ]
    nets = (
        one.path
        for money, *_ in found
        for one in (*taxes, *others)
        if any(same(each, money) for each in one.readings(money))
    )
    return [one.path for _, *both in found for one in both], [*nets]


def has_tax(
    fields: Fields, skipped: Iterable[str], total: Money | None, read: Collection[Money]
) -> bool:
    """Return whether a ``total`` beside a tax is what was ``read`` with that tax on it."""
    if total is None or any(same(total, money) for money in read):
        return False
    taxes, _ = _single(_amounts_beside(fields, skipped, [total, *read]))
    return any(_is_on_top(tax, Found("", total), money) for tax, money in product(taxes, read))


def _single(found: Iterable[Found]) -> tuple[list[Found], list[Found]]:
    """Return the taxes among amounts, and the others; none of a list, or of what is no tax."""
    single = [
        one
        for one in found
        if "[*]" not in one.path and _OTHER_THAN_TAXES.isdisjoint(words(one.path))
    ]
    taxes = [one for one in single if not TAXES.isdisjoint(words(one.path))]
    return taxes, [one for one in single if one not in taxes]


def _is_on_top(tax: Found, whole: Found, money: Money) -> bool:
    pairs = product(tax.readings(money), whole.readings(money))
    return any((gross - part - money).is_rounding_noise() for part, gross in pairs)


def _amounts_beside(fields: Fields, skipped: Iterable[str], known: list[Money]) -> list[Found]:
    """Return the amounts of an object but those of lists that break down what is known."""
    left_out = {*skipped, *fields.considered}
    node = {key: value for key, value in fields.node.items() if key not in left_out}
    found = [
        one
        for key in node
        if not _breaks_down(key, node[key], known)
        for one in amounts_under(key, _without_breakdowns(key, node[key], known), fields.node)
    ]
    found += [
        one
        for key in sorted(fields.considered)
        for one in amounts_inside(key, fields.node.get(key))
    ]
    return found


def _without_breakdowns(key: str, value: object, known: list[Money]) -> object:
    """Return what a key leads to, a summary without the breakdowns in it of what is known."""
    if not isinstance(value, dict) or "cents" in value or not SUMMARY_WORDS.issuperset(words(key)):
        return value
    return {inner: below for inner, below in value.items() if not _breaks_down(inner, below, known)}


def listed_again(fields: Fields, skipped: Iterable[str], read: Iterable[Money]) -> list[str]:
    """Return the paths of the amounts in lists of rows that cost what the rows beside them do.

    Those called a breakdown repeat the rows. Of others (`line_items`) nothing says so.
    """
    known, node = list(read), fields.node
    keys = sorted(node.keys() - set(skipped))
    called = _CALLED_BREAKDOWNS | {"total"}
    rows = [key for key in keys if called.isdisjoint(words(key))]
    again = (key for key in rows if _breaks_down(key, node[key], known))
    found = (one for key in again for one in amounts_under(key, node[key], node))
    return [one.path for one in found if not one.is_zero]


@define
class Unread:
    """The places of an invoice's amounts that nobody read: in rows of their own, or alone.

    ``against`` are those that state an amount that was read otherwise, and ``currencies`` those of
    codes that an amount was not read in.
    """

    against: list[str] = field(factory=list)
    rows: list[str] = field(factory=list)
    alone: list[str] = field(factory=list)
    currencies: list[str] = field(factory=list)

    def add(self, place: str, below: Sequence[str], read: Collection[str] = ()) -> None:
        """Add the paths below an object, whose amounts of which the sum is made are ``read``.

        A list is rows, and so is a map of several amounts.
        """
        tops = Counter(path.split(".")[1] for path in below)
        for path in below:
            in_map = path.count(".") > 2 or (path.count(".") > 1 and tops[path.split(".")[1]] > 1)
            is_against = any(states_again(path, key) for key in read)
            kept = self.rows if "[*]" in path or in_map else self.alone
            (self.against if is_against else kept).append(f"{place}{path}")

    def add_currencies(self, place: str, fields: Fields, read: Money | None) -> None:
        """Add the keys of an object that name another currency than its amount was read in."""
        self.currencies += [f"{place}.{key}" for key in fields.other_currencies(read)]

    def gaps_and_notes(self, *, beside_a_total: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the gaps and notes: one amount alone changes nothing beside a stated total."""
        rows = self.against + self.rows
        gaps, notes = (rows, self.alone) if beside_a_total else (rows + self.alone, [])
        return (*of_other_currencies(self.currencies), *not_read(gaps)), not_read(notes)


def of_other_currencies(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the sentence about keys by which money is in another currency than it was read in."""
    return (f"of another currency than its amount: {described(paths)}",) if paths else ()


def not_read(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the sentence about amounts that nobody read, none where there are none."""
    return (f"amounts that were not read: {described(paths)}",) if paths else ()


def _repeats(found: Found, money: Money, quantity: Decimal | None) -> bool:
    if "[*]" in found.path:
        return False
    spelled, stated = called(found.path), found.readings(money)
    if SUMMARY_WORDS.issuperset(spelled) and any(same(one, money) for one in stated):
        return True
    if _SHOWN_WORDS.issuperset(spelled) and found.shows(money):
        return True
    if quantity is None or _UNIT_PRICES.isdisjoint(spelled):
        return False
    return any((one * quantity - money).is_rounding_noise() for one in stated)


def _without_parts(found: list[Found], money: Money) -> list[Found]:
    """Leave out two amounts that add up to ``money``, or a list price and its reduction."""
    single = [one for one in found if "[*]" not in one.path]
    for one, other in permutations(single if len(single) < _MANY else (), 2):
        if make_up(one, other, money):
            return [each for each in found if each is not one and each is not other]
    return found


def _bridges(found: Found, money: Money, known: list[Money]) -> bool:
    """Return whether an amount is what one thing that was read has more than another."""
    rest = [money - other for other in known if other.currency == money.currency]
    return any(stated in rest for stated in found.readings(money))


def _breaks_down(key: str, value: object, known: list[Money]) -> bool:
    """Return whether this is a list or map that adds up to what was read, whatever it is called.

    One thing alone may be another that costs as much, unless its name says that it is not.
    """
    if isinstance(value, dict) and not breaks_down(value):
        return False
    items = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(items, list) or not items or not OTHER_MONEY.isdisjoint(words(key)):
        return False
    costs = [_cost_of(item) for item in items]
    stated = [cost for cost in costs if cost is not None]
    if len(stated) < len(items):
        return False
    sums = [
        [money for money in known if _are_parts(stated, code, money)]
        for code in sum_by_currency(stated)
    ]
    is_called = key == "total" or not BREAKDOWNS.isdisjoint(words(key))
    is_all = len(items) > 1 and sum(map(len, sums)) == len(known)
    return all(sums) and (is_called or is_all)


def _are_parts(costs: Iterable[Money], code: str, money: Money) -> bool:
    """Return whether the costs in a currency add up to an amount, which may be rounded.

    Each of them may be where the amount shows more digits than they do.
    """
    parts = [cost for cost in costs if cost.currency == code]
    digit = last_digit(money.amount, money.currency)
    are_rounded = all(last_digit(part.amount, code) > digit for part in parts)
    return same(sum(parts, Money.zero(code)), money) or (are_rounded and add_up(parts, [money]))


def _cost_of(item: object) -> Money | None:
    """Return what a part costs; None also where what was read has its reduction still in it."""
    if not isinstance(item, dict):
        return None
    if "cents" in item:
        return amount(item).money
    fields = Fields(item)
    cost = fields.cost().money
    is_reduced = any(map(reduces, item))
    below = unread(fields, fields.used, [cost]) if is_reduced else []
    return None if any(map(reduces, below)) else cost


def described(paths: Iterable[str]) -> str:
    """Return the places of what was not read, those of a kind once and counted."""
    kinds: dict[str, list[str]] = {}
    for path in paths:
        kinds.setdefault(re.sub(r"\[[0-9]+\]", "[*]", path), []).append(path)
    named = [
        f"`{kind}` ({len(places)} times)" if len(places) > 1 else f"`{places[0]}`"
        for kind, places in list(kinds.items())[:_SHOWN]
    ]
    hidden = len(kinds) - _SHOWN
    more = f" and {counted(hidden, 'more place')}" if hidden > 0 else ""
    return f"{', '.join(named)}{more}"
