"""The lines of a period, grouped for the charts and the tables beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from billfold.costs.lines import Line, has_day
from billfold.costs.rows import grouped_rows
from billfold.money import Money, plain, sum_by_currency
from billfold.report.figures import service_labels

_Group = tuple[tuple[str, ...], Money]  # its values of the dimensions, and its cost
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

    lines: Sequence[Line]
    currency: str | None
    brands: Mapping[str, str] = field(factory=dict)
    _grouped: dict[tuple[bool | None, tuple[str, ...]], list[_Group]] = field(
        factory=dict, init=False, repr=False, eq=False
    )

    def providers(self) -> list[tuple[str, Money]]:
        """Return the cost of each provider, largest first."""
        return self._by_provider(None)

    def provider_names(self) -> list[str]:
        """Return the providers in alphabetical order."""
        return sorted((name for name, _ in self.providers()), key=str.casefold)

    def provider_costs(self) -> tuple[Money, ...]:
        """Return the cost of each provider, in alphabetical order."""
        costs = dict(self.providers())
        return tuple(costs[name] for name in self.provider_names())

    def undated(self) -> list[tuple[str, Money]]:
        """Return the cost of each provider that belongs to no single day, largest first."""
        return self._by_provider(False)

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
            for (day, provider), cost in self._by(True, "day", "provider")
        ]

    def days(self) -> list[DayRow]:
        """Return the cost of each day, with the providers in alphabetical order."""
        costs: dict[str, dict[str, Money]] = {}
        for (day, provider), cost in self._by(True, "day", "provider"):
            costs.setdefault(day, {})[self._brand(provider)] = cost
        return [self._day_row(day, costs[day]) for day in sorted(costs)]

    def service_bars(self) -> list[ChartBar]:
        """Return a bar for each of the most expensive services."""
        groups = self._by(None, "service", "provider")[:_SERVICE_BARS]
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

    def _by_provider(self, dated: bool | None) -> list[tuple[str, Money]]:
        return [(self._brand(name), cost) for (name,), cost in self._by(dated, "provider")]

    def _by(self, dated: bool | None, *by: str) -> list[_Group]:
        """Return what lines cost by dimensions: those with a day or without, None for all.

        They are grouped once, as several charts and tables show the same.
        """
        if (dated, by) not in self._grouped:
            lines = self.lines
            if dated is not None:
                lines = [line for line in lines if (line.day is not None) is dated]
            self._grouped[dated, by] = [
                (row.keys, row.converted)
                for row in grouped_rows(lines, by)
                if row.converted is not None
            ]
        return self._grouped[dated, by]
