"""The views of the same money that providers give, and one account's part of each."""

from __future__ import annotations

from typing import Any, TypeVar

from attrs import evolve, field, frozen

from billfold.answer import Answer
from billfold.model import Balance, Cause, DailyCost, Invoice, LedgerEntry, Usage
from billfold.money import Money
from billfold.period import Period, merged
from billfold.reconcile.identity import Identity

Item = TypeVar("Item", Usage, DailyCost, LedgerEntry, Balance, Invoice)


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
        return cls(
            account,
            provider,
            usages=_items(views.usage, account),
            days=_items(views.daily, account),
            ledger=_items(views.ledger, account),
            balances=_items(views.balances, account),
            invoices=_items(views.invoices, account),
        )

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
        evidence: tuple[str, ...] = (),
    ) -> Identity:
        """Return two sides compared; ``cause`` and ``evidence`` are of a gap beyond rounding."""
        gap = stated - computed
        agreed = Identity(self.account, self.provider, name, period, stated, computed)
        if gap.amount == 0:
            return agreed
        if gap.is_rounding_noise():
            noise = f"{gap} is less than half of the smallest unit"
            return evolve(agreed, cause=Cause.ROUNDING, evidence=(noise,))
        return evolve(agreed, cause=cause, evidence=evidence)


def _items(answer: Answer[Item], account: str) -> tuple[Item, ...]:
    return tuple(item for item in answer if item.account == account)
