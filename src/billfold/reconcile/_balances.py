"""The identity between a prepaid balance and all entries ever posted on it."""

from __future__ import annotations

from collections.abc import Iterator

from billfold.model import BalanceKind, Cause, Stream
from billfold.money import Money
from billfold.reconcile._counterparts import READING
from billfold.reconcile._sums import both_sides, sum_of
from billfold.reconcile.views import AccountViews, Finding


def balance_identities(views: AccountViews) -> Iterator[Finding]:
    """Yield each billing account's prepaid balance compared with its whole ledger.

    A ledger moves prepaid money only, so credit has no other side.
    """
    if views.has(Stream.BALANCES, Stream.LEDGER):
        for part in views.parts("balances", "ledger"):
            yield from _compared(part)


def _compared(views: AccountViews) -> Iterator[Finding]:
    name = (
        "balance vs. its ledger"
        if views.part is None
        else f"balance of {views.part} vs. its ledger"
    )
    prepaid = [balance for balance in views.balances if balance.kind is BalanceKind.PREPAID]
    stated = sum_of(balance.amount for balance in prepaid)
    posted = sum_of(entry.amount for entry in views.ledger)
    if reason := views.unread(Stream.BALANCES, Stream.LEDGER):
        yield from views.not_compared(name, None, (stated or posted).values(), reason)
        return
    for balance, total in both_sides(stated, posted):
        cause, evidence = _cause(views, balance - total)
        yield views.identity(name, None, balance, total, cause, evidence)


def _cause(views: AccountViews, gap: Money) -> tuple[Cause, list[str]]:
    """Return timing where entries posted about when the balance was read make up the gap."""
    read = views.read_at
    if read is None:
        return Cause.UNKNOWN, []
    newer = Money.zero(gap.currency)
    evidence = []
    for entry in sorted(views.ledger, key=lambda entry: entry.at, reverse=True):
        if entry.amount.currency != gap.currency or entry.at < read - READING:
            continue
        newer += entry.amount
        evidence.append(f"{entry.id}: {entry.amount}, posted about when the balance was read")
        if newer == -gap:
            return Cause.TIMING, evidence
    return Cause.UNKNOWN, []
