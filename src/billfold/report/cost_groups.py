"""The lines of a period, grouped for the charts and the tables beside them."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from billfold.answer import Answer
from billfold.costs.lines import Line, has_day
from billfold.costs.view import cost_view
from billfold.model import Usage
from billfold.money import Money, plain
from billfold.report.figures import service_labels

_SERVICE_BARS = 14  # as many as fit a screen; the table of costs has all services


@frozen
class ChartBar:
    """A bar of a chart: its place (a day or a service), its provider, and its exact amount."""

    place: str
    provider: str
    amount: str


@frozen
class DayRow:
    """The cost of a day: of each provider, None for none, and of all."""

    day: str
    providers: tuple[Money | None, ...]
    total: Money


@frozen
class CostGroups:
    """Converted lines of usage, by provider, day and service."""

    usage: Answer[Usage]
    lines: Sequence[Line]
    currency: str | None

    def providers(self) -> list[tuple[str, Money]]:
        """Return the cost of each provider, largest first."""
        return [(name, cost) for (name,), cost in self._by(self.lines, "provider")]

    def provider_names(self) -> list[str]:
        """Return the providers in alphabetical order."""
        return sorted(name for name, _ in self.providers())

    def undated(self) -> list[tuple[str, Money]]:
        """Return the cost of each provider that belongs to no single day."""
        undated = [line for line in self.lines if line.day is None]
        return [(name, cost) for (name,), cost in self._by(undated, "provider")]

    def is_spread(self) -> bool:
        """Return whether charges of more than a day are spread over their days."""
        return any(line.day is not None and not has_day(line.charge) for line in self.lines)

    def day_bars(self) -> list[ChartBar]:
        """Return a bar for each day and provider."""
        return [
            ChartBar(day, provider, plain(cost.amount))
            for (day, provider), cost in self._by(self._dated(), "day", "provider")
        ]

    def days(self) -> list[DayRow]:
        """Return the cost of each day, with the providers in alphabetical order."""
        names = self.provider_names()
        costs = dict(self._by(self._dated(), "day", "provider"))
        return [
            DayRow(day, tuple(costs.get((day, name)) for name in names), total)
            for (day,), total in self._by(self._dated(), "day")
        ]

    def service_bars(self) -> list[ChartBar]:
        """Return a bar for each of the most expensive services."""
        groups = self._by(self.lines, "service", "provider")[:_SERVICE_BARS]
        labels = service_labels([keys for keys, _ in groups])
        return [
            ChartBar(label, provider, plain(cost.amount))
            for label, ((_, provider), cost) in zip(labels, groups, strict=True)
        ]

    def _dated(self) -> Sequence[Line]:
        return [line for line in self.lines if line.day is not None]

    def _by(self, lines: Sequence[Line], *by: str) -> list[tuple[tuple[str, ...], Money]]:
        rows = cost_view(self.usage, lines, by=by, currency=self.currency, partial=True).rows
        return [(row.keys, row.converted) for row in rows if row.converted is not None]
