"""The lines of a period, grouped for the charts and the tables beside them."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from billfold.answer import Answer
from billfold.costs.lines import Line
from billfold.costs.view import cost_view
from billfold.model import Usage
from billfold.money import Money, plain
from billfold.report.figures import Figure, service_labels

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
    providers: tuple[Figure | None, ...]
    total: Figure


@frozen
class CostGroups:
    """Converted lines of usage, by provider, day and service."""

    usage: Answer[Usage]
    lines: Sequence[Line]
    currency: str

    def providers(self) -> tuple[tuple[str, Figure], ...]:
        """Return the cost of each provider, largest first."""
        return self._provider_figures(self.lines)

    def provider_names(self) -> tuple[str, ...]:
        """Return the providers in alphabetical order."""
        return tuple(sorted(name for name, _ in self.providers()))

    def undated(self) -> tuple[tuple[str, Figure], ...]:
        """Return the cost of each provider that belongs to no single day."""
        return self._provider_figures([line for line in self.lines if line.day is None])

    def day_bars(self) -> tuple[ChartBar, ...]:
        """Return a bar for each day and provider."""
        return tuple(
            ChartBar(day, provider, plain(money.amount))
            for (day, provider), money in self._by(self._dated(), "day", "provider")
        )

    def days(self) -> tuple[DayRow, ...]:
        """Return the cost of each day, with the providers in alphabetical order."""
        cells = dict(self._by(self._dated(), "day", "provider"))
        rows = []
        for (day,), total in self._by(self._dated(), "day"):
            amounts = [cells.get((day, name)) for name in self.provider_names()]
            figures = tuple(None if money is None else Figure.of(money) for money in amounts)
            rows.append(DayRow(day, figures, Figure.of(total)))
        return tuple(rows)

    def service_bars(self) -> tuple[ChartBar, ...]:
        """Return a bar for each of the most expensive services."""
        groups = self._by(self.lines, "service", "provider")[:_SERVICE_BARS]
        labels = service_labels((service, provider) for (service, provider), _ in groups)
        return tuple(
            ChartBar(label, provider, plain(money.amount))
            for label, ((_, provider), money) in zip(labels, groups, strict=True)
        )

    def _dated(self) -> Sequence[Line]:
        return [line for line in self.lines if line.day is not None]

    def _provider_figures(self, lines: Sequence[Line]) -> tuple[tuple[str, Figure], ...]:
        return tuple((keys[0], Figure.of(money)) for keys, money in self._by(lines, "provider"))

    def _by(self, lines: Sequence[Line], *by: str) -> list[tuple[tuple[str, ...], Money]]:
        rows = cost_view(self.usage, lines, by=by, currency=self.currency, partial=True).rows
        return [(row.keys, row.converted) for row in rows if row.converted is not None]
