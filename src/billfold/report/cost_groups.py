"""The lines of a period, grouped for the charts and the tables beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from billfold.answer import Answer
from billfold.costs.lines import Line, has_day
from billfold.costs.view import cost_view
from billfold.model import Usage
from billfold.money import Money, plain, sum_by_currency
from billfold.report.figures import service_labels

_SERVICE_BARS = 14  # as many as fit a screen; the table of costs has all services


@frozen
class ChartBar:
    """A bar of a chart: its place (a day or a service), its provider, and its exact amount.

    ``running`` is one of a month that is not over.
    """

    place: str
    provider: str
    amount: str
    running: bool = False


@frozen
class DayRow:
    """The cost of a day: of each provider, None for none, and of all."""

    day: str
    providers: tuple[Money | None, ...]
    total: Money


@frozen
class CostGroups:
    """Converted lines of usage, by provider, day and service; providers are called by brand."""

    usage: Answer[Usage]
    lines: Sequence[Line]
    currency: str | None
    brands: Mapping[str, str] = field(factory=dict)

    def providers(self) -> list[tuple[str, Money]]:
        """Return the cost of each provider, largest first."""
        return self._by_provider(self.lines)

    def provider_names(self) -> list[str]:
        """Return the providers in alphabetical order."""
        return sorted((name for name, _ in self.providers()), key=str.casefold)

    def provider_costs(self) -> tuple[Money, ...]:
        """Return the cost of each provider, in alphabetical order."""
        costs = dict(self.providers())
        return tuple(costs[name] for name in self.provider_names())

    def undated(self) -> list[tuple[str, Money]]:
        """Return the cost of each provider that belongs to no single day, largest first."""
        return self._by_provider([line for line in self.lines if line.day is None])

    def undated_bars(self) -> list[ChartBar]:
        """Return a bar for each provider's cost that belongs to no single day."""
        return [ChartBar(name, name, plain(cost.amount)) for name, cost in self.undated()]

    def undated_row(self) -> DayRow | None:
        """Return what belongs to no single day, as a row beside the days; None where nothing is."""
        costs = dict(self.undated())
        return self._day_row("no single day", costs) if costs else None

    def is_spread(self) -> bool:
        """Return whether charges of more than a day are spread over their days."""
        return any(line.day is not None and not has_day(line.charge) for line in self.lines)

    def day_bars(self) -> list[ChartBar]:
        """Return a bar for each day and provider."""
        return [
            ChartBar(day, self._brand(provider), plain(cost.amount))
            for (day, provider), cost in self._by(self._dated(), "day", "provider")
        ]

    def days(self) -> list[DayRow]:
        """Return the cost of each day, with the providers in alphabetical order."""
        costs: dict[str, dict[str, Money]] = {}
        for (day, provider), cost in self._by(self._dated(), "day", "provider"):
            costs.setdefault(day, {})[self._brand(provider)] = cost
        return [self._day_row(day, costs[day]) for day in sorted(costs)]

    def service_bars(self) -> list[ChartBar]:
        """Return a bar for each of the most expensive services."""
        groups = self._by(self.lines, "service", "provider")[:_SERVICE_BARS]
        brands = [self._brand(provider) for (_, provider), _ in groups]
        services = [service for (service, _), _ in groups]
        labels = service_labels(list(zip(services, brands, strict=True)))
        return [
            ChartBar(label, brand, plain(cost.amount))
            for label, brand, (_, cost) in zip(labels, brands, groups, strict=True)
        ]

    def _brand(self, provider: str) -> str:
        return self.brands.get(provider, provider)

    def _day_row(self, day: str, costs: Mapping[str, Money]) -> DayRow:
        (total,) = sum_by_currency(costs.values()).values()
        return DayRow(day, tuple(costs.get(name) for name in self.provider_names()), total)

    def _dated(self) -> Sequence[Line]:
        return [line for line in self.lines if line.day is not None]

    def _by_provider(self, lines: Sequence[Line]) -> list[tuple[str, Money]]:
        return [(self._brand(name), cost) for (name,), cost in self._by(lines, "provider")]

    def _by(self, lines: Sequence[Line], *by: str) -> list[tuple[tuple[str, ...], Money]]:
        rows = cost_view(self.usage, lines, by=by, currency=self.currency, partial=True).rows
        return [(row.keys, row.converted) for row in rows if row.converted is not None]
