"""Reconciliation: every identity the providers' own numbers should satisfy, account by account."""

from __future__ import annotations

from attrs import frozen

from billfold.answer import Coverage
from billfold.errors import BillfoldError
from billfold.model import State
from billfold.period import Period
from billfold.reconcile._invoices import invoice_identities
from billfold.reconcile._ledger import balance_identities, debit_identities
from billfold.reconcile._usage import check_identities, day_identities
from billfold.reconcile.identity import Identity
from billfold.reconcile.views import AccountViews, Views

_IDENTITIES = (
    check_identities,
    day_identities,
    debit_identities,
    balance_identities,
    invoice_identities,
)
# Holes that asking again would not fill: the provider has no answer for the period.
_NOT_OFFERED = frozenset({State.DIFFERENT_WINDOW, State.UNAVAILABLE})


@frozen
class Reconciliation:
    """All identities of a period, and how well the views they compare were answered.

    ``period`` is the caller's, None for each provider's current one.
    """

    period: Period | None
    identities: tuple[Identity, ...]
    coverage: tuple[Coverage, ...]
    failures: tuple[BillfoldError, ...]

    @property
    def holds(self) -> bool:
        """Whether every identity does."""
        return all(identity.holds for identity in self.identities)

    @property
    def unread(self) -> tuple[Coverage, ...]:
        """The holes that something going wrong left: what they lack could not be compared."""
        holes = (row for row in self.coverage if row.is_hole)
        return tuple(row for row in holes if row.state not in _NOT_OFFERED)

    @property
    def not_offered(self) -> tuple[Coverage, ...]:
        """The holes where the provider does not offer the period.

        What it offers instead is compared over the period that it covers.
        """
        return tuple(row for row in self.coverage if row.state in _NOT_OFFERED)


def compare(period: Period | None, views: Views) -> Reconciliation:
    """Return the views of a period, compared account by account."""
    coverage = [row for answer in views.answers for row in answer.coverage]
    failures = [error for answer in views.answers for error in answer.failures]
    accounts = dict.fromkeys((row.account, row.provider) for row in coverage)
    parts = [AccountViews.of(account, provider, views) for account, provider in accounts]
    return Reconciliation(
        period,
        tuple(identity for part in parts for find in _IDENTITIES for identity in find(part)),
        tuple(row for row in coverage if row.state is not State.UNSUPPORTED),
        tuple(dict.fromkeys(failures)),
    )
