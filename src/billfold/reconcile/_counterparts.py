"""Which leases have no debit, and which debits no lease."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from datetime import timedelta

from billfold.model import Charge, LedgerEntry
from billfold.money import Money

POSTED = timedelta(minutes=5)  # how long after a job's end its debit is posted, as a rule
SWEPT = timedelta(days=1)  # and where a build was left to itself, until it is swept
READING = timedelta(minutes=5)  # two views, and two clocks, are at most this far apart


def late(
    leases: Sequence[Charge],
    debits: Sequence[LedgerEntry],
    unpaid: Sequence[Charge],
    unused: Sequence[LedgerEntry],
) -> tuple[list[Charge], list[LedgerEntry]]:
    """Return which of the ``unpaid`` and ``unused`` ones find no counterpart a day late either.

    Where all are late, equal leases seem to have each other's debits, so that some have none: then
    all are paired anew, if that pairs more.
    """
    rest = without_counterpart(unpaid, unused, SWEPT)
    if not all(rest):
        return rest
    anew = without_counterpart(leases, debits, SWEPT)
    return anew if len(anew[0]) < len(rest[0]) else rest


def without_counterpart(
    leases: Iterable[Charge], debits: Iterable[LedgerEntry], within: timedelta = POSTED
) -> tuple[list[Charge], list[LedgerEntry]]:
    """Return the leases without a debit and the debits without a lease; zero needs neither.

    A debit is its lease's if it has the same amount and was posted when the lease ended, or
    ``within`` some time after.
    """
    unpaid, debits = (
        [lease for lease in leases if lease.cost is not None and lease.cost.amount],
        list(debits),
    )
    candidates: dict[Money, deque[Charge]] = defaultdict(deque)
    for lease in sorted(unpaid, key=lambda lease: lease.period.end):
        assert lease.cost is not None
        candidates[lease.cost].append(lease)
    paired: set[int] = set()
    # In order of time, so that of many alike none takes the debit of a later one.
    for debit in sorted(debits, key=lambda debit: debit.at):
        alike = candidates[-debit.amount]
        while alike and alike[0].period.end <= debit.at - within:
            alike.popleft()
        if alike and alike[0].period.end < debit.at + POSTED:
            paired |= {id(alike.popleft()), id(debit)}
    unused = [debit for debit in debits if debit.amount.amount and id(debit) not in paired]
    return [lease for lease in unpaid if id(lease) not in paired], unused
