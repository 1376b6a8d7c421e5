"""One object read under every spelling that the contract names (CONTRACT.md, section 3). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

import msgspec
from attrs import define, field

from billfold.money import Money
from billfold.period import Period
from billfold.wire import is_zero_time
from billfold_bnerd import local_months, moments, times, values
from billfold_bnerd.amount_names import TAXES
from billfold_bnerd.amounts import amounts_under, is_code
from billfold_bnerd.counting import counts, counts_beside_one
from billfold_bnerd.named_periods import Parts, month_named, of_parts
from billfold_bnerd.shown import displays
from billfold_bnerd.time_keys import (
    dates_service,
    key_of_use,
    names_last_change,
    names_recording,
)
from billfold_bnerd.times import BOUNDS, BOUNDS_OF_LISTS, BOUNDS_OF_LIVES, Time
from billfold_bnerd.values import NOT_STATED, UUID, Amount, Node, word_set, words

T = TypeVar("T")

# What something costs, in the order that usage, invoices and the objects around rows are read by. A
# later name is no stand-in for an earlier one, as it need not be the same money.
COSTS = ("total", "cost", "amount")
ONLY_PER_UNIT = Amount(reason="only a price per unit is stated")
# What a row costs is called by several of these words where no other key states it.
_OF_A_LINE = word_set("total line net amount cost price charge")
_CURRENCIES = ("currency", "currency_iso", "currency_code")
_QUANTITIES = ("quantity", "hours", "usage")
# What one value says of when, and how it is read.
_STAMPS: Mapping[str, Callable[[object], Period | None]] = {
    "period": local_months.span_of,
    "timestamp": moments.hour,
    "hour": moments.hour,
    "date": moments.day_of,
    "day": moments.day_of,
    "month": local_months.billed_period,
    "week": times.period,
    "billing_period": local_months.span_of,
}

# Under these a time is where a period begins.
_PERIODS = ("period", "billing_period")
_KNOWN_BOUNDS = frozenset(key for pair in BOUNDS for key in pair)

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Ref(msgspec.Struct, frozen=True):
    """A product or project: its id, its name, or both."""

    id: str | None = None
    name: str | None = None

    def or_from(self, fallback: Ref) -> Ref:
        """Return the same, filled in from ``fallback`` where that may be the same thing."""
        if self.id is None and self.name is None:
            return fallback
        if fallback is NOBODY:
            return self
        if self.id is not None and fallback.id is not None and self.id != fallback.id:
            return self
        return Ref(self.id or fallback.id, self.name or fallback.name)


NOBODY = Ref()


def ref_of(node: Node, kind: str) -> Ref:
    """Return ``kind_id`` and ``kind_name``, or ``kind``: an object of both, an id or a name."""
    own_id, name = values.ident(node.get(f"{kind}_id")), values.ident(node.get(f"{kind}_name"))
    own = NOBODY if own_id is None and name is None else Ref(own_id, name)
    return own.or_from(_inside(node[kind])) if kind in node else own


def _inside(stated: object) -> Ref:
    if isinstance(stated, dict):
        return Ref(values.ident(stated.get("id")), values.ident(stated.get("name")))
    named = values.ident(stated)
    if named is None:
        return NOBODY
    return Ref(id=named) if UUID.fullmatch(named) else Ref(name=named)


@define
class Fields:
    """One object's keys under all their known spellings.

    ``used`` are those that were understood, ``considered`` those whose amount was looked at,
    ``counted`` is the one that says how much.
    """

    node: Node
    used: set[str] = field(factory=set)
    considered: set[str] = field(factory=set)
    counted: str | None = None
    _quantity: tuple[Decimal | None, str | None] | None = field(init=False, default=None)

    def text(self, key: str) -> str | None:
        """Return a text."""
        value = values.text(self.node.get(key))
        if value is not None:
            self.used.add(key)
        return value

    def ref(self, kind: str) -> Ref:
        """Return what :func:`ref_of` does."""
        node, text = self.node, values.text
        stated = [key for key in (f"{kind}_id", f"{kind}_name") if text(node.get(key)) is not None]
        if kind in node and (isinstance(node[kind], dict) or text(node[kind]) is not None):
            stated.append(kind)
        self.used.update(stated)
        return ref_of(node, kind) if stated else NOBODY

    def subscription(self) -> str | None:
        """Return the id of a subscription; what else an object says of it is not read by this."""
        stated = values.ident(self.text("subscription_id"))
        is_inside = stated is None and "subscription" in self.node
        return ref_of(self.node, "subscription").id if is_inside else stated

    def amount(self, *names: str) -> Amount:
        """Return what the first of the names that states Money does, or why none of them does.

        Instead of ``name`` there may be ``name_cents`` beside a currency, which ``name`` may show.
        """
        first, read = NOT_STATED, tuple[str, ...]()
        for name in names:
            if name == self.counted:
                continue
            stated, keys = self._stated(name)
            if stated.money is not None:
                return self._read(stated, *keys)
            if first is NOT_STATED:
                first, read = stated, keys
        return self._read(first, *read)

    def _stated(self, name: str) -> tuple[Amount, tuple[str, ...]]:
        """Return what is stated under one name, and the keys that say it."""
        cents, keys = self._in_cents(name)
        shown = self.node.get(name)
        if shown is None:
            return cents, keys
        if cents.money is not None and displays(shown, cents.money):
            return cents, (name, *keys)
        return values.amount(shown), (name,)

    def _in_cents(self, name: str) -> tuple[Amount, tuple[str, ...]]:
        """Return what ``name_cents`` states, and the keys that say it."""
        cents = f"{name}_cents"
        if self.node.get(cents) is None:
            return NOT_STATED, ()
        keys = (f"{name}_currency", "currency_iso", "currency")
        currency = next((key for key in keys if self.node.get(key)), "currency")
        stated = values.scaled(self.node[cents], self.node.get(currency))
        return values.in_its_scale(stated, self.node), (cents, currency)

    def cost(self) -> Amount:
        """Return what this costs; a price beside a unit or a count is that of one, no cost.

        Of one alone that is what it costs, unless something else counts, or the price is a rate.
        """
        quantity, _ = self.quantity()
        stated = self.amount(*COSTS)
        if stated is not NOT_STATED:
            return stated
        is_of_one = self._prices_units(quantity)
        price = self.amount(*(("unit_price",) if is_of_one else ()), "price")
        if price is not NOT_STATED and not is_of_one:
            return price
        named = self.amount(*self._cost_of_a_line())
        if named is NOT_STATED and price is not NOT_STATED:
            return ONLY_PER_UNIT
        return named

    def _cost_of_a_line(self) -> Sequence[str]:
        """Return the one name of several words under which Money is what a row costs, if any.

        Beside a tax there is none, as the Money may have that in it.
        """
        names = _names_of_a_line(tuple(self.node))
        stated = [name for name in names if self._stated(name)[0].money is not None]
        return stated if len(stated) == 1 and not self._states_tax() else ()

    def _states_tax(self) -> bool:
        """Return whether an amount in this is called a tax, and is more or less than nothing."""
        node = self.node
        found = (one for key in node for one in amounts_under(key, node[key], node))
        return any(not one.is_zero and not TAXES.isdisjoint(words(one.path)) for one in found)

    def other_currencies(self, cost: Money | None) -> list[str]:
        """Return the keys by which this says that it is in another currency than ``cost``."""
        codes = {
            key: (values.text(self.node[key]) or "").strip().upper()
            for key in _CURRENCIES
            if key in self.node
        }
        stated = {key: code for key, code in codes.items() if is_code(code)}
        return [key for key, code in stated.items() if cost is not None and code != cost.currency]

    def unit_price(self) -> Money | None:
        """Return the price of one unit; ``price`` is that where it is not the cost."""
        quantity, _ = self.quantity()
        names = ("unit_price", "price") if self._prices_units(quantity) else ("unit_price",)
        return self.amount(*names).money

    def price_of_units(self) -> Money | None:
        """Return the price of one unit of what the rows in this used.

        A ``price`` is that where it says of which unit, and not that this is one of them alone.
        """
        quantity, unit = self.quantity()
        is_of_units = unit is not None and quantity != 1
        return self.amount("unit_price", *(("price",) if is_of_units else ())).money

    def _prices_units(self, quantity: Decimal | None) -> bool:
        if quantity is not None:
            return quantity != 1 or counts_beside_one(
                {key: value for key, value in self.node.items() if key != self.counted}
            )
        if any(self.node.get(key) is not None for key in ("unit", *_QUANTITIES)):
            return True
        return counts(self.node)

    def _read(self, amount: Amount, *names: str) -> Amount:
        self.considered.update(names)
        return amount if amount.money is None else self._used(amount, *names)

    def quantity(self) -> tuple[Decimal | None, str | None]:
        """Return how much of which unit; ``amount`` only beside a unit or ``hours``.

        A ``total`` beside a unit is that, too, where the cost is Money under another name.
        """
        if self._quantity is None:
            self._quantity = self._find_quantity()
        return self._quantity

    def _find_quantity(self) -> tuple[Decimal | None, str | None]:
        unit = self.text("unit")
        counted = unit or "hours" in self.node
        others = (*(("amount",) if counted else ()), *(("total",) if unit else ()))
        for name in (*_QUANTITIES, *others):
            if name == "total" and not self._costs_beside_total():
                continue
            count = values.number(self.node.get(name))
            if count is not None:
                self.counted = name
                return self._used((count, unit or ("hour" if name == "hours" else None)), name)
        return None, unit

    def _costs_beside_total(self) -> bool:
        return any(values.amount(self.node.get(name)).money is not None for name in COSTS[1:])

    def time(self, bounds: Sequence[tuple[str, str]] = BOUNDS) -> Time:
        """Return when, by the first of the spellings that can be read."""
        for start, end in bounds:
            if start in self.node and (between := self._bounded(start, end)) is not None:
                period = local_months.on_own_clock(self._used(between, start, end))
                return Time(period, is_life=(start, end) in BOUNDS_OF_LIVES)
        for key in ("date", "day") if "hour" in self.node else ():
            if (stated := moments.hour_of(self.node.get(key), self.node.get("hour"))) is not None:
                return Time(self._used(stated, key, "hour"), is_stamp=True)
        for key, read in self._stamps():
            if (named := self._stamp(key, read, is_month=key == "month")) is not None:
                return named
        if (parts := of_parts(self.node)).keys:
            return self._by_parts(parts)
        for key in _PERIODS:
            if (first := moments.hour(self.node.get(key))) is not None:
                return Time(self._used(first, key), is_stamp=True, is_begun=True)
        return self._of_use() or self._unbounded(bounds)

    def _of_use(self) -> Time | None:
        """Return when by a key of use that is no known one, as the known one like it is read."""
        found = key_of_use(tuple(self.node))
        if found is None:
            return None
        key, like = found
        return self._stamp(key, _STAMPS[like], is_month=like == "month")

    def _stamp(
        self, key: str, read: Callable[[object], Period | None], *, is_month: bool
    ) -> Time | None:
        """Return when one value says; under a month a time names that, or its hour.

        Which of both it is the spacing of the rows tells.
        """
        if (stated := read(self.node[key])) is None:
            return None
        named = local_months.on_own_clock(self._used(stated, key))
        begun = moments.moment(self.node[key]) if is_month else None
        is_stamp = times.names_one_time(self.node[key])
        return Time(named, is_stamp, starts=begun, is_begun=begun is not None)

    def _by_parts(self, parts: Parts) -> Time:
        """Return when by numbers of a year and a month, which no window cuts."""
        if parts.period is None:
            return Time(is_odd=True)
        return Time(self._used(parts.period, *parts.keys), is_stamp=True)

    def _stamps(self) -> Sequence[tuple[str, Callable[[object], Period | None]]]:
        return _stamps_among(tuple(self.node))

    def _bounded(self, start: str, end: str) -> Period | None:
        return local_months.span_between(self.node.get(start), self.node.get(end))

    def _unbounded(self, bounds: Sequence[tuple[str, str]]) -> Time:
        """Return a start without an end: null is an end that is not known yet.

        An end before it makes the start as uncertain.
        """
        for start, end in bounds:
            begun, ended = moments.moment(self.node.get(start)), moments.moment(self.node.get(end))
            if begun is not None and (ended is None or ended >= begun):
                return Time(starts=begun, is_odd=not self._is_open(end))
        keys = (*_STAMPS, *(key for pair in bounds for key in pair))
        if not any(times.says_when(key, self.node.get(key)) for key in keys):
            return Time()
        return Time(is_odd=True, clockless=self._clockless(bounds))

    def _clockless(self, bounds: Sequence[tuple[str, str]]) -> Period | None:
        """Return a time between bounds without an offset, as if they were in UTC."""
        both = ((one, other) for one, other in bounds if one in self.node and other in self.node)
        stated = (
            *(
                local_months.without_offset_between(self.node[one], self.node[end])
                for one, end in both
            ),
            *(local_months.without_offset(self.node[key]) for key in _PERIODS if key in self.node),
        )
        return next(filter(None, stated), None)

    def _is_open(self, end: str) -> bool:
        """Return whether an end is stated and is none yet."""
        return end in self.node and (self.node[end] is None or is_zero_time(self.node[end]))

    def known_times(self) -> set[str]:
        """Return the keys that say nothing more of when: those understood, and of known times.

        The name of a month, without its year, may say that it is another one.
        """
        stated = self.node.keys() & (_KNOWN_BOUNDS | _STAMPS.keys())
        return {
            *self.used,
            *(key for key in stated if month_named(self.node[key]) is None),
        }

    def last_change(self) -> datetime | None:
        """Return when this was last changed, as a whole date's end or a time says."""
        stated = (moments.end_of(self.node[key]) for key in self.node if names_last_change(key))
        return max(filter(None, stated), default=None)

    def contradictions(self, period: Period) -> list[str]:
        """Return the keys by which this says that it was at another time than ``period``.

        That is what its own bounds or another key say. Two that share any time agree, and so does
        what was recorded, or stamped, when the period had ended.
        """
        bounds, days = _times_of_use(tuple(self.node))
        stated = {start: self._bounded(start, end) for start, end in bounds}
        stated |= {key: read(self.node[key]) for key, read in self._stamps()}
        stated |= {key: moments.day_of(self.node[key]) for key in days}
        return [
            key
            for key, each in stated.items()
            if each is not None and not each.overlaps(period) and not _closes(key, each, period)
        ]

    def rest(self) -> dict[str, str]:
        """Return what was not understood as text, numbers as they came."""
        return {
            key: value if isinstance(value, str) else _ENCODER.encode(value).decode()
            for key, value in self.node.items()
            if key not in self.used and value not in (None, {}, [])
        }

    def _used(self, value: T, *names: str) -> T:
        self.used.update(names)
        return value


