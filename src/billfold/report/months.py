"""Months side by side, as the store knows them, for their chart and the table beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import field, frozen

from billfold.costs.trend import Trend, TrendMonth, TrendRow
from billfold.money import Money, plain
from billfold.report.cost_groups import ChartBar


@frozen
class MonthRow:
    """The cost of a month: of each provider, None for none, and of all; and how complete it is."""

    month: str
    providers: tuple[Money | None, ...]
    total: Money | None
    state: str


@frozen
class Months:
    """A converted trend by provider, from the first month of which any money is known."""

    trend: Trend
    brands: Mapping[str, str] = field(factory=dict)

    @classmethod
    def of(cls, trend: Trend | None, brands: Mapping[str, str]) -> Months | None:
        """Return what there is to draw: None where fewer than two months are known."""
        if trend is None or sum(month.known for month in trend.months) < 2:
            return None
        return cls(trend, brands)

    @property
    def running(self) -> bool:
        """Whether the last of them is not over."""
        return any(month.running for _, month in self._shown())

    def provider_names(self) -> list[str]:
        """Return the providers in alphabetical order."""
        return sorted(map(self._brand, self.trend.rows), key=str.casefold)

    def places(self) -> list[str]:
        """Return the months in their order; one that runs, or is not complete, is marked."""
        return [_place(month) for _, month in self._shown()]

    def bars(self) -> list[ChartBar]:
        """Return a bar for each month and provider."""
        return [
            ChartBar(_place(month), self._brand(row), plain(cost.converted.amount), month.running)
            for number, month in self._shown()
            for row in self.trend.rows
            if (cost := row.months[number]) is not None and cost.converted is not None
        ]

    def rows(self) -> list[MonthRow]:
        """Return each month, with the providers in alphabetical order."""
        by_provider = sorted(self.trend.rows, key=lambda row: self._brand(row).casefold())
        return [
            MonthRow(
                str(month.month),
                tuple(
                    None if (cost := row.months[number]) is None else cost.converted
                    for row in by_provider
                ),
                month.view.converted if month.known else None,
                _state(month),
            )
            for number, month in self._shown()
        ]

    def _brand(self, row: TrendRow) -> str:
        return self.brands.get(row.keys[0], row.keys[0])

    def _shown(self) -> Iterator[tuple[int, TrendMonth]]:
        months = self.trend.months
        first = next(number for number, month in enumerate(months) if month.known)
        return ((number, months[number]) for number in range(first, len(months)))


def _place(month: TrendMonth) -> str:
    place = str(month.month) if month.complete else f"{month.month} *"
    return f"{place}, so far" if month.running else place


def _state(month: TrendMonth) -> str:
    state = "complete" if month.complete else "incomplete" if month.known else "not known"
    return f"{state}, so far" if month.running and month.known else state
