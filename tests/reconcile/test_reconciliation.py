"""Views of the same money, compared; each gap has a named cause."""

from contextlib import AsyncExitStack

import pytest

from billfold import Billfold, Period
from billfold.reconcile.identity import Cause, Identity, Views
from billfold.reconcile.reconciliation import Reconciliation, reconcile

OCTOBER = Period.month(2026, 10)


@pytest.fixture
async def october(simulated) -> Reconciliation:
    fold: Billfold
    fold, _ = await simulated("harmont")
    return await _reconciled(fold)


async def _reconciled(fold: Billfold) -> Reconciliation:
    async with AsyncExitStack():
        views = Views(
            await fold.usage(OCTOBER),
            await fold.daily(OCTOBER),
            await fold.ledger(),
            await fold.balances(),
            await fold.invoices(),
        )
    return reconcile(OCTOBER, views)


def named(found: Reconciliation, account: str, name: str) -> Identity:
    (identity,) = [one for one in found.identities if one.account == account and one.name == name]
    return identity


async def test_harmont_usage_is_what_the_ledger_took(october: Reconciliation) -> None:
    identity = named(october, "ci", "ledger debits = usage")
    assert (identity.cause, identity.gap.amount) == (None, 0)
    assert named(october, "ci", "balance of tidewater-labs = its ledger").cause is None


async def test_a_rate_card_that_changed_is_the_cause_named(october: Reconciliation) -> None:
    recomputed = named(october, "ci", "usage summary vs. build totals")
    days = named(october, "ci", "days = usage")
    assert recomputed.cause is days.cause is Cause.RATE_CHANGE
    assert recomputed.gap == days.gap
    assert not october.holds
