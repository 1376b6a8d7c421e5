"""Reconciliation: every identity the providers' own numbers should satisfy, account by account."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from billfold.counted import counted
from billfold.coverage import Coverage, states
from billfold.errors import BillfoldError
from billfold.model import ANSWERED, State, Stream
from billfold.one_line import one_line
from billfold.period import Period
from billfold.reconcile._balances import balance_identities
from billfold.reconcile._days import day_identities
from billfold.reconcile._invoices import invoice_identities
from billfold.reconcile._ledger import debit_identities
from billfold.reconcile._usage import check_identities
from billfold.reconcile.identity import Identity, NotCompared
from billfold.reconcile.views import AccountViews, Views, known_of_period

_IDENTITIES = (
    check_identities,
    day_identities,
    debit_identities,
    balance_identities,
    invoice_identities,
)
# Holes that asking again would not fill: the provider has no answer for the period.
_NOT_OFFERED = frozenset({State.DIFFERENT_WINDOW, State.UNAVAILABLE})


def was_not_read(row: Coverage) -> bool:
    """Return whether a row is a hole that something going wrong left."""
    return row.is_hole and row.state not in _NOT_OFFERED


@frozen(repr=False)
class Reconciliation:
    """All identities of a period, and how well the views they compare were answered.

    ``period`` is the caller's, None for each provider's current one. ``not_compared`` is money that
    has no other side which could be read. ``accounts`` are the names of those that were asked,
    ``left_out`` those of the configured ones that were not.
    """

    period: Period | None
    identities: tuple[Identity, ...]
    coverage: tuple[Coverage, ...]
    failures: tuple[BillfoldError, ...]
    not_compared: tuple[NotCompared, ...] = ()
    accounts: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return one_line(
            f"Reconciliation {self.period or 'current'}",
            counted(len(self.identities), "identity", "identities"),
            "holds" if self.holds else counted(len(self.gaps), "gap"),
            f"{len(self.not_compared)} not compared" if self.not_compared else None,
            f"{len(self.unread)} not read" if self.unread else None,
        )

    def _repr_html_(self) -> str:
        """Return the first identities as a table for a notebook, with what was not compared."""
        from billfold.notebook import table_html

        columns = "Account", "Identity", "Stated", "Computed", "Gap", "State"
        rows = (
            [each.account, each.name, each.stated, each.computed, each.gap, each.cause or "agree"]
            for each in self.identities
        )
        left = [
            f"not compared: {each.account} {each.name}: {each.reason}" for each in self.not_compared
        ]
        return table_html(repr(self)[1:-1], columns, rows, [*left, *states(self.coverage)])

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values of schema ``billfold.reconciliation/1``."""
        from billfold.codec import CONVERTER, failure, record

        return {
            "schema": "billfold.reconciliation/1",
            "asked": {
                "period": CONVERTER.unstructure(self.period),
                "accounts": list(self.accounts),
                "left_out": list(self.left_out),
            },
            "holds": self.holds,
            "identities": [
                record(each) | {"gap": record(each.gap), "holds": each.holds}
                for each in self.identities
            ],
            "not_compared": [record(row) for row in self.not_compared],
            "coverage": [record(row) for row in self.coverage],
            "failures": [failure(error) for error in self.failures],
        }

    def to_json(self, *, indent: int | None = None) -> str:
        """Return what :meth:`to_dict` does as text; the command line prints it with indent 2."""
        from billfold.codec import json_text

        return json_text(self.to_dict(), indent)

    @property
    def holds(self) -> bool:
        """Whether the period was compared, all of it agrees, and nothing was left uncompared."""
        agree = bool(self.identities) and not self.gaps and not self.is_out_of_reach
        return agree and not self.not_compared and not self.unread

    @property
    def is_out_of_reach(self) -> bool:
        """Whether no account answers for the period: then nothing that is compared is about it."""
        states = {row.state for row in self.coverage if row.stream is Stream.USAGE}
        return bool(states) and not states & ANSWERED

    @property
    def gaps(self) -> tuple[Identity, ...]:
        """The identities that do not hold."""
        return tuple(identity for identity in self.identities if not identity.holds)

    @property
    def is_open(self) -> bool:
        """Whether the period is not over, so that what was compared is only known so far."""
        return bool(known_of_period(self.coverage))

    @property
    def unread(self) -> tuple[Coverage, ...]:
        """The holes that something going wrong left: what they lack could not be compared."""
        return tuple(filter(was_not_read, self.coverage))

    @property
    def not_offered(self) -> tuple[Coverage, ...]:
        """The holes where the provider does not offer the period.

        What it offers instead is compared over the period that it covers.
        """
        return tuple(row for row in self.coverage if row.state in _NOT_OFFERED)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The accounts with no answer for the period, of which nothing was compared."""
        compared = {identity.account for identity in self.identities}
        named = dict.fromkeys(row.account for row in self.not_offered)
        return tuple(name for name in named if name not in compared)


def compare(period: Period | None, views: Views) -> Reconciliation:
    """Return the views of a period, compared account by account."""
    coverage = [row for answer in views.answers for row in answer.coverage]
    failures = [error for answer in views.answers for error in answer.failures]
    accounts = dict.fromkeys((row.account, row.provider) for row in coverage)
    projects = views.projects()
    parts = [AccountViews.of(*account, views, period, projects) for account in accounts]
    findings = [found for part in parts for find in _IDENTITIES for found in find(part)]
    return Reconciliation(
        period,
        tuple(found for found in findings if isinstance(found, Identity)),
        tuple(row for row in coverage if row.state is not State.UNSUPPORTED),
        tuple(dict.fromkeys(failures)),
        tuple(found for found in findings if isinstance(found, NotCompared)),
        views.usage.accounts,
        views.usage.left_out,
    )