@lru_cache(maxsize=1024)  # most rows of a reply have the same keys
def _stamps_among(keys: tuple[str, ...]) -> Sequence[tuple[str, Callable[[object], Period | None]]]:
    return [(key, read) for key, read in _STAMPS.items() if key in keys]


@lru_cache(maxsize=1024)
def _names_of_a_line(keys: tuple[str, ...]) -> Sequence[str]:
    """Return the names of all that a row costs: ``line_total``, but no ``net_price`` of a unit."""
    names = dict.fromkeys(key.removesuffix("_cents") for key in keys)
    spelled = ((name, {*words(name)}) for name in names)
    named = ((name, of) for name, of in spelled if len(of) > 1 and of <= _OF_A_LINE)
    return [name for name, of in named if "price" not in of or of & {"total", "line"}]


@lru_cache(maxsize=1024)
def _times_of_use(keys: tuple[str, ...]) -> tuple[Sequence[tuple[str, str]], Sequence[str]]:
    """Return the bounds of use that an object has, and what else of it dates that, in order."""
    bounds = [(start, end) for start, end in BOUNDS_OF_LISTS if start in keys]
    others = {*keys} - _STAMPS.keys() - _KNOWN_BOUNDS
    return bounds, sorted(filter(dates_service, others))


def _closes(key: str, stated: Period, period: Period) -> bool:
    """Return whether a time is when a period was recorded: after it, or by its stamp at its end."""
    is_at_end = key == "timestamp" and stated.start == period.end
    return is_at_end or (names_recording(key) and stated.start >= period.end)
