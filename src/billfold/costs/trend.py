"""What every month cost, month beside month: the last ones, and the running one so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import frozen

from billfold.costs.lines import ROLE
from billfold.costs.rates import Rate
from billfold.costs.rows import CostRow, flat_rows, zero_rows
from billfold.costs.view import CostView
from billfold.counted import counted
from billfold.coverage import known_until, states
from billfold.model import ANSWERED
from billfold.one_line import one_line
from billfold.period import Period, utc_text

if TYPE_CHECKING:
    import pyarrow as pa


@frozen
class TrendMonth:
    """What a UTC calendar month cost. ``running`` is one that was not over when it was asked."""

    month: Period
    running: bool
    view: CostView

    @property
    def complete(self) -> bool:
        """Whether every account answered all of it, of the running one as far as it has come."""
        return self.view.complete

    @property
    def answered(self) -> bool:
        """Whether anything of it is known."""
        return any(row.state in ANSWERED for row in self.view.coverage)

    @property
    def known(self) -> bool:
        """Whether any of its money is known: a cycle that touches it may be another month's."""
        return self.complete or bool(self.view.native)

    def is_read(self, group: Mapping[str, str]) -> bool:
        """Return whether all that a group can have is known: that of its own accounts.

        ``group`` has its keys by their dimensions; without account and provider it is of all.
        """
        own = [
            row
            for row in self.view.coverage
            if group.get("account", row.account) == row.account
            and group.get("provider", row.provider) == row.provider
        ]
        return self.complete or (bool(own) and not any(row.is_hole for row in own))

    @property
    def known_until(self) -> datetime | None:
        """Until when all of it is known; None where every window is over."""
        return known_until(self.view.coverage)

    def to_dict(self) -> dict[str, Any]:
        """Return the month as plain JSON values; what is not known has no number."""
        from billfold.costs import json_values as values

        view, until = self.view, self.known_until
        native, converted = values.amounts_text(view.native), values.amount_text(view.converted)
        return {
            "month": str(self.month),
            "running": self.running,
            "complete": self.complete,
            "known_until": None if until is None else utc_text(until),
            "totals": {"native": native, "converted": converted} if self.known else None,
            "checks": [values.check_values(check) for check in view.checks],
            **values.completeness(view.coverage, view.failures),
        }


@frozen
class TrendRow:
    """What a group cost in each month; None where the month has no line of it."""

    keys: tuple[str, ...]
    months: tuple[CostRow | None, ...]


@frozen(repr=False)
class Trend:
    """The costs of months side by side, oldest first, grouped by the dimensions ``by``."""

    by: tuple[str, ...]
    currency: str | None
    months: tuple[TrendMonth, ...]
    rows: tuple[TrendRow, ...]

    def __repr__(self) -> str:
        incomplete = [month for month in self.months if not month.complete]
        return one_line(
            f"Trend {self.months[0].month} to {self.months[-1].month}",
            counted(len(self.months), "month"),
            f"{len(incomplete)} not complete" if incomplete else "complete",
            counted(len(self.rows), "row"),
        )

    @property
    def complete(self) -> bool:
        """Whether every month is complete."""
        return all(month.complete for month in self.months)

    @property
    def answered(self) -> bool:
        """Whether anything of any month is known."""
        return any(month.answered for month in self.months)

    @property
    def rates(self) -> tuple[Rate, ...]:
        """Every exchange rate that was used."""
        return tuple(dict.fromkeys(rate for month in self.months for rate in month.view.rates))

    def to_dict(self) -> dict[str, Any]:
        """Return the months as plain JSON values of schema ``billfold.trend/1``."""
        from billfold.costs import json_values as values

        first, last = self.months[0].month, self.months[-1].month
        scope = self.months[-1].view
        return {
            "schema": "billfold.trend/1",
            "asked": {
                "period": values.period_values(Period(first.start, last.end)),
                "accounts": list(scope.accounts),
                "left_out": list(scope.left_out),
            },
            "role": ROLE,
            "by": list(self.by),
            "currency": self.currency,
            "complete": self.complete,
            "months": [month.to_dict() for month in self.months],
            "rows": [self._row_values(row) for row in self.rows],
            **values.rates_values(self.rates),
        }

    def _row_values(self, row: TrendRow) -> dict[str, Any]:
        """Return what a group cost in each month of which any money is known."""
        from billfold.costs import json_values as values

        cells = [
            {
                "month": str(month.month),
                "complete": month.complete,
                "native": values.amounts_text({} if cell is None else cell.native),
                "converted": None if cell is None else values.amount_text(cell.converted),
                "lines": 0 if cell is None else cell.lines,
                "estimated": cell is not None and cell.estimated,
            }
            for month, cell in zip(self.months, row.months, strict=True)
            if month.known
        ]
        return {"keys": dict(zip(self.by, row.keys, strict=True)), "months": cells}

    def to_json(self, *, indent: int | None = None) -> str:
        """Return what :meth:`to_dict` does as text; the command line prints it with indent 2."""
        from billfold.codec import json_text

        return json_text(self.to_dict(), indent)

    def to_arrow(self) -> pa.Table:
        """Return a row per month, group and native currency, as ``--format csv`` does.

        Decimals are exact, decimal128(38, 24). Raises ConfigError without the extra ``arrow``, and
        MoneyError for a number that does not fit.
        """
        from billfold.costs.arrow import months_table

        return months_table(self.by, month_rows(self))

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return :meth:`to_arrow` by the Arrow PyCapsule interface: for pandas, polars, DuckDB."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def _repr_html_(self) -> str:
        """Return the first rows as a table for a notebook, a column per month."""
        from billfold.notebook import table_html

        columns = [*self.by, *(str(month.month) for month in self.months)]
        rows = (
            [*row.keys, *(None if cell is None else cell.amounts for cell in row.months)]
            for row in self.rows
        )
        missing = (
            f"{month.month}: {state}"
            for month in self.months
            if not month.complete
            for state in states(row for row in month.view.coverage if row.is_hole)
        )
        return table_html(repr(self)[1:-1], columns, rows, missing)


# The columns of a month's flat row, before and after those of a cost view's.
MONTH_BEFORE, MONTH_AFTER = ("month",), ("running", "known_until", "complete")


def month_rows(trend: Trend) -> Iterator[dict[str, Any]]:
    """Yield a row per month, group and native currency; a month without one has a row as well."""
    for place, month in enumerate(trend.months):
        said = {
            "month": str(month.month),
            "running": month.running,
            "known_until": month.known_until,
            "complete": month.complete,
        }
        found = [row.months[place] for row in trend.rows]
        rows = [cells for row in found if row is not None for cells in flat_rows(trend.by, row)]
        for cells in rows or [*zero_rows(month.view.native, trend.currency)] or [{}]:
            yield {**cells, **said}
