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
    _costs: dict[Partition, list[Money]] = field(factory=dict)
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

    def add_costs(self, place: Partition, costs: Iterable[Money]) -> None:
        """Add costs to those of a partition. Raises MoneyError for a sum with too many digits."""
        known = self._costs.get(place, [])
        self._costs[place] = list(sum_by_currency([*known, *costs]).values())
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
            for place in [each for each in self._costs if each.account == name]:
                del self._costs[place]
            for kept in (self._left_out, self._notes):
                for key in [key for key in kept if key[0] == name]:
                    del kept[key]

    def unread(self, place: Partition) -> tuple[str, ...]:
        """Return which streams of its account a partition lacks, or lacks a part of."""
        rows = (
            row
            for row in self.coverage
            if place.account is not None
            and place.is_of(row)
            and place.project in (None, row.part)
            and self._is_unread(row)
        )
        return tuple(dict.fromkeys(_whose(row.stream, row.part) for row in rows))

    def _is_unread(self, row: Coverage) -> bool:
        """Return whether something failed, rather than is not stated or of another time."""
        failed = (each.part for each in self.failures if each.account == row.account)
        is_cut_off = row.state is State.PARTIAL and any(part in (None, row.part) for part in failed)
        return is_cut_off or (row.is_hole and row.state not in ANSWERED)

    def keep(self, place: Partition) -> None:
        """Leave a partition as it was exported before, and say so."""
        self.partitions.discard(place)
        self._costs.pop(place, None)
        unread = ", ".join(self.unread(place))
        if place.account is not None:
            self.note(
                place.account,
                f"{place.month} stays as it was exported before; not read now: {unread}",
            )

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


def _whose(stream: Stream, part: str | None) -> str:
    return f"{stream} of {part}" if part else stream.value


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
