"""What an export has and lacks besides its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from attrs import define, field

from billfold.answer import Coverage
from billfold.errors import BillfoldError, IncompleteError, ProviderError, UnsupportedError
from billfold.focus.partition import Partition
from billfold.model import ANSWERED, State, Stream
from billfold.money import Money, sum_by_currency


@define
class ExportSummary:
    """What was read for an export, once all of its rows were taken.

    ``totals`` add up the costs of the usage, ``left_out`` counts the records that are in no row, by
    reason, and ``partitions`` are those that an export replaces, with or without rows.
    """

    coverage: list[Coverage] = field(factory=list)
    failures: list[BillfoldError] = field(factory=list)
    totals: dict[str, Money] = field(factory=dict)
    left_out: Counter[str] = field(factory=Counter)
    partitions: set[Partition] = field(factory=set)

    @property
    def complete(self) -> bool:
        """Whether every account answered in full, and every record of them is in a row."""
        return self._answered_in_full and not self.left_out

    @property
    def _answered_in_full(self) -> bool:
        answered = any(row.state is State.COMPLETE for row in self.coverage)
        return answered and not any(row.is_hole for row in self.coverage)

    def add_costs(self, costs: Iterable[Money]) -> None:
        """Add costs to the totals."""
        self.totals = sum_by_currency([*self.totals.values(), *costs])

    def require_answer(self, *, allow_partial: bool) -> None:
        """Raise unless the accounts answered.

        Raises ProviderError or UnsupportedError where no account answered with usage, and
        IncompleteError over a hole unless ``allow_partial``.
        """
        usage = [row for row in self.coverage if row.stream is Stream.USAGE]
        if not any(row.state in ANSWERED for row in usage):
            error = ProviderError if self.failures else UnsupportedError
            raise error(f"nothing was exported: {self._missing()}")
        if not self._answered_in_full and not allow_partial:
            raise IncompleteError(
                f"nothing was exported, because it would not be complete: {self._missing()}. "
                "To export the rest, pass allow_partial=True (--allow-partial)"
            )

    def _missing(self) -> str:
        holes = [
            f"{row.stream} of {row.account}: {row.state.replace('_', ' ')}"
            + (f" ({row.detail})" if row.detail else "")
            for row in self.coverage
            if row.is_hole
        ]
        return "; ".join(holes) or "no account has usage to export"
