"""A ledger compared with usage and with its balance; sides and causes are written by hand."""

from datetime import datetime

import pytest
from attrs import evolve

from billfold import Balance, BalanceKind, LedgerEntry, Usage
from billfold.model import Cause
from billfold.reconcile import Identity
from billfold.reconcile._ledger import balance_identities, debit_identities
from support.costs import OCTOBER, charge, money
from support.reconciliation import HOUR, NOON, account_views, debit, lease, only, used

EARLY, LATE = OCTOBER.start + HOUR, OCTOBER.end + HOUR


def compared(usage: Usage, *ledger: LedgerEntry) -> list[Identity]:
    return list(debit_identities(account_views(usages=(usage,), ledger=ledger)))


def test_every_debit_has_its_lease() -> None:
    usage = used(lease("1.00 USD", NOON), lease("1.00 USD", NOON + HOUR))
    identity = only(compared(usage, debit("-1.00 USD", NOON + HOUR), debit("-1.00 USD", NOON)))
    assert (identity.name, identity.cause) == ("ledger debits vs. usage", None)
    assert (str(identity.stated), str(identity.computed)) == ("2.00 USD", "2.00 USD")


@pytest.mark.parametrize(
    ("leases", "debits", "cause", "evidence"),
    [
        ([("1.00 USD", LATE)], [("-1.00 USD", LATE)], Cause.TIMING, "no debit inside the window"),
        ([], [("-1.00 USD", EARLY)], Cause.TIMING, "of no lease that began inside"),
        ([("1.00 USD", NOON)], [], Cause.LATE_DATA, "no debit inside the window"),
        ([], [("-1.00 USD", NOON)], Cause.MISSING_USAGE, "of no lease"),
        ([("1.00 USD", NOON)], [("-2.00 USD", NOON)], Cause.UNKNOWN, "no debit"),
        (
            [("1.00 USD", NOON)],
            [("-1.00 USD", NOON + HOUR), ("-3.00 USD", NOON)],
            Cause.UNKNOWN,
            "no debit",
        ),
    ],
)
def test_what_has_no_pair_is_timing_at_the_edges_and_else_late_or_missing(
    leases: list[tuple[str, datetime]],
    debits: list[tuple[str, datetime]],
    cause: Cause,
    evidence: str,
) -> None:
    usage = used(lease("5.00 USD", NOON), *(lease(cost, end) for cost, end in leases))
    ledger = [debit("-5.00 USD", NOON), *(debit(amount, at) for amount, at in debits)]
    identity = only(compared(usage, *ledger))
    assert identity.cause is cause
    assert evidence in identity.evidence[0]


def test_a_lease_that_costs_nothing_needs_no_debit_and_top_ups_are_none() -> None:
    usage = used(lease("5.00 USD", NOON), lease("0.00 USD", NOON))
    paid = debit("-5.00 USD", NOON)
    topup = LedgerEntry(
        "t", NOON, money("50.00 USD"), "stripe_topup", provider="harmont", account="ci"
    )
    assert only(compared(usage, paid, topup)).cause is None
    assert compared(usage, topup) == []
    assert list(debit_identities(account_views(ledger=(paid,)))) == []


@pytest.mark.parametrize("idle", [used(), used(stated_total=money("0 USD"))])
def test_what_was_taken_while_nothing_was_used_is_missing_usage(idle: Usage) -> None:
    identity = only(compared(idle, debit("-100 USD", NOON)))
    assert (str(identity.gap), identity.cause) == ("100 USD", Cause.MISSING_USAGE)
    assert identity.evidence == ("debit: 100 USD, of no lease that began inside the window",)


def test_debits_in_a_currency_without_usage_are_not_passed_over() -> None:
    usage = used(lease("100 USD", NOON))
    euros, dollars = compared(usage, debit("-100 USD", NOON), debit("-70 EUR", NOON, "e"))
    assert (str(euros.gap), euros.cause, dollars.cause) == ("70 EUR", Cause.MISSING_USAGE, None)
    assert euros.evidence == ("e: 70 EUR, of no lease that began inside the window",)


def test_usage_that_is_only_computed_is_compared_with_its_debits() -> None:
    usage = used(charge("100 USD", id="total", derived=True))
    assert only(compared(usage, debit("-100 USD", NOON))).cause is None
    identity = only(compared(usage, debit("-100 USD", LATE)))
    assert (str(identity.gap), identity.cause) == ("-100 USD", Cause.UNKNOWN)
    assert identity.evidence == (
        "total: 100 USD, computed from a stated total, so no debit is its own",
    )


def test_long_evidence_is_cut_and_counted() -> None:
    usage = used(*(lease("1.00 USD", NOON, f"lease-{number}") for number in range(25)))
    identity = only(compared(usage, debit("-9.00 USD", NOON - 100 * HOUR)))
    assert (len(identity.evidence), identity.evidence[-1]) == (21, "and 6 more")


def test_a_balance_is_the_sum_of_its_own_ledger() -> None:
    balance = Balance(
        money("4.00 USD"),
        BalanceKind.PREPAID,
        "organization:acme",
        NOON,
        "acme",
        provider="harmont",
        account="ci",
    )
    taken = evolve(debit("-1.00 USD", NOON), billing_account_id="acme")
    topup = evolve(taken, id="t", amount=money("5.00 USD"), for_usage=False)
    foreign = evolve(debit("-9.00 USD", NOON), billing_account_id="other")

    def compared(*ledger: LedgerEntry) -> list[tuple[str, Cause | None]]:
        views = account_views(balances=(balance,), ledger=ledger)
        return [(identity.name, identity.cause) for identity in balance_identities(views)]

    assert compared(taken, foreign, topup) == [("balance of acme vs. its ledger", None)]
    assert compared(taken) == [("balance of acme vs. its ledger", Cause.TIMING)]
    assert compared(foreign) == []
