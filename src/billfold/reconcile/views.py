"""The views of the same money that providers give, one account's part of each, and their sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from billfold.answer import Answer
from billfold.model import Balance, Cause, Charge, DailyCost, Invoice, LedgerEntry, Usage
from billfold.money import Money, sum_by_currency
from billfold.period import Period, merged
from billfold.reconcile.identity import Identity

_MOST_EVIDENCE = 20


@frozen
class Views:
    """The views of the same money, as every account answered them."""

    usage: Answer[Usage]
    daily: Answer[DailyCost]
    ledger: Answer[LedgerEntry]
    balances: Answer[Balance]
    invoices: Answer[Invoice]

    @property
    def answers(self) -> tuple[Answer[Any], ...]:
        """All of them."""
        return (self.usage, self.daily, self.ledger, self.balances, self.invoices)


@frozen
class AccountViews:
    """One account's part of every view; the ledger and the invoices are of any period."""

    account: str
    provider: str
    usages: tuple[Usage, ...] = ()
    days: tuple[DailyCost, ...] = ()
    ledger: tuple[LedgerEntry, ...] = field(default=(), repr=False)
    balances: tuple[Balance, ...] = ()
    invoices: tuple[Invoice, ...] = ()

    @classmethod
    def of(cls, account: str, provider: str, views: Views) -> AccountViews:
        """Return an account's part of the views."""
        parts = (
            tuple(item for item in answer if item.account == account) for answer in views.answers
        )
        return cls(account, provider, *parts)

    @property
    def windows(self) -> tuple[Period, ...]:
        """What the usages cover, in order; usages that meet make one window."""
        return merged(usage.covers for usage in self.usages)

    @property
    def window(self) -> Period | None:
        """What the usages cover, None where that is not one window."""
        windows = self.windows
        return windows[0] if len(windows) == 1 else None

    def identity(
        self,
        name: str,
        period: Period | None,
        stated: Money,
        computed: Money,
        cause: Cause = Cause.UNKNOWN,
        evidence: Sequence[str] = (),
    ) -> Identity:
        """Return two sides compared.

        ``cause`` and the first twenty lines of ``evidence`` are of a gap beyond rounding.
        """
        gap = stated - computed
        agreed = Identity(self.account, self.provider, name, period, stated, computed)
        if gap.amount == 0:
            return agreed
        if gap.is_rounding_noise():
            noise = f"{gap} is less than half of the smallest unit"
            return evolve(agreed, cause=Cause.ROUNDING, evidence=(noise,))
        shown, more = tuple(evidence[:_MOST_EVIDENCE]), len(evidence) - _MOST_EVIDENCE
        if more > 0:
            shown = (*shown, f"and {more} more")
        return evolve(agreed, cause=cause, evidence=shown)


def both_sides(
    stated: Mapping[str, Money], computed: Mapping[str, Money]
) -> Iterator[tuple[Money, Money]]:
    """Yield both sides of every currency; one that only one side has is zero on the other."""
    for currency in sorted(stated.keys() | computed.keys()):
        nothing = Money.zero(currency)
        yield stated.get(currency, nothing), computed.get(currency, nothing)


def priced_charges(usages: Iterable[Usage]) -> list[Charge]:
    """Return the charges that carry a cost."""
    return [charge for usage in usages for charge in usage.charges if charge.cost is not None]


def total_of(usages: Iterable[Usage]) -> dict[str, Money]:
    """Return the usages' totals per currency; an idle usage has zero in its stated currency."""
    return sum_by_currency(money for usage in usages for money in usage.totals().values())


def sum_of(amounts: Iterable[Money | None]) -> dict[str, Money]:
    """Return the sum of the amounts that are stated, per currency."""
    return sum_by_currency(money for money in amounts if money is not None)
