"""What changed by service since the period before, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from billfold.costs.change import CostChange, changes
from billfold.costs.lines import Line
from billfold.money import Money, sum_by_currency
from billfold.report.figures import percentage

_MOST_SERVICES = 12
_EFFECTS = {"usage": "Usage", "price": "Price", "exchange": "Exchange rate", "mixed": "Other"}


@frozen
class ServiceChange:
    """What a service cost before and after, and the effects, which add up to the difference."""

    provider: str
    service: str
    change: CostChange

    @property
    def difference(self) -> Money:
        """What it costs more; negative where it costs less."""
        return self.change.after - self.change.before

    @property
    def percent(self) -> str | None:
        """The difference in percent, None where it cost nothing before."""
        return percentage(self.difference, self.change.before)


@frozen
class ServiceChanges:
    """The services with the largest changes, one row of all the others, and all of them.

    ``effects`` are the headings of those that any service has.
    """

    rows: tuple[ServiceChange, ...]
    total: ServiceChange
    effects: Mapping[str, str]

    @property
    def headings(self) -> list[str]:
        """The headings of the effects, as those of numbers are marked in the template."""
        return [f"#{heading}" for heading in self.effects.values()]

    @classmethod
    def of(
        cls,
        before: Sequence[Line],
        after: Sequence[Line],
        currency: str,
        brands: Mapping[str, str],
    ) -> ServiceChanges:
        """Compare lines that were converted to one currency."""
        found = changes(before, after, by=("provider", "service"), currency=currency)
        rows = [
            ServiceChange(brands.get(each.keys[0], each.keys[0]), each.keys[1], each)
            for each in found[:_MOST_SERVICES]
        ]
        if others := found[_MOST_SERVICES:]:
            rows.append(ServiceChange("", f"{len(others)} others", _merged(others, currency)))
        total = _merged(found, currency)
        used = {
            name: heading
            for name, heading in _EFFECTS.items()
            if any(getattr(each, name).amount for each in found)
        }
        return cls(tuple(rows), ServiceChange("", "", total), used)


def _merged(found: Iterable[CostChange], currency: str) -> CostChange:
    found = tuple(found)

    def added(name: str) -> Money:
        amounts = (getattr(each, name) for each in found)
        return sum_by_currency([Money.zero(currency), *amounts])[currency]

    return CostChange((), *(added(name) for name in ("before", "after", *_EFFECTS)))
