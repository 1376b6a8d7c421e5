"""The identities between a ledger, the usage that is taken from it, and the balance it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from billfold.model import Cause, Charge, LedgerEntry
from billfold.money import Money, sum_by_currency
from billfold.period import Period
from billfold.reconcile.identity import Identity
from billfold.reconcile.views import AccountViews, both_sides, priced_charges, total_of

_POSTED = timedelta(minutes=5)  # how long after a job's end its debit may be posted
_LEASE = timedelta(days=1)  # the longest job that is looked for across the edge of a window


def debit_identities(views: AccountViews) -> Iterator[Identity]:
    """Yield what was taken from the balance for usage, compared with the usage, per currency."""
    debits = [entry for entry in views.ledger if entry.for_usage]
    if not views.usages or not debits:
        return
    windows = views.windows
    inside = [debit for debit in debits if any(debit.at in window for window in windows)]
    taken = sum_by_currency(-debit.amount for debit in inside)
    priced = priced_charges(views.usages)
    for stated, computed in both_sides(taken, total_of(views.usages)):
        currency = stated.currency
        charges = [
            charge
            for charge in priced
            if charge.cost is not None and charge.cost.currency == currency
        ]
        same_currency = [debit for debit in inside if debit.amount.currency == currency]
        gap = _debit_gap(charges, same_currency, windows)
        yield views.identity("ledger debits vs. usage", views.window, stated, computed, *gap)


def balance_identities(views: AccountViews) -> Iterator[Identity]:
    """Yield each balance compared with all entries ever posted on it.

    An entry posted between the two readings is timing.
    """
    for balance in views.balances:
        owner = balance.scope_name
        entries = [entry for entry in views.ledger if entry.billing_account_id == owner]
        totals = sum_by_currency(entry.amount for entry in entries)
        total = totals.get(balance.amount.currency)
        if total is not None:
            name = f"balance of {owner} vs. its ledger"
            yield views.identity(name, None, balance.amount, total, Cause.TIMING)


def _debit_gap(
    charges: Sequence[Charge], debits: Sequence[LedgerEntry], windows: Sequence[Period]
) -> tuple[Cause, list[str]]:
    """Return why leases and debits differ, and those that have no counterpart."""
    leases = [charge for charge in charges if not charge.derived]
    derived = [charge for charge in charges if charge.derived]
    unpaid, unused = _without_counterpart(leases, debits)
    evidence = [f"{lease.id}: {lease.cost}, no debit inside the window" for lease in unpaid]
    evidence += [
        f"{debit.id}: {-debit.amount}, of no lease that began inside the window" for debit in unused
    ]
    evidence += [
        f"{charge.id}: {charge.cost}, computed from a stated total, so no debit is its own"
        for charge in derived
    ]
    return _debit_cause(unpaid, unused, windows), evidence


def _without_counterpart(
    leases: Iterable[Charge], debits: Iterable[LedgerEntry]
) -> tuple[list[Charge], list[LedgerEntry]]:
    """Return the leases without a debit and the debits without a lease; zero needs neither.

    A debit is its lease's if it has the same amount and was posted when the lease ended.
    """
    unpaid: dict[Money, list[Charge]] = {}
    for lease in leases:
        if lease.cost is not None and lease.cost.amount:
            unpaid.setdefault(lease.cost, []).append(lease)
    unused = []
    for debit in debits:
        candidates = unpaid.get(-debit.amount, [])
        ended = (lease for lease in candidates if abs(lease.period.end - debit.at) < _POSTED)
        lease_of_debit = next(ended, None)
        if lease_of_debit is not None:
            candidates.remove(lease_of_debit)
        elif debit.amount.amount:
            unused.append(debit)
    return [lease for candidates in unpaid.values() for lease in candidates], unused


def _debit_cause(
    unpaid: Sequence[Charge], unused: Sequence[LedgerEntry], windows: Sequence[Period]
) -> Cause:
    """Return timing for what lies at the edges of the windows, another cause for what does not."""
    if not unpaid and not unused:
        return Cause.UNKNOWN
    unpaid_inside = [
        lease
        for lease in unpaid
        if all(lease.period.end + _POSTED <= window.end for window in windows)
    ]
    unused_inside = [
        debit
        for debit in unused
        if not any(window.start <= debit.at < window.start + _LEASE for window in windows)
    ]
    if unpaid_inside and unused_inside:
        return Cause.UNKNOWN
    if unused_inside:
        return Cause.MISSING_USAGE
    return Cause.LATE_DATA if unpaid_inside else Cause.TIMING
