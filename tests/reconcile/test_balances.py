"""Balances compared with all that was ever posted; sides and causes are written by hand."""

from datetime import timedelta

import pytest

from billfold import Balance, BalanceKind, LedgerEntry, State, Stream
from billfold.model import Cause
from billfold.reconcile._balances import balance_identities
from support.costs import money
from support.reconciliation import (
    NOON,
    account_views,
    coverage,
    identities,
    not_compared,
    only,
)


def balance(
    amount: str, org: str | None = "acme", kind: BalanceKind = BalanceKind.PREPAID
) -> Balance:
    """Return a balance as it was read on 2026-10-10 at noon."""
    return Balance(money(amount), kind, f"organization:{org}", NOON, org)


def entry(amount: str, ident: str = "e", org: str | None = "acme", days: float = 1) -> LedgerEntry:
    """Return an entry that was posted so many days before noon."""
    at = NOON - timedelta(days=days)
    return LedgerEntry(ident, at, money(amount), "topup", billing_account_id=org)


def test_a_balance_is_the_sum_of_its_ledger() -> None:
    views = account_views(
        balances=(balance("4.00 USD"),), ledger=(entry("5.00 USD"), entry("-1.00 USD", "d"))
    )
    identity = only(balance_identities(views))
    assert (identity.name, identity.part) == ("balance of acme vs. its ledger", "acme")
    assert (identity.cause, identity.period) == (None, None)


def test_a_balance_over_an_empty_ledger_that_was_read_to_its_end_is_a_gap() -> None:
    identity = only(balance_identities(account_views(balances=(balance("50.00 USD"),))))
    assert (str(identity.computed), str(identity.gap)) == ("0 USD", "50.00 USD")
    assert (identity.cause, identity.holds) == (Cause.UNKNOWN, False)
    assert only(balance_identities(account_views(balances=(balance("0.00 USD"),)))).holds


def test_a_ledger_without_the_balance_that_it_adds_up_to_is_a_gap() -> None:
    identity = only(balance_identities(account_views(ledger=(entry("5.00 USD"),))))
    assert (str(identity.stated), str(identity.gap)) == ("0 USD", "-5.00 USD")


def test_organizations_that_differ_do_not_agree_by_adding_up() -> None:
    views = account_views(
        balances=(balance("1.01 USD"), balance("1.99 USD", "beta")),
        ledger=(entry("1.00 USD"), entry("2.00 USD", "b", "beta")),
    )
    found = identities(balance_identities(views))
    assert [(row.name, str(row.gap)) for row in found] == [
        ("balance of acme vs. its ledger", "0.01 USD"),
        ("balance of beta vs. its ledger", "-0.01 USD"),
    ]


def test_balances_of_one_organization_share_its_ledger_and_credit_has_none() -> None:
    views = account_views(
        balances=(
            balance("1.00 USD"),
            balance("2.00 USD"),
            balance("9.00 USD", kind=BalanceKind.CREDIT),
        ),
        ledger=(entry("3.00 USD"),),
    )
    assert only(balance_identities(views)).cause is None


@pytest.mark.parametrize(
    ("days", "amount", "cause"),
    [
        (0, "-1.00 USD", Cause.TIMING),  # posted as the balance was read, which lacks it
        (1, "-1.00 USD", Cause.UNKNOWN),  # a day old, so the balance had it
    ],
)
def test_only_an_entry_posted_as_the_balance_was_read_is_timing(
    days: float, amount: str, cause: Cause
) -> None:
    ledger = (entry("5.00 USD", days=9), entry(amount, "taken", days=days))
    views = account_views(balances=(balance("5.00 USD"),), ledger=ledger)
    identity = only(balance_identities(views))
    assert (str(identity.gap), identity.cause) == ("1.00 USD", cause)


def test_new_entries_that_do_not_make_up_the_gap_are_no_timing() -> None:
    ledger = (entry("5.00 USD", days=9), entry("-1.00 USD", "taken", days=0))
    views = account_views(balances=(balance("5.50 USD"),), ledger=ledger)
    identity = only(balance_identities(views))
    assert (str(identity.gap), identity.cause) == ("1.50 USD", Cause.UNKNOWN)


def test_a_ledger_or_balance_that_was_not_read_in_full_is_not_compared() -> None:
    rows = (*coverage(State.PARTIAL, Stream.LEDGER), *coverage(State.COMPLETE, Stream.BALANCES))
    views = account_views(
        balances=(balance("5.00 USD"),), ledger=(entry("5.00 USD"),), coverage=rows
    )
    assert not_compared(balance_identities(views)) == [("5.00 USD", "ledger partial")]
    rows = (*coverage(State.FAILED, Stream.BALANCES), *coverage(State.COMPLETE, Stream.LEDGER))
    views = account_views(ledger=(entry("5.00 USD"),), coverage=rows)
    assert not_compared(balance_identities(views)) == [("5.00 USD", "balances failed")]


def test_a_balance_of_an_api_without_a_ledger_has_no_other_side() -> None:
    rows = (
        *coverage(State.UNSUPPORTED, Stream.LEDGER),
        *coverage(State.COMPLETE, Stream.BALANCES),
    )
    views = account_views(balances=(balance("5.00 USD"),), coverage=rows)
    assert list(balance_identities(views)) == []
