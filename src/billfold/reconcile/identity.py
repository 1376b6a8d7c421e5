"""What is compared: the views of the same money, an account's part of them, and two sides with the cause of their gap."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from attrs import field, frozen

from billfold.answer import Answer
from billfold.errors import CurrencyError
from billfold.model import Balance, DailyCost, Invoice, LedgerEntry, Usage
from billfold.money import Money
from billfold.period import Period


class Cause(StrEnum):
    """Why two views of the same money differ."""

    ROUNDING = "rounding"
    TAX = "tax"
    TIMING = "timing"
    LATE_DATA = "late data"
    RATE_CHANGE = "rate change"
    MISSING_USAGE = "missing usage"
    UNKNOWN = "unknown"


BY_RIGHT = frozenset({None, Cause.ROUNDING, Cause.TAX})


@frozen
class Identity:
    """Two views of the same money of one account over one window.

    ``cause`` is None when they agree to the last digit; ``evidence`` are the lines behind a gap.
    """

    account: str
    provider: str
    name: str
    period: Period | None
    stated: Money
    computed: Money
    cause: Cause | None = None
    evidence: tuple[str, ...] = ()

    @property
    def gap(self) -> Money:
        """What the stated side has more."""
        return self.stated - self.computed

    @property
    def holds(self) -> bool:
        """Whether both sides agree, but for tax and less than half of the currency's smallest unit."""
        return self.cause in BY_RIGHT


@frozen
class Views:
    """The views of the same money that providers give."""

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
class Told:
    """What one account told."""

    account: str
    provider: str
    usages: tuple[Usage, ...] = ()
    days: tuple[DailyCost, ...] = ()
    entries: tuple[LedgerEntry, ...] = field(default=(), repr=False)
    balances: tuple[Balance, ...] = ()
    invoices: tuple[Invoice, ...] = ()

    @classmethod
    def of(cls, account: str, provider: str, views: Views) -> Told:
        """Pick an account's part of every view."""
        mine = (
            tuple(item for item in answer if item.account == account) for answer in views.answers
        )
        return cls(account, provider, *mine)

    def identity(
        self,
        name: str,
        period: Period | None,
        stated: Money,
        computed: Money,
        cause: Cause = Cause.UNKNOWN,
        evidence: tuple[str, ...] = (),
    ) -> Identity:
        """Compare two sides. ``cause`` and ``evidence`` are a gap's; one below half of the smallest unit is rounding."""
        gap = stated - computed
        if gap.amount == 0:
            return Identity(self.account, self.provider, name, period, stated, computed)
        if is_noise(gap):
            less = f"{gap} is less than half of the smallest unit"
            return Identity(
                self.account, self.provider, name, period, stated, computed, Cause.ROUNDING, (less,)
            )
        return Identity(
            self.account, self.provider, name, period, stated, computed, cause, evidence
        )


def is_noise(gap: Money) -> bool:
    """Tell whether rounding alone can have made a gap; in a currency without a smallest unit it cannot."""
    try:
        return abs(gap) * 2 < Money.minor(1, gap.currency)
    except CurrencyError:
        return False
