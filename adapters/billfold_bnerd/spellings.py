"""One object of unknown spelling, read under every spelling the contract names (section 3.2). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

import msgspec
from attrs import define, field, frozen

from billfold.period import Period
from billfold_bnerd.untyped import (
    BOUNDS,
    UUID,
    Amount,
    amount,
    between,
    hour,
    number,
    period,
    scaled,
    text,
)

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder(decimal_format="number")


@frozen
class Ref:
    """A product or project: its id, its name, or both."""

    id: str | None = None
    name: str | None = None

    def over(self, other: Ref) -> Ref:
        """Fill what is missing here from ``other``, where that may be the same thing."""
        if self.id is not None and other.id is not None and self.id != other.id:
            return self
        return Ref(self.id or other.id, self.name or other.name)


@define
class Fields:
    """One object's keys under all their known spellings, and which of them were understood."""

    node: Mapping[str, object]
    used: set[str] = field(factory=set)

    def text(self, key: str) -> str | None:
        """Read a text."""
        value = text(self.node.get(key))
        return None if value is None else self._used(value, key)

    def ref(self, kind: str) -> Ref:
        """Read ``kind_id`` and ``kind_name``, an object ``kind`` of both, or a text ``kind``: a UUID is an id, else a name."""
        whole = self.node.get(kind)
        if isinstance(whole, Mapping):
            inner = self._used(Ref(text(whole.get("id")), text(whole.get("name"))), kind)
        elif (said := self.text(kind)) is not None:
            inner = Ref(id=said) if UUID.fullmatch(said) else Ref(name=said)
        else:
            inner = Ref()
        return Ref(self.text(f"{kind}_id"), self.text(f"{kind}_name")).over(inner)

    def amount(self, *names: str) -> Amount:
        """Read the first of the names that says anything: Money, or ``name_cents`` beside a currency, else why it is none.

        A later name is no stand-in: a price beside a total without a currency need not be the same money.
        """
        for name in names:
            if self.node.get(name) is not None:
                return self._read(amount(self.node[name]), name)
            if self.node.get(f"{name}_cents") is not None:
                return self._beside(name)
        return Amount(reason="the provider states no amount")

    def _beside(self, name: str) -> Amount:
        currency = next(
            (key for key in (f"{name}_currency", "currency_iso", "currency") if self.node.get(key)),
            "currency",
        )
        return self._read(
            scaled(self.node[f"{name}_cents"], self.node.get(currency)), f"{name}_cents", currency
        )

    def _read(self, read: Amount, *names: str) -> Amount:
        return read if read.money is None else self._used(read, *names)

    def quantity(self) -> tuple[Decimal | None, str | None]:
        """Read how much of which unit; ``amount`` only beside one, and only ``hours`` is a unit itself."""
        unit = self.text("unit")
        names = (
            "quantity",
            "hours",
            "usage",
            *(("amount",) if unit or "hours" in self.node else ()),
        )
        for name in names:
            count = number(self.node.get(name))
            if count is not None:
                return self._used((count, unit or ("hour" if name == "hours" else None)), name)
        return None, unit

    def span(self) -> Period | None:
        """Read when: two bounds, a ``period``, or the start of an hour."""
        for start, end in BOUNDS:
            if (found := between(self.node.get(start), self.node.get(end))) is not None:
                return self._used(found, start, end)
        for key, read in (("period", period), ("timestamp", hour), ("hour", hour)):
            if (found := read(self.node.get(key))) is not None:
                return self._used(found, key)
        return None

    @property
    def stamped(self) -> bool:
        """Tell whether the time read is an hour's or a day's name, which no window cuts as it does two bounds."""
        return bool(self.used & {"timestamp", "hour"}) or (
            "period" in self.used and isinstance(self.node["period"], str)
        )

    def rest(self) -> dict[str, str]:
        """Write down what was not understood, numbers as they came."""
        left = {
            key: value
            for key, value in self.node.items()
            if key not in self.used and value not in (None, {}, [])
        }
        return {
            key: value if isinstance(value, str) else _ENCODER.encode(value).decode()
            for key, value in left.items()
        }

    def _used(self, value: T, *names: str) -> T:
        self.used.update(names)
        return value
