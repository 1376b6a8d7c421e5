"""A reconciliation as JSON."""

import json

from billfold import Answer, Check, Coverage, State, Stream
from billfold.reconcile import Views, compare
from support.costs import OCTOBER, charge, money
from support.reconciliation import used


def test_an_identity_has_its_gap_and_what_was_not_compared_its_amount_and_reason() -> None:
    check = Check("total vs. lines", money("2.50 EUR"), money("1.00 EUR"))
    usage = used(charge("1.00 EUR"), checks=(check,), billing_account_id="acme")
    coverage = (Coverage("ci", "harmont", Stream.USAGE, State.COMPLETE, OCTOBER),)
    failed = (Coverage("ci", "harmont", Stream.LEDGER, State.FAILED),)
    views = Views(
        Answer(Stream.USAGE, OCTOBER, (usage,), coverage, (), ("ci",), ("cloud",)),
        Answer(Stream.DAILY, OCTOBER, (), ()),
        Answer(Stream.LEDGER, OCTOBER, (), failed),
        Answer(Stream.BALANCES, OCTOBER, (), ()),
        Answer(Stream.INVOICES, OCTOBER, (), ()),
    )
    document = compare(OCTOBER, views).to_dict()
    october = {"start": "2026-10-01T00:00:00Z", "end": "2026-11-01T00:00:00Z"}
    assert json.loads(json.dumps(document)) == {
        "schema": "billfold.reconciliation/1",
        "asked": {"period": october, "accounts": ["ci"], "left_out": ["cloud"]},
        "holds": False,
        "identities": [
            {
                "account": "ci",
                "provider": "harmont",
                "name": "total vs. lines",
                "period": october,
                "stated": {"amount": "2.50", "currency": "EUR"},
                "computed": {"amount": "1.00", "currency": "EUR"},
                "cause": "unknown",
                "evidence": [],
                "part": "acme",
                "gap": {"amount": "1.50", "currency": "EUR"},
                "holds": False,
            }
        ],
        "not_compared": [
            {
                "account": "ci",
                "provider": "harmont",
                "part": "acme",
                "name": "ledger debits vs. usage",
                "period": october,
                "amount": {"amount": "1.00", "currency": "EUR"},
                "reason": "ledger failed",
            }
        ],
        "coverage": [
            {
                "account": "ci",
                "provider": "harmont",
                "stream": "usage",
                "state": "complete",
                "covers": october,
                "detail": None,
                "part": None,
                "known_until": None,
                "counted_in": [],
                "idle": [],
                "first_read": None,
            },
            {
                "account": "ci",
                "provider": "harmont",
                "stream": "ledger",
                "state": "failed",
                "covers": None,
                "detail": None,
                "part": None,
                "known_until": None,
                "counted_in": [],
                "idle": [],
                "first_read": None,
            },
        ],
        "failures": [],
    }
