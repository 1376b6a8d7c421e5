"""An identity: two statements of the same money, and the cause of the gap between them."""

from __future__ import annotations

from attrs import frozen

from billfold.model import Cause
from billfold.money import Money
from billfold.period import Period

# Tax and rounding are differences by right, not contradictions.
_ACCEPTED = frozenset({None, Cause.ROUNDING, Cause.TAX})


@frozen
class Identity:
    """Two statements of the same money, of one account over one period.

    ``cause`` is None when they agree to the last digit, in all and day by day: days that differ are
    a gap, whatever they add up to. ``evidence`` are the lines behind a gap, or what agrees in the
    sums of its days alone. ``part`` is the billing account, None for an account that does not tell
    them apart.
    """

    account: str
    provider: str
    name: str
    period: Period | None
    stated: Money
    computed: Money
    cause: Cause | None = None
    evidence: tuple[str, ...] = ()
    part: str | None = None

    @property
    def gap(self) -> Money:
        """What ``stated`` has more than ``computed``."""
        return self.stated - self.computed

    @property
    def holds(self) -> bool:
        """Whether both sides agree, but for tax and rounding."""
        return self.cause in _ACCEPTED


@frozen
class NotCompared:
    """Money that has no other side which could be read, so nobody can say that it agrees.

    ``name`` is the identity that it belongs to, ``amount`` what is at stake (None: not stated).
    """

    account: str
    provider: str
    part: str | None
    name: str
    period: Period | None
    amount: Money | None
    reason: str
