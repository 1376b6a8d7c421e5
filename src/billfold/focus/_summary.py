"""What an export has and lacks besides its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from attrs import define, evolve, field

from billfold.accounts.account import Account
from billfold.coverage import Coverage
from billfold.errors import (
    BillfoldError,
    IncompleteError,
    MoneyError,
    ProviderError,
    UnsupportedError,
)
from billfold.focus.partition import Partition
from billfold.model import ANSWERED, State, Stream
from billfold.money import Money, sum_by_currency


@define
class ExportSummary:
    """What was read for an export, once all of its rows were taken.

    ``partitions`` are those that an export replaces, with or without rows, ``notes`` say what a
    reader of the rows must know, and ``failed`` why an account cannot be written, by its name:
    nothing of it is in the export. ``accounts`` are those that were asked, ``accounts_left_out``
    the configured ones that were not.
    """

    coverage: list[Coverage] = field(factory=list)
    failures: list[BillfoldError] = field(factory=list)
    partitions: set[Partition] = field(factory=set)
    failed: dict[str, str] = field(factory=dict)
    accounts: tuple[str, ...] = ()
    accounts_left_out: tuple[str, ...] = ()
    _costs: dict[str, list[Money]] = field(factory=dict)
    _left_out: Counter[tuple[str, str]] = field(factory=Counter)
    _notes: dict[tuple[str, str], None] = field(factory=dict)

    @property
    def totals(self) -> dict[str, Money]:
        """The costs of the usage, added up per currency."""
        return sum_by_currency(cost for costs in self._costs.values() for cost in costs)

    @property
    def left_out(self) -> dict[str, int]:
        """How many records are in no row, by account and reason."""
        counts = sorted(self._left_out.items())
        return {f"{account}: {records}": count for (account, records), count in counts}

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is to be said, each beginning with its account's name."""
        return tuple(f"{account}: {text}" for account, text in self._notes)

    @property
    def complete(self) -> bool:
        """Whether every account answered in full, and every record of them is in a row."""
        return self._answered_in_full and not self._left_out

    @property
    def _answered_in_full(self) -> bool:
        answered = any(row.state is State.COMPLETE for row in self.coverage)
        return answered and not any(row.is_hole for row in self.coverage)

    def add_costs(self, account: str, costs: Iterable[Money]) -> None:
        """Add costs to an account's totals. Raises MoneyError for a sum with too many digits."""
        known = self._costs.get(account, [])
        self._costs[account] = list(sum_by_currency([*known, *costs]).values())
        _ = self.totals  # the account that takes them beyond all digits is the one to fail

    def leave_out(self, account: str, records: str, count: int = 1) -> None:
        """Count records of an account that are in no row."""
        self._left_out[account, records] += count

    def note(self, account: str, text: str) -> None:
        """Keep a note about an account's rows, once."""
        self._notes[account, text] = None

    def fail(self, account: Account, error: MoneyError) -> None:
        """Fail an account that cannot be written."""
        self.failures.append(error.locate(provider=account.provider, account=account.name))
        self.failed[account.name] = error.message

    def withdraw_failed(self) -> None:
        """Take back what the failed accounts gave; what was exported of them before stays."""
        for name, message in self.failed.items():
            self.coverage = [
                evolve(row, state=State.FAILED, covers=None, detail=message)
                if row.account == name and row.state in ANSWERED
                else row
                for row in self.coverage
            ]
            self.partitions = {place for place in self.partitions if place.account != name}
            self._costs.pop(name, None)
            for kept in (self._left_out, self._notes):
                for key in [key for key in kept if key[0] == name]:
                    del kept[key]

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
                "Export the rest with --allow-partial (in Python: allow_partial=True)",
                coverage=self.coverage,
            )

    def _missing(self) -> str:
        return "; ".join(describe_holes(self.coverage)) or "no account has usage to export"


def describe_holes(coverage: Iterable[Coverage]) -> list[str]:
    """Return what is missing and why; streams of an account that miss for one reason share it."""
    holes: dict[tuple[str, str, str], list[str]] = {}
    for row in coverage:
        if row.is_hole:
            where = f"{row.account}, {row.part}" if row.part else row.account
            reason = f" ({row.detail})" if row.detail else ""
            holes.setdefault((where, row.state, reason), []).append(row.stream)
    return [
        f"{' and '.join(dict.fromkeys(streams))} of {where}: {state.replace('_', ' ')}{reason}"
        for (where, state, reason), streams in holes.items()
    ]
