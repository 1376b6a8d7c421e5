"""Which amounts of an object nobody read, and whether they repeat what was read (law 11). Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import permutations, product

from attrs import define, evolve, field, frozen

from billfold.money import Money, sum_by_currency
from billfold.wire import denies_money, is_money_key
from billfold_bnerd.fields import Fields
from billfold_bnerd.values import Node, amount, number, scaled, word_set, words

# An amount equal to what was read is the same money once more, where it is called nothing else.
_SUMMARY_WORDS = word_set(
    "amount cost costs data due eur grand gross info meta metadata net of organization over "
    "overall period price spend stats sum subtotal summary total totals usage usd"
)
_BREAKDOWNS = word_set("breakdown by items lines per subtotals summary totals")
_UNIT_PRICES = frozenset({"price", "rate"})
_REDUCTIONS = word_set("credit credits discount discounts rebate reduction")
# What says something about pages; a bare total in it counts rows.
PAGE_INFO = frozenset({"links", "_links", "meta", "pagination", "pagy", "paging", "page_info"})
_PRICED_TEXT = re.compile(r"(?:[A-Z]{3}|[€$£]) ?-?[0-9][0-9.,]*|-?[0-9][0-9.,]* ?(?:EUR|USD|[€$£])")
# Under what an amount stands in an object that states its currency.
_PLAIN = ("amount", "value", "fractional")
_SHOWN, _MANY = 5, 30


@frozen
class _Found:
    """An amount at a path below an object: Money, a bare number, or neither."""

    path: str
    money: Money | None = None
    value: Decimal | None = None

    def readings(self, like: Money) -> list[Money]:
        """Return it as Money; a bare number as whole units and as the smallest ones."""
        if self.money is not None:
            return [self.money] if self.money.currency == like.currency else []
        if self.value is None:
            return []
        return [Money(self.value, like.currency), Money.minor(self.value, like.currency)]


def unread(
    fields: Fields,
    skipped: Iterable[str],
    read: Iterable[Money | None],
    quantity: Decimal | None = None,
) -> list[str]:
    """Return the paths below an object of the amounts that nobody read, zeros left out.

    Looked at are the keys that are not ``skipped``. Known are those that repeat what was ``read``:
    an equal one under a key of sums, a unit price whose product with the quantity is equal, two
    that make it up, as net and tax do, what one has more than another, and a list that breaks it
    down.
    """
    known = [money for money in read if money is not None]
    left_out = {*skipped, *fields.considered}
    node = {key: value for key, value in fields.node.items() if key not in left_out}
    found = [
        one
        for key in node
        if not _breaks_down(key, node[key], known)
        for one in _under(key, node[key], fields.node)
    ]
    found += [
        one for key in sorted(fields.considered) for one in _inside(key, fields.node.get(key))
    ]
    found = [one for one in found if not any(_repeats(one, each, quantity) for each in known)]
    for money in known:
        found = [one for one in _without_parts(found, money) if not _bridges(one, money, known)]
    return [one.path for one in found]


@define
class Unread:
    """The places of an invoice's amounts that nobody read: in rows of their own, or alone."""

    rows: list[str] = field(factory=list)
    alone: list[str] = field(factory=list)

    def add(self, place: str, below: Sequence[str]) -> None:
        """Add the paths below an object; a list is rows, and so is a map of several amounts."""
        tops = Counter(path.split(".")[1] for path in below)
        for path in below:
            in_map = path.count(".") > 2 or (path.count(".") > 1 and tops[path.split(".")[1]] > 1)
            (self.rows if "[*]" in path or in_map else self.alone).append(f"{place}{path}")

    def gaps_and_notes(self, *, beside_a_total: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the gaps and notes: one amount alone changes nothing beside a stated total."""
        gaps, notes = (self.rows, self.alone) if beside_a_total else (self.rows + self.alone, [])
        return not_read(gaps), not_read(notes)


def not_read(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the sentence about amounts that nobody read, none where there are none."""
    return (f"amounts that were not read: {described(paths)}",) if paths else ()


def _under(key: str, value: object, beside: Node) -> Iterator[_Found]:
    """Yield the amounts that one key of an object leads to."""
    if isinstance(value, Mapping):
        yield from _in_object(key, value)
    elif isinstance(value, list):
        for item in value:
            for one in _under(key, item, {}):
                yield evolve(one, path=f".{key}[*]{one.path.removeprefix(f'.{key}')}")
    elif _names_money(key, value):
        yield from _bare(key, value, beside)


def _inside(key: str, value: object) -> Iterator[_Found]:
    """Yield what an object that states Money holds beside it; text shows that Money again."""
    beside = value if isinstance(value, Mapping) else {}
    for inner, below in beside.items():
        if inner != "cents" and (not isinstance(below, str) or is_money_key(inner)):
            for one in _under(inner, below, {}):
                yield evolve(one, path=f".{key}{one.path}")


def _in_object(key: str, value: Node) -> Iterator[_Found]:
    if "cents" in value or (_currency_of(value) is not None and _plain_amount(value) is not None):
        count = number(value.get("cents")) if "cents" in value else _plain_amount(value)
        if count != 0 and (count is not None or value.get("cents") is not None):
            yield _Found(f".{key}", amount(value).money)
        return
    for inner, below in value.items():
        if not (key in PAGE_INFO and inner == "total" and number(below) is not None):
            for one in _under(inner, below, value):
                yield evolve(one, path=f".{key}{one.path}")


def _plain_amount(value: Node) -> Decimal | None:
    return next(filter(None, (number(value.get(key)) for key in _PLAIN)), None)


def _currency_of(node: Node, stem: str = "") -> object:
    names = (f"{stem}_currency", "currency_iso", "currency")
    return next((node[name] for name in names if node.get(name)), None)


def _names_money(key: str, value: object) -> bool:
    return is_money_key(key) or (_is_priced_text(value) and not denies_money(key))


def _is_priced_text(value: object) -> bool:
    return isinstance(value, str) and _PRICED_TEXT.fullmatch(value.strip()) is not None


def _bare(key: str, value: object, beside: Node) -> Iterator[_Found]:
    count = number(value)
    if count is None and (isinstance(value, Decimal) or _is_priced_text(value)):
        yield _Found(f".{key}")
    if count is not None and count != 0:
        currency = _currency_of(beside, key.removesuffix("_cents"))
        is_scaled = key.endswith("_cents") and currency is not None
        yield _Found(f".{key}", scaled(count, currency).money if is_scaled else None, count)


def _repeats(found: _Found, money: Money, quantity: Decimal | None) -> bool:
    if "[*]" in found.path:
        return False
    spelled, stated = words(found.path), found.readings(money)
    if _SUMMARY_WORDS.issuperset(spelled) and money in stated:
        return True
    if quantity is None or _UNIT_PRICES.isdisjoint(spelled):
        return False
    return any((one * quantity - money).is_rounding_noise() for one in stated)


def _without_parts(found: list[_Found], money: Money) -> list[_Found]:
    """Leave out two amounts that add up to ``money``, or a list price and its reduction."""
    single = [one for one in found if "[*]" not in one.path]
    for one, other in permutations(single if len(single) < _MANY else (), 2):
        if _make_up(one, other, money):
            return [each for each in found if each is not one and each is not other]
    return found


def _make_up(one: _Found, other: _Found, money: Money) -> bool:
    is_reduced = not _REDUCTIONS.isdisjoint(words(other.path))
    pairs = product(one.readings(money), other.readings(money))
    return any(a + b == money or (is_reduced and a - b == money) for a, b in pairs)


def _bridges(found: _Found, money: Money, known: list[Money]) -> bool:
    """Return whether an amount is what one thing that was read has more than another."""
    rest = [money - other for other in known if other.currency == money.currency]
    return any(stated in rest for stated in found.readings(money))


def _breaks_down(key: str, value: object, known: list[Money]) -> bool:
    """Return whether this is a list or map by whose name and sum it says what was read again."""
    items = list(value.values()) if isinstance(value, Mapping) else value
    if not isinstance(items, list) or not items or _BREAKDOWNS.isdisjoint(words(key)):
        return False
    costs = [_cost_of(item) for item in items]
    stated = [cost for cost in costs if cost is not None]
    sums = sum_by_currency(stated)
    return (
        len(stated) == len(items) and len(sums) == 1 and all(one in known for one in sums.values())
    )


def _cost_of(item: object) -> Money | None:
    if not isinstance(item, Mapping):
        return None
    return amount(item).money if "cents" in item else Fields(item).cost().money


def described(paths: Iterable[str]) -> str:
    """Return the places of what was not read, those of a kind once and counted."""
    kinds: dict[str, list[str]] = {}
    for path in paths:
        kinds.setdefault(re.sub(r"\[[0-9]+\]", "[*]", path), []).append(path)
    named = [
        f"`{kind}` ({len(places)} times)" if len(places) > 1 else f"`{places[0]}`"
        for kind, places in list(kinds.items())[:_SHOWN]
    ]
    more = f" and {len(kinds) - _SHOWN} more places" if len(kinds) > _SHOWN else ""
    return f"{', '.join(named)}{more}"
