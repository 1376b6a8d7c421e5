"""Reconcile: every identity that the provider's own numbers should satisfy, and a named cause for each gap."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from billfold.answer import Coverage
from billfold.errors import BillfoldError
from billfold.model import State
from billfold.period import Period
from billfold.reconcile import _identities as identities
from billfold.reconcile.identity import Identity, Told, Views


@frozen
class Reconciliation:
    """All identities of a period, and how well the views they were made of were answered.

    ``period`` is as asked, None for each provider's current one.
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
    def holes(self) -> tuple[Coverage, ...]:
        """What could not be read, so could not be compared."""
        return tuple(
            row
            for row in self.coverage
            if row.state in (State.PARTIAL, State.FAILED, State.TIMED_OUT)
        )

    @property
    def limits(self) -> tuple[Coverage, ...]:
        """What the providers do not offer for the period; it is compared over the window they do offer, or not at all."""
        return tuple(
            row for row in self.coverage if row.state in (State.DIFFERENT_WINDOW, State.UNAVAILABLE)
        )


def reconcile(period: Period | None, views: Views) -> Reconciliation:
    """Compare the views, account by account."""
    return Reconciliation(
        period,
        tuple(_identities(views)),
        tuple(
            row
            for answer in views.answers
            for row in answer.coverage
            if row.state is not State.UNSUPPORTED
        ),
        tuple(dict.fromkeys(error for answer in views.answers for error in answer.failures)),
    )


def _identities(views: Views) -> Iterator[Identity]:
    accounts = dict.fromkeys(
        (row.account, row.provider) for answer in views.answers for row in answer.coverage
    )
    for account, provider in accounts:
        told = Told.of(account, provider, views)
        for each in (
            identities.checks,
            identities.days,
            identities.debits,
            identities.balances,
            identities.bills,
        ):
            yield from each(told)
