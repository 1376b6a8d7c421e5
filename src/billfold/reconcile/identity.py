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

    ``cause`` is None when they agree to the last digit. ``evidence`` are the lines behind a gap.
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
        """What ``stated`` has more than ``computed``."""
        return self.stated - self.computed

    @property
    def holds(self) -> bool:
        """Whether both sides agree, but for tax and rounding."""
        return self.cause in _ACCEPTED
